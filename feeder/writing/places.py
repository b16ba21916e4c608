"""Where files are made before they take their place, and what a killed run leaves there.

What is made stands beside its place under a hidden name that nobody can foresee, and is held by a
lock of the system, which goes with the process: what no process holds is left over.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from feeder.language import Message

if sys.platform != "win32":
    import fcntl

NEW: Final = "new"
OLD: Final = "old"
_HIDDEN: Final = re.compile(rf"\.(.+)\.([0-9a-f]{{16}})\.({NEW}|{OLD})")
_NO_LINK: Final = getattr(os, "O_NOFOLLOW", 0)
_FRESH: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | _NO_LINK
_LOOK: Final = os.O_RDONLY | _NO_LINK | getattr(os, "O_NONBLOCK", 0)
_LONG_AGO: Final = 3_600
"""Seconds after which what is half made is left over, where the system has no locks."""


def place_of(path: Path) -> Path:
    """Return where a path is without links on the way there; one in the place itself stays."""
    return path.parent.resolve() / path.name if path.name.strip(".") else path.resolve()


def check_name(place: Path) -> None:
    """Look whether what is made beside a place can have its name; OSError where it cannot."""
    with suppress(FileNotFoundError, NotADirectoryError):
        sibling(place, new_token(), NEW).lstat()


def sibling(path: Path, token: str, role: str) -> Path:
    """Return the hidden name beside a place for what is made, or for what it replaces."""
    return path.with_name(f".{path.name}.{token}.{role}")


def new_token() -> str:
    """Return what makes a hidden name one that nobody can foresee."""
    return secrets.token_hex(8)


def create(path: Path, content: bytes, *, mode: int = 0o666) -> None:
    """Write a file that is not there yet, to the disk; a link in its place is an error."""
    with os.fdopen(os.open(path, _FRESH, mode), "wb") as file, _held(file.fileno()):
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold a folder that is being made."""
    if sys.platform == "win32":
        yield
        return
    number = os.open(folder, _LOOK | os.O_DIRECTORY)
    try:
        with _held(number):
            yield
    finally:
        os.close(number)


def heal(place: Path) -> list[Message]:
    """Mend what a killed run left of a file or folder, and tell it.

    What was to be replaced is put back where nothing took its place; all else is removed.

    Returns
    -------
    list of Message
        One a run that was killed.
    """
    told = []
    for found in _left_over(place):
        try:
            back = found.get(OLD) if not os.path.lexists(place) else None
            if back is not None:
                back.rename(place)
            gone = [path.name for path in found.values() if path != back and _removed(path)]
        except OSError:  # another's, or gone meanwhile
            continue
        if back is not None:
            told.append(Message("terminal.put_back", {"place": str(place)}))
        elif gone:
            told.append(
                Message("terminal.left_over", {"names": ", ".join(gone), "place": str(place)})
            )
    return told


def heal_inside(folder: Path) -> list[Message]:
    """Mend what killed runs left of the files of a folder, and tell it."""
    with suppress(OSError):
        found = (_HIDDEN.fullmatch(path.name) for path in folder.iterdir())
        names = sorted({one[1] for one in found if one})
        return [told for name in names for told in heal(folder / name)]
    return []


def _left_over(place: Path) -> list[dict[str, Path]]:
    """Return what killed runs left beside a place, by its role, the latest run first."""
    runs: dict[str, dict[str, Path]] = {}
    with suppress(OSError):
        for path in sorted(place.parent.iterdir()):
            found = _HIDDEN.fullmatch(path.name)
            if found and found[1] == place.name and _is_own(path):
                runs.setdefault(found[2], {})[found[3]] = path
    idle = [run for run in runs.values() if not any(map(_is_held, run.values()))]
    return sorted(idle, key=lambda run: max(map(_age_mark, run.values())), reverse=True)


def _age_mark(path: Path) -> float:
    try:
        return path.lstat().st_mtime
    except OSError:
        return 0.0


def _is_own(path: Path) -> bool:
    """Return whether this user made it, as a file or folder: no link, no device."""
    try:
        found = path.lstat()
    except OSError:
        return False
    mine = not hasattr(os, "getuid") or found.st_uid == os.getuid()
    return mine and (stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode))


def _removed(path: Path) -> bool:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
    return not os.path.lexists(path)


@contextmanager
def _held(number: int) -> Iterator[None]:
    """Lock an open file or folder, where the file system has locks."""
    if sys.platform != "win32":
        with suppress(OSError):
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    yield


def _is_held(path: Path) -> bool:
    """Return whether a process that lives is making it."""
    if sys.platform == "win32":
        return time.time() - _age_mark(path) < _LONG_AGO
    try:
        number = os.open(path, _LOOK)
    except OSError:
        return False
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:  # no locks on this file system
        return time.time() - _age_mark(path) < _LONG_AGO
    finally:
        os.close(number)
    return False
