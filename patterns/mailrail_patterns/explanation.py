"""Which modules explain a pattern: its own, and those it takes its participants' parts from.

They are read off the imports, so none can be forgotten: what a pattern imports lives somewhere,
and that module may rest on others. What every participant knows of the world (the port and its
vocabulary) is not part of the explanation, nor are projections, guarantees and settings, which
look on.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Final

from . import catalog
from . import pattern as kit

_ROOT: Final = Path(__file__).parent
_KIT, _PORT, _SETTINGS = "pattern", "port", "queue_settings"


def sources(name: str) -> tuple[Path, ...]:
    """Return the files that explain a pattern, its own first, then as it comes to need them.

    Raises:
        BadInput: If there is no pattern of that name.
    """
    catalog.pattern(name)
    own = catalog.source(name)
    known = {*_resting_on([_PORT]), _KIT, _SETTINGS}
    homes = (_home_of(each) for each in _names_from(own, _KIT))
    parts = _resting_on(each for each in homes if each not in known)
    return (own, *(_file(each) for each in parts if each not in known))


def _file(module: str) -> Path:
    return _ROOT / f"{module}.py"


def _home_of(name: str) -> str:
    """Return the module that something the kit offers is written in; empty: none of ours."""
    found = getattr(kit, name)
    home = found.__name__ if isinstance(found, ModuleType) else getattr(found, "__module__", "")
    return str(home).removeprefix(f"{__package__}.")


def _resting_on(modules: Iterable[str]) -> tuple[str, ...]:
    """Return modules of this room and all that they import of it, each once."""
    found: dict[str, None] = {}
    left = list(modules)
    while left:
        module = left.pop(0)
        if module not in found and "." not in module and _file(module).is_file():
            found[module] = None
            left += _modules_in(_file(module))
    return tuple(found)


def _imports(path: Path) -> Iterator[ast.ImportFrom]:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.level == 1:
            yield node


def _names_from(path: Path, module: str) -> Iterator[str]:
    for node in _imports(path):
        if node.module == module:
            yield from (each.name for each in node.names)


def _modules_in(path: Path) -> Iterator[str]:
    for node in _imports(path):
        yield from (each.name for each in node.names) if node.module is None else [node.module]
