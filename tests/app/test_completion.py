"""What Tab offers."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import typer.main
from tests.app.commandline import LEASE

from mailrail.cli import main
from mailrail.program import app


def offers(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> list[str]:
    monkeypatch.setenv("_MAILRAIL_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", " ".join(["mailrail", *words]))
    monkeypatch.setenv("COMP_CWORD", str(len(words)))
    capsys.readouterr()
    assert main([]) == 0
    return capsys.readouterr().out.split("\n")[:-1]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["r"], ["run", "record"]),
        (["show", "comp"], ["competing-consumers"]),
        (["run", LEASE + "-r"], [LEASE + "-renewal"]),
        (["run", LEASE, "--set", "retr"], ["retry_delay="]),
        (["run", LEASE, "--set", "mode=r"], ["mode=receive-and-delete"]),
        (["run", LEASE, "--set", "idempotent="], ["idempotent=on", "idempotent=off"]),
        (["run", LEASE, "--do", "'12s cr"], ["12s crash"]),
        (["run", LEASE, "--expect", "effect-"], ["effect-once"]),
        (["open", LEASE, "--theme", "mailrail-d"], ["mailrail-dusk"]),
        (["run", "nothing-of-the-kind", "--set", ""], [""]),
    ],
)
def test_offers(
    words: list[str],
    offered: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert offers(words, monkeypatch, capsys) == offered


def test_a_verb_is_offered_before_a_time_is_typed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = offers(["run", LEASE, "--do", "12s"], monkeypatch, capsys)
    assert "12s crash" in found
    assert len(found) == 13


def test_installing_is_offered() -> None:
    command = typer.main.get_command(app)
    flags = {flag for each in command.params for flag in each.opts}
    assert {"--install-completion", "--show-completion"} <= flags


def test_nothing_heavy_is_loaded_to_complete_a_command() -> None:
    text = Path(sys.modules["mailrail.completion"].__file__ or "").read_text(encoding="utf-8")
    top = [line for line in text.splitlines() if line.startswith(("import ", "from "))]
    assert top == ["from __future__ import annotations", "import typer"]
