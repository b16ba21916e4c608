"""The output folder: written all or nothing, and never over somebody's files."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from feeder.errors import OutputError
from feeder.language import Message
from feeder.opening.record import RUN_FILE
from feeder.render.files.desk import is_private
from feeder.render.files.file import IS_LINK, existing_parent
from feeder.writing.places import check_name, heal, place_of
from feeder.writing.texts import encoded, json_text
from feeder.writing.whole import output_told, replace_folder

_OF_FILES: Final = frozenset(
    {".csv", ".geojson", ".gpkg", ".graphml", ".html", ".json", ".parquet", ".pdf", ".svg"}
    | {".tsv", ".txt", ".xlsx", ".zip"}
)
"""Endings that nobody gives a folder."""


def check_folder_name(out: Path) -> None:
    """Check that ``out`` is not called like a file, unless it is a folder already.

    Raises
    ------
    OutputError
        Where it is: a file was meant.
    """
    if out.suffix.lower() in _OF_FILES and not out.is_dir():
        raise OutputError(
            f"{out} is the name of a file, and --out names a folder; choose a name without "
            f"{out.suffix}, such as {out.with_suffix('')}."
        )


def check_folder(out: Path, *, source: Path) -> list[Message]:
    """Check that a run may write ``out``; called before any work is done.

    What a killed run left of it is mended first.

    Returns
    -------
    list of Message
        What was mended.

    Raises
    ------
    OutputError
        Where ``out`` is a file or called like one, a link, the district folder itself, a folder
        with other files in it, or cannot be written.
    """
    with output_told(out):
        check_place(out, source=source)
        mended = heal(place_of(out))
        if out.is_dir():
            _check_inside(out)
    return mended


def write_run(
    out: Path, files: Mapping[str, str | bytes], record: Mapping[str, Any], *, source: Path
) -> None:
    """Write every file of a run, or none: a new folder takes the place of ``out`` in one step.

    Parameters
    ----------
    out
        The folder; missing parents are made, an earlier run's folder is replaced as a whole.
    files
        Path in the folder to bytes, or to text, written as UTF-8 with Unix line ends.
    record
        What ``run.json`` tells of the run; the names of the files are added.
    source
        The district folder, which must stay as it is.

    Raises
    ------
    OutputError
        As :func:`check_folder`, and where writing fails; ``out`` is then as it was before.
    """
    warn_mended(check_folder(out, source=source))
    names = sorted([*files, RUN_FILE])
    every = {**files, RUN_FILE: json_text({**record, "files": names})}
    with output_told(out):
        replace_folder(
            place_of(out),
            {name: encoded(name, content) for name, content in every.items()},
            private=frozenset(filter(is_private, every)),
        )


def warn_mended(mended: Iterable[Message]) -> None:
    """Tell a notebook what a killed run had left."""
    for one in mended:
        warnings.warn(str(one), stacklevel=3)


def check_place(out: Path, *, source: Path | None = None) -> None:
    """Check where an output folder is to stand, whatever it holds.

    Raises
    ------
    OutputError
        Where it is a link, a file or called like one, the district folder, or out of reach.
    """
    check_name(place_of(out))
    if out.is_symlink():
        raise OutputError(IS_LINK.format(out=out))
    if source is not None and out.resolve() == source.resolve():
        raise OutputError(
            f"{out} is the district folder itself; choose another output folder with --out."
        )
    if out.exists() and not out.is_dir():
        raise OutputError(f"{out} is a file; choose a folder with --out.")
    check_folder_name(out)
    parent = existing_parent(out)
    if not parent.is_dir() or not os.access(parent, os.W_OK | os.X_OK):
        raise OutputError(f"{parent} cannot be written to; choose another folder with --out.")


def _check_inside(out: Path) -> None:
    """Check that a folder holds what an earlier run wrote, and nothing else."""
    written = _written(out)
    inside = sorted(_inside(out, written))
    if inside and RUN_FILE not in inside:
        raise OutputError(
            f"{out} holds files that are not of an earlier run ({_listed(inside)}); choose a "
            "new or empty folder with --out."
        )
    strangers = [name for name in inside if name not in written]
    if strangers:
        raise OutputError(
            f"{out} is an earlier run's folder, but {_listed(strangers)} in it is not "
            "feeder's; move it away, or choose another folder with --out."
        )


def _inside(out: Path, written: frozenset[str]) -> Iterator[str]:
    """Give the path of each thing in a folder, and in a folder in it that the run wrote to."""
    folders = {name.partition("/")[0] for name in written if "/" in name}
    for path in out.iterdir():
        if path.name in folders and path.is_dir() and not path.is_symlink():
            yield from (f"{path.name}/{one.name}" for one in path.iterdir())
        else:
            yield path.name


def _written(out: Path) -> frozenset[str]:
    """Return the names of the files that the run in a folder says it wrote."""
    try:
        told = json.loads((out / RUN_FILE).read_text(encoding="utf-8"))
        return frozenset([RUN_FILE, *map(str, told.get("files", ()))])
    except (OSError, ValueError, AttributeError, TypeError):  # nothing, or not written by a run
        return frozenset([RUN_FILE])


def _listed(names: list[str], most: int = 4) -> str:
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"
