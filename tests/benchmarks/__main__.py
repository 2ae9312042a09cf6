"""``python tests/benchmarks [--quick] [--only NAME]...``; needs the ``bench`` extra."""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    # Python put this folder first on its path; as a package it is found from the root.
    sys.path[0] = str(Path(__file__).resolve().parents[2])
    from tests.benchmarks.program import main

    main()
