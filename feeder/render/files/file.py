"""One output file: written whole or not at all, and never over what was read."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from feeder.errors import OutputError


def check_file(out: Path, *, read: Iterable[Path]) -> None:
    """Check that a file may be written; called before any work is done.

    Parameters
    ----------
    out
        The file.
    read
        Files that are read, and folders from which files are read.

    Raises
    ------
    OutputError
        Where ``out`` is a folder, a file that is read, or a file in a folder that is read.
    """
    if out.is_dir():
        raise OutputError(f"{out} is a folder; name a file.")
    place = out.resolve()
    if out.exists() and any(place.is_relative_to(path.resolve()) for path in read):
        raise OutputError(f"{out} is among the files that are read; choose another name.")


def write_file(out: Path, content: str | bytes) -> None:
    """Write bytes, or a text as UTF-8 with Unix line ends; missing parents are made.

    Raises
    ------
    OutputError
        Where it cannot be written; what was there before is then still there.
    """
    fresh = out.with_name(f".{out.name}.{os.getpid()}.new")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        fresh.replace(out)
    except OSError as error:
        with suppress(OSError):  # it may lie under what is no folder
            fresh.unlink(missing_ok=True)
        raise OutputError(f"{out} cannot be written: {error}.") from error
