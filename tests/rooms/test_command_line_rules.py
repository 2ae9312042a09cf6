"""House rules 4 and 5: the command line starts at once; two modules own the streams."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from tests.rooms.source import APP, PATTERNS, THEMES, files, imports, inside, tree, where

from mailrail_patterns import catalog

HEAVY = ("textual", *(f"mailrail_patterns.{module}" for module in catalog.MODULES.values()))
CLI = APP / "cli.py"
SPEAKERS = {"output.py": "stdout", "diagnostics.py": "stderr"}
"""The only files that may write, and where to."""


def test_cli_imports_neither_textual_nor_a_pattern_at_module_scope() -> None:
    bad = [at for name, at in imports(CLI, module_scope=True) if inside(name, *HEAVY)]
    assert not bad, f"cli.py imports neither textual nor any pattern at module scope: {bad}"


def test_importing_the_command_line_loads_neither_textual_nor_a_pattern() -> None:
    code = f"import sys, mailrail.cli; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    loaded = done.stdout.strip()
    assert loaded == "[]", f"--help and completion stay instant; loaded: {loaded}"


def _is_stream(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "sys"
        and node.attr.strip("_") in {"stdout", "stderr"}
    )


def _speaks(node: ast.AST) -> bool:
    """Say whether a node writes to a stream, or hands one to somebody who may."""
    if isinstance(node, ast.Attribute) and _is_stream(node.value):
        return node.attr in {"write", "writelines", "buffer"}
    if not isinstance(node, ast.Call):
        return False
    handed = [*node.args, *(keyword.value for keyword in node.keywords)]
    if isinstance(node.func, ast.Attribute) and node.func.attr in {"echo", "secho"}:
        return True
    if isinstance(node.func, ast.Name) and node.func.id in {"print", "Console"}:
        return True
    return any(_is_stream(value) for value in handed)


def writes(path: Path) -> list[str]:
    """Return where a file writes to a standard stream."""
    return [where(path, node) for node in ast.walk(tree(path)) if _speaks(node)]


@pytest.mark.parametrize("room", [APP, PATTERNS, THEMES], ids=lambda room: room.name)
def test_only_output_writes_to_stdout_and_only_diagnostics_to_stderr(room: Path) -> None:
    bad = [
        place
        for path in files(room)
        if not (path.parent == APP and path.name in SPEAKERS)
        for place in writes(path)
    ]
    rule = "only output.py writes to stdout, only diagnostics.py to stderr"
    assert not bad, f"{rule}: {bad}"


@pytest.mark.parametrize(("name", "own"), SPEAKERS.items())
def test_each_speaker_keeps_to_its_own_stream(name: str, own: str) -> None:
    other = {"stdout": "stderr", "stderr": "stdout"}[own]
    path = APP / name
    bad = [
        where(path, node)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "sys"
        and node.attr.strip("_") == other
    ]
    assert not bad, f"{name} writes to {own} only: {bad}"
