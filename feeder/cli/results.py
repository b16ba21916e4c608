"""What some commands print before the sections of their result: tables of plans side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from feeder.cli.telling import MOST_LINES, on_one_line, show, show_table, tell
from feeder.language import ENGLISH
from feeder.terms import PERCENT_UNITS, TERMS

if TYPE_CHECKING:
    import pandas as pd

    from feeder.analyses.candidates.run import Candidates
    from feeder.analyses.comparison.comparison import Comparison
    from feeder.analyses.goals.run import PlanGoals
    from feeder.analyses.models.run import Models


def _show_comparison(found: Comparison) -> None:
    _show_measures(found)
    _show_changes(found)


def _show_models(found: Models) -> None:
    _show_measures(found.comparison)


def _show_measures(found: Comparison) -> None:
    """Print one row a measure, one column a plan; the best is marked."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column(ENGLISH("terminal.measure"))
    table.add_column(ENGLISH("terminal.unit"))
    for name in found.names:
        table.add_column(on_one_line(name), justify="right", overflow="fold")
    counts = {
        "communities": [str(plan.n_communities) for plan in found.assignments],
        "schools_placed": [str(int((p.school_community >= 0).sum())) for p in found.assignments],
        "promises_broken": [
            _of(sum(not promise.satisfied for promise in card.constraints), len(card.constraints))
            for card in found.scorecards
        ],
    }
    for label, cells in counts.items():
        table.add_row(ENGLISH(f"terminal.{label}"), "", *cells)
    for measure, row in found.measures.iterrows():
        best = set(found.best[str(measure)])
        cells = [
            _figure(row[name], row["unit"]) + ("*" if name in best else " ") for name in found.names
        ]
        if any(cell.strip() != "-" for cell in cells):
            percent = row["unit"] in PERCENT_UNITS
            table.add_row(_short(str(measure)), "" if percent else str(row["unit"]), *cells)
    show_table(table)
    show(ENGLISH("terminal.best"))


def _short(measure: str) -> str:
    """Return what a measure is called in a table; one of the reader's own by its name."""
    return ENGLISH(TERMS[measure].short) if measure in TERMS else on_one_line(measure)


def _of(part: int, whole: int) -> str:
    return ENGLISH("figure.of", part=ENGLISH.number(part), whole=ENGLISH.number(whole))


def _figure(value: float, unit: str) -> str:
    from feeder.telling.units import number_form

    if value != value:  # noqa: PLR0124 - NaN
        return "-"
    return ENGLISH.number(value, number_form(value, unit))


def _show_changes(found: Comparison) -> None:
    schools = found.schools
    changing: pd.DataFrame = schools[schools["changes"].fillna(value=False)]
    known = int(schools["changes"].notna().sum())
    told = ENGLISH("terminal.changes", changing=len(changing), all=known, plan=found.names[0])
    show(f"\n{told}")
    if len(changing):
        _show_schools(changing.head(MOST_LINES), found)
    if len(changing) > MOST_LINES:
        show(ENGLISH("terminal.more_out", n=len(changing) - MOST_LINES))


def _show_schools(rows: pd.DataFrame, found: Comparison) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    first = found.names[0]
    for heading in (ENGLISH("terminal.school"), *found.names):
        table.add_column(on_one_line(heading), overflow="fold")
    labels = [{one.id: one.label for one in plan.communities} for plan in found.assignments]
    changes = found.changes.fillna(value=False)
    for school_id, row in rows.iterrows():
        moves = [False, *changes.loc[str(school_id)]]
        homes = [
            on_one_line(_home(called.get(row[name], ""), namesake=move and row[name] == row[first]))
            or "-"
            for name, called, move in zip(found.names, labels, moves, strict=True)
        ]
        table.add_row(on_one_line(f"{row['name']} ({school_id})"), *homes)
    show_table(table)


def _home(community: str, *, namesake: bool) -> str:
    """Name a community that a school comes to; one that only shares the name of its old is new."""
    return ENGLISH("change.namesake", community=community) if namesake else community


def _show_candidates(found: Candidates) -> None:
    from rich.table import Table

    from feeder.analyses.candidates.aims import figure, figure_today
    from feeder.opening.reading import TODAY

    for line in found.introduction:
        show(str(line))
    table = Table(box=None, pad_edge=False)
    table.add_column(ENGLISH("terminal.plan"))
    for aim in found.frontier.aims:
        table.add_column(str(aim.label), justify="right", overflow="fold")
    for name, card in zip(found.comparison.names, found.comparison.scorecards, strict=True):
        now = name == TODAY
        told = [
            figure_today(aim, card.plan) if now else figure(aim, card.plan[aim.measure])
            for aim in found.frontier.aims
        ]
        cells = ["-" if one is None else str(one) for one in told]
        table.add_row(ENGLISH("terminal.today") if now else on_one_line(name), *cells)
    show_table(table)
    for name, sentence in found.sentences.items():
        show(f"{name}  {sentence}")


def _show_what_is_missing(found: PlanGoals) -> None:
    from feeder.analyses.goals.run import NO_GOALS

    if found.goals.empty:
        tell(f"{NO_GOALS}\n")


BEFORE_SECTIONS: Final[Mapping[str, Callable[[Any], None]]] = MappingProxyType(
    {
        "candidates": _show_candidates,
        "compare": _show_comparison,
        "goals": _show_what_is_missing,
        "models": _show_models,
    }
)
"""By the name of the command."""
