"""``mailrail sweep``: what it finds, what it writes, and how it is asked."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest
from tests.app.commandline import LEASE, Typed, scenario

from mailrail import sweep
from mailrail.tui.launch import prepare
from mailrail_patterns.commands import parse_timed
from mailrail_patterns.trials import Result

SHORT = """
pattern = "competing-consumers"
duration = "20s"
expect = ["completed == 4", "sent == 4"]
[settings]
consumers = 2
[[producers]]
every = "1s"
count = 4
"""
CRASHES = ("--crash", "every-event")


@pytest.fixture
def name(tmp_path: Path) -> str:
    return scenario(tmp_path, SHORT)


def found(typed: Typed, *words: str) -> dict[str, Any]:
    result = typed("sweep", *words, "--json", "--jobs", "1")
    assert result.code in (0, 1), result.err
    loaded: dict[str, Any] = json.loads(result.out)
    return loaded


def test_an_idempotent_receiver_survives_a_crash_anywhere(typed: Typed, name: str) -> None:
    result = typed("sweep", name, *CRASHES, "--set", "idempotent=on")
    assert (result.code, result.err) == (0, "")
    assert "✓ nothing breaks in 18 runs\n" in result.out
    assert "only guarantees count here, not the figures the scenario expects" in result.out


def test_without_it_the_sweep_finds_the_second_effect_by_itself(
    typed: Typed, name: str, tmp_path: Path
) -> None:
    file = tmp_path / "found"
    result = typed("sweep", name, *CRASHES, "--save", str(file))
    assert (result.code, result.err) == (1, "")
    assert "✗ something breaks in 4 of 18 runs\n" in result.out
    assert "✗ effect-once  4 runs  first: consumer-1 crashes at 2.5 s, K5 before-ack" in result.out
    assert result.out.endswith(f"  mailrail open {file}.toml --at 7.5s --paused\n")
    again = typed("run", f"{file}.toml")
    assert again.code == 1
    assert "✗ effect-once breaks\n" in again.out
    assert len(Path(f"{file}.toml").read_text(encoding="utf-8").splitlines()) < 25


def test_the_report_can_be_pasted(typed: Typed) -> None:
    lines = typed("sweep", LEASE, "--fault", "every-event", "--most", "40").out.splitlines()
    assert all(len(line) <= 80 for line in lines if "mailrail open" not in line)
    assert "  expected to break, and not counted: effect-once, worked-on-by-one" in lines
    assert "  308 more were left out, evenly; --most takes more" in lines


def test_the_printed_commands_show_and_repeat_it(typed: Typed, name: str) -> None:
    short = found(typed, name, *CRASHES, "--set", "lock=4s", "--for", "25s")["shortest"]
    words = shlex.split(short["again"])
    assert "✗ effect-once breaks" in typed(*words[1:]).out
    words = shlex.split(short["open"])
    assert words[:3] == ["mailrail", "open", name]
    assert words[-3:] == ["--at", "7.5s", "--paused"]
    assert typed(*words[1:]).code == 3, "there is no terminal, and nothing else is wrong"
    commands = [parse_timed(words[i + 1]) for i, word in enumerate(words) if word == "--do"]
    app = prepare(name, seed=1, sets={"lock": "4s"}, length=25.0, commands=commands, at=7.5)
    run = app._opening.run if app._opening is not None else None
    assert run is not None
    assert run.now == 7.5
    assert [f.guarantee.name for f in run.findings() if not f.holds] == ["effect-once"]


def test_seeds_count_what_the_scenario_expects(typed: Typed, name: str) -> None:
    good = found(typed, name, "--seeds", "5")
    assert (good["mode"], good["seed"], good["runs"], good["failures"]) == ("seeds", 1, 5, 0)
    assert good["shortest"] is None
    bad = found(typed, name, "--seeds", "5", "--seed", "7", "--set", "service=exponential(20s)")
    assert bad["broken"][0]["name"] == "completed == 4"
    assert bad["broken"][0]["first"]["seed"] >= 7


def test_a_scenario_without_chance_says_so(typed: Typed, name: str) -> None:
    note = "all 3 are the same run, event by event: nothing is left to chance here"
    assert note in " ".join(typed("sweep", name, "--seeds", "3").out.split())
    assert found(typed, name, "--seeds", "3")["distinct"] == 1
    drawn = ("--set", "service=exponential(1s)")
    assert "the same run" not in typed("sweep", name, "--seeds", "1").out
    assert "the same run" not in typed("sweep", name, "--seeds", "3", *drawn).out
    assert found(typed, name, "--seeds", "3", *drawn)["distinct"] == 3


def test_the_object(typed: Typed, name: str) -> None:
    told = found(typed, name, *CRASHES)
    assert list(told) == [
        "schema", "version", "pattern", "scenario", "mode", "seed", "runs", "distinct", "left_out",
        "idle", "failures", "broken", "shortest",
    ]  # fmt: skip
    assert told["broken"] == [{
        "name": "effect-once",
        "sort": "guarantee",
        "runs": 4,
        "first": told["shortest"]["at"],
    }]  # fmt: skip
    assert told["shortest"]["at"] == {
        "run": 7,
        "seed": 1,
        "commands": ["0s crash consumer-1 at K5", "7.5s restart consumer-1"],
        "struck": 2.5,
        "time": 8.5,
        "event": 29,
        "what": "m01 was applied again by consumer-2",
    }
    assert told["shortest"]["shrunk"]["events"] < 20


def test_what_is_expected_on_the_command_line_always_counts(typed: Typed, name: str) -> None:
    words = (*CRASHES, "--set", "idempotent=on", "--expect", "completed == 4")
    broken = found(typed, name, *words, "--for", "6s", "--restart", "1s")["broken"]
    assert [each["name"] for each in broken] == ["completed == 4"]


def test_nothing_broken_writes_nothing(typed: Typed, name: str, tmp_path: Path) -> None:
    file = tmp_path / "found.toml"
    result = typed("sweep", name, "--seeds", "2", "--save", str(file))
    assert result.code == 0
    assert "nothing broke, so no file was written" in result.out
    assert not file.exists()


def test_a_file_is_never_overwritten_unasked(typed: Typed, name: str, tmp_path: Path) -> None:
    file = tmp_path / "found.toml"
    file.write_text("mine", encoding="utf-8")
    words = ("sweep", name, *CRASHES, "--save", str(file))
    refused = typed(*words)
    assert (refused.code, refused.out) == (2, "")
    assert "--force overwrites it" in refused.err
    assert file.read_text(encoding="utf-8") == "mine"
    assert typed(*words, "--force").code == 1
    assert "crash consumer-1 at K5" in file.read_text(encoding="utf-8")


def test_a_fault_of_the_engine_is_no_verdict(
    typed: Typed, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "results", lambda *more: [Result(failure="ZeroDivisionError")] * 3)
    result = typed("sweep", name, "--seeds", "3")
    assert (result.code, result.out) == (70, "")
    assert "seed 1" in result.err
    assert "ZeroDivisionError" in result.err


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (("--seeds", "0"), ["--seeds", "1 to 1000000"]),
        (("--seeds", "-1"), ["--seeds", "whole number"]),
        (("--seeds", "many"), ["--seeds", "'many'"]),
        (("--seeds", "2", "--seed", str(2**63 - 1)), ["--seeds", "not so many"]),
        (("--crash", "every-evnt"), ["--crash", "'every-event'"]),
        (("--fault", "poison"), ["--fault", "every-event"]),
        (("--seeds", "5", *CRASHES), ["--seeds and --crash", "together"]),
        ((*CRASHES, "--fault", "every-event"), ["--crash and --fault"]),
        (("--most", "5"), ["--most", "--crash or --fault"]),
        (("--restart", "5s"), ["--restart", "--crash or --fault"]),
        ((*CRASHES, "--restart", "0s"), ["--restart", "more than 0s"]),
        ((*CRASHES, "--restart", "soon"), ["--restart", "'soon'"]),
        ((*CRASHES, "--most", "0"), ["--most", "1 to"]),
        (("--jobs", "0"), ["--jobs", "1 to 256"]),
        (("--jobs", "two"), ["--jobs", "'two'"]),
        (("--save", "/nowhere/at/all.toml"), ["--save", "no directory"]),
        (("--save", ""), ["--save", "a name"]),
        (("--set", "lok=5s"), ["--set lok=5s", "'lock'"]),
        (("--do", "61s crash consumer-1"), ["--do", "after the end"]),
        (("--expect", "snt == 1"), ["--expect", "'sent'"]),
    ],
)
def test_wrong_words(typed: Typed, words: tuple[str, ...], parts: list[str]) -> None:
    result = typed("sweep", "competing-consumers", *words)
    assert (result.code, result.out) == (2, "")
    assert result.err.count("\n") == 1
    for part in parts:
        assert part in result.err
