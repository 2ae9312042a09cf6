"""Whatever is typed wrongly ends in one line on stderr, exit code 2 and no traceback."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.app.commandline import LEASE, Typed, scenario

RUN = ("run", "competing-consumers")
SAGA = ("run", "saga", "--for", "3s")


def refused(typed: Typed, *words: str) -> str:
    result = typed(*words)
    assert result.code == 2, result
    assert result.out == ""
    assert result.err.startswith("mailrail: ")
    assert result.err.count("\n") == 1
    return result.err


ORDERED = (*SAGA, "--set", "policy=custom", "--set")
MORE = (*RUN, "--do", "9s crash consumer-4", "--do", "8s spawn consumer")


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ((*ORDERED, "custom_order=credit,stok"), ["--set custom_order=credit,stok", "'stok'"]),
        ((*ORDERED, "custom_order=credit,stock", "--do", "1s crash nobody"), ["--do '1s crash"]),
        ((*MORE, "--do", "7s crash nobody"), ["--do '7s crash nobody'", "unknown actor"]),
    ],
)
def test_what_is_at_fault_is_named_and_not_what_came_before_it(
    typed: Typed, words: tuple[str, ...], parts: list[str]
) -> None:
    message = refused(typed, *words)
    for part in parts:
        assert part in message


def test_commands_may_be_given_in_any_order_of_time(typed: Typed) -> None:
    assert typed(*MORE, "--for", "10s").code == 0


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (("run", "competing-consumer"), ["'competing-consumers'"]),
        (("run", "competing-consumers/the-lock-is-a-leese"), [f"'{LEASE}'"]),
        (("run", ""), ["expected the name"]),
        (("run", "   "), ["expected the name"]),
        (("run", "x" * 5000), ["name too long"]),
        (("show", "competing-consumer"), ["'competing-consumers'"]),
        ((*RUN, "--set", "lok=5s"), ["--set lok=5s", "'lock'"]),
        ((*RUN, "--set", "lock"), ["--set", "key=value", "'lock'"]),
        ((*RUN, "--set", "=5"), ["--set", "key=value"]),
        ((*RUN, "--set", "lock=-1"), ["--set lock=-1", "zero or more"]),
        ((*RUN, "--set", "lock=5parsec"), ["'parsec'"]),
        ((*RUN, "--set", "lock=5mss"), ["'ms'"]),
        ((*RUN, "--set", "mode=peek-lok"), ["'peek-lock'"]),
        ((*RUN, "--set", "consumers=1e9"), ["--set consumers=1e9", "10000"]),
        ((*RUN, "--set", "lock=1s", "--set", "latency=1s"), ["--set latency=1s"]),
        ((*RUN, "--expect", "dead_letered == 1"), ["--expect", "'dead_lettered'"]),
        ((*RUN, "--expect", "effect-onse holds"), ["--expect", "'effect-once'"]),
        ((*RUN, "--expect", "sent == 1 at 61s"), ["--expect", "after the end (60s)"]),
        ((*RUN, "--for", "5s", "--expect", "sent == 1 at 6s"), ["--expect", "the end (5s)"]),
        ((*RUN, "--events", "x" * 5000), ["--events", "name too long"]),
        (("record", "competing-consumers", "-o", f"{'x' * 5000}.svg"), ["-o", "name too long"]),
        ((*RUN, "--expect", "completed"), ["--expect", "METRIC"]),
        ((*RUN, "--do", "12s crash consumr-2"), ["--do '12s crash consumr-2'", "'consumer-2'"]),
        ((*RUN, "--do", "12s inject poisn"), ["--do '12s inject poisn'", "'poison'"]),
        ((*RUN, "--do", "12s chrash consumer-2"), ["--do", "'crash'"]),
        ((*RUN, "--do", "12s set lok=5s"), ["--do", "'lock'"]),
        ((*RUN, "--do", "crash consumer-1"), ["--do 'crash consumer-1'", "a time and a command"]),
        ((*RUN, "--do", "12s"), ["--do '12s'", "a time and a command"]),
        ((*RUN, "--do", ""), ["--do ''", "a time and a command"]),
        ((*RUN, "--do", "-1s crash consumer-1"), ["--do", "zero or more"]),
        ((*RUN, "--do", "61s crash consumer-1"), ["--do", "61s is after the end (60s)"]),
        ((*RUN, "--for", "5s", "--do", "6s crash consumer-1"), ["--do", "after the end (5s)"]),
        ((*RUN, "--seed", "x"), ["--seed", "'x'"]),
        ((*RUN, "--seed", "1.5"), ["--seed", "'1.5'"]),
        ((*RUN, "--seed", "99999999999999999999999"), ["--seed", "64 bits"]),
        ((*RUN, "--seed", "9" * 5000), ["--seed", "whole number"]),
        ((*RUN, "--for", "-1s"), ["--for", "zero or more"]),
        ((*RUN, "--for", "0s"), ["--for", "more than 0s"]),
        ((*RUN, "--for", "1e99s"), ["--for", "longest duration"]),
        ((*RUN, "--for", "1e999s"), ["--for", "zero or more"]),
        ((*RUN, "--for", "ten"), ["--for", "'ten'"]),
        ((*RUN, "--speed", "0"), ["--speed", "above 0"]),
        ((*RUN, "--speed", "-1"), ["--speed", "above 0"]),
        ((*RUN, "--speed", "nan"), ["--speed", "nan"]),
        ((*RUN, "--speed", "inf"), ["--speed", "inf"]),
        ((*RUN, "--speed", "quick"), ["--speed", "'quick'"]),
        ((*RUN, "--json", "--events", "-"), ["--json", "--events -", "stdout"]),
        ((*RUN, "--json", "--speed", "2"), ["--json", "--speed", "stdout"]),
        ((*RUN, "--junit", "-"), ["--junit", "'-'"]),
        (("open", "competing-consumers", "--theme", "dsk"), ["--theme", "'dusk'"]),
        (("open", "competing-consumers", "--at", "61s"), ["--at", "after the end (60s)"]),
        (("open", "competing-consumers", "--set", "lok=1"), ["--set", "'lock'"]),
        (("open", "competing-consumers", "--speed", "nan"), ["--speed"]),
        (("open", "competing-consumer"), ["'competing-consumers'"]),
        (("show", "competing-consumers", "--json", "--code"), ["--json", "--code"]),
        (("rn",), ["'rn'", "'run'"]),
        (("competing-consumers",), ["mailrail open competing-consumers"]),
        (("run",), ["PATTERN|FILE", "mailrail run --help"]),
        ((*RUN, "--sed", "1"), ["--sed", "--seed"]),
        ((*RUN, "more"), ["more"]),
    ],
)
def test_wrong_words(typed: Typed, words: tuple[str, ...], parts: list[str]) -> None:
    message = refused(typed, *words)
    for part in parts:
        assert part in message


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ["pattern", "missing"]),
        ("nope [", ["not TOML", "line 1"]),
        ('pattern = "competing-consumer"', ["pattern", "'competing-consumers'"]),
        ('pattern = "competing-consumers"\nsead = 1', ["sead", "'seed'"]),
        ('pattern = "competing-consumers"\nduration = "-1s"', ["duration"]),
        ('pattern = "competing-consumers"\n[settings]\nlok = "5s"', ["settings", "'lock'"]),
        (
            'pattern = "competing-consumers"\nsteps = [{ at = "1s", do = "crash consumr-1" }]',
            ["steps[0]", "'consumer-1'"],
        ),
        (
            'pattern = "competing-consumers"\nsteps = [{ at = "61s", do = "crash consumer-1" }]',
            ["steps[0]", "after the end (60s)"],
        ),
        ('pattern = "competing-consumers"\nexpect = ["snt == 1"]', ["'sent'"]),
        ('extends = "own"', ["extends", "circle"]),
        ('extends = "other"', ["extends", "'other'"]),
    ],
)
def test_bad_files(typed: Typed, tmp_path: Path, text: str, parts: list[str]) -> None:
    message = refused(typed, "run", scenario(tmp_path, text))
    assert "own.toml" in message
    for part in parts:
        assert part in message


def test_two_files_that_extend_each_other(typed: Typed, tmp_path: Path) -> None:
    name = scenario(tmp_path, 'extends = "b"', "a.toml")
    scenario(tmp_path, 'extends = "a"', "b.toml")
    assert "circle" in refused(typed, "run", name)


def test_the_file_at_fault_is_named_and_not_the_one_that_extends_it(
    typed: Typed, tmp_path: Path
) -> None:
    first = scenario(tmp_path, 'extends = "b"\ntitle = "x"', "a.toml")
    between = scenario(tmp_path, 'extends = "c"', "b.toml")
    for text, wrong in {"nope [": "not TOML", 'pattern = "x"\nduration = 0': "pattern"}.items():
        last = scenario(tmp_path, text, "c.toml")
        message = refused(typed, "run", first)
        assert f": {first}: extends: {between}: extends: {last}: {wrong}: " in message
    scenario(tmp_path, 'pattern = "competing-consumers"', "c.toml")
    scenario(tmp_path, 'extends = "b"\nduration = 0', "a.toml")
    assert f": {first}: duration: " in refused(typed, "run", first)


def test_what_a_file_or_a_name_holds_cannot_break_the_line_or_colour_it(
    typed: Typed, tmp_path: Path
) -> None:
    text = 'pattern = "competing-consumers"\n"\\u001b[31mred\\n" = 1'
    assert "\\x1b[31mred\\n: unknown key" in refused(typed, "run", scenario(tmp_path, text))
    scenario(tmp_path, "", "two\nlines.toml")
    assert "two\\nlines" in refused(typed, "run", scenario(tmp_path, 'extends = "two-lines"'))


def test_an_editor_may_put_a_mark_before_the_first_letter(typed: Typed, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_bytes(b'\xef\xbb\xbfpattern = "competing-consumers"\r\nduration = "1s"\r\n')
    assert typed("run", str(path)).code == 0


def test_not_a_text(typed: Typed, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_bytes(b"\xff\xfe\x00")
    assert "not UTF-8" in refused(typed, "run", str(path))


def test_a_directory_and_nothing_at_all(typed: Typed, tmp_path: Path) -> None:
    assert "directory" in refused(typed, "run", str(tmp_path))
    missing = refused(typed, "run", str(tmp_path / "missing.toml"))
    assert "missing.toml" in missing
    assert "No such file" in missing


def test_far_too_large(typed: Typed, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    with path.open("wb") as stream:
        stream.truncate(50_000_000)
    assert "larger than" in refused(typed, "run", str(path))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")
def test_a_pipe_or_a_device_is_never_opened(typed: Typed, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    os.mkfifo(path)
    assert "no regular file" in refused(typed, "run", str(path))
    assert "no regular file" in refused(typed, "open", str(path))
    assert "no regular file" in refused(typed, "run", "/dev/zero")


def test_not_to_be_read(typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = scenario(tmp_path, 'pattern = "competing-consumers"')

    def forbidden(*more: object, **still_more: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_text", forbidden)
    message = refused(typed, "run", name)
    assert "own.toml" in message
    assert "Permission denied" in message
