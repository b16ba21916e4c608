"""``feeder streets``: the street network of a district, for its folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from feeder.cli import options
from feeder.cli.telling import failures_told, show, tell_mended

_ENDING: Final = ".graphml"


def streets(
    district: options.OwnDistrict,
    *,
    out: Annotated[
        Path | None,
        typer.Option(
            help="File to write. [default: streets.graphml in the district folder]", dir_okay=False
        ),
    ] = None,
    margin: Annotated[
        float, typer.Option(min=0, metavar="KM", help="Width of the strip around the district.")
    ] = 2.0,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Download the streets of a district from OpenStreetMap, for minutes by street.

    Needs the internet. Streets within the outline of the district, or the hull of its schools,
    and a margin are written as GraphML with speeds and travel times.
    """
    with failures_told() as run:
        from feeder.errors import OutputError
        from feeder.pipeline.streets import download_district_streets
        from feeder.render.files.file import check_file, write_file

        file = out or district / f"streets{_ENDING}"
        if file.suffix.lower() != _ENDING:
            raise OutputError(f"{file} must end in {_ENDING}; choose another name with --out.")
        tell_mended(check_file(file, read=[]))
        if file.exists() and not force:
            raise OutputError(f"{file} is there already; --force downloads it anew.")
        write_file(file, download_district_streets(district.resolve(), margin_km=margin))
        run.wrote.append(file)
        show(f"Wrote {file} (map data from OpenStreetMap contributors, under the ODbL)")
        if file.resolve().parent != district.resolve():
            show(f"Copy it into {district}.")
        show("Name it in district.toml, if it is not yet there:")
        show(f'\n[streets]\npath = "{file.name}"')
