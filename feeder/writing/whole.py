"""A file or a folder takes its place in one step, whole or not at all."""

from __future__ import annotations

import ctypes
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from feeder.errors import OutputError
from feeder.writing.places import NEW, OLD, create, held, new_token, sibling

PRIVATE: Final = 0o600
"""Mode of a file that only its owner may read."""
_PRIVATE_FOLDER: Final = 0o700
_OPEN: Final = 0o666
_HERE: Final = -100
"""AT_FDCWD: paths are as they are."""
_SWAP: Final = 2
"""RENAME_EXCHANGE of Linux, RENAME_SWAP of macOS."""


def replace_file(path: Path, content: bytes, *, private: bool = False) -> None:
    """Write a file whole: what was there stays until the new one takes its place.

    Missing parents are made; a link in its place is replaced, not followed.

    Raises
    ------
    OSError
        Where it cannot be written; nothing is left behind then.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = sibling(path, new_token(), NEW)
    try:
        create(fresh, content, mode=PRIVATE if private else _OPEN)
        fresh.replace(path)
    except BaseException:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise


def replace_folder(
    place: Path, files: Mapping[str, bytes], *, private: frozenset[str] = frozenset()
) -> None:
    """Write a folder whole: what was there stays until the new one takes its place.

    Parameters
    ----------
    place
        The folder; missing parents are made, the mode of one that is there is kept.
    files
        Path inside the folder to bytes, at most one folder deep.
    private
        Those that only their owner may read; so may a folder in it that holds any.

    Raises
    ------
    OSError
        Where it cannot be written; ``place`` is then as it was, and nothing is left behind.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    token = new_token()
    fresh, old = sibling(place, token, NEW), sibling(place, token, OLD)
    fresh.mkdir()
    try:
        with held(fresh):
            _fill(fresh, files, private)
            if place.is_dir():
                fresh.chmod(place.stat().st_mode & 0o7777)
            _take_place(fresh, place, old)
    finally:
        if old.is_dir() and not os.path.lexists(place):
            old.rename(place)
        _clear(fresh)
        _clear(old)


def _fill(folder: Path, files: Mapping[str, bytes], private: frozenset[str]) -> None:
    for name in sorted(files):
        path = folder / name
        if path.parent != folder and not path.parent.exists():
            path.parent.mkdir(mode=_PRIVATE_FOLDER if name in private else 0o777)
        create(path, files[name], mode=PRIVATE if name in private else _OPEN)


def _take_place(fresh: Path, place: Path, old: Path) -> None:
    """Put ``fresh`` in its place: by exchange, or what stands there goes to ``old`` first."""
    if not os.path.lexists(place):
        fresh.rename(place)
    elif not _exchanged(fresh, place):
        place.rename(old)
        fresh.rename(place)


def _exchanged(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; return whether the system could."""
    first, second = os.fsencode(one), os.fsencode(other)
    if os.name == "nt":
        return False
    try:
        library = ctypes.CDLL(None)
        if hasattr(library, "renameat2"):  # Linux
            return bool(library.renameat2(_HERE, first, _HERE, second, _SWAP) == 0)
        return bool(library.renamex_np(first, second, _SWAP) == 0)  # macOS
    except (OSError, AttributeError):
        return False


def _clear(folder: Path) -> None:
    """Remove a folder; what interrupts it comes too late by now, so it is gone on with once."""
    for _ in range(2):
        with suppress(KeyboardInterrupt):
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def output_told(out: Path) -> Iterator[None]:
    """Tell what the system says of a place that cannot be written.

    Raises
    ------
    OutputError
        In place of the system's error.
    """
    try:
        yield
    except OutputError:
        raise
    except (OSError, ValueError) as error:  # a name with NUL bytes is a ValueError
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise OutputError(
            f"{out} cannot be written: {reason}. Nothing was written; make room there, or choose "
            "another place."
        ) from error
