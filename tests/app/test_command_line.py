"""The way in and the way out: help, imports, interruptions, pipes and terminals."""

from __future__ import annotations

import re
import signal
import subprocess
import sys

import pytest
from tests.app.commandline import LEASE, Typed, process

from mailrail import __version__, cli, program
from mailrail.output import missing_for_screen
from mailrail_patterns.commands import parse_timed


def test_help_lists_only_what_works(typed: Typed) -> None:
    result = typed("--help")
    assert (result.code, result.err) == (0, "")
    listed = re.findall(r"^  (\w+)  ", result.out.partition("Commands:")[2], re.MULTILINE)
    assert listed == ["open", "list", "show", "run", "sweep", "record", "serve"]


@pytest.mark.parametrize("command", ["open", "list", "show", "run", "sweep", "record", "serve"])
def test_every_command_has_help(typed: Typed, command: str) -> None:
    result = typed(command, "--help")
    assert result.code == 0
    assert f"Usage: mailrail {command}" in result.out


def test_version(typed: Typed) -> None:
    assert typed("--version") == (0, f"mailrail {__version__}\n", "")


def test_help_loads_no_screen_and_no_engine() -> None:
    code = (
        "import sys; from mailrail.cli import main; main(['--help']);"
        "heavy = {'textual', 'rich', 'anyio', 'msgspec', 'mailrail_patterns.run'};"
        "sys.exit(' '.join(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_running_headless_loads_no_screen() -> None:
    code = (
        "import sys; from mailrail.cli import main; main(['run', 'competing-consumers']);"
        "sys.exit(' '.join({'textual', 'anyio'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("words", [(), ("open", LEASE), ("open", LEASE, "--paused")])
def test_without_a_terminal_nothing_is_drawn(typed: Typed, words: tuple[str, ...]) -> None:
    result = typed(*words)
    assert (result.code, result.out) == (3, "")
    assert result.err == (
        "mailrail: needs a terminal to draw on; "
        "without one, try 'mailrail run' or 'mailrail list'\n"
    )


def test_what_open_hands_on(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    told: dict[str, object] = {}
    module = type(sys)("mailrail.tui.launch")
    module.launch = lambda name, **more: told.update(more, name=name)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "mailrail.tui.launch", module)
    monkeypatch.setattr("mailrail.output.missing_for_screen", lambda: "")
    words = ["--seed", "7", "--set", "lock=9s", "--at", "12s", "--speed", "2x", "--theme", "dusk"]
    assert typed("open", LEASE, *words, "--paused", "--present").code == 0
    assert told == {
        "name": LEASE,
        "seed": 7,
        "sets": {"lock": "9s"},
        "length": None,
        "commands": [],
        "at": 12.0,
        "speed": 2.0,
        "theme": "mailrail-dusk",
        "paused": True,
        "present": True,
        "loop": False,
    }
    assert typed().code == 0
    assert (told["name"], told["seed"], told["speed"]) == (None, None, None)


def test_open_takes_what_run_takes(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    told: dict[str, object] = {}
    module = type(sys)("mailrail.tui.launch")
    module.launch = lambda name, **more: told.update(more, name=name)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "mailrail.tui.launch", module)
    monkeypatch.setattr("mailrail.output.missing_for_screen", lambda: "")
    assert typed("open", LEASE, "--for", "90s", "--do", "80s crash consumer-2").code == 0
    assert told["length"] == 90.0
    assert told["commands"] == [parse_timed("80s crash consumer-2")]
    refused = typed("open", LEASE, "--do", "80s crash consumer-2")
    assert refused.code == 2
    assert "after the end (60s)" in refused.err


def test_the_gallery_opens_as_it_is_told_to(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    told: dict[str, object] = {}
    module = type(sys)("mailrail.tui.launch")
    module.launch = lambda name, **more: told.update(more, name=name)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "mailrail.tui.launch", module)
    monkeypatch.setattr("mailrail.output.missing_for_screen", lambda: "")
    assert typed("open", "--theme", "paper", "--speed", "3").code == 0
    assert (told["name"], told["theme"], told["speed"]) == (None, "mailrail-paper", 3.0)


@pytest.mark.parametrize(
    "flag", ["--seed=3", "--set=a=1", "--for=3s", "--do=1s x", "--at=1s", "--present"]
)
def test_the_gallery_has_no_run(typed: Typed, flag: str) -> None:
    refused = typed("open", flag)
    name = flag.partition("=")[0]
    assert refused.code == 2
    assert refused.err == (
        f"mailrail: {name}: the gallery has no run; name a pattern or a scenario\n"
    )


def test_a_theme_of_the_library_will_do(typed: Typed) -> None:
    assert typed("open", LEASE, "--theme", "nord").code == 3


def test_a_bug_is_never_taken_for_a_verdict(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(arguments: list[str]) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(program, "call", fail)
    result = typed("list")
    assert result.code == 70
    assert "bug in mailrail" in result.err


def test_too_little_memory_is_no_bug(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(arguments: list[str]) -> int:
        raise MemoryError

    monkeypatch.setattr(program, "call", fail)
    result = typed("list")
    assert result.code == 2
    assert result.err.startswith("mailrail: there is not enough memory for this")


@pytest.mark.parametrize("stream", ["stdin", "stdout"])
def test_without_a_stream_nothing_can_be_drawn(
    monkeypatch: pytest.MonkeyPatch, stream: str
) -> None:
    monkeypatch.setattr(sys, stream, None)
    assert missing_for_screen().startswith("needs a terminal")


def test_an_interruption_while_it_runs(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*anything: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("mailrail_patterns.run.Run.advance", interrupt)
    assert typed("run", LEASE) == (130, "", "")


def test_an_interruption_while_things_are_loaded(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = signal.getsignal(signal.SIGINT)

    def interrupt(arguments: list[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "_run", interrupt)
    try:
        assert cli.main(["list"]) == 130
        assert signal.getsignal(signal.SIGINT) is signal.SIG_DFL
    finally:
        signal.signal(signal.SIGINT, before)
    assert capsys.readouterr() == ("", "")


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent differently there")
def test_ctrl_c_in_a_live_run() -> None:
    running = process("run", LEASE, "--speed", "0.001")
    assert running.stdout is not None
    assert running.stdout.readline().startswith(b"The lock is a lease")
    assert b"consumer-1" in running.stdout.readline()
    running.send_signal(signal.SIGINT)
    _, err = running.communicate()
    assert (running.returncode, err) == (130, b"")


@pytest.mark.parametrize(
    "words", [("list",), ("run", LEASE), ("run", LEASE, "--events", "-"), ("--help",)]
)
def test_a_reader_that_leaves_is_no_error(words: tuple[str, ...]) -> None:
    running = process(*words, PYTHONUNBUFFERED="1")
    assert running.stdout is not None
    running.stdout.close()
    assert running.stderr is not None
    assert running.stderr.read() == b""
    running.stderr.close()
    assert running.wait() == 0


def test_the_verdict_stands_even_if_nobody_reads_it() -> None:
    running = process("run", "competing-consumers", "--expect", "sent == 1")
    assert running.stdout is not None
    running.stdout.close()
    assert running.stderr is not None
    running.stderr.close()
    assert running.wait() == 1
