"""A file is written whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.app.commandline import LEASE, Typed

from mailrail.files import check_target, write_whole
from mailrail_patterns.names import BadInput


def full_disk() -> Iterator[bytes]:
    yield b"half a fi"
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def interrupted() -> Iterator[bytes]:
    yield b"half a fi"
    raise KeyboardInterrupt


def test_written(tmp_path: Path) -> None:
    path = tmp_path / "events"
    write_whole("--events", path, [b"one\n", b"two\n"], force=False)
    assert path.read_bytes() == b"one\ntwo\n"
    assert list(tmp_path.iterdir()) == [path]


def test_permissions_are_those_of_any_new_file(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.touch()
    path = tmp_path / "events"
    write_whole("--events", path, [b"x"], force=False)
    assert path.stat().st_mode == other.stat().st_mode
    other.chmod(0o640)
    write_whole("--events", other, [b"x"], force=True)
    assert other.stat().st_mode & 0o777 == 0o640


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "events"
    with pytest.raises(BadInput, match=r"--events: cannot write .*events': No space left"):
        write_whole("--events", path, full_disk(), force=False)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_keeps_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "events"
    path.write_text("precious", encoding="utf-8")
    with pytest.raises(BadInput, match="No space left"):
        write_whole("--events", path, full_disk(), force=True)
    assert path.read_text(encoding="utf-8") == "precious"
    assert list(tmp_path.iterdir()) == [path]


def test_an_interruption_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        write_whole("--events", tmp_path / "events", interrupted(), force=False)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_one_message(
    typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mailrail.json_report.event_lines", lambda events: full_disk())
    result = typed("run", LEASE, "--events", str(tmp_path / "events"))
    assert result.code == 2
    assert "No space left" in result.err
    assert result.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_appears_in_the_meantime_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "events"

    def chunks() -> Iterator[bytes]:
        path.write_text("precious", encoding="utf-8")
        yield b"x"

    with pytest.raises(BadInput, match="exists already"):
        write_whole("--events", path, chunks(), force=False)
    assert path.read_text(encoding="utf-8") == "precious"
    assert list(tmp_path.iterdir()) == [path]


def test_where_links_are_not_to_be_had(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*where: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    path = tmp_path / "events"
    write_whole("--events", path, [b"x"], force=False)
    assert path.read_bytes() == b"x"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_is_written_through(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("old", encoding="utf-8")
    link.symlink_to(target)
    write_whole("--events", link, [b"new"], force=True)
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


@pytest.mark.parametrize("name", ["", "-", ".", "missing/events", "somewhere/"])
def test_names_that_cannot_be_files(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadInput, match="--events"):
        check_target("--events", name, force=True)


def test_a_device_is_never_replaced() -> None:
    with pytest.raises(BadInput, match="no regular file"):
        check_target("--events", os.devnull, force=True)
