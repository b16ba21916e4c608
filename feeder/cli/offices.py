"""``feeder offices``: where the offices of a plan stand, and how far its schools have to go."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from feeder.cli import options
from feeder.cli.progress import progress
from feeder.cli.telling import failures_told, show, show_section, tell_warnings


class Weigh(StrEnum):
    """What the minutes of each school count by."""

    SCHOOLS = "schools"
    ENROLLMENT = "enrollment"
    VISITS = "visits"


def offices(  # noqa: PLR0913 - one parameter an option
    district: options.District,
    plan: options.PlanFile,
    *,
    weigh: Annotated[
        Weigh, typer.Option(help="What the minutes of each school count by.")
    ] = Weigh.SCHOOLS,
    hosts: Annotated[
        str | None,
        typer.Option(
            metavar="LEVELS",
            help="Levels whose schools may hold an office, such as high,middle. [default: all]",
        ),
    ] = None,
    offices: Annotated[
        int | None,
        typer.Option(min=1, help="Also place so many offices that communities share."),
    ] = None,
    headquarters: Annotated[
        str | None,
        typer.Option(
            metavar="NUMBER|regions",
            help="Also place so many regional headquarters, or one a region of a nested plan.",
        ),
    ] = None,
    visits: Annotated[
        str | None,
        typer.Option(
            metavar="NUMBER|COUNT",
            help="Visits a year of a crew at each school, or the count of [measures] that holds "
            "them. [default: visits in [access], 12]",
        ),
    ] = None,
    nested_in: options.NestedIn = None,
    scenario: options.ScenarioFile = None,
    out: Annotated[
        Path | None,
        typer.Option(help="CSV file to write, one row a community.", dir_okay=False),
    ] = None,
) -> None:
    """Place an office at a school of each community, beside today's offices.

    Tells the minutes from the schools and the hours of a crew that calls at them, by community and
    for other ways to place offices. Exit code 1: the input cannot be used, or offices have no room.
    """
    with failures_told():
        from feeder.analyses.offices.sections import offices_section
        from feeder.pipeline import open_plan, plan_offices
        from feeder.render.files.file import check_file, write_file
        from feeder.render.files.tables import csv_text

        source = district.resolve()
        if out is not None:
            check_file(out, read=[source, plan])
        asked = {} if nested_in is None else {"nested_in": nested_in}
        with progress() as report:
            opened = open_plan(source, plan, scenario=scenario, progress=report, **asked)
            report("score", 0.0)
            found = plan_offices(
                opened,
                weigh=weigh.value,
                hosts=[one.strip() for one in (hosts or "").split(",") if one.strip()],
                offices=offices,
                headquarters=_number(headquarters, "--headquarters"),
                visits=None if visits is None else _amount(visits),
            )
            report("score", 1.0)
        if out is not None:
            write_file(out, csv_text(found.communities))
        tell_warnings((*opened.district.warnings, *opened.network.warnings))
        show_section(offices_section(found))
        if out is not None:
            show(f"Wrote {out}")


def _number(text: str | None, option: str) -> int | str | None:
    """Read a number of headquarters, or leave the word."""
    if text is None or not text.lstrip("-").isdigit():
        return text
    if int(text) < 1:
        raise typer.BadParameter(f"{option} must be 1 or more.")
    return int(text)


def _amount(text: str) -> float | str:
    """Read a number of visits, or leave the name of a count."""
    try:
        amount = float(text)
    except ValueError:
        return text
    if not 0 <= amount < float("inf"):
        raise typer.BadParameter("--visits must be 0 or more.")
    return amount
