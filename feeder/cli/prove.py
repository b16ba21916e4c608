"""``feeder prove``: how much better than a plan the best possible plan could be."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from feeder.cli import options
from feeder.cli.progress import progress
from feeder.cli.telling import certified, failures_told, show, tell_mended, tell_warnings


class Effort(StrEnum):
    """How much work to put into a proof."""

    QUICK = "quick"
    STANDARD = "standard"
    LONG = "long"
    EXACT = "exact"


@options.takes_scenario
def prove(
    district: options.District = None,
    plan: options.PlanFile = None,
    *,
    effort: Annotated[
        Effort,
        typer.Option(
            help="quick: a second or two. standard: some minutes, twenty or so for 1,400 schools. "
            "long: five times that. exact: standard, then an exact model of districts of a hundred "
            "schools or so; needs ortools."
        ),
    ] = Effort.STANDARD,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Write the certificate here, as JSON. [default: it is only printed]",
            dir_okay=False,
        ),
    ] = None,
    **given: Any,  # noqa: ANN401 - the flags of a scenario
) -> None:
    """Prove how much better than a plan the best possible plan could be.

    The bound holds for every plan that keeps the scenario's promises, known or not, however long
    the work took. Exit code 0 whatever the gap; 1: the input cannot be used.
    """
    asked = options.overrides(given)
    with failures_told() as run:
        from feeder.partition.proof.prove import EFFORTS
        from feeder.pipeline.proving import certificate_text
        from feeder.pipeline.runs import open_plan
        from feeder.render.files.file import check_file, write_file

        source, file = options.district_folder(district), options.plan_file(district, plan)
        if out is not None:
            tell_mended(check_file(out, read=[source, file]))
        with progress() as report:
            made = open_plan(
                source,
                file,
                scenario=given["scenario"],
                effort=EFFORTS.get(effort.value),
                progress=report,
                **asked,
            )
        tell_warnings(made.warnings)
        show(certified(made.scorecard.certificate))
        if out is not None:
            write_file(out, certificate_text(made))
            run.wrote.append(out)
            show(f"Wrote {out}")
