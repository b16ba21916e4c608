"""``feeder diff``: who changes community between two plans, and who keeps whom."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from feeder.cli import options
from feeder.cli.progress import progress
from feeder.cli.telling import failures_told, show, show_section


def diff(
    district: options.District,
    before: Annotated[
        str, typer.Argument(help="The plan that is left, as for score; or the word today.")
    ],
    after: Annotated[
        str, typer.Argument(help="The plan that comes, as for score; or the word today.")
    ],
    *,
    scenario: options.ScenarioFile = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Write where every school comes to this CSV file.", dir_okay=False),
    ] = None,
) -> None:
    """Say what differs between two plans: schools, students, classmates, and how to phase it in.

    Communities are matched so that most schools, then most students, stay. Small counts of
    students are not left out here: this is for the desk.
    """
    with failures_told():
        from feeder.analyses.difference.sections import difference_sections
        from feeder.pipeline import difference
        from feeder.render.files.file import check_file, write_file
        from feeder.render.files.tables import csv_text

        if out is not None:
            check_file(out, read=[district, Path(before), Path(after)])
        with progress() as report:
            found = difference(
                district.resolve(), before, after, scenario=scenario, progress=report
            )
        for section in difference_sections(found):
            show_section(section)
        if out is not None:
            write_file(out, csv_text(found.schools))
            show(f"Wrote {out}")
