"""``feeder prove``: how much better than a plan the best possible plan could be."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from feeder.cli import options
from feeder.cli.progress import progress
from feeder.cli.telling import certified, failures_told, show, tell_warnings


class Effort(StrEnum):
    """How much work to put into a proof."""

    QUICK = "quick"
    STANDARD = "standard"
    LONG = "long"
    EXACT = "exact"


def prove(  # noqa: PLR0913 - one parameter an option
    district: options.District,
    plan: options.PlanFile,
    *,
    communities: options.Communities = None,
    schools: options.Schools = None,
    enrollment_tolerance: options.EnrollmentTolerance = None,
    nested_in: options.NestedIn = None,
    scenario: options.ScenarioFile = None,
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
) -> None:
    """Prove how much better than a plan the best possible plan could be.

    The bound holds for every plan that keeps the scenario's promises, known or not, however long
    the work took. Exit code 0 whatever the gap; 1: the input cannot be used.
    """
    asked = options.overrides(
        communities=communities,
        schools=schools,
        enrollment_tolerance=enrollment_tolerance,
        nested_in=nested_in,
    )
    with failures_told():
        from feeder.partition.proof.prove import EFFORTS
        from feeder.pipeline import certificate_text, score_plan
        from feeder.render.files.file import check_file, write_file

        if out is not None:
            check_file(out, read=[district, plan])
        with progress() as report:
            made = score_plan(
                district.resolve(),
                plan,
                scenario=scenario,
                effort=EFFORTS.get(effort.value),
                progress=report,
                **asked,
            )
        tell_warnings(made.warnings)
        show(certified(made.scorecard.certificate))
        if out is not None:
            write_file(out, certificate_text(made))
            show(f"Wrote {out}")
