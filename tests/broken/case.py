"""How a folder is broken: a few words, the changes, and the rules that are told."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd

Change = Callable[[Path], object]


@dataclass(frozen=True, slots=True)
class Broken:
    """One way in which the town's folder is broken.

    ``rules`` are the rules of every error, parted by blanks; where ``still_usable``, those of
    every warning, and there is no error.
    """

    what: str
    changes: tuple[Change, ...]
    rules: str
    still_usable: bool = False


def broken(what: str, rules: str, *changes: Change) -> Broken:
    """Return a case that ends in errors."""
    return Broken(what, changes, rules)


def odd(what: str, rules: str, *changes: Change) -> Broken:
    """Return a case that ends in warnings, and can be planned."""
    return Broken(what, changes, rules, still_usable=True)


def swap(file: str, old: str, new: str) -> Change:
    """Replace a text that must be there."""

    def change(folder: Path) -> None:
        content = (folder / file).read_bytes()
        assert old.encode() in content, f"{old!r} is not in {file}"
        (folder / file).write_bytes(content.replace(old.encode(), new.encode()))

    return change


def toml(old: str, new: str) -> Change:
    """Replace a text of district.toml."""
    return swap("district.toml", old, new)


def add(text: str, file: str = "district.toml") -> Change:
    """Add lines to the end of a file."""

    def change(folder: Path) -> None:
        with (folder / file).open("a", encoding="utf-8", newline="") as target:
            target.write(text)

    return change


def put(file: str, content: str | bytes) -> Change:
    """Put a whole file in place."""
    data = content if isinstance(content, bytes) else content.encode()
    return lambda folder: (folder / file).write_bytes(data)


def gone(*files: str) -> Change:
    """Take files away."""
    return lambda folder: [(folder / file).unlink() for file in files]


def recoded(file: str, encoding: str) -> Change:
    """Write a file in another encoding."""

    def change(folder: Path) -> None:
        text = (folder / file).read_text(encoding="utf-8")
        (folder / file).write_bytes(text.encode(encoding))

    return change


def cut(file: str, size: int) -> Change:
    """Keep only the first bytes of a file."""
    return lambda folder: (folder / file).write_bytes((folder / file).read_bytes()[:size])


def areas_as(suffix: str, crs: str | None = "EPSG:4326", **options: str) -> Change:
    """Write the elementary areas in another format, with coordinates of another CRS."""

    def change(folder: Path) -> None:
        areas = gpd.read_file(folder / "areas.geojson").to_crs(crs or "EPSG:4326")
        if suffix == ".parquet":
            areas.to_parquet(folder / f"areas{suffix}")
        else:
            areas.to_file(folder / f"areas{suffix}", **options)
        toml("areas.geojson", f"areas{suffix}")(folder)

    return change
