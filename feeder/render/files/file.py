"""One output file: written whole or not at all, and never over what was read."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from feeder.errors import OutputError
from feeder.language import Message
from feeder.writing.places import check_name, heal, place_of
from feeder.writing.texts import encoded
from feeder.writing.whole import output_told, replace_file

IS_LINK: Final = "{out} is a link; name what it leads to, or another place."


def check_file(out: Path, *, read: Iterable[Path]) -> list[Message]:
    """Check that a file may be written; called before any work is done.

    What a killed run left of it is mended first.

    Parameters
    ----------
    out
        The file.
    read
        Files that are read, and folders from which files are read.

    Returns
    -------
    list of Message
        What was mended.

    Raises
    ------
    OutputError
        Where ``out`` is a folder, a link, a device or pipe, a file that is read, a file in a
        folder that is read, or lies where nothing can be written.
    """
    with output_told(out):
        if out.is_symlink():
            raise OutputError(IS_LINK.format(out=out))
        if out.is_dir():
            raise OutputError(f"{out} is a folder; name a file.")
        if out.exists() and not out.is_file():
            raise OutputError(f"{out} is a device or a pipe; name a file.")
        place = out.resolve()
        if out.exists() and any(place.is_relative_to(path.resolve()) for path in read):
            raise OutputError(f"{out} is among the files that are read; choose another name.")
        parent = existing_parent(out)
        if not parent.is_dir() or not os.access(parent, os.W_OK | os.X_OK):
            raise OutputError(f"{parent} cannot be written to; choose another place for {out}.")
        check_name(place_of(out))
        return heal(place_of(out))


def existing_parent(out: Path) -> Path:
    """Return the nearest folder, or file, above a place."""
    parent = out.resolve().parent
    while not parent.exists():
        parent = parent.parent
    return parent


def write_file(out: Path, content: str | bytes, *, private: bool = False) -> None:
    """Write bytes, or a text as UTF-8 with Unix line ends; missing parents are made.

    Parameters
    ----------
    out
        The file. A text called CSV has a byte order mark, by which spreadsheets know its accents.
    content
        What it holds.
    private
        Whether only its owner may read it, since it holds counts of students.

    Raises
    ------
    OutputError
        Where it cannot be written; what was there before is then still there.
    """
    with output_told(out):
        replace_file(place_of(out), encoded(out, content), private=private)
