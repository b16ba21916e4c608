"""``feeder export``: a plan in another program's format."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from feeder.cli import options
from feeder.cli.progress import progress
from feeder.cli.telling import failures_told, show, tell_warnings


class Format(StrEnum):
    """Formats that a plan can be written in."""

    CSV = "csv"
    DISTRICTR = "districtr"
    GEOJSON = "geojson"
    GERRYCHAIN = "gerrychain"
    GRAPHML = "graphml"


def export(
    district: options.District,
    plan: options.PlanFile,
    *,
    to: Annotated[Format, typer.Option(help="Format to write.")],
    out: Annotated[Path, typer.Option(help="File to write.", dir_okay=False)],
) -> None:
    """Write a plan in the format of another program.

    csv: school_id,community_id. districtr: id,assignment. geojson: tiles and schools with a
    community field. gerrychain: the dual graph as JSON. graphml: the whole graph with its flows.
    Each can be read back by score and compare.
    """
    with failures_told():
        from feeder.pipeline import open_plan
        from feeder.render.files.exchange import FORMATS
        from feeder.render.files.file import check_file, write_file

        check_file(out, read=[district, plan])
        with progress() as report:
            assignment = open_plan(district.resolve(), plan, progress=report)
        write_file(out, FORMATS[to.value](assignment))
        tell_warnings((*assignment.district.warnings, *assignment.network.warnings))
        show(f"Wrote {out}")
