"""``feeder export``: a plan in another program's format."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from feeder.cli import options
from feeder.cli.progress import progress
from feeder.cli.telling import failures_told, show, tell_mended, tell_warnings


class Format(StrEnum):
    """Formats that a plan can be written in."""

    CSV = "csv"
    DISTRICTR = "districtr"
    GEOJSON = "geojson"
    GERRYCHAIN = "gerrychain"
    GRAPHML = "graphml"


_WITH_STUDENTS: Final = frozenset({Format.GERRYCHAIN, Format.GRAPHML})
"""Formats that count students, so that only the owner may read the file."""


@options.takes_scenario
def export(
    district: options.District = None,
    plan: options.PlanFile = None,
    *,
    to: Annotated[Format, typer.Option(help="Format to write.")],
    out: Annotated[Path, typer.Option(help="File to write.", dir_okay=False)],
    **given: Any,  # noqa: ANN401 - the flags of a scenario
) -> None:
    """Write a plan in the format of another program.

    csv: school_id,community_id. districtr: id,assignment. geojson: tiles and schools with a
    community field. gerrychain: the dual graph as JSON. graphml: the whole graph with its flows.
    Each can be read back by score and compare.
    """
    asked = options.overrides(given)
    with failures_told() as run:
        from feeder.opening.runs import open_assignments, open_district
        from feeder.render.files.exchange import FORMATS
        from feeder.render.files.file import check_file, write_file

        source, file = options.district_folder(district), options.plan_file(district, plan)
        tell_mended(check_file(out, read=[source, file]))
        with progress() as report:
            found = open_district(
                source, scenario=given["scenario"], keys=asked, timings={}, progress=report
            )
            (assignment,) = open_assignments(found, [file])
        text = FORMATS[to.value](assignment)  # for programs, which may know no byte order mark
        write_file(out, text.encode(), private=to in _WITH_STUDENTS)
        run.wrote.append(out)
        tell_warnings((*assignment.district.warnings, *assignment.network.warnings))
        show(f"Wrote {out}")
