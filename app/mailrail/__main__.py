"""Runs the command line as ``python -m mailrail``."""

import sys

from mailrail.cli import main

sys.exit(main())
