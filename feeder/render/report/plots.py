"""The report's plots as rows of a table: where each mark stands, in percent of the plot's width.

A plot that is a table needs no second telling: every row has its name and its figure as text
beside its drawing, and a printer can break it between two rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from feeder.district.model import K12_MASK, LEVELS
from feeder.district.schools.grades import span_label
from feeder.language import Message, Words
from feeder.network.graph import FloatArray
from feeder.planning import Assignment
from feeder.planning.identity import Community
from feeder.publishing.ranges import deviation_range
from feeder.telling.figures import range_text, students_amount, students_text
from feeder.terms import SUM_SLACK

LADDER_GRADES: Final = 13
"""K to 12."""
_MARGIN: Final = 1.18
"""Room beyond the farthest mark, so that none touches the edge."""
_STEPS: Final = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Distances from the mean at which a plot without a band has its ticks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One community's row: ``at`` in percent, figures as text, and where it stands in words."""

    number: int
    name: str
    color: str
    ink: str
    at: float
    total: str
    from_mean: str
    verdict: str
    outside: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A place on the axis: ``at`` in percent, its distance from the mean and its total."""

    at: float
    share: str
    total: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BandPlot:
    """Communities by a total, largest first, around the mean community.

    ``band_at`` and ``band_width`` are the allowed band in percent; None where there is none.
    """

    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...]
    band_at: float | None
    band_width: float | None
    tolerance: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One school of a ladder: its grades as text, and runs of grades as (first, number)."""

    name: str
    grades: str
    students: str
    runs: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """The schools of one community, by level and from the lowest grade up.

    ``number`` is 0 for the schools in no community. ``missing`` are the grades that the district
    serves and the community does not.
    """

    number: int
    name: str
    color: str
    ink: str
    facts: str
    missing: str
    levels: tuple[tuple[str, tuple[Rung, ...]], ...]


def band_plot(
    ends: tuple[FloatArray, FloatArray],
    tolerance: float | None,
    *,
    communities: Sequence[Community],
    below: int,
    words: Words,
) -> BandPlot | None:
    """Return the plot of a total around its mean; None where there is no mean to compare with.

    Parameters
    ----------
    ends
        Two arrays of shape (n_communities,): the least and the greatest that each total may be,
        NaN where unknown. A mark stands in the middle.
    tolerance
        Largest allowed distance from the mean, as a share of it; None where none was asked.
    communities
        Shape (n_communities,): what each goes by.
    below
        Smallest total that is shown as a number.
    words
        The reader's language.
    """
    totals = (ends[0] + ends[1]) / 2
    known = np.isfinite(totals)
    if not known.any() or totals[known].mean() <= 0:
        return None
    low, high = (end[known].mean() for end in ends)
    share = totals / totals[known].mean() - 1
    shares = np.full((len(totals), 2), np.nan)
    shares[known] = np.stack(deviation_range(ends[0][known], ends[1][known]), axis=1)
    reach = _MARGIN * max(float(np.nanmax(np.abs(share))), tolerance or 0.0, _STEPS[0])
    tick = tolerance or max(step for step in _STEPS if step <= reach)

    def at(distance: float) -> float:
        return round(50 + 50 * distance / reach, 2)

    order = sorted(np.flatnonzero(known).tolist(), key=lambda k: (-totals[k], k))
    return BandPlot(
        marks=tuple(
            Mark(
                number=communities[k].number,
                name=communities[k].name,
                color=communities[k].color,
                ink=communities[k].ink,
                at=at(share[k]),
                total=students_text(ends[0][k], ends[1][k], below, words),
                from_mean=range_text(float(shares[k, 0]), float(shares[k, 1]), "+.1%", words),
                verdict=words(_verdict(shares[k], tolerance)),
                outside=all(_is_outside(one, tolerance) for one in shares[k]),
            )
            for k in order
        ),
        ticks=tuple(
            Tick(
                at=at(distance),
                share=words.number(distance, "+.0%") if distance else words("band.mean"),
                total=students_text(low * (1 + distance), high * (1 + distance), below, words),
            )
            for distance in (-min(tick, 1.0), 0.0, tick)
        ),
        band_at=None if tolerance is None else at(-tolerance),
        band_width=None if tolerance is None else round(100 * tolerance / reach, 2),
        tolerance="" if tolerance is None else shortest_percent(tolerance, words),
    )


def ladders(
    assignment: Assignment,
    students: tuple[pd.Series[float], pd.Series[float]],
    below: int,
    words: Words,
) -> tuple[Ladder, ...]:
    """Return the ladder of each community in the plan's order, then of the schools in none.

    ``students`` are the least and the most that each school may have, by id, and ``below`` the
    fewest that are told.
    """
    schools, system = _sorted_schools(assignment), assignment.district.grade_system
    schools = schools.assign(least=students[0], most=students[1])
    every = int(np.bitwise_or.reduce(schools["k12"].to_numpy(), initial=0))
    columns = ("home", "level", "name", "grades", "k12")
    rows = list(zip(*(schools[name].tolist() for name in columns), strict=True))
    ends = schools[["least", "most"]].to_numpy(np.float64).tolist()
    homes = [*enumerate(assignment.communities)]
    if (schools["home"] < 0).any():
        homes.append((-1, Community("", name=words("report.no_community"))))
    made = []
    for k, one in homes:
        served, levels = 0, dict[str, list[Rung]]()
        for (home, level, school, grades, k12), known in zip(rows, ends, strict=True):
            if home == k:
                rung = Rung(
                    name=school,
                    grades=span_label(grades, system),
                    students=students_text(known[0], known[1], below, words) if known[1] else "",
                    runs=_runs(k12),
                )
                levels.setdefault(level, []).append(rung)
                served |= k12
        low, high = schools.loc[schools["home"] == k, ["least", "most"]].sum().astype(int)
        missing = every & ~served if k >= 0 else 0
        made.append(
            Ladder(
                number=one.number,
                name=one.name,
                color=one.color,
                ink=one.ink if one.color else "",
                facts=_facts(levels, students_amount(low, high), words),
                missing=span_label(missing, system) if missing else "",
                levels=tuple((level, tuple(rungs)) for level, rungs in levels.items()),
            )
        )
    return tuple(made)


def shortest_percent(share: float, words: Words) -> str:
    """Return a share in percent with as many decimals as it has, two at most."""
    decimals = len(f"{100 * share:.2f}".rstrip("0").partition(".")[2])
    return words.number(share, f".{decimals}%")


def _sorted_schools(assignment: Assignment) -> pd.DataFrame:
    """Return the schools by level, from the lowest grade up, then by name."""
    graph = assignment.network.graph
    schools = assignment.district.schools.loc[list(graph.school_ids)]
    schools = schools.assign(
        home=assignment.school_community,
        rank=schools["level"].map(LEVELS.index),
        k12=schools["grades"].to_numpy(np.int64) & K12_MASK,
    )
    order = ["rank", "grade_low", "grade_high", "name"]
    return schools.sort_values(order, kind="stable")


def _runs(mask: int) -> tuple[tuple[int, int], ...]:
    """Return the unbroken runs of grades of a mask: first grade and number of grades."""
    bits = f"{mask:0{LADDER_GRADES}b}"[::-1]
    found: list[tuple[int, int]] = []
    for grade, bit in enumerate(bits):
        if bit == "1" and found and sum(found[-1]) == grade:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        elif bit == "1":
            found.append((grade, 1))
    return tuple(found)


def _facts(levels: Mapping[str, Sequence[Rung]], students: Message, words: Words) -> str:
    schools = [words(f"amount.{level}", n=len(rungs)) for level, rungs in levels.items()]
    return ", ".join([*schools, words.say(students)])


def _is_outside(share: float, tolerance: float | None) -> bool:
    return tolerance is not None and abs(share) > tolerance + SUM_SLACK


def _verdict(shares: FloatArray, tolerance: float | None) -> str:
    """Return the key that says where a community stands, so that no color and no shape has to."""
    found = {_side(share, tolerance) for share in shares.tolist()}
    return found.pop() if len(found) == 1 else "figure.not_shown"


def _side(share: float, tolerance: float | None) -> str:
    side = "above" if share > 0 else "below"
    if tolerance is None:
        return f"band.{side}_mean"
    return f"band.{side}" if _is_outside(share, tolerance) else "band.within"
