"""The files of a district folder: found inside it, hashed, each read once."""

from __future__ import annotations

import hashlib
from itertools import islice
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd

from feeder.district.files.characters import clean_frame
from feeder.district.files.contents import SPREADSHEETS
from feeder.district.files.csvfile import parse_csv
from feeder.district.files.formats import GEODATABASE, TEXT, WORKBOOK, companions, unknown_format
from feeder.district.files.layout import sought, table_of
from feeder.district.files.linebreaks import on_one_line
from feeder.district.files.workbook import read_sheet
from feeder.district.land.layers import read_layer
from feeder.district.model import InputFile
from feeder.district.settings.specs import MANIFEST, TableSpec
from feeder.district.tables.table import Table, as_text, trimmed_header
from feeder.errors import Findings, InputError, Problem
from feeder.wording import nearest, shown

_MOST_FILES: Final = 200
"""Files of the folder among which a similar name is sought."""


class Folder:
    """A district folder while it is read.

    Keeps what was read, since several sections may name one file. A file that cannot be
    read is reported once, and None is returned for it each time.

    Parameters
    ----------
    root
        The folder.
    findings
        Collects what is wrong with its files.
    """

    def __init__(self, root: Path, findings: Findings) -> None:
        self.root = root.resolve()
        self.findings = findings
        self._inputs: dict[str, InputFile] = {}
        self._tables: dict[tuple[object, ...], Table | None] = {}
        self._layers: dict[tuple[Path, str | None], pd.DataFrame | None] = {}

    @property
    def inputs(self) -> tuple[InputFile, ...]:
        """Every file read so far, in reading order."""
        return tuple(self._inputs.values())

    def manifest(self) -> bytes:
        """Return the bytes of ``district.toml``.

        Raises
        ------
        InputError
            When there is no such folder, or it has no ``district.toml``.
        """
        path = self.root / MANIFEST
        if not path.is_file():
            what = f"has no {MANIFEST}" if self.root.is_dir() else "does not exist"
            problem = Problem(
                rule="no-manifest",
                message=f"the district folder {self.root} {what}.",
                fix=f"Name a folder that holds a {MANIFEST}.",
            )
            raise InputError([problem])
        return self._bytes(path)

    def file(self, spec: TableSpec) -> Path | None:
        """Return where a section's file lies; None, with an error, when it cannot be used."""
        try:
            path = _resolved(self.root / spec.path)
            inside, there, folder = path.is_relative_to(self.root), path.is_file(), path.is_dir()
        except (OSError, ValueError, RuntimeError):  # too long, NUL bytes, links in a circle
            message = f"[{spec.section}] names {shown(spec.path)}, which is no path."
            self._unusable(spec, "missing-file", message, "Name a file of the folder.")
            return None
        if not inside:
            message = (
                f"[{spec.section}] names {shown(spec.path)}, which lies outside the district "
                "folder."
            )
            self._unusable(spec, "outside-folder", message, "Copy the file into the folder.")
            return None
        if folder and path.suffix.lower() == GEODATABASE:
            return path
        if folder:
            message = f"[{spec.section}] names {shown(spec.path)}, which is a folder."
            self._unusable(spec, "missing-file", message, "Name a file in it.")
            return None
        if not there:
            message = f"[{spec.section}] names {shown(spec.path)}, which is not there."
            self._unusable(spec, "missing-file", message, _similar(self.root, spec.path))
            return None
        return path

    def include(self, spec: TableSpec) -> InputFile | None:
        """Check that a file is there and count it among the inputs, without reading it."""
        path = self.file(spec)
        if path is None:
            return None
        self._bytes(path)
        return self._inputs[self.name(path)]

    def table(self, spec: TableSpec) -> Table | None:
        """Return a section's file as a table of text."""
        path = self._readable(spec)
        if path is None:
            return None
        key = (path, spec.layer, spec.sheet, spec.header)
        if key not in self._tables:
            self._tables[key] = self._read_table(path, spec)
        return self._tables[key]

    def layer(self, spec: TableSpec) -> pd.DataFrame | None:
        """Return a section's file as a layer, its index counting features from 1."""
        path = self._readable(spec)
        if path is None:
            return None
        key = (path, spec.layer)
        if key not in self._layers:
            self._layers[key] = self._read_layer(path, spec)
        return self._layers[key]

    def name(self, path: Path) -> str:
        """Return a file's path inside the folder, with forward slashes."""
        return path.relative_to(self.root).as_posix()

    def _readable(self, spec: TableSpec) -> Path | None:
        """Return where a section's table or layer lies, if it is of a format that is read."""
        path = self.file(spec)
        if path is None:
            return None
        sheet = path.suffix.lower() in SPREADSHEETS
        way_out = unknown_format(path.name, path.read_bytes() if sheet else b"")
        if way_out:
            message = f"[{spec.section}] names {shown(spec.path)}, a format that is not read."
            self._unusable(spec, "unknown-format", message, way_out)
            return None
        return path

    def _read_table(self, path: Path, spec: TableSpec) -> Table | None:
        file = self.name(path)
        try:
            suffix = path.suffix.lower()
            _check_keys(spec, suffix, file)
            if suffix in TEXT:
                return parse_csv(self._bytes(path), file, self.findings, sought(spec))
            if suffix in WORKBOOK:
                content, section = self._bytes(path), spec.section
                grid = read_sheet(content, file, self.findings, sheet=spec.sheet, section=section)
                return table_of(grid, sought(spec), self.findings)
            frame = self.layer(spec)
            return None if frame is None else layer_table(frame, file, self.findings)
        except InputError as error:
            self.findings.errors.extend(error.problems)
            return None

    def _read_layer(self, path: Path, spec: TableSpec) -> pd.DataFrame | None:
        file = self.name(path)
        try:
            self._check_layer(path, file)
            frame = read_layer(path, file, spec.layer, self.findings)
        except InputError as error:
            self.findings.errors.extend(error.problems)
            return None
        return frame.set_axis(pd.RangeIndex(1, len(frame) + 1))

    def _check_layer(self, path: Path, file: str) -> None:
        """Check that a layer's files lie inside the folder, and count them among the inputs."""
        if path.suffix.lower() in TEXT | WORKBOOK:
            raise InputError([_no_layer(file)])
        if path.suffix.lower() != GEODATABASE:
            self._bytes(path)
        for companion in companions(path, file):
            if not companion.resolve().is_relative_to(self.root):
                raise InputError([_linked_out(self.name(companion))])
            self._bytes(companion)

    def _bytes(self, path: Path) -> bytes:
        """Return a file's bytes and count it among the inputs.

        Raises
        ------
        InputError
            Where the file may not be read.
        """
        name = self.name(path)
        try:
            content = path.read_bytes()
        except OSError as error:
            message = f"the file cannot be opened ({error.strerror})."
            problem = Problem(
                rule="unreadable", message=message, fix="Check who may read it.", file=name
            )
            raise InputError([problem]) from error
        if name not in self._inputs:
            self._inputs[name] = InputFile(name, hashlib.sha256(content).hexdigest())
        return content

    def _unusable(self, spec: TableSpec, rule: str, message: str, fix: str) -> None:
        problem = Problem(rule=rule, message=message, fix=fix, file=MANIFEST, value=spec.path)
        if problem not in self.findings.errors:
            self.findings.errors.append(problem)


def layer_table(frame: pd.DataFrame, file: str, findings: Findings) -> Table:
    """Return a layer's attributes as a table of text, without its geometry.

    Raises
    ------
    InputError
        Where two columns have one name, or a cell holds NUL bytes.
    """
    shapes = [frame.geometry.name] if isinstance(frame, gpd.GeoDataFrame) else []
    bare = pd.DataFrame(frame.drop(columns=shapes))
    names = trimmed_header([str(name) for name in bare.columns], file, findings)
    text = as_text(bare.set_axis(names, axis=1)).set_axis(frame.index)
    for name in text.columns:
        if "\0" in "".join(text[name].tolist()):
            message = "cells hold NUL bytes."
            fix = "Clean the column at its source and export the layer again."
            problem = Problem(rule="nul-bytes", message=message, fix=fix, file=file, column=name)
            raise InputError([problem])
    clean = on_one_line(clean_frame(text, file, findings), file, findings)
    return Table(file=file, frame=clean, has_lines=False)


def _check_keys(spec: TableSpec, suffix: str, file: str) -> None:
    """Refuse keys of a section that mean nothing for a file of this kind.

    Raises
    ------
    InputError
        With the key that is meant.
    """
    if spec.sheet is not None and suffix not in WORKBOOK:
        what, fix = "sheet", "A sheet is one of an Excel workbook; leave the key out."
    elif spec.layer is not None and suffix in WORKBOOK:
        what, fix = "layer", f'Write sheet = "{shown(spec.layer)}".'
    elif spec.header is not None and suffix not in TEXT | WORKBOOK:
        what, fix = "header", "Only CSV files and workbooks have a line of it; leave the key out."
    else:
        return
    message = f"[{spec.section}] has the key {what}, which is not for a file such as {file}."
    problem = Problem(rule="key-unfit", message=message, fix=fix, file=MANIFEST, value=what)
    raise InputError([problem])


def _similar(root: Path, wanted: str) -> str:
    found = (p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file())
    return nearest(wanted, sorted(islice(found, _MOST_FILES)))


def _no_layer(file: str) -> Problem:
    message = "a table of text holds no polygons."
    fix = "Name a GeoJSON, GeoPackage, Shapefile, file geodatabase, KML or GeoParquet."
    return Problem(rule="no-geometry", message=message, fix=fix, file=file)


def _linked_out(file: str) -> Problem:
    message = "the file is a link that leads outside the district folder."
    fix = "Copy the file into the folder."
    return Problem(rule="outside-folder", message=message, fix=fix, file=file)


def _resolved(path: Path) -> Path:
    """Follow every link; from Python 3.13 on, a circle of links would resolve to itself."""
    found = path.resolve()
    if found.is_symlink():
        raise OSError("links in a circle")
    return found
