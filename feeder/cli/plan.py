"""``feeder plan``: make the best plan and write its folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from feeder.cli import options
from feeder.cli.progress import progress
from feeder.cli.telling import failures_told, tell_broken, tell_mended, tell_plan, tell_warnings
from feeder.partition.methods.table import SEARCH


@options.takes_scenario
def plan(
    district: options.District = None,
    *,
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
    **given: Any,  # noqa: ANN401 - the flags of a scenario
) -> None:
    """Plan a district and write its map, tables and scorecard.

    Every school comes into one community; every promise of the scenario is kept, or the run says
    which cannot be. Exit code 0: done; 1: the input or the scenario cannot be used.
    """
    asked = options.overrides(given)
    with failures_told() as run:
        from feeder.pipeline.runs import plan_district
        from feeder.render.files.folder import check_folder

        source = options.district_folder(district)
        folder = out or Path("maps") / options.district_name(district)
        tell_mended(check_folder(folder, source=source))
        with progress() as report:
            made = plan_district(
                source,
                scenario=given["scenario"],
                method=SEARCH if method is None else method.value,
                effort=effort,
                best_effort=best_effort,
                progress=report,
                **asked,
            )
            made = made.keeping(folder)
            run.wrote.append(made.write(folder, progress=report))
        tell_warnings(made.warnings, kept_in="run.json")
        tell_broken(made.scorecard)
        tell_plan(made, folder)
