"""``feeder regions``: a plan's communities in regions with a headquarters each."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from feeder.cli import options
from feeder.cli.progress import progress
from feeder.cli.telling import failures_told, show, show_section, tell_warnings


def regions(
    district: options.District,
    plan: options.PlanFile,
    *,
    number: Annotated[
        int | None,
        typer.Option(
            "--regions", min=1, help="Regions to make. [default: one per 6 communities, 2 at least]"
        ),
    ] = None,
    keep: Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="Keep the regions of this column of the schools."),
    ] = None,
    scenario: options.ScenarioFile = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Write community_id,region_id,headquarters_id to this CSV file.", dir_okay=False
        ),
    ] = None,
    page: Annotated[
        Path | None,
        typer.Option(
            "--map",
            help="Write a map that switches between communities and regions: HTML.",
            dir_okay=False,
        ),
    ] = None,
) -> None:
    """Group a plan's communities into regions, each with one headquarters.

    Regions are contiguous and as even in enrollment as can be found, or kept as given. The
    headquarters is the member school that its schools reach with the least travel.
    """
    if number is not None and keep is not None:
        raise typer.BadParameter("give either --regions or --keep, not both.")
    with failures_told():
        from feeder.analyses.regions.sections import regions_csv, regions_section
        from feeder.pipeline import plan_regions, regions_page
        from feeder.render.files.file import check_file, write_file

        for file in (out, page):
            if file is not None:
                check_file(file, read=[district, plan])
        with progress() as report:
            found = plan_regions(
                district.resolve(),
                plan,
                regions=number,
                keep=keep,
                scenario=scenario,
                progress=report,
            )
        if out is not None:
            write_file(out, regions_csv(found))
        if page is not None:
            write_file(page, regions_page(found))
        tell_warnings(found.assignment.district.warnings)
        show_section(regions_section(found))
        for file in (out, page):
            if file is not None:
                show(f"Wrote {file}")
