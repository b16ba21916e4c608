"""The verdict on output folders: whether what they tell together narrows a small count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from feeder.district.model import MODELED, District
from feeder.language import Message
from feeder.network.graph import FloatArray
from feeder.network.model import Network
from feeder.planning import Assignment
from feeder.publishing.audit import audited
from feeder.publishing.audit.folders import Page, ToldPlan, digest, pages, published_files
from feeder.publishing.audit.told import AUDITED
from feeder.publishing.audit.verdict import Verdict
from feeder.publishing.cells import Range, Told, told_cells
from feeder.publishing.primary import LARGEST_FEW, SMALLEST, is_few
from feeder.scenario import Scenario

_SLACK: Final = 0.07
"""Students: what is told in eighths is rounded by a sixteenth at most."""
_MOST_DECIMALS: Final = 9
FLOWS: Final = "flows"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is wrong in a file: ``kind`` is ``false``, ``narrowed`` or ``headline``."""

    kind: str
    file: str
    figure: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """The verdict on some folders.

    Attributes
    ----------
    files
        Every published file and its SHA-256.
    read
        The files whose figures were read: pages with data.
    protected
        Counts of 1 to 9 students in the true data that pages could tell.
    hidden
        Counts that pages tell as a range.
    faults
        What is false or narrows a count.
    headlines
        The audit of the headlines of all plans together; None where no page tells a plan.
    """

    files: tuple[tuple[str, str], ...]
    read: tuple[str, ...]
    protected: int
    hidden: int
    faults: tuple[Fault, ...]
    headlines: Verdict | None

    @property
    def holds(self) -> bool:
        """Whether nothing is false and no count is narrowed."""
        return not self.faults

    def lines(self) -> list[Message]:
        """Return the verdict in sentences."""
        told = Message("audit.holds" if self.holds else "audit.fails", {"n": len(self.faults)})
        found = [
            told,
            Message("audit.protected", {"protected": self.protected, "hidden": self.hidden}),
        ]
        if self.headlines is not None:
            facts = {
                "plans": self.headlines.plans,
                "counts": self.headlines.counts,
                "values": self.headlines.tried,
                "worlds": self.headlines.worlds,
                "seconds": round(self.headlines.seconds, 1),
            }
            found.append(Message("audit.headlines", facts))
        found += [
            Message(
                f"audit.{one.kind}",
                {"file": one.file, "figure": one.figure, "where": one.where},
            )
            for one in self.faults
        ]
        found += [
            Message(
                "audit.file" if name in self.read else "audit.file_not_read",
                {"file": name, "sha256": sha},
            )
            for name, sha in self.files
        ]
        return found


def filed(
    folders: Sequence[Path], district: District, network: Network, scenario: Scenario
) -> Filed:
    """Audit the published files of output folders of one district, all of them together.

    Parameters
    ----------
    folders
        Output folders: plans, seeds or years of one district.
    district, network, scenario
        The true data.
    """
    read = pages(folders)
    told = told_cells(district, network)
    faults, ranges, protected = [], _joined(read), 0
    flows = network.flows[~network.flows["source"].isin(MODELED)]
    truth = {
        (str(one), str(other)): float(students)
        for one, other, students in flows[["from_id", "to_id", "students"]].itertuples(index=False)
    }
    suppressed = set(
        flows.loc[flows["students_low"] < flows["students_high"], ["from_id", "to_id"]].itertuples(
            index=False, name=None
        )
    )
    for page in read:
        faults += _false(page, truth, district)
    for pair, students in truth.items():
        if 0 < students < SMALLEST and pair not in suppressed:
            protected += 1
            low, high = _reach(pair, ranges, truth)
            if low > 1 + _SLACK or high < LARGEST_FEW - _SLACK:
                faults.append(Fault("narrowed", _tells(read), FLOWS, " > ".join(pair)))
    found, few = _counts(read, district)
    faults += found
    hidden = sum(low < high for low, high in ranges.values())
    headlines = _headlines(read, told, district, network, scenario)
    if headlines is not None:
        faults += [Fault("headline", _tells(read), one.measure, "") for one in headlines.coarsen]
        faults += [
            Fault("narrowed", _tells(read), one.kind, str(one.row)) for one in headlines.narrowed
        ]
    return Filed(
        files=tuple(
            (f"{folder.name}/{file.name}", digest(file))
            for folder in folders
            for file in published_files(folder)
        ),
        read=tuple(page.file for page in read),
        protected=protected + few,
        hidden=hidden + _open_counts(read),
        faults=tuple(dict.fromkeys(faults)),
        headlines=headlines,
    )


def earlier_plans(
    district: District, network: Network, scenario: Scenario
) -> tuple[Assignment, ...]:
    """Return the plans of the folders that the district says were published before.

    A page of other schools than the network's tells nothing that could be measured on it.
    """
    read = pages(district.folder / name for name in district.earlier)
    ids = network.graph.school_ids
    plans = {plan.plan_id: plan for page in read if page.schools == ids for plan in page.plans}
    return tuple(_assignment(plan, district, network, scenario) for plan in plans.values())


def _tells(read: Sequence[Page]) -> str:
    return ", ".join(page.file for page in read)


def _joined(read: Sequence[Page]) -> dict[tuple[str, str], tuple[float, float]]:
    """Return what all pages together leave of each flow."""
    found: dict[tuple[str, str], tuple[float, float]] = {}
    for page in read:
        for pair, (low, high) in page.flows.items():
            before = found.get(pair, (0.0, np.inf))
            found[pair] = max(low, before[0]), min(high, before[1])
    return found


def _reach(
    pair: tuple[str, str],
    ranges: dict[tuple[str, str], tuple[float, float]],
    truth: dict[tuple[str, str], float],
) -> tuple[float, float]:
    """Return the least and the most of a flow, knowing what its sender's flows are together."""
    own = [one for one in truth if one[0] == pair[0]]
    low, high = ranges.get(pair, (0.0, np.inf))
    total = sum(truth[one] for one in own)
    if total < SMALLEST:
        return low, high
    others = [ranges.get(one, (0.0, np.inf)) for one in own if one != pair]
    return (
        max(low, total - sum(most for _, most in others)),
        min(high, total - sum(least for least, _ in others)),
    )


def _false(page: Page, truth: dict[tuple[str, str], float], district: District) -> list[Fault]:
    """Return what a page tells that is not so."""
    faults = [
        Fault("false", page.file, FLOWS, " > ".join(pair))
        for pair, (low, high) in page.flows.items()
        if pair in truth and not low - _SLACK <= truth[pair] <= high + _SLACK
    ]
    for name, (low, high) in page.counts.items():
        students = _true_counts(district, name, page.schools)
        wrong = (students < low - _SLACK) | (students > high + _SLACK)
        faults += [
            Fault("false", page.file, name, page.schools[row]) for row in np.flatnonzero(wrong)
        ]
    return faults


def _true_counts(district: District, name: str, ids: Sequence[str]) -> FloatArray:
    table = district.schools if name == "enrollment" else district.statistics.counts
    return np.asarray(table[name].reindex(list(ids)), dtype=np.float64)


def _counts(read: Sequence[Page], district: District) -> tuple[list[Fault], int]:
    """Return the counts that pages narrow, and how many are few."""
    faults, few = [], 0
    for name in ["enrollment", *map(str, district.statistics.counts)]:
        told = [page for page in read if name in page.counts]
        if not told:
            continue
        ids = told[0].schools
        students = _true_counts(district, name, ids)
        low = np.nanmax([page.counts[name][0] for page in told], axis=0)
        high = np.nanmin([page.counts[name][1] for page in told], axis=0)
        small = is_few(students)
        few += int(small.sum())
        narrowed = small & ((low > 1) | (high < LARGEST_FEW))
        faults += [
            Fault("narrowed", _tells(told), name, ids[row]) for row in np.flatnonzero(narrowed)
        ]
    return faults, few


def _open_counts(read: Sequence[Page]) -> int:
    return sum(int((low < high).sum()) for page in read[:1] for low, high in page.counts.values())


def _headlines(
    read: Sequence[Page], told: Told, district: District, network: Network, scenario: Scenario
) -> Verdict | None:
    """Audit the headlines of every plan in the pages, to the digits in which they are told."""
    ids = network.graph.school_ids
    plans = {plan.plan_id: plan for page in read if page.schools == ids for plan in page.plans}
    decimals: dict[str, int | None] = {}
    for plan in plans.values():
        for name, value in plan.headlines.items():
            if name in AUDITED and value is not None:
                decimals[name] = max(decimals.get(name) or 0, _decimals(value))
    if not plans or not decimals:
        return None
    flows = _joined(read)
    pairs = list(zip(network.flows["from_id"], network.flows["to_id"], strict=True))
    told_ends = told.flows.low["students"], told.flows.high["students"]
    ends = [own.to_numpy(np.float64).copy() for own in told_ends]
    for row, pair in enumerate(pairs):
        low, high = flows.get(pair, (ends[0][row], ends[1][row]))
        ends[0][row], ends[1][row] = max(ends[0][row], low), min(ends[1][row], high)
    tables = [pd.DataFrame({"students": end}, index=network.flows.index) for end in ends]
    cells = replace(told, flows=Range(tables[0], tables[1]))
    return audited(
        cells,
        [(_assignment(plan, district, network, scenario), None) for plan in plans.values()],
        digits=decimals,
    )


def _assignment(
    plan: ToldPlan, district: District, network: Network, scenario: Scenario
) -> Assignment:
    n = int(plan.school.max()) + 1
    graph = network.graph
    names = tuple(f"{number:03d}" for number in range(n))
    return Assignment.of_schools(
        district,
        network,
        scenario,
        plan.school,
        vacant=np.full(graph.n_nodes - graph.n_campuses, -1, dtype=np.int64),
        ids=names,
        names=names,
    )


def _decimals(value: float) -> int:
    """Return how many decimals a figure is told with."""
    return next(
        (places for places in range(_MOST_DECIMALS) if round(value, places) == value),
        _MOST_DECIMALS,
    )
