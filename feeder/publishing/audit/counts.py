"""Whether the counts that pages tell are true, and no more than may be known.

A range no narrower than that of :mod:`feeder.publishing.cells` narrows nothing, whatever it is
cut or added up with: those ranges hold against every sum anyone knows, and the ranges of all pages
together are then no narrower. Where a page tells more, what its count and its partners leave of
those of few students is worked out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from feeder.publishing.audit.faults import Fault
from feeder.publishing.audit.folders import Page
from feeder.publishing.audit.truth import Pair, Truth, files
from feeder.publishing.primary import LARGEST_FEW, SMALLEST, is_few

FLOWS: Final = "flows"
_ROUNDED: Final = 0.07
"""Students: what is told in eighths is rounded by a sixteenth at most."""
_NEAR: Final = 1e-6
Ranges = Mapping[Pair, tuple[float, float]]


def of_pages(read: Sequence[Page], truth: Truth) -> tuple[list[Fault], int]:
    """Return what is wrong in the counts of some pages, and how many counts of few they are of."""
    faults = [fault for page in read for fault in (*_columns(page, truth), *_flows(page, truth))]
    narrowed, of_flows = _narrowed_flows(read, truth)
    columns, of_columns = _narrowed_counts(read, truth)
    return [*faults, *narrowed, *columns], of_flows + of_columns


def joined(read: Sequence[Page]) -> dict[Pair, tuple[float, float]]:
    """Return what all pages together leave of each flow."""
    found: dict[Pair, tuple[float, float]] = {}
    for page in read:
        for pair, (low, high) in page.flows.items():
            before = found.get(pair, (0.0, np.inf))
            found[pair] = max(low, before[0]), min(high, before[1])
    return found


def open_counts(read: Sequence[Page]) -> int:
    """Return how many counts some pages tell as a range."""
    flows = sum(low < high for low, high in joined(read).values())
    columns = {name: ends for page in read for name, ends in page.columns.items()}
    return flows + sum(int((low < high).sum()) for low, high in columns.values())


def _columns(page: Page, truth: Truth) -> list[Fault]:
    found = []
    for name, (low, high) in page.columns.items():
        if name not in truth.columns:
            continue
        true, (least, most) = truth.columns[name], truth.ranges[name]
        wrong = (true < low - _NEAR) | (true > high + _NEAR)
        more = ((low > least + _NEAR) | (high < most - _NEAR)) & ~wrong
        found += [Fault("false", page.file, name, page.schools[i]) for i in np.flatnonzero(wrong)]
        found += [Fault("more", page.file, name, page.schools[i]) for i in np.flatnonzero(more)]
    return found


def _flows(page: Page, truth: Truth) -> list[Fault]:
    found = []
    for pair, (low, high) in page.flows.items():
        where = " > ".join(pair)
        students = truth.flows.get(pair)
        if students is not None and not low - _ROUNDED <= students <= high + _ROUNDED:
            found.append(Fault("false", page.file, FLOWS, where))
        elif _is_narrower((low, high), truth.flow_ranges.get(pair)):
            found.append(Fault("more", page.file, FLOWS, where))
    return found


def _is_narrower(told: tuple[float, float], known: tuple[float, float] | None) -> bool:
    return known is not None and (told[0] > known[0] + _ROUNDED or told[1] < known[1] - _ROUNDED)


def _narrowed_flows(read: Sequence[Page], truth: Truth) -> tuple[list[Fault], int]:
    ranges, faults, few = joined(read), [], 0
    for pair, students in truth.flows.items():
        if 0 < students < SMALLEST and pair not in truth.suppressed:
            few += 1
            own = truth.sent[pair[0]]
            low, high = _reach(pair, ranges, {one: truth.flows[one] for one in own})
            if low > 1 + _ROUNDED or high < LARGEST_FEW - _ROUNDED:
                guilty = [page for page in read if _tells_more(page, own, truth)]
                faults.append(Fault("narrowed", files(guilty or read), FLOWS, " > ".join(pair)))
    return faults, few


def _tells_more(page: Page, flows: Sequence[Pair], truth: Truth) -> bool:
    return any(
        one in page.flows and _is_narrower(page.flows[one], truth.flow_ranges.get(one))
        for one in flows
    )


def _reach(pair: Pair, ranges: Ranges, own: Mapping[Pair, float]) -> tuple[float, float]:
    """Return the least and the most of a flow, knowing what its sender's own are together."""
    low, high = ranges.get(pair, (0.0, np.inf))
    total = sum(own.values())
    if total < SMALLEST:
        return low, high
    others = [ranges.get(one, (0.0, np.inf)) for one in own if one != pair]
    return (
        max(low, total - sum(most for _, most in others)),
        min(high, total - sum(least for least, _ in others)),
    )


def _narrowed_counts(read: Sequence[Page], truth: Truth) -> tuple[list[Fault], int]:
    """Return the counts of few students that the ranges of all pages narrow."""
    faults, few = [], 0
    for name, students in truth.columns.items():
        told = [page for page in read if name in page.columns]
        if not told or name not in _counted(truth):
            continue
        small = is_few(students)
        few += int(small.sum())
        least, most = truth.ranges[name]
        low = np.fmax.reduce([page.columns[name][0] for page in told])
        high = np.fmin.reduce([page.columns[name][1] for page in told])
        narrowed = small & ((low > least + _NEAR) | (high < most - _NEAR))
        narrowed &= (low > 1) | (high < LARGEST_FEW)
        for row in np.flatnonzero(narrowed):
            guilty = [
                page
                for page in told
                if page.columns[name][0][row] > least[row] + _NEAR
                or page.columns[name][1][row] < most[row] - _NEAR
            ]
            school = truth.network.graph.school_ids[row]
            faults.append(Fault("narrowed", files(guilty or told), name, school))
    return faults, few


def _counted(truth: Truth) -> set[str]:
    """Return the columns that are counts of students; need weighs them, leavers may be shares."""
    return {
        name
        for name in truth.columns
        if name == "enrollment" or name.startswith(("count ", "part ", "whole "))
    }
