"""What is published is redacted first, then computed.

Small cells leave the district before anything is counted, so no figure of a published file
can rest on them: primary and secondary cell suppression (Hundepool and others 2012). Seven ways
back are closed as well:

- *By a total of the same school.* Enrollment by grade adds up to an enrollment that is shown.
  Where the hidden cells of a school are one, or add up to less than the limit, its smallest
  other cell is hidden too, until neither holds.
- *By what a sender's flows add up to.* Students of a hidden flow are taken out of the sender's
  leavers. Where the leavers can be worked out from the enrollment that is shown, the hidden
  flows of a sender are completed like the grades.
- *By what is left of a sender's leavers.* Where a few of the counted leavers go to no school that
  is told, they are taken out of the leavers.
- *By who is left.* Where all but a few students of a school count as something (poor, absent),
  the few could be worked out; as many as the limit are told to be left.
- *By a goal.* Results of goals whose students are few, or whose others are, leave the goals, and
  with them what a target makes of them.
- *By how full it is.* A school whose enrollment is hidden has no capacity, so that it counts
  neither in a utilization nor among the schools above or below one.
- *By a text.* Warnings and the columns of the schools table that nothing here reads carry
  figures of their own; they are left out.

Estimated flows count nobody and stay, unless they add up to leavers that are hidden.

What is left is rounded to what the page can hold exactly: students a year to eighths, and the
lower end of a range that lies under the limit to 0; degrees to five decimals; borders to tenths
of a millimeter; shares of an area to binary fractions. Eighths are sums of powers of two, so the
page and Python add them up to the same last bit in any order.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from feeder.district.model import GRADE_COLUMNS, MODELED, District, Goal, Statistics
from feeder.network.graph import BoolArray, FloatArray, IntArray
from feeder.network.model import Network
from feeder.network.travel import place_points
from feeder.planning import Assignment

SMALLEST: Final = 10
"""Fewest students of a cell that is published."""
PARTS_OF_A_STUDENT: Final = 8
"""Students a year are published in eighths."""
PARTS_OF_A_SHARE: Final = 1 << 16
"""Shares of an area, and of pupils, are published in these."""
_RESULTS: Final = ("numerator", "past_numerator")
"""Columns of a goal that count students by what they did."""
DEGREE_DECIMALS: Final = 5
"""About a meter."""
BORDER_DECIMALS: Final = 4
"""Of a meter: the grid on which land is made."""


def redacted(assignment: Assignment, *, below: int = SMALLEST) -> Assignment:
    """Return the assignment without any cell of 1 to ``below - 1`` students.

    Cells that would give them away go with them (Hundepool and others 2012).

    Parameters
    ----------
    assignment
        A plan on the district as it was read.
    below
        Smallest number of students that is published.

    Returns
    -------
    The same plan on a district and a network in which small enrollments are 0, small cells of
    grades, counts and rates are missing, and small observed and zoned flows are gone. Rates
    also go where the students they speak of (share times denominator) are few, and results of
    goals where these or all others are. Students a year, places, borders and shares are rounded;
    an estimated flow that rounds to 0 is gone too.
    """
    district, network = assignment.district, assignment.network
    schools = district.schools.copy()
    schools["enrollment"] = schools["enrollment"].where(
        ~_is_small(schools["enrollment"].to_numpy(), below), 0
    )
    gone = pd.Series(schools["enrollment"] != district.schools["enrollment"], index=schools.index)
    schools["capacity"] = schools["capacity"].mask(gone)
    grades, hidden = _grades(district, gone, below)
    hidden["leavers"] |= _small_leavers(schools, below)
    schools.loc[hidden["entering"], "entering"] = 0.0
    schools.loc[hidden["leavers"], "leavers"] = 0.0
    kept = _kept_flows(network, schools, hidden["leavers"], below)
    schools["leavers"] = _eighths(_remaining_leavers(network, schools, kept, below))
    schools["entering"] = _eighths(schools["entering"])
    schools[["lat", "lon"]] = schools[["lat", "lon"]].round(DEGREE_DECIMALS)
    flows = _rounded_flows(network.flows, below)
    told = kept & ((flows["source"] != "estimated") | (flows["students"] > 0)).to_numpy()
    flows = flows[told].reset_index(drop=True)
    clean = replace(
        district,
        schools=schools,
        extra=_needed_columns(assignment),
        grade_enrollment=grades,
        flows=None if district.flows is None else _as_counted(flows),
        statistics=_measures(district.statistics, schools["enrollment"], gone, below),
        goals=district.goals and tuple(_goal(goal, gone, below) for goal in district.goals),
        warnings=(),
    )
    silent = network.flows["from_id"][~kept].unique()
    public = _network(network, flows, told, silent)
    travel = network.travel.at(*place_points(clean))
    return replace(assignment, district=clean, network=replace(public, travel=travel))


def redaction_note(
    before: Assignment, after: Assignment, *, below: int = SMALLEST
) -> dict[str, int]:
    """Count what :func:`redacted` took out, by kind of cell.

    Returns
    -------
    ``below`` and the number of ``enrollment``, ``grade``, ``count``, ``rate`` and ``goal`` cells
    and of ``flow`` rows that are missing in ``after``, and of ``capped`` counts and rates, which
    leave ``below`` students where they left fewer.
    """
    old, new = before.district, after.district
    return {
        "below": below,
        "enrollment": int((old.schools["enrollment"] != new.schools["enrollment"]).sum()),
        "grade": _newly_missing(old.grade_enrollment, new.grade_enrollment),
        "count": _newly_missing(old.statistics.counts, new.statistics.counts),
        "rate": _newly_missing(old.statistics.rates[_shares(old.statistics)], new.statistics.rates),
        "goal": sum(
            _newly_missing(goal.schools[[*_RESULTS]], shown.schools)
            for goal, shown in zip(old.goals or (), new.goals or (), strict=True)
        ),
        "flow": len(before.network.flows) - len(after.network.flows),
        "capped": _lowered(old.statistics.counts, new.statistics.counts)
        + _lowered(old.statistics.rates[_shares(old.statistics)], new.statistics.rates),
    }


def _is_small(students: npt.NDArray[np.float64 | np.int64], below: int) -> BoolArray:
    """Whether each cell counts somebody, but fewer than ``below``; a missing cell does not."""
    return np.asarray((students > 0) & (students < below), dtype=np.bool_)


def _completed(cells: FloatArray, hidden: BoolArray, last: BoolArray, below: int) -> BoolArray:
    """Hide more cells of one known total, until the hidden ones do not give each other away.

    Shape (n,) all: students, which of them are hidden, and which to hide only as a last
    resort. Cells of 0 hide nothing.
    """
    hidden = hidden.copy()
    spare = np.flatnonzero(~hidden & (cells > 0))
    for cell in spare[np.lexsort((cells[spare], last[spare]))]:
        if not hidden.any() or (hidden.sum() > 1 and cells[hidden].sum() >= below):
            break
        hidden[cell] = True
    return hidden


def _grades(
    district: District, gone: pd.Series[bool], below: int
) -> tuple[pd.DataFrame | None, pd.DataFrame]:
    """Return the grades without small cells, and whose leavers and kindergartners go with them."""
    schools = district.schools
    hidden = pd.DataFrame({"entering": gone, "leavers": gone})
    if district.grade_enrollment is None:
        return None, hidden
    cells = district.grade_enrollment.to_numpy(np.float64)
    highest = _highest_grade(schools["grades"].to_numpy(np.int64))
    kindergarten = GRADE_COLUMNS.index("K")
    mask = _is_small(cells, below) | gone.to_numpy()[:, None]
    for row in np.flatnonzero(mask.any(axis=1)):
        last = np.zeros(len(GRADE_COLUMNS), dtype=np.bool_)
        last[[kindergarten, kindergarten + highest[row]]] = True
        mask[row] = _completed(cells[row], mask[row], last, below)
    hidden["entering"] |= mask[:, kindergarten]
    hidden["leavers"] |= mask[np.arange(len(mask)), kindergarten + highest]
    return district.grade_enrollment.mask(mask), hidden


def _highest_grade(grades: IntArray) -> IntArray:
    """Shape (n_schools,): the highest K-12 grade of each mask; K where there is none."""
    serves = (grades[:, None] >> np.arange(13)) & 1
    return np.asarray((serves * np.arange(13)).max(axis=1), dtype=np.int64)


def _small_leavers(schools: pd.DataFrame, below: int) -> BoolArray:
    """Whose leavers are counted, and few."""
    counted = ~schools["leavers_estimated"].to_numpy(np.bool_)
    return counted & _is_small(schools["leavers"].to_numpy(np.float64), below)


def _kept_flows(
    network: Network, schools: pd.DataFrame, hidden_leavers: pd.Series[bool], below: int
) -> BoolArray:
    """Shape (n_flows,): which rows of the network's flows may be published."""
    flows = network.flows
    students = flows["students"].to_numpy(np.float64)
    counted = (flows["source"] != "estimated").to_numpy()
    sender = schools.index.get_indexer(pd.Index(flows["from_id"]))
    dropped = hidden_leavers.to_numpy()[sender] | (counted & _is_small(students, below))
    derivable = schools["leavers_estimated"].to_numpy(np.bool_)
    for school in np.unique(sender[dropped & counted]):
        rows = np.flatnonzero(counted & (sender == school))
        if derivable[school]:
            level = np.zeros(len(rows), dtype=np.bool_)
            dropped[rows] = _completed(students[rows], dropped[rows], level, below)
    return ~dropped


def _remaining_leavers(
    network: Network, schools: pd.DataFrame, kept: BoolArray, below: int
) -> FloatArray:
    """Shape (n_schools,): the leavers without the students of dropped flows."""
    flows = network.flows
    dropped = ~kept & (flows["source"] != "estimated").to_numpy()
    sender = schools.index.get_indexer(pd.Index(flows["from_id"]))
    taken = np.bincount(
        sender[dropped],
        flows["students"].to_numpy(np.float64)[dropped],
        minlength=len(schools),
    )
    told = np.bincount(
        sender[kept], flows["students"].to_numpy(np.float64)[kept], minlength=len(schools)
    )
    leavers = schools["leavers"].to_numpy(np.float64)
    left = np.maximum(leavers - taken, 0.0)
    left = np.where((taken > 0) & (left < below), 0.0, left)
    counted = ~schools["leavers_estimated"].to_numpy(np.bool_) & (told > 0)
    return np.where(counted & _is_small(left - told, below), told, left)


def _shares(measures: Statistics) -> list[str]:
    """Names of the rates, without the columns of their denominators."""
    names = set(measures.rates.columns)
    return [name for name in measures.rates.columns if f"{name}_denominator" in names]


def _measures(
    measures: Statistics, enrollment: pd.Series[int], gone: pd.Series[bool], below: int
) -> Statistics:
    """Return the measures without small cells; need is added up again from what is left."""
    ids = measures.counts.index
    lost = gone.reindex(ids, fill_value=False).to_numpy()[:, None]
    students = np.asarray(enrollment.reindex(ids), dtype=np.float64)[:, None]
    cells = _all_but_a_few(measures.counts.to_numpy(np.float64), students, below)
    counts = pd.DataFrame(cells, ids, measures.counts.columns).mask(_is_small(cells, below) | lost)
    rates = measures.rates.copy()
    for name in _shares(measures):
        denominator = rates[f"{name}_denominator"].to_numpy(np.float64)
        exact = rates[name].to_numpy(np.float64) * denominator
        speaks_of = _all_but_a_few(exact, denominator, below)
        capped = speaks_of < exact
        rates.loc[capped, name] = speaks_of[capped] / denominator[capped]
        small = _is_small(denominator, below) | _is_small(speaks_of, below) | lost[:, 0]
        rates.loc[small, [name, f"{name}_denominator"]] = np.nan
    need = measures.need
    if need is not None:
        weights = pd.Series(measures.need_weights, dtype=np.float64)
        need = (counts[list(weights.index)].fillna(0.0) * weights).sum(axis=1)
    return replace(measures, counts=counts, rates=rates, need=need)


def _goal(goal: Goal, gone: pd.Series[bool], below: int) -> Goal:
    """Return a goal without the results of a few students; the targets are shares, and stay."""
    schools = goal.schools.copy()
    lost = gone.reindex(schools.index, fill_value=False).to_numpy()
    for year in ("", "past_"):
        columns = [f"{year}numerator", f"{year}denominator"]
        part, whole = schools[columns].to_numpy(np.float64).T
        few = _is_small(part, below) | _is_small(whole - part, below) | _is_small(whole, below)
        schools.loc[few | lost, columns] = np.nan
    return replace(goal, schools=schools)


def _all_but_a_few(cells: FloatArray, whole: FloatArray, below: int) -> FloatArray:
    """Return counts that leave at least ``below`` of the whole, where they leave a few."""
    few_left = (cells > 0) & _is_small(whole - cells, below)
    capped: FloatArray = np.where(few_left, np.maximum(whole - below, 1.0), cells)
    return capped


def _needed_columns(assignment: Assignment) -> pd.DataFrame:
    """Return the one remaining column of the schools table that a promise may name."""
    extra = assignment.district.extra
    return extra[[name for name in extra.columns if name == assignment.scenario.nested_in]]


def _as_counted(flows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that come from a table rather than from an estimate."""
    return flows[flows["source"] != "estimated"].reset_index(drop=True)


def _network(
    network: Network, flows: pd.DataFrame, told: BoolArray, silent: npt.NDArray[np.object_]
) -> Network:
    """Return the network with published flows only, in its tables and in its graph.

    ``flows`` are the rows ``told`` of the network's flows, rounded; an estimate goes by the
    ``silent`` senders, whose leavers are hidden. Its range keeps all other pairs.
    """
    graph = network.graph
    variants = network.flow_variants
    if variants is not None:
        variants = variants[~variants.index.get_level_values("from_id").isin(silent)]
        variants = variants.mul(PARTS_OF_A_STUDENT).round().div(PARTS_OF_A_STUDENT)
    return replace(
        network,
        graph=replace(
            graph,
            contact_border_m=graph.contact_border_m.round(BORDER_DECIMALS),
            contact_share=np.round(graph.contact_share * PARTS_OF_A_SHARE) / PARTS_OF_A_SHARE,
            flow_from=graph.flow_from[told],
            flow_to=graph.flow_to[told],
            flow_students=flows["students"].to_numpy(np.float64),
            flow_source=graph.flow_source[told],
        ),
        flows=flows,
        flow_report={"sources": _sources(flows)},
        flow_variants=variants,
        warnings=(),
    )


def _rounded_flows(flows: pd.DataFrame, below: int) -> pd.DataFrame:
    """Return the flows in eighths; the lower end of a counted range under the limit is 0."""
    columns = ["students", "students_low", "students_high"]
    rounded = flows.assign(**{name: _eighths(flows[name]) for name in columns})
    low, high = rounded["students_low"], rounded["students_high"]
    is_range = ~rounded["source"].isin(MODELED) & (low < high)
    return rounded.assign(students_low=low.mask(is_range & (low < below), 0.0))


def _eighths(students: npt.ArrayLike) -> FloatArray:
    """Round students to eighths; unknown stays unknown."""
    parts = np.round(np.asarray(students, dtype=np.float64) * PARTS_OF_A_STUDENT)
    eighths: FloatArray = parts / PARTS_OF_A_STUDENT
    return eighths


def _sources(flows: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Rows and students of each source that are left."""
    return {
        str(source): {"rows": len(rows), "students": float(rows["students"].sum())}
        for source, rows in flows.groupby("source", sort=True)
    }


def _lowered(before: pd.DataFrame, after: pd.DataFrame) -> int:
    """Count the cells that ``after`` gives smaller than ``before``."""
    return int((after[list(before.columns)] < before).to_numpy().sum())


def _newly_missing(before: pd.DataFrame | None, after: pd.DataFrame | None) -> int:
    """Count the cells of ``before`` that ``after`` no longer gives."""
    if before is None or after is None:
        return 0
    return int((before.notna() & after[list(before.columns)].isna()).to_numpy().sum())
