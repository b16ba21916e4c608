"""The files of a district folder: found inside it, hashed, each read once."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd

from feeder.district.csvfile import parse_csv
from feeder.district.layers import read_layer
from feeder.district.model import InputFile
from feeder.district.specs import MANIFEST, TableSpec
from feeder.district.tables import Table, as_text
from feeder.errors import Findings, InputError, Problem
from feeder.scenario import nearest

_CSV: Final = frozenset({".csv", ".tsv", ".txt"})
_SHAPEFILE_PARTS: Final = (".dbf", ".shx", ".prj", ".cpg")


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
        self._tables: dict[tuple[Path, str | None], Table | None] = {}
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
        path = (self.root / spec.path).resolve()
        if not path.is_relative_to(self.root):
            message = f"[{spec.section}] names {spec.path}, which lies outside the district folder."
            self._unusable(spec, "outside-folder", message, "Copy the file into the folder.")
            return None
        if not path.is_file():
            message = f"[{spec.section}] names {spec.path}, which is not there."
            self._unusable(spec, "missing-file", message, _similar(self.root, spec.path))
            return None
        return path

    def include(self, spec: TableSpec) -> None:
        """Check that a file is there and count it among the inputs, without reading it."""
        path = self.file(spec)
        if path is not None:
            self._bytes(path)

    def table(self, spec: TableSpec) -> Table | None:
        """Return a section's file as a table of text."""
        path = self.file(spec)
        if path is None:
            return None
        key = (path, spec.layer)
        if key not in self._tables:
            self._tables[key] = self._read_table(path, spec)
        return self._tables[key]

    def layer(self, spec: TableSpec) -> pd.DataFrame | None:
        """Return a section's file as a layer, its index counting features from 1."""
        path = self.file(spec)
        if path is None:
            return None
        key = (path, spec.layer)
        if key not in self._layers:
            self._layers[key] = self._read_layer(path, spec)
        return self._layers[key]

    def name(self, path: Path) -> str:
        """Return a file's path inside the folder, with forward slashes."""
        return path.relative_to(self.root).as_posix()

    def _read_table(self, path: Path, spec: TableSpec) -> Table | None:
        if path.suffix.lower() in _CSV:
            try:
                return parse_csv(self._bytes(path), self.name(path), self.findings)
            except InputError as error:
                self.findings.errors.extend(error.problems)
                return None
        frame = self.layer(spec)
        return None if frame is None else layer_table(frame, self.name(path))

    def _read_layer(self, path: Path, spec: TableSpec) -> pd.DataFrame | None:
        self._bytes(path)
        for suffix in _SHAPEFILE_PARTS if path.suffix.lower() == ".shp" else ():
            if path.with_suffix(suffix).is_file():
                self._bytes(path.with_suffix(suffix))
        try:
            frame = read_layer(path, self.name(path), spec.layer, self.findings)
        except InputError as error:
            self.findings.errors.extend(error.problems)
            return None
        return frame.set_axis(pd.RangeIndex(1, len(frame) + 1))

    def _bytes(self, path: Path) -> bytes:
        content = path.read_bytes()
        name = self.name(path)
        if name not in self._inputs:
            self._inputs[name] = InputFile(name, hashlib.sha256(content).hexdigest())
        return content

    def _unusable(self, spec: TableSpec, rule: str, message: str, fix: str) -> None:
        problem = Problem(rule=rule, message=message, fix=fix, file=MANIFEST, value=spec.path)
        if problem not in self.findings.errors:
            self.findings.errors.append(problem)


def layer_table(frame: pd.DataFrame, file: str) -> Table:
    """Return a layer's attributes as a table of text, without its geometry."""
    shapes = [frame.geometry.name] if isinstance(frame, gpd.GeoDataFrame) else []
    text = as_text(pd.DataFrame(frame.drop(columns=shapes)))
    return Table(file=file, frame=text.set_axis(frame.index), has_lines=False)


def _similar(root: Path, wanted: str) -> str:
    present = sorted(p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file())
    return nearest(wanted, present[:200])
