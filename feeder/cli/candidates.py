"""``feeder candidates``: plans that are good and different, spread along the trade-offs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from feeder.cli import options
from feeder.cli.progress import progress
from feeder.cli.telling import escaped, failures_told, show, show_table, tell_warnings

if TYPE_CHECKING:
    from feeder.pipeline import Candidates


def candidates(  # noqa: PLR0913 - one parameter an option
    district: options.District,
    *,
    n: Annotated[int, typer.Option("--n", min=1, max=26, help="How many plans to choose.")] = 5,
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
        typer.Option(help="Output folder. [default: maps/<district>-candidates/]", file_okay=False),
    ] = None,
) -> None:
    """Make plans that are good and different, each ahead of each other one at something.

    Every plan keeps every promise. Writes a table, a page with the frontier, a map that switches
    between the plans, and each plan as plan_A.csv, plan_B.csv ... Fewer plans come where no more
    differ so.
    """
    asked = options.overrides(
        communities=communities,
        schools=schools,
        enrollment_tolerance=enrollment_tolerance,
        nested_in=nested_in,
        seed=seed,
    )
    with failures_told():
        from feeder.pipeline import candidate_plans
        from feeder.render.files.folder import check_folder

        source = district.resolve()
        folder = out or Path("maps") / f"{source.name}-candidates"
        check_folder(folder, source=source)
        with progress() as report:
            found = candidate_plans(source, n=n, scenario=scenario, progress=report, **asked)
            found.write(folder, progress=report)
        tell_warnings(found.warnings, kept_in="run.json")
        _show_candidates(found)
        show(f"Open {folder / 'candidates.html'}")


def _show_candidates(found: Candidates) -> None:
    from rich.table import Table

    from feeder.analyses.candidates.aims import figure
    from feeder.opening.reading import TODAY

    for line in found.introduction:
        show(line)
    table = Table(box=None, pad_edge=False)
    table.add_column("Plan")
    for aim in found.frontier.aims:
        table.add_column(aim.label, justify="right", overflow="fold")
    for name, card in zip(found.comparison.names, found.comparison.scorecards, strict=True):
        cells = [figure(aim, card.plan[aim.measure]) or "-" for aim in found.frontier.aims]
        table.add_row("Today" if name == TODAY else escaped(name), *cells)
    show_table(table)
    for name, sentence in found.sentences.items():
        show(f"{name}  {sentence}")
