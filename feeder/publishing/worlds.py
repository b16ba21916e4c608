"""A district as it may be published: once with every range at its middle, once at each of its ends.

The three worlds are districts and networks like any other, so whatever is computed of one is
computed of all three by the same functions: a sum over the counts of any plan lies between its
sums in the least and in the most. The middle is what a page draws and computes with.

What is told is rounded to what the page can hold exactly: students a year to eighths, degrees to
five decimals, borders to tenths of a millimeter, shares of an area to binary fractions. Eighths are
sums of powers of two, so the page and Python add them up to the same last bit in any order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from feeder.district.model import GRADE_COLUMNS, K12_MASK, MODELED, District, Goal, Statistics
from feeder.network.graph import FloatArray
from feeder.network.model import Network
from feeder.network.travel import place_points
from feeder.planning import Assignment
from feeder.publishing.cells import Range, Told, told_cells
from feeder.publishing.contacts import shares_of, told_shares

PARTS_OF_A_STUDENT: Final = 8
"""Students a year are published in eighths."""
PARTS_OF_A_SHARE: Final = 1 << 16
"""Shares of an area, and of pupils, are published in these."""
DEGREE_DECIMALS: Final = 5
"""About a meter."""
BORDER_DECIMALS: Final = 4
"""Of a meter: the grid on which land is made."""

Choice = Callable[[Range], pd.DataFrame]
"""Which value of its range every cell has in a world."""


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """A district and its network with one value of every range."""

    district: District
    network: Network

    def of(self, assignment: Assignment) -> Assignment:
        """Return a plan of the true district in this world."""
        return replace(assignment, district=self.district, network=self.network)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Worlds:
    """What may be known of a district, whatever the plan.

    Attributes
    ----------
    told
        The range of every count.
    middle, least, most
        The district with its ranges at their middles, their least and their greatest values.
        Where nothing is hidden all three are one.
    """

    told: Told
    middle: World
    least: World
    most: World

    @property
    def is_open(self) -> bool:
        """Whether anything is known as a range only."""
        return self.least is not self.most

    def of(self, assignment: Assignment) -> Assignment:
        """Return a plan of the true district as it is drawn: in the middle."""
        return self.middle.of(assignment)


def worlds_of(assignment: Assignment, told: Told | None = None) -> Worlds:
    """Return the worlds of a plan's district; they do not depend on the plan.

    Parameters
    ----------
    assignment
        Any plan of the district, of the whole data.
    told
        The range of every count; by default what :func:`told_cells` finds.
    """
    told = told_cells(assignment.district, assignment.network) if told is None else told
    nested_in = assignment.scenario.nested_in
    if not told.is_open:
        one = _world(assignment.district, assignment.network, told, _low, nested_in)
        return Worlds(told=told, middle=one, least=one, most=one)
    middle, least, most = (
        _world(assignment.district, assignment.network, told, choice, nested_in)
        for choice in (_middle, _low, _high)
    )
    return Worlds(told=told, middle=middle, least=least, most=most)


def _low(cells: Range) -> pd.DataFrame:
    return cells.low


def _high(cells: Range) -> pd.DataFrame:
    return cells.high


def _middle(cells: Range) -> pd.DataFrame:
    return (cells.low + cells.high) / 2


def _world(
    district: District, network: Network, told: Told, choice: Choice, nested_in: str | None
) -> World:
    schools = _schools(district, told, choice)
    extra = district.extra[[name for name in district.extra.columns if name == nested_in]]
    flows = _flows(network.flows, told, choice)
    shown = replace(
        district,
        schools=schools,
        extra=extra,
        grade_enrollment=None if told.grades is None else choice(told.grades),
        flows=None if district.flows is None else flows[flows["source"] != "estimated"],
        statistics=_statistics(district.statistics, told, choice),
        goals=district.goals
        and tuple(
            _goal(goal, choice(cells))
            for goal, cells in zip(district.goals, told.goals, strict=True)
        ),
        warnings=(),
    )
    public = _network(network, flows, told)
    return World(shown, replace(public, travel=network.travel.at(*place_points(shown))))


def _schools(district: District, told: Told, choice: Choice) -> pd.DataFrame:
    """Return the schools with their counts in a world, and what is derived of them."""
    schools = district.schools.copy()
    enrollment = choice(told.enrollment)["enrollment"]
    share = (enrollment / schools["enrollment"].where(schools["enrollment"] > 0)).fillna(1.0)
    entering, leavers = schools["entering"] * share, schools["leavers"] * share
    if told.grades is not None:
        cells, is_open = choice(told.grades).to_numpy(np.float64), told.grades.is_open.to_numpy()
        rows = np.arange(len(schools))
        kindergarten = GRADE_COLUMNS.index("K")
        highest = kindergarten + _highest_grade(schools["grades"].to_numpy(np.int64))
        enters = (schools["entering"] > 0).to_numpy()
        entering = entering.where(
            ~(enters & is_open[:, kindergarten]), pd.Series(cells[:, kindergarten], schools.index)
        )
        counted = ~schools["leavers_estimated"].to_numpy(np.bool_)
        leavers = leavers.where(
            ~(counted & is_open[rows, highest]), pd.Series(cells[rows, highest], schools.index)
        )
    schools["entering"], schools["leavers"] = eighths(entering), eighths(leavers)
    schools["enrollment"] = np.floor(enrollment).astype(np.int64)
    schools[["lat", "lon"]] = schools[["lat", "lon"]].round(DEGREE_DECIMALS)
    return schools


def _highest_grade(grades: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Shape (n_schools,): the highest K-12 grade of each mask; K where there is none."""
    highest: npt.NDArray[np.int64] = np.array(
        [max(mask.bit_length() - 1, 0) for mask in (grades & K12_MASK).tolist()], dtype=np.int64
    )
    return highest


def _flows(flows: pd.DataFrame, told: Told, choice: Choice) -> pd.DataFrame:
    """Return the rows that are told, in eighths; in the middle those of a range keep it.

    Where nothing is told of an estimate but the leavers, these stand shared out evenly.
    """
    in_middle = choice is _middle
    chosen = choice(told.flows)["students"]
    if in_middle:
        chosen = chosen.mask(_is_silent(flows, told), _shared_evenly(flows, told))
    students = eighths(chosen)
    ends = [eighths(end["students"]) for end in (told.flows.low, told.flows.high)]
    is_open = told.flows.is_open["students"].to_numpy()
    low, high = (eighths(flows[name]) for name in ("students_low", "students_high"))
    shown = flows.assign(
        students=students,
        students_low=np.where(is_open, ends[0] if in_middle else students, low),
        students_high=np.where(is_open, ends[1] if in_middle else students, high),
    )
    told_at_all = told.flows.high["students"].to_numpy() > 0
    rows: pd.DataFrame = shown[told_at_all].reset_index(drop=True)
    return rows


def _is_silent(flows: pd.DataFrame, told: Told) -> pd.Series[bool]:
    """Whether nothing is told of an estimated row but that it is no more than the leavers."""
    silent: pd.Series[bool] = (
        flows["source"].isin(MODELED)
        & told.flows.is_open["students"]
        & (told.flows.low["students"] == 0)
    )
    return silent


def _shared_evenly(flows: pd.DataFrame, told: Told) -> pd.Series[float]:
    silent = _is_silent(flows, told)
    rows = silent.groupby(flows["from_id"]).transform("sum")
    shared: pd.Series[float] = told.flows.high["students"] / rows.clip(lower=1)
    return shared


def _statistics(measures: Statistics, told: Told, choice: Choice) -> Statistics:
    """Return counts, rates and need in a world."""
    counts = choice(told.counts)
    rates = measures.rates.copy()
    parts, wholes = choice(told.parts), choice(told.wholes)
    for name in parts:
        rates[name] = parts[name] / wholes[name].where(wholes[name] > 0)
        rates[f"{name}_denominator"] = wholes[name]
    need = measures.need
    if need is not None:
        weights = pd.Series(measures.need_weights, dtype=np.float64)
        need = (counts[list(weights.index)].fillna(0.0) * weights).sum(axis=1)
    return replace(measures, counts=counts, rates=rates, need=need)


def _goal(goal: Goal, cells: pd.DataFrame) -> Goal:
    schools = goal.schools.copy()
    schools[list(cells.columns)] = cells
    return replace(goal, schools=schools)


def _network(network: Network, flows: pd.DataFrame, told: Told) -> Network:
    """Return the network with the flows that are told, in its tables and in its graph.

    Shares that may not be told are made anew of the flows that are.
    """
    graph = network.graph
    place = pd.Index(graph.school_ids)
    variants = network.flow_variants
    if variants is not None:
        variants = variants.mul(PARTS_OF_A_STUDENT).round().div(PARTS_OF_A_STUDENT)
    shown = replace(
        graph,
        contact_border_m=graph.contact_border_m.round(BORDER_DECIMALS),
        flow_from=place.get_indexer(pd.Index(flows["from_id"])).astype(np.int64),
        flow_to=place.get_indexer(pd.Index(flows["to_id"])).astype(np.int64),
        flow_students=flows["students"].to_numpy(np.float64),
        flow_source=flows["source"].to_numpy(dtype=graph.flow_source.dtype),
    )
    share = np.where(told_shares(graph, told), graph.contact_share, shares_of(shown))
    share = np.round(share * PARTS_OF_A_SHARE) / PARTS_OF_A_SHARE
    return replace(
        network,
        graph=replace(shown, contact_share=share),
        flows=flows,
        flow_report={"sources": _sources(flows)},
        flow_variants=variants,
        warnings=(),
    )


def _sources(flows: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Rows and students of each source."""
    return {
        str(source): {"rows": len(rows), "students": float(rows["students"].sum())}
        for source, rows in flows.groupby("source", sort=True)
    }


def eighths(students: npt.ArrayLike) -> FloatArray:
    """Round students to eighths; unknown stays unknown."""
    parts = np.round(np.asarray(students, dtype=np.float64) * PARTS_OF_A_STUDENT)
    rounded: FloatArray = parts / PARTS_OF_A_STUDENT
    return rounded
