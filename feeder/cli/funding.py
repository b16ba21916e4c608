"""``feeder funding``: what a formula gives every school and community of a plan."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from feeder.cli import options
from feeder.cli.progress import progress
from feeder.cli.telling import failures_told, show, show_section, tell_warnings


def funding(  # noqa: PLR0913 - one parameter an option
    district: options.District,
    plan: options.PlanFile,
    *,
    total: Annotated[
        float | None,
        typer.Option(
            metavar="DOLLARS",
            help="Budget to share: 1e9. Without one the formula's amounts stand as they are.",
        ),
    ] = None,
    held_centrally: Annotated[
        float | None,
        typer.Option(metavar="SHARE", help="Share of the total that stays central: 0.03."),
    ] = None,
    per_school: Annotated[
        float | None, typer.Option(metavar="DOLLARS", help="Fixed for each school.")
    ] = None,
    per_community: Annotated[
        float | None, typer.Option(metavar="DOLLARS", help="Fixed for each community's office.")
    ] = None,
    per_pupil: Annotated[
        float | None,
        typer.Option(
            metavar="DOLLARS",
            help="For each student. With a total, only its ratio to --per-need counts.",
        ),
    ] = None,
    per_need: Annotated[
        float | None, typer.Option(metavar="DOLLARS", help="For each unit of the need figure.")
    ] = None,
    hold_harmless: Annotated[
        float | None,
        typer.Option(
            metavar="SHARE", help="Share of last year's amount that each school keeps: 0.95."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Write every table as CSV into this folder; or, where the name ends in .csv, "
            "what each school gets into this file. [default: nothing is written]"
        ),
    ] = None,
) -> None:
    """Share a budget among the schools and communities of a plan, to the cent.

    The formula stands in [funding] of district.toml; options override it. Prints where every
    dollar goes, the communities beside today's under the same formula, and how even it is.
    """
    asked = {
        "total": total,
        "held_centrally": held_centrally,
        "per_school": per_school,
        "per_community": per_community,
        "per_pupil": per_pupil,
        "per_need": per_need,
        "hold_harmless": hold_harmless,
    }
    with failures_told():
        from feeder.pipeline.asking import fund_plan
        from feeder.render.files.file import check_file, write_file
        from feeder.render.files.folder import check_folder
        from feeder.render.files.tables import csv_text

        one_file = out is not None and out.suffix.lower() == ".csv"
        if out is not None:
            if one_file:
                check_file(out, read=[district, plan])
            else:
                check_folder(out, source=district.resolve())
        formula = {key: value for key, value in asked.items() if value is not None}
        with progress() as report:
            found = fund_plan(district.resolve(), plan, formula=formula, progress=report)
        if out is not None:
            if one_file:
                write_file(out, csv_text(found.schools))
            else:
                found.write(out)
        tell_warnings(found.allocation.assignment.district.warnings)
        show_section(found.section)
        if out is not None:
            show(f"Wrote {out}")
