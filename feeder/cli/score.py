"""``feeder score``: what any plan is worth, and every promise it breaks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from feeder.cli import options
from feeder.cli.progress import progress
from feeder.cli.telling import failures_told, show, tell_mended, tell_plan, tell_warnings

if TYPE_CHECKING:
    from feeder.measures.scorecard import Scorecard


@options.takes_scenario
def score(
    district: options.District = None,
    plan: options.PlanFile = None,
    *,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Write the whole output folder here. [default: nothing is written]",
            file_okay=False,
        ),
    ] = None,
    **given: Any,  # noqa: ANN401 - the flags of a scenario
) -> None:
    """Score a plan made by hand or elsewhere, whole or cut short.

    Prints every measure's figure worth a headline, and every promise that the plan breaks, by
    community and school. Exit code 0 even where promises are broken; 1: the input cannot be used.
    """
    asked = options.overrides(given)
    with failures_told() as run:
        from feeder.pipeline.runs import open_plan
        from feeder.render.files.folder import check_folder

        source, file = options.district_folder(district), options.plan_file(district, plan)
        if out is not None:
            tell_mended(check_folder(out, source=source))
        with progress() as report:
            made = open_plan(source, file, scenario=given["scenario"], progress=report, **asked)
            if out is not None:
                made = made.keeping(out)
                run.wrote.append(made.write(out, progress=report))
        tell_warnings(made.warnings, kept_in="" if out is None else "run.json")
        tell_plan(made, out)
        _show_broken(made.scorecard)


def _show_broken(card: Scorecard) -> None:
    """Print every violation under its promise: they are the answer, so none is left out."""
    for promise in card.constraints:
        if not promise.satisfied:
            show(f"\nBroken: {promise.definition}")
            for violation in promise.violations:
                show(f"  - {violation.message}")
