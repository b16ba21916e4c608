"""``feeder goals``: what communities are to reach, and where the schools at the bottom are."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from feeder.cli import options
from feeder.cli.progress import progress
from feeder.cli.telling import failures_told, show, show_section, tell, tell_warnings

EXAMPLE: Final = """\
[goals]
path = "goals.csv"  # one row a school
columns = { school_id = "school_id" }

[goals.measures.chronic_absence]
numerator = "absent"       # students counted; or rate = "absent_percent"
denominator = "enrolled"   # of how many
target = "target_percent"  # a column, or one number for all schools
unit = "percent"
better = "lower"
"""
"""The least that a district folder needs for goals."""


def goals(
    district: options.District,
    plan: options.PlanFile,
    *,
    bottom: Annotated[
        float | None,
        typer.Option(
            metavar="SHARE",
            help="Call this share of the rated schools the bottom, such as 0.05. "
            "[default: the lowest grade that occurs]",
        ),
    ] = None,
    by: Annotated[
        str,
        typer.Option(
            metavar="COLUMN",
            help="List the schools at the bottom by this column of the schools table, "
            "such as a board district, beside the communities.",
        ),
    ] = "region",
    out: Annotated[
        Path | None,
        typer.Option(
            help="Write the goals of the district, regions, communities and schools here as CSV. "
            "[default: nothing is written]",
            dir_okay=False,
        ),
    ] = None,
    bottom_out: Annotated[
        Path | None,
        typer.Option(
            help="Write the schools at the bottom here as CSV. [default: nothing is written]",
            dir_okay=False,
        ),
    ] = None,
) -> None:
    """Sum up the goals of the schools, and list the schools at the bottom of the ratings.

    Exit code 0 where there is anything to tell; 1: the input cannot be used, or has neither goals
    nor ratings.
    """
    with failures_told():
        from feeder.errors import FeederError
        from feeder.pipeline import plan_goals
        from feeder.render.files.file import check_file, write_file
        from feeder.render.files.tables import csv_text

        for file in (out, bottom_out):
            if file is not None:
                check_file(file, read=[district, plan])
        with progress() as report:
            made = plan_goals(district.resolve(), plan, bottom=bottom, by=by, progress=report)
        tell_warnings(made.assignment.district.warnings)
        if made.goals.empty:
            tell(f"This district has no goals. Write into its district.toml:\n\n{EXAMPLE}")
            if out is not None:
                raise FeederError(f"There are no goals to write to {out}.")
        if made.performance is None and (made.goals.empty or bottom_out is not None):
            raise FeederError("This district has no ratings: name them in [measures] ratings.")
        if out is not None:
            write_file(out, csv_text(made.goals))
        if bottom_out is not None and made.performance is not None:
            write_file(bottom_out, csv_text(made.performance.schools))
        for section in made.sections:
            show_section(section)
        for file in (out, bottom_out):
            if file is not None:
                show(f"Wrote {file}")
