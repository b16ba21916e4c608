"""``feeder price``: what each step of a limit costs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from feeder.cli import options
from feeder.cli.progress import progress
from feeder.cli.telling import failures_told, show, show_section


def price(  # noqa: PLR0913 - one parameter an option
    district: options.District,
    *,
    of: Annotated[
        str,
        typer.Option(
            metavar="LIMIT", help="Key of [scenario]: need_tolerance, enrollment_tolerance."
        ),
    ],
    steps: Annotated[
        str, typer.Option(metavar="A,B,...", help="Values of it, such as 0.30,0.20,0.15,0.10.")
    ],
    communities: options.Communities = None,
    schools: options.Schools = None,
    enrollment_tolerance: options.EnrollmentTolerance = None,
    nested_in: options.NestedIn = None,
    seed: Annotated[
        int | None, typer.Option(min=0, help="The same seed gives the same plans. [default: 0]")
    ] = None,
    scenario: options.ScenarioFile = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Write the table to this CSV file.", dir_okay=False),
    ] = None,
    plot: Annotated[
        Path | None,
        typer.Option(help="Write the cost over the limit to this SVG file.", dir_okay=False),
    ] = None,
) -> None:
    """Tell what each step of a limit costs in students who stay in their community.

    Searches once a step, all with the same seed. A step takes the best plan found at it or at any
    tighter one, which keeps the looser limit too. Steps without a plan are told as such.
    """
    asked = options.overrides(
        communities=communities,
        schools=schools,
        enrollment_tolerance=enrollment_tolerance,
        nested_in=nested_in,
        seed=seed,
    )
    values = _values(steps)
    with failures_told():
        from feeder.analyses.prices.run import price_of_limit
        from feeder.render.files.file import check_file, write_file
        from feeder.render.files.tables import csv_text

        for file in (out, plot):
            if file is not None:
                check_file(file, read=[district])
        with progress() as report:
            found = price_of_limit(
                district.resolve(),
                of=of,
                steps=values,
                scenario=scenario,
                progress=report,
                **asked,
            )
        if out is not None:
            write_file(out, csv_text(found.table))
        if plot is not None:
            write_file(plot, found.drawing())
        show_section(found.section)
        for file in (out, plot):
            if file is not None:
                show(f"Wrote {file}")


def _values(text: str) -> list[float]:
    """Read ``0.30,0.20``; wrong usage where it is no such list."""
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        raise typer.BadParameter(
            f"expected numbers with commas between, such as 0.30,0.20, not {text!r}."
        ) from None
