"""``feeder plan``: make the best plan and write its folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from feeder.cli import options
from feeder.cli.progress import progress
from feeder.cli.telling import failures_told, tell_broken, tell_plan, tell_warnings
from feeder.partition.methods.table import SEARCH


def plan(  # noqa: PLR0913 - one parameter an option
    district: Annotated[
        Path | None,
        typer.Argument(
            exists=True,
            file_okay=False,
            help="District folder with a district.toml; left out: the embedded, invented district.",
            show_default=False,
        ),
    ] = None,
    *,
    communities: options.Communities = None,
    schools: options.Schools = None,
    enrollment_tolerance: options.EnrollmentTolerance = None,
    nested_in: options.NestedIn = None,
    apportion: options.Apportion = None,
    max_office_minutes: options.MaxOfficeMinutes = None,
    move_at_most: options.MoveAtMost = None,
    seed: Annotated[
        int | None, typer.Option(min=0, help="The same seed gives the same plan. [default: 0]")
    ] = None,
    scenario: options.ScenarioFile = None,
    method: options.Method = None,
    effort: options.Effort = "standard",
    out: Annotated[
        Path | None,
        typer.Option(help="Output folder. [default: maps/<district>/]", file_okay=False),
    ] = None,
    best_effort: Annotated[
        bool,
        typer.Option(
            "--best-effort", help="Write the best plan found even where it breaks promises."
        ),
    ] = False,
) -> None:
    """Plan a district and write its map, tables and scorecard.

    Every school comes into one community; every promise of the scenario is kept, or the run says
    which cannot be. Exit code 0: done; 1: the input or the scenario cannot be used.
    """
    asked = options.overrides(
        communities=communities,
        schools=schools,
        enrollment_tolerance=enrollment_tolerance,
        nested_in=nested_in,
        apportion=apportion,
        max_office_minutes=max_office_minutes,
        move_at_most=move_at_most,
        seed=seed,
    )
    with failures_told():
        from feeder.pipeline import embedded_district, plan_district
        from feeder.render.files.folder import check_folder

        source = (district or embedded_district()).resolve()
        name = "example-district" if district is None else source.name
        folder = out or Path("maps") / name
        check_folder(folder, source=source)
        with progress() as report:
            made = plan_district(
                source,
                scenario=scenario,
                method=SEARCH if method is None else method.value,
                effort=effort,
                best_effort=best_effort,
                progress=report,
                **asked,
            )
            made.write(folder, progress=report)
        tell_warnings(made.warnings, kept_in="run.json")
        tell_broken(made.scorecard)
        tell_plan(made, folder)
