"""The command a report ends with does the very same run again."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from tests.app.commandline import LEASE, Typed, scenario

from mailrail.preparation import Request, prepare
from mailrail.reproduce import reproduce
from mailrail_patterns.commands import parse_command
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find


def repeated(typed: Typed, run: Run) -> str:
    words = shlex.split(reproduce(run))
    assert words[0] == "mailrail"
    again = typed(*words[1:], "--json")
    assert again.code in (0, 1), again.err
    assert run.digest() in again.out
    return reproduce(run)


def test_a_bundled_scenario(typed: Typed) -> None:
    run = prepare(Request(LEASE))
    run.advance(run.duration)
    assert repeated(typed, run) == f"mailrail run {LEASE} --seed 1"


def test_everything_that_was_typed(typed: Typed) -> None:
    request = Request(
        "competing-consumers",
        seed=-7,
        sets=["every=exponential(0.5s)", "mode=peek-lock"],
        length="20s",
        commands=["3s crash consumer-2", '4s say it\'s "quoted"; $HOME && more'],
        expect=["completed >= 1"],
    )
    run = prepare(request)
    run.advance(run.duration)
    text = repeated(typed, run)
    assert "--seed -7" in text
    assert "--for 20s" in text
    assert "--expect 'completed >= 1'" in text


def test_what_was_done_by_hand_also_beyond_the_end(typed: Typed) -> None:
    run = Run(find("competing-consumers"))
    run.advance(12.0)
    run.do(parse_command("crash consumer-2"))
    run.advance(61.5)
    run.do(parse_command("set lock=9s"))
    run.advance(70.0)
    text = repeated(typed, run)
    assert "--for 70s" in text
    assert "--do '12s crash consumer-2'" in text


def test_a_file_whose_name_looks_like_a_flag(
    tmp_path: Path, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario(tmp_path, 'pattern = "competing-consumers"\nduration = "5s"', "-own file.toml")
    monkeypatch.chdir(tmp_path)
    run = Run(find("-own file.toml"))
    run.advance(run.duration)
    assert "'./-own file.toml'" in repeated(typed, run)
