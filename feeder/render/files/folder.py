"""The output folder: written all or nothing, and never over somebody's files."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from feeder.errors import OutputError
from feeder.opening.record import RUN_FILE
from feeder.render.files.tables import json_text

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


def check_folder(out: Path, *, source: Path) -> None:
    """Check that a run may write ``out``; called before any work is done.

    Raises
    ------
    OutputError
        Where ``out`` is a file or called like one, the district folder itself, a folder with
        other files in it, or cannot be written.
    """
    if out.resolve() == source.resolve():
        raise OutputError(
            f"{out} is the district folder itself; choose another output folder with --out."
        )
    if out.exists() and not out.is_dir():
        raise OutputError(f"{out} is a file; choose a folder with --out.")
    check_folder_name(out)
    if out.is_dir():
        inside = sorted(path.name for path in out.iterdir())
        written = _written(out)
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
    parent = _existing_parent(out)
    if not parent.is_dir() or not os.access(parent, os.W_OK | os.X_OK):
        raise OutputError(f"{parent} cannot be written to; choose another folder with --out.")


def write_run(
    out: Path, files: Mapping[str, str | bytes], record: Mapping[str, Any], *, source: Path
) -> None:
    """Write every file of a run, or none: a new folder takes the place of ``out`` in one step.

    Parameters
    ----------
    out
        The folder; missing parents are made, an earlier run's folder is replaced as a whole.
    files
        File name to bytes, or to text, written as UTF-8 with Unix line ends.
    record
        What ``run.json`` tells of the run; the names of the files are added.
    source
        The district folder, which must stay as it is.

    Raises
    ------
    OutputError
        As :func:`check_folder`, and where writing fails; ``out`` is then as it was before.
    """
    check_folder(out, source=source)
    names = sorted([*files, RUN_FILE])
    files = {**files, RUN_FILE: json_text({**record, "files": names})}
    out = out.resolve()
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        fresh, old = _sibling(out, "new"), _sibling(out, "old")
        fresh.mkdir()
        try:
            for name, content in files.items():
                data = content if isinstance(content, bytes) else content.encode("utf-8")
                (fresh / name).write_bytes(data)
            _swap(fresh, out, old)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    except OSError as error:
        raise OutputError(f"{out} cannot be written: {error}.") from error
    shutil.rmtree(old, ignore_errors=True)


def _written(out: Path) -> frozenset[str]:
    """Return the names of the files that the run in a folder says it wrote."""
    try:
        told = json.loads((out / RUN_FILE).read_text(encoding="utf-8"))
        return frozenset([RUN_FILE, *map(str, told.get("files", ()))])
    except (OSError, ValueError, AttributeError, TypeError):  # nothing, or not written by a run
        return frozenset([RUN_FILE])


def _swap(fresh: Path, out: Path, old: Path) -> None:
    """Put ``fresh`` in the place of ``out``; put ``out`` back where that fails."""
    existed = out.exists()
    if existed:
        out.rename(old)
    try:
        fresh.rename(out)
    except OSError:
        if existed:
            old.rename(out)
        raise


def _sibling(out: Path, role: str) -> Path:
    return out.with_name(f".{out.name}.{os.getpid()}.{role}")


def _existing_parent(out: Path) -> Path:
    parent = out.resolve().parent
    while not parent.exists():
        parent = parent.parent
    return parent


def _listed(names: list[str], most: int = 4) -> str:
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"
