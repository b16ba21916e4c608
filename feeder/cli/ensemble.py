"""``feeder ensemble``: many plans under one recipe, and what they say about one."""

from __future__ import annotations

import os
from enum import StrEnum
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from feeder.cli import options
from feeder.cli.progress import progress
from feeder.cli.telling import failures_told, show, show_table, tell, tell_mended, tell_warnings

if TYPE_CHECKING:
    from feeder.analyses.ensemble.run import Ensemble


class Method(StrEnum):
    """Chains that plans can be drawn by."""

    RECOM = "recom"
    REVERSIBLE = "reversible"


@options.takes_scenario
def ensemble(  # noqa: PLR0913 - one parameter an option
    district: options.District = None,
    *,
    plans: Annotated[int, typer.Option(min=1, help="Plans of all chains together.")] = 10_000,
    chains: Annotated[int, typer.Option(min=1, help="Independent chains.")] = 4,
    method: Annotated[
        Method,
        typer.Option(help="recom moves fast; reversible draws plans with a chance that is known."),
    ] = Method.RECOM,
    every: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Steps between two plans that are kept. "
            "[default: 10 (recom) or 200 (reversible) a community]",
        ),
    ] = None,
    pull: Annotated[
        float,
        typer.Option(
            min=0.0,
            max=1_000.0,
            help="Prefer plans that keep flow and cut few contacts (reversible alone): 0 to 1.",
        ),
    ] = 0.0,
    plan: Annotated[
        Path | None,
        typer.Option(metavar="PLAN", help="A plan to place among those drawn, as for score."),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, help="Chains that run at once. [default: one a processor]"),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Output folder. [default: maps/<district>-ensemble/]", file_okay=False),
    ] = None,
    **given: Any,  # noqa: ANN401 - the flags of a scenario
) -> None:
    """Draw many plans that keep every promise, and place today's plan among them.

    A run that was stopped goes on where it was when it is asked for again. Writes the plans, each
    school's certainty, a consensus plan, a report and a map. Exit code 0: done; 1: the input, the
    scenario or the output folder cannot be used.
    """
    asked = options.overrides(given)
    if isnan(pull):
        raise typer.BadParameter("--pull is a number.")
    if pull and method is not Method.REVERSIBLE:
        raise typer.BadParameter("--pull goes with --method reversible.")
    placed = None if plan is None else options.plan_file(district, plan, hint="--plan")
    with failures_told() as run:
        from feeder.analyses.ensemble import ensemble as draw
        from feeder.analyses.ensemble.run import check_ensemble_folder
        from feeder.ensembles.store import CHECKPOINT

        source = options.district_folder(district)
        folder = out or Path("maps") / f"{options.district_name(district)}-ensemble"
        tell_mended(check_ensemble_folder(folder, source=source))
        run.goes_on = folder / CHECKPOINT
        with progress() as report:
            made = draw(
                source,
                out=folder,
                plans=plans,
                chains=chains,
                method=method.value,
                every=every,
                pull=pull,
                candidate=placed,
                like=options.written_plan(district),
                scenario=given["scenario"],
                workers=workers or min(chains, os.cpu_count() or 1),
                progress=report,
                **asked,
            )
            run.wrote.append(made.write(progress=report))
        tell_warnings(made.warnings, kept_in="ensemble.json")
        for warning in made.cautions:
            tell(str(warning))
        _show(made, folder)


def _show(made: Ensemble, folder: Path) -> None:
    """Print the places, who is firm, and where to look."""
    from rich.table import Table

    from feeder.language import ENGLISH
    from feeder.telling.figures import figure_text

    show(f"\n{made.prepared.district.name}: {made.told}", bold=True)
    table = Table(box=None, pad_edge=False)
    table.add_column(ENGLISH("terminal.measure"))
    for heading in (
        *(ENGLISH(f"ensemble.plan_{plan}") for plan in made.figures),
        ENGLISH("ensemble.quantile", share=0.05),
        ENGLISH("ensemble.half"),
        ENGLISH("ensemble.quantile", share=0.95),
    ):
        table.add_column(heading, justify="right")
    for name, row in made.places.iterrows():
        unit = made.measures[str(name)].unit
        singles = [
            "-"
            if row[plan] != row[plan]
            else ENGLISH(
                "terminal.placed",
                figure=figure_text(row[plan], unit, ENGLISH),
                share=row[f"{plan}_place"],
            )
            for plan in made.figures
        ]
        cells = [figure_text(row[quantile], unit, ENGLISH) for quantile in ("q05", "q50", "q95")]
        table.add_row(str(name), *singles, *cells)
    show_table(table)
    counts = made.schools["standing"].value_counts()
    standings = {"firm": counts.get("firm", 0), "swing": counts.get("swing", 0)}
    show(ENGLISH("terminal.standings", n=made.agreement.good, all=len(made.schools), **standings))
    files = {"file": str(folder / "ensemble.html"), "other": str(folder / "map.html")}
    show(ENGLISH("terminal.open_both", **files))
