"""Whether the headlines that pages tell are true, and narrow no count all together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from feeder.district.model import District
from feeder.network.model import Network
from feeder.planning import Assignment
from feeder.publishing.audit import audited
from feeder.publishing.audit.counts import joined
from feeder.publishing.audit.faults import Fault
from feeder.publishing.audit.folders import Page, pages
from feeder.publishing.audit.told import AUDITED
from feeder.publishing.audit.truth import Truth, assigned, files, is_of
from feeder.publishing.audit.verdict import Verdict
from feeder.publishing.cells import Range, Told
from feeder.scenario import Scenario

_MOST_DECIMALS: Final = 9
_NEAR: Final = 1e-9
TODAY: Final = "today"


def of_pages(read: Sequence[Page], truth: Truth) -> tuple[list[Fault], Verdict | None]:
    """Return what is wrong in the headlines of some pages, and the audit of all of them."""
    digits = decimals(told for page in read for told in _told(page))
    own = [plan for page in read for plan in page.plans]
    plans = {plan.plan_id: plan for plan in own if not plan.is_today} or {TODAY: own[0]}
    if not digits:
        return [], None
    faults = [fault for page in read for fault in _false(page, truth)]
    assignments = [(truth.plan(plan), None) for plan in plans.values()]
    verdict = audited(_cut(truth, read), assignments, digits=digits)
    for one in verdict.coarsen:
        guilty = [page for page in read if _tells(page, one.measure, one.digits)]
        faults.append(Fault("headline", files(guilty), one.measure, ""))
    faults += [
        Fault("narrowed", files(read), left.kind, _whose(left.kind, left.row, truth))
        for left in verdict.narrowed
    ]
    return faults, verdict


def earlier_plans(
    district: District, network: Network, scenario: Scenario
) -> tuple[Assignment, ...]:
    """Return the plans of the folders that the district says were published before.

    A page of other schools than the network's tells nothing that could be measured on it.
    """
    read = pages(district.folder / name for name in district.earlier)
    plans = {plan.plan_id: plan for page in read if is_of(page, network) for plan in page.plans}
    return tuple(assigned(plan, district, network, scenario) for plan in plans.values())


def decimals(told: Iterator[Mapping[str, float | None]]) -> dict[str, int | None]:
    """Return the most decimals with which each headline is told anywhere."""
    found: dict[str, int | None] = {}
    for headlines in told:
        for name, value in headlines.items():
            if name in AUDITED and value is not None:
                found[name] = max(found.get(name) or 0, _decimals(value))
    return found


def _told(page: Page) -> Iterator[Mapping[str, float | None]]:
    """Yield the headlines of every plan of a page, and of today's."""
    yield from (plan.headlines for plan in page.plans)
    yield page.today


def _tells(page: Page, name: str, digits: int | None) -> bool:
    """Whether a page tells a headline with more digits than may be told."""
    own = decimals(_told(page)).get(name)
    return own is not None and (digits is None or own > digits)


def _false(page: Page, truth: Truth) -> list[Fault]:
    """Return the headlines that are not the true ones with fewer digits."""
    digits, faults, today = decimals(_told(page)), [], dict(page.today)
    for plan in page.plans:
        card = truth.card(plan)
        faults += [
            Fault("false", page.file, name, plan.plan_id)
            for name in _wrong(plan.headlines, card.plan, digits)
        ]
        faults += [
            Fault("false", page.file, name, TODAY)
            for name in _wrong(today, card.existing or {}, digits)
        ]
        today = {}
    return faults


def _wrong(
    told: Mapping[str, float | None], true: Mapping[str, object], digits: Mapping[str, int | None]
) -> list[str]:
    found = []
    for name, value in told.items():
        exact = getattr(true.get(name), "value", None)
        if value is not None and name in AUDITED:
            half = 0.5 * 10.0 ** -(digits.get(name) or 0) if value % 1 or digits.get(name) else 0.0
            if exact is None or abs(value - exact) > half + _NEAR:
                found.append(name)
    return found


def _cut(truth: Truth, read: Sequence[Page]) -> Told:
    """Return what may be known of every count, cut with what pages tell of flows."""
    told, flows, network = truth.known.told, joined(read), truth.network
    ends = [
        end["students"].to_numpy(np.float64).copy() for end in (told.flows.low, told.flows.high)
    ]
    for row, pair in enumerate(zip(network.flows["from_id"], network.flows["to_id"], strict=True)):
        low, high = flows.get(pair, (ends[0][row], ends[1][row]))
        ends[0][row], ends[1][row] = max(ends[0][row], low), min(ends[1][row], high)
    tables = [pd.DataFrame({"students": end}, index=network.flows.index) for end in ends]
    return replace(told, flows=Range(tables[0], tables[1]))


def _whose(kind: str, row: int, truth: Truth) -> str:
    """Return the school, or the sender and receiver, of a count."""
    if kind == "flow":
        one = truth.network.flows.iloc[row]
        return f"{one['from_id']} > {one['to_id']}"
    return str(truth.district.schools.index[row])


def _decimals(value: float) -> int:
    """Return how many decimals a figure is told with."""
    return next(
        (places for places in range(_MOST_DECIMALS) if round(value, places) == value),
        _MOST_DECIMALS,
    )
