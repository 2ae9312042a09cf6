"""The style of the house: small files, nouns for modules, nothing unfinished, a tidy top level."""

from __future__ import annotations

import ast
import re
from fnmatch import fnmatch

from tests.rooms.source import APP, PATTERNS, ROOT, TESTS, THEMES, files, tree, where

TOP = {
    ".ci", ".gitignore", "CHANGELOG.md", "LICENSE", "README.md", "app", "patterns",
    "pyproject.toml", "screenshots", "tests", "themes",
}  # fmt: skip
"""Everything the top level may hold."""
UNFINISHED = re.compile(
    r"TO" r"DO|FIX" r"ME|coming soon|\bX{3}\b|plac" r"eholder(?!=)", re.IGNORECASE
)
OURS = files(APP, PATTERNS, THEMES)


def test_no_file_is_longer_than_400_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in files(APP, PATTERNS, THEMES, TESTS)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
        and path.parent != TESTS / "benchmarks"
    }
    assert not long, f"one idea a file: none above 400 lines: {long}"


def test_half_the_files_are_under_120_lines() -> None:
    lengths = sorted(len(path.read_text(encoding="utf-8").splitlines()) for path in OURS)
    median = lengths[len(lengths) // 2]
    assert median < 120, f"one idea a file: half the files under 120 lines; the median is {median}"


def test_the_top_level_holds_only_what_it_should() -> None:
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").replace("/", "").split()
    found = {
        path.name
        for path in ROOT.iterdir()
        if path.name != ".git" and not any(fnmatch(path.name, each) for each in ignored)
    }
    assert found <= TOP, f"the top level holds only the rooms: {sorted(found - TOP)}"


def test_modules_are_nouns() -> None:
    vague = {"utils", "util", "helpers", "common", "misc", "manager", "managers"}
    bad = [str(path.relative_to(ROOT)) for path in OURS if path.stem.lower() in vague]
    bad += [
        f"{where(path, node)} {node.name}"
        for path in OURS
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef) and node.name.endswith(("Manager", "Utils", "Helper"))
    ]
    assert not bad, f"nouns for modules; no utils, no Manager: {bad}"


def test_nothing_is_unfinished() -> None:
    data = [path for room in (APP, PATTERNS, THEMES) for path in sorted(room.rglob("*"))]
    texts = [path for path in data if path.suffix in {".py", ".toml", ".tcss", ".md"}]
    bad = [
        f"{path.relative_to(ROOT)}:{number} {line.strip()}"
        for path in texts
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if UNFINISHED.search(line)
    ]
    assert not bad, f"nothing unfinished is shipped: {bad}"


def test_public_names_have_docstrings() -> None:
    bad = []
    for path in files(PATTERNS):
        todo: list[ast.AST] = [tree(path)]
        while todo:
            node = todo.pop()
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                    if not child.name.startswith("_") and ast.get_docstring(child) is None:
                        bad.append(f"{where(path, child)} {child.name}")
                    if isinstance(child, ast.ClassDef) and not child.name.startswith("_"):
                        todo.append(child)
    assert not bad, f"public names carry docstrings: {bad}"
