"""The source files of the house and what they import, read without running them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "app" / "mailrail"
PATTERNS = ROOT / "patterns" / "mailrail_patterns"
THEMES = ROOT / "themes" / "mailrail_themes"
TESTS = ROOT / "tests"


def files(*rooms: Path) -> list[Path]:
    """Return every Python file below these folders."""
    return [
        path
        for room in rooms
        for path in sorted(room.rglob("*.py"))
        if "__pycache__" not in path.parts
    ]


def tree(path: Path) -> ast.Module:
    """Parse a file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def where(path: Path, node: ast.AST) -> str:
    """Return file and line, as an editor likes it."""
    shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    return f"{shown}:{getattr(node, 'lineno', 0)}"


def _package(path: Path) -> list[str]:
    for room in (APP, PATTERNS, THEMES):
        if path.is_relative_to(room):
            return [room.name, *path.relative_to(room).parent.parts]
    return []


def _names(path: Path, node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    base = node.module or ""
    if node.level:
        package = _package(path)
        package = package[: len(package) - node.level + 1]
        base = ".".join([*package, *([base] if base else [])])
    return [f"{base}.{alias.name}" for alias in node.names]


def imports(
    path: Path, *, module_scope: bool = False, typing_too: bool = True
) -> Iterator[tuple[str, str]]:
    """Yield full name and place of everything a file imports.

    Args:
        path: The file.
        module_scope: Leave out what is imported inside functions.
        typing_too: Keep what is imported under ``if TYPE_CHECKING`` only.
    """
    todo: list[ast.AST] = [tree(path)]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Import | ast.ImportFrom):
            for name in _names(path, node):
                yield name, where(path, node)
        if module_scope and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if not typing_too and isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            todo.extend(node.orelse)
            continue
        todo.extend(ast.iter_child_nodes(node))


def inside(name: str, *packages: str) -> bool:
    """Say whether a dotted name is one of these packages or in one of them."""
    return any(name == package or name.startswith(f"{package}.") for package in packages)
