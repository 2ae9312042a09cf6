"""House rule 3: time, randomness and ids come from the run."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.rooms.source import PATTERNS, files, imports, inside, tree, where

BANNED = ("time", "uuid", "asyncio", "threading", "multiprocessing", "concurrent", "secrets")
CHANCE = PATTERNS / "kernel" / "chance.py"


def banned_imports(path: Path) -> list[str]:
    """Return where a file reaches for the outside world."""
    return [
        f"{at} {name}"
        for name, at in imports(path, typing_too=False)
        if inside(name, *BANNED) or (inside(name, "random") and path != CHANCE)
    ]


def banned_calls(path: Path) -> list[str]:
    """Return where a file asks the machine for the date, entropy or an address."""
    found = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            name = f"{node.value.id}.{node.attr}"
            if name in {"datetime.now", "datetime.utcnow", "date.today", "os.urandom", "os.times"}:
                found.append(f"{where(path, node)} {name}")
            if node.value.id == "random" and node.attr != "Random":
                found.append(f"{where(path, node)} {name}")
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(called, ast.Name) and called.id in {"id", "hash"}:
            found.append(f"{where(path, node)} {called.id}()")
    return found


def test_time_randomness_and_ids_come_from_the_run() -> None:
    bad = [place for path in files(PATTERNS) for place in banned_imports(path)]
    # The port annotates its stream with the class and asks it for nothing else.
    allowed = "patterns/mailrail_patterns/actor_port.py"
    bad = [
        each for each in bad if not (each.startswith(allowed) and each.endswith("random.Random"))
    ]
    bad += [place for path in files(PATTERNS) for place in banned_calls(path)]
    assert not bad, f"time, randomness and ids come from the run: {bad}"


def test_chance_uses_the_class_only() -> None:
    assert not banned_calls(CHANCE), "random.Random is seeded by name; module functions are not"


def test_the_reader_of_this_rule_can_see(tmp_path: Path) -> None:
    culprit = tmp_path / "culprit.py"
    culprit.write_text("import time\nfrom random import choice\nfrom datetime import datetime\n")
    found = sorted(name for name, _ in imports(culprit) if inside(name, *BANNED, "random"))
    assert found == ["random.choice", "time"]


def test_no_async_generator_and_no_await_while_leaving() -> None:
    participants = [*PATTERNS.glob("*.py")]
    bad = []
    for path in participants:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.AsyncFunctionDef):
                own = [n for n in ast.walk(node) if isinstance(n, ast.Yield | ast.YieldFrom)]
                bad += [f"{where(path, n)} async generator" for n in own]
            if isinstance(node, ast.Try):
                leaving = [*node.finalbody, *node.handlers]
                bad += [
                    f"{where(path, n)} await in except or finally"
                    for part in leaving
                    for n in ast.walk(part)
                    if isinstance(n, ast.Await)
                ]
    assert not bad, f"no async generator and no await in except or finally: {bad}"


def sums_of_time(path: Path) -> list[str]:
    """Return where a participant adds to the present instant by himself."""
    return [
        f"{where(path, node)} {ast.unparse(node)}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add)
        for term in (node.left, node.right)
        if ast.unparse(term).endswith("clock.now")
    ]


def test_instants_to_come_are_on_the_grid() -> None:
    bad = [place for path in PATTERNS.glob("*.py") for place in sums_of_time(path)]
    assert not bad, f"a sum may lie beside the grid of time, use clock.after: {bad}"


def test_the_reader_of_sums_can_see(tmp_path: Path) -> None:
    culprit = tmp_path / "culprit.py"
    culprit.write_text("due = port.clock.now + 3\ndue = 3 + clock.now\nleft = due - clock.now\n")
    assert len(sums_of_time(culprit)) == 2
