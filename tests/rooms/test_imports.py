"""House rules 1, 2 and 6: who may import whom."""

from __future__ import annotations

import ast
import sys

from tests.rooms.source import APP, PATTERNS, TESTS, THEMES, files, imports, inside, tree

from mailrail_patterns import catalog

MODULES = [f"mailrail_patterns.{module}" for module in catalog.MODULES.values()]
PATTERN_FILES = [PATTERNS / f"{module}.py" for module in catalog.MODULES.values()]


def test_themes_and_patterns_import_nothing_of_app() -> None:
    bad = [
        at
        for path in files(PATTERNS, THEMES)
        for name, at in imports(path)
        if inside(name, "mailrail")
    ]
    assert not bad, f"themes and patterns import nothing of app: {bad}"


def test_themes_import_nothing_of_ours() -> None:
    ours = ("mailrail", "mailrail_patterns")
    bad = [at for path in files(THEMES) for name, at in imports(path) if inside(name, *ours)]
    assert not bad, f"themes is data and imports nothing of ours: {bad}"


def test_nothing_imports_app_but_tests() -> None:
    rest = [path for path in files(APP.parents[1]) if not path.is_relative_to(APP)]
    outside = [path for path in rest if not path.is_relative_to(TESTS) and ".venv" not in str(path)]
    bad = [at for path in outside for name, at in imports(path) if inside(name, "mailrail")]
    assert not bad, f"nothing imports app but tests: {bad}"


def test_a_pattern_imports_port_and_pattern_only() -> None:
    allowed = ("mailrail_patterns.port", "mailrail_patterns.pattern")
    bad = [
        f"{at} {name}"
        for path in PATTERN_FILES
        for name, at in imports(path)
        if name.partition(".")[0] not in {*sys.stdlib_module_names, "msgspec"}
        and not inside(name, *allowed)
    ]
    assert not bad, f"a pattern imports port and pattern only: {bad}"


def test_the_index_holds_what_patterns_import_and_no_more() -> None:
    index = PATTERNS / "pattern.py"
    offered = {name.rpartition(".")[2] for name, _ in imports(index)} - {"annotations"}
    aliases = {
        alias.asname: alias.name
        for node in ast.walk(tree(index))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname
    }
    offered = offered - set(aliases.values()) | set(aliases)
    taken = {
        name.rpartition(".")[2]
        for path in PATTERN_FILES
        for name, _ in imports(path)
        if inside(name, "mailrail_patterns.pattern")
    }
    assert offered == taken, f"in the index and in no pattern: {sorted(offered - taken)}"


def test_patterns_never_import_each_other() -> None:
    bad = [at for path in PATTERN_FILES for name, at in imports(path) if inside(name, *MODULES)]
    assert not bad, f"patterns never import each other: {bad}"


def test_kernel_and_broker_import_no_pattern() -> None:
    rooms = files(PATTERNS / "kernel", PATTERNS / "broker")
    above = (*MODULES, "mailrail_patterns.pattern", "mailrail_patterns.catalog")
    bad = [at for path in rooms for name, at in imports(path) if inside(name, *above)]
    assert not bad, f"kernel and broker import no pattern: {bad}"


def test_the_kernel_knows_no_broker() -> None:
    bad = [
        at
        for path in files(PATTERNS / "kernel")
        for name, at in imports(path)
        if inside(name, "mailrail_patterns.broker")
    ]
    assert not bad, f"the kernel knows no queue: {bad}"


def test_patterns_need_the_standard_library_and_msgspec_only() -> None:
    known = {*sys.stdlib_module_names, "msgspec", "mailrail_patterns"}
    bad = [
        f"{at} {name}"
        for path in files(PATTERNS)
        for name, at in imports(path)
        if name.partition(".")[0] not in known
    ]
    assert not bad, f"patterns depends on the standard library and msgspec only: {bad}"


def test_a_widget_knows_no_engine() -> None:
    engine = tuple(
        f"mailrail_patterns.{room}" for room in ("run", "world", "kernel", "broker", "actor")
    )
    widgets = files(APP / "tui" / "widgets")
    bad = [at for path in widgets for name, at in imports(path) if inside(name, *engine)]
    assert not bad, f"a widget takes a frozen view and knows no engine: {bad}"


def test_a_widget_knows_no_other_widget() -> None:
    bases = {
        node.name: {base.id for base in node.bases if isinstance(base, ast.Name)}
        for path in files(APP / "tui" / "widgets")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef)
    }
    drawn = {"Widget", "ScrollView", "Static"}
    while more := {name for name, above in bases.items() if above & drawn} - drawn:
        drawn |= more
    bad = []
    for path in files(APP / "tui" / "widgets"):
        own = [node.name for node in ast.walk(tree(path)) if isinstance(node, ast.ClassDef)]
        widgets = [name for name in own if name in drawn]
        allowed = set().union(*(bases[name] for name in widgets))
        bad += [
            f"{at} {name}"
            for name, at in imports(path)
            if widgets and inside(name, "mailrail.tui.widgets")
            if name.rpartition(".")[2] in drawn - allowed
        ]
    assert drawn > {"Widget"}, "no widget was found"
    assert not bad, f"a widget knows no other widget than its own base: {bad}"


def test_a_widget_knows_no_file() -> None:
    doors = ("pathlib", "io", "shutil", "tempfile", "os")
    widgets = files(APP / "tui" / "widgets")
    bad = [at for path in widgets for name, at in imports(path) if inside(name, *doors)]
    assert not bad, f"a widget knows no file: {bad}"
