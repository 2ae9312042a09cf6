"""Where nothing can be written or looked at, one line says so, or nothing has to."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from tests.app.commandline import LEASE, Typed

from mailrail import memory, places
from mailrail.discovery import own_files
from mailrail.files import unused, write_whole
from mailrail.letters import legible
from mailrail.wardrobe import own_themes
from mailrail_patterns.names import BadInput

FOREIGN = os.fsdecode(b"x\xff.toml")
"""The name of a file in an encoding that is not this one."""

PROBLEMS = (errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EDQUOT, errno.EIO)


@pytest.fixture(params=PROBLEMS, ids=errno.errorcode.get)
def problem(request: pytest.FixtureRequest) -> OSError:
    return OSError(request.param, os.strerror(request.param))


@pytest.mark.parametrize("at", ["tempfile.mkstemp", "os.fdopen", "os.fsync", "os.link"])
def test_wherever_writing_fails_it_is_told_and_what_was_there_stays(
    at: str, problem: OSError, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise problem

    path = tmp_path / "there"
    path.write_bytes(b"precious")
    monkeypatch.setattr(f"mailrail.files.{at}", fail)
    if at == "os.link":  # a file system without links; the move goes wrong as well
        monkeypatch.setattr(Path, "replace", fail)
    for target, force in ((tmp_path / "new", False), (path, True)):
        if at == "os.link" or target != path:
            with pytest.raises(BadInput, match=f"cannot write '.*': {problem.strerror}"):
                write_whole("", target, [b"x"], force=force)
    assert path.read_bytes() == b"precious"
    assert list(tmp_path.iterdir()) == [path]


def test_what_cannot_be_taken_away_again_hides_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full() -> Iterator[bytes]:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        yield b""

    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(Path, "unlink", fail)
    with pytest.raises(BadInput, match="No space left"):
        write_whole("", tmp_path / "new", full(), force=False)


@pytest.mark.parametrize("at", ["mkdir", "read_bytes"])
def test_a_memory_that_fails_is_nobodys_trouble(
    at: str, problem: OSError, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise problem

    monkeypatch.setattr(Path, at, fail)
    memory.opened("a")
    memory.greeted()
    if at == "read_bytes":
        assert memory.recall() == memory.Memory()


def test_a_full_disk_leaves_the_memory_as_it_was(
    problem: OSError, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory.opened("a")
    before = memory.recall()

    def fail(handle: int) -> None:
        raise problem

    monkeypatch.setattr("mailrail.files.os.fsync", fail)
    memory.opened("b")
    assert memory.recall() == before
    assert [path.name for path in places.state().iterdir()] == ["memory.json"]


def test_themes_nobody_may_look_at_are_told_of(
    problem: OSError, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(path: Path) -> bool:
        raise problem

    monkeypatch.setattr(Path, "is_dir", fail)
    assert own_themes() == ([], [f"{places.data() / 'themes'}: {problem.strerror}"])


def test_a_theme_of_a_foreign_name_is_told_of_in_letters() -> None:
    folder = places.data() / "themes"
    folder.mkdir(parents=True)
    (folder / FOREIGN).write_bytes(b"what = 1")
    ((), (told,)) = own_themes()
    assert told.startswith("x\\udcff.toml: ")
    assert legible(told) == told


def test_a_free_name_is_the_first_that_nothing_has_or_that_nobody_may_look_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problem: OSError
) -> None:
    monkeypatch.chdir(tmp_path)
    for number in (1, 2, 4):
        Path(f"run-{number}").touch()
    assert unused(f"run-{number}" for number in count(1)) == Path("run-3")

    def fail(path: Path) -> bool:
        raise problem

    monkeypatch.setattr(Path, "exists", fail)
    assert unused(f"run-{number}" for number in count(1)) == Path("run-1")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("run", LEASE, "--events", "x"), "the lock is a lease"),
        (("run", LEASE, "--junit", "x"), "the lock is a lease"),
        (("sweep", "competing-consumers", "--set", "lock=1s", "--for", "10s", "--seeds", "1",
          "--save", "x"), "something breaks in 1 of 1 run"),
    ],
)  # fmt: skip
def test_what_was_found_is_told_even_if_it_cannot_be_written(
    words: tuple[str, ...],
    told: str,
    typed: Typed,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("mailrail.files.os.fsync", full)
    result = typed(*words)
    assert result.code == 2
    assert result.err.startswith(f"mailrail: {words[-2]}: cannot write 'x")
    assert result.err.count("\n") == 1
    assert told in result.out.lower()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "words",
    [
        ("run", FOREIGN), ("run", FOREIGN, "--json"), ("sweep", FOREIGN), ("show", FOREIGN),
        ("open", FOREIGN), ("record", FOREIGN, "-o", "x.svg"), (FOREIGN,),
        ("run", LEASE, "--do", f"1s say {FOREIGN}"), ("run", LEASE, "--set", FOREIGN),
        ("run", LEASE, "--expect", FOREIGN), ("run", LEASE, "--events", FOREIGN),
    ],
)  # fmt: skip
def test_bytes_that_are_no_letters_are_refused_in_one_line(
    words: tuple[str, ...], typed: Typed
) -> None:
    result = typed(*words)
    assert result.code == 2
    assert result.err.count("\n") == 1
    assert result.err.startswith("mailrail: ")
    assert "x\\udcff.toml: expected letters" in result.err
    assert not result.out


def test_a_scenario_of_a_foreign_name_is_not_offered(tmp_path: Path) -> None:
    text = 'pattern = "competing-consumers"\n'
    for name in (FOREIGN, "邮件👩\u200d👩.toml"):
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert [path.name for path in own_files("competing-consumers", tmp_path)] == [
        "邮件👩\u200d👩.toml"
    ]
