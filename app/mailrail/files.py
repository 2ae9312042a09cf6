"""Writing files that somebody asked for: whole or not at all, and never over another one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from mailrail_patterns.names import BadInput

from .letters import brief


class Taken(BadInput):
    """There is a file already, and nobody has said that it may be replaced."""

    def __init__(self, name: str, flag: str) -> None:
        """Say so.

        Args:
            name: The file.
            flag: The flag it was named by; empty: none.
        """
        super().__init__(f"{name!r} exists already; --force overwrites it", flag)


def check_target(flag: str, name: str, *, force: bool) -> Path:
    """Return where a file will go, before any work is done for it.

    Raises:
        BadInput: If something is there already, or nothing can be put there.
    """
    if name in ("", "-"):
        raise BadInput(f"expected the name of a file, not {name!r}", flag)
    path = Path(name)
    try:
        there = path.exists()
        if path.is_dir() or name.endswith(("/", os.sep)):
            raise BadInput(f"{name!r} is a directory; expected the name of a file", flag)
        if there and not path.is_file():
            raise BadInput(f"{name!r} is no regular file", flag)
        if there and not force:
            raise Taken(name, flag)
        if not path.parent.is_dir():
            raise BadInput(f"there is no directory {str(path.parent)!r}", flag)
    except OSError as problem:  # a name no file can have, or a directory nobody may look into
        raise BadInput(f"cannot use {brief(name)!r}: {problem.strerror}", flag) from None
    return path


def unused(names: Iterable[str]) -> Path:
    """Return the first of several names in the present folder that nothing has.

    Where nobody may look that is the first one; whoever writes there is told so.
    """
    paths = map(Path, names)
    for path in paths:
        try:
            if not path.exists():
                return path
        except OSError:
            return path
    raise ValueError("expected names without end, or one that nothing has")


def write_whole(flag: str, path: Path, chunks: Iterable[bytes], *, force: bool) -> None:
    """Write a file beside its place and then move it there, so that nobody sees half of it.

    Args:
        flag: What is at fault if it cannot be written; empty: the file alone.
        path: Where to; a link is followed.
        chunks: What to write.
        force: Whether a file that is there already may be replaced.

    Raises:
        Taken: If there is a file already and it may not be replaced.
        BadInput: If it cannot be written; nothing is left behind, and what was there stays.
    """
    temporary: Path | None = None
    try:
        target = Path(os.path.realpath(path))
        handle, made = tempfile.mkstemp(prefix=".mailrail-", dir=target.parent)
        temporary = Path(made)
        with os.fdopen(handle, "wb") as stream:
            for chunk in chunks:
                stream.write(chunk)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(_mode(target))
        _move(temporary, target, force=force)
    except FileExistsError:
        raise Taken(str(path), flag) from None
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        raise BadInput(f"cannot write {brief(str(path))!r}: {reason}", flag) from None
    finally:
        if temporary is not None:
            with suppress(OSError):  # what was wrong has been told
                temporary.unlink(missing_ok=True)


def _mode(target: Path) -> int:
    """Return the permissions of the file that is replaced, or those the umask leaves."""
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _move(temporary: Path, target: Path, *, force: bool) -> None:
    if force:
        temporary.replace(target)
        return
    try:
        # A link, unlike a move, fails if a file has appeared in the meantime.
        os.link(temporary, target)
    except FileExistsError:
        raise
    except OSError:
        if target.exists():
            raise
        temporary.replace(target)
