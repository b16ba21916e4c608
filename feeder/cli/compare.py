"""``feeder compare``: plans side by side with today's."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from feeder.cli import options
from feeder.cli.progress import progress
from feeder.cli.telling import (
    MOST_LINES,
    escaped,
    failures_told,
    show,
    show_table,
    tell_warnings,
)

if TYPE_CHECKING:
    import pandas as pd

    from feeder.analyses.comparison.comparison import Comparison

SHARES: Final = ("share", "share of the mean")
MANY: Final = 1_000


def compare(  # noqa: PLR0913 - one parameter an option
    district: options.District,
    plans: Annotated[
        list[Path],
        typer.Argument(
            exists=True, help="Plans to compare: files as for score, or output folders."
        ),
    ],
    *,
    communities: options.Communities = None,
    schools: options.Schools = None,
    enrollment_tolerance: options.EnrollmentTolerance = None,
    nested_in: options.NestedIn = None,
    scenario: options.ScenarioFile = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Write the whole comparison to this CSV file.", dir_okay=False),
    ] = None,
    page: Annotated[
        Path | None,
        typer.Option(
            "--map", help="Write a map that switches between the plans: HTML.", dir_okay=False
        ),
    ] = None,
) -> None:
    """Compare plans with each other and with today's.

    Communities are matched, so that a community keeps its name from plan to plan. One row a
    measure, one column a plan; * marks the best. Then the schools whose community changes.
    """
    asked = options.overrides(
        communities=communities,
        schools=schools,
        enrollment_tolerance=enrollment_tolerance,
        nested_in=nested_in,
    )
    with failures_told():
        from feeder.analyses.comparison.table import comparison_csv
        from feeder.pipeline import compare_plans, comparison_page
        from feeder.render.files.file import check_file, write_file

        for file in (out, page):
            if file is not None:
                check_file(file, read=[district, *plans])
        with progress() as report:
            found = compare_plans(
                district.resolve(), plans, scenario=scenario, progress=report, **asked
            )
        if out is not None:
            write_file(out, comparison_csv(found))
        if page is not None:
            write_file(page, comparison_page(found))
        tell_warnings(found.warnings)
        show_measures(found)
        _show_changes(found)
        for file in (out, page):
            if file is not None:
                show(f"Wrote {file}")


def show_measures(found: Comparison) -> None:
    """Print one row a measure, one column a plan; the best is marked."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column("Measure")
    table.add_column("Unit")
    for name in found.names:
        table.add_column(escaped(name), justify="right", overflow="fold")
    counts = {
        "communities": [str(plan.n_communities) for plan in found.assignments],
        "schools placed": [str(int((p.school_community >= 0).sum())) for p in found.assignments],
        "promises broken": [
            f"{sum(not promise.satisfied for promise in card.constraints)} of "
            f"{len(card.constraints)}"
            for card in found.scorecards
        ],
    }
    for label, cells in counts.items():
        table.add_row(label, "", *cells)
    for measure, row in found.measures.iterrows():
        best = set(found.best[str(measure)])
        cells = [
            _figure(row[name], row["unit"]) + ("*" if name in best else " ") for name in found.names
        ]
        if any(cell.strip() != "-" for cell in cells):
            percent = row["unit"] in SHARES
            table.add_row(str(measure), "" if percent else str(row["unit"]), *cells)
    show_table(table)
    show("* best of the plans that place every school")


def _figure(value: float, unit: str) -> str:
    if value != value:  # noqa: PLR0124 - NaN
        return "-"
    if unit in SHARES:
        return f"{value:.1%}"
    return f"{value:,.0f}" if value.is_integer() or abs(value) >= MANY else f"{value:.3f}"


def _show_changes(found: Comparison) -> None:
    schools = found.schools
    changing: pd.DataFrame = schools[schools["changes"]]
    show(f"\n{len(changing)} of {len(schools)} schools are in different communities.")
    if len(changing):
        _show_schools(changing.head(MOST_LINES), found)
    if len(changing) > MOST_LINES:
        show(f"... and {len(changing) - MOST_LINES} more: write them all with --out FILE.csv")


def _show_schools(rows: pd.DataFrame, found: Comparison) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for heading in ("School", *found.names):
        table.add_column(escaped(heading), overflow="fold")
    for school_id, row in rows.iterrows():
        homes = [escaped(str(row[name])) or "-" for name in found.names]
        table.add_row(escaped(f"{row['name']} ({school_id})"), *homes)
    show_table(table)
