"""Writing files that somebody asked for: whole or not at all, and never over another one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from mailrail_patterns.names import BadInput


def check_target(flag: str, name: str, *, force: bool) -> Path:
    """Return where a file will go, before any work is done for it.

    Raises:
        BadInput: If something is there already, or nothing can be put there.
    """
    if name in ("", "-"):
        raise BadInput(f"expected the name of a file, not {name!r}", flag)
    path = Path(name)
    if path.is_dir() or name.endswith(("/", os.sep)):
        raise BadInput(f"{name!r} is a directory; expected the name of a file", flag)
    if path.exists() and not path.is_file():
        raise BadInput(f"{name!r} is no regular file; '-' writes events to stdout", flag)
    if path.exists() and not force:
        raise BadInput(f"{name!r} exists already; --force overwrites it", flag)
    if not path.parent.is_dir():
        raise BadInput(f"there is no directory {str(path.parent)!r}", flag)
    return path


def write_whole(flag: str, path: Path, chunks: Iterable[bytes], *, force: bool) -> None:
    """Write a file beside its place and then move it there, so that nobody sees half of it.

    Raises:
        BadInput: If it cannot be written; nothing is left behind, and what was there stays.
    """
    target = Path(os.path.realpath(path))
    temporary: Path | None = None
    try:
        handle, made = tempfile.mkstemp(prefix=".mailrail-", dir=target.parent)
        temporary = Path(made)
        with os.fdopen(handle, "wb") as stream:
            for chunk in chunks:
                stream.write(chunk)
        temporary.chmod(_mode(target))
        _move(temporary, target, force=force)
    except FileExistsError:
        raise BadInput(f"{str(path)!r} exists already; --force overwrites it", flag) from None
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise BadInput(f"cannot write {str(path)!r}: {reason}", flag) from None
    finally:
        if temporary is not None:
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
