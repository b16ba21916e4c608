"""What is true of a district, and what may be known of it: what files are judged by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from feeder.district.model import MODELED, District
from feeder.measures.inputs import measure_inputs
from feeder.measures.score import score
from feeder.measures.scorecard import Scorecard
from feeder.network.graph import FloatArray
from feeder.network.model import Network
from feeder.planning import Assignment
from feeder.publishing.audit.folders import Columns, Page, ToldPlan
from feeder.publishing.cells import every_cell
from feeder.publishing.school_cells import rate_names
from feeder.publishing.worlds import Worlds, worlds_of
from feeder.scenario import Scenario

Pair = tuple[str, str]
"""Sender and receiver of a flow, by id."""


@dataclass(frozen=True, eq=False)
class Truth:
    """A district as it is, beside what may be known of it.

    Attributes
    ----------
    district, network, scenario
        The true data.
    first
        Any plan of it.
    """

    district: District
    network: Network
    scenario: Scenario
    first: Assignment
    _cards: dict[str, Scorecard] = field(default_factory=dict, repr=False)

    @cached_property
    def known(self) -> Worlds:
        """What may be known."""
        return worlds_of(self.first)

    @cached_property
    def exact(self) -> Worlds:
        """The district in the units of what is published, with nothing hidden."""
        return worlds_of(self.first, every_cell(self.district, self.network))

    @cached_property
    def columns(self) -> dict[str, FloatArray]:
        """The true columns of a page, in the order of the network's schools."""
        return columns_of(self.exact.middle.of(self.first))

    @cached_property
    def ranges(self) -> Columns:
        """What may be known of them."""
        least, most = (
            columns_of(world.of(self.first)) for world in (self.known.least, self.known.most)
        )
        return {name: (low, most[name]) for name, low in least.items()}

    @cached_property
    def flows(self) -> dict[Pair, float]:
        """Counted flows: those that no method gives."""
        flows = self.network.flows[~self.network.flows["source"].isin(MODELED)]
        rows = flows[["from_id", "to_id", "students"]].itertuples(index=False)
        return {(str(one), str(other)): float(students) for one, other, students in rows}

    @cached_property
    def sent(self) -> dict[str, list[Pair]]:
        """The counted flows of each sender."""
        found: dict[str, list[Pair]] = {}
        for pair in self.flows:
            found.setdefault(pair[0], []).append(pair)
        return found

    @cached_property
    def suppressed(self) -> frozenset[Pair]:
        """Flows that the table itself tells as a range."""
        flows = self.network.flows
        open_ = flows.loc[flows["students_low"] < flows["students_high"], ["from_id", "to_id"]]
        return frozenset(open_.itertuples(index=False, name=None))

    @cached_property
    def flow_ranges(self) -> dict[Pair, tuple[float, float]]:
        """What may be known of every flow."""
        flows, told = self.network.flows, self.known.told.flows
        rows = zip(
            flows["from_id"],
            flows["to_id"],
            told.low["students"].tolist(),
            told.high["students"].tolist(),
            strict=True,
        )
        return {(str(one), str(other)): (low, high) for one, other, low, high in rows}

    def plan(self, told: ToldPlan) -> Assignment:
        """Return a plan that a page tells."""
        return assigned(told, self.district, self.network, self.scenario)

    def card(self, told: ToldPlan) -> Scorecard:
        """Return the true figures of a plan that a page tells."""
        if told.plan_id not in self._cards:
            self._cards[told.plan_id] = score(self.plan(told))
        return self._cards[told.plan_id]


def assigned(
    told: ToldPlan, district: District, network: Network, scenario: Scenario
) -> Assignment:
    """Return a plan that a page tells, of the true data."""
    return Assignment.of_schools(
        district,
        network,
        scenario,
        told.school,
        vacant=told.node[network.graph.n_campuses :],
        ids=told.communities,
        names=told.communities,
    )


def is_of(page: Page, network: Network) -> bool:
    """Whether a page is of the schools and the land of a network."""
    graph = network.graph
    nodes = {len(plan.node) for plan in page.plans}
    return page.schools == graph.school_ids and nodes <= {graph.n_nodes}


def columns_of(plan: Assignment) -> dict[str, FloatArray]:
    """Return the columns of counts that a page of a plan tells, school by school."""
    inputs, statistics = measure_inputs(plan), plan.district.statistics
    ids = list(plan.network.graph.school_ids)
    found = {
        name: inputs.schools[name].fillna(0.0).to_numpy(np.float64)
        for name in ("enrollment", "entering", "leavers")
    }
    if inputs.need is not None:
        found["need"] = inputs.need
    found |= {
        f"count {name}": column.loc[ids].to_numpy(np.float64)
        for name, column in statistics.counts.items()
    }
    rates = statistics.rates.loc[ids]
    for name in rate_names(plan.district):
        whole = rates[f"{name}_denominator"].to_numpy(np.float64)
        found[f"whole {name}"] = whole
        found[f"part {name}"] = rates[name].to_numpy(np.float64) * whole
    return found


def files(read: Sequence[Page]) -> str:
    """Return the names of some pages' files in one text."""
    return ", ".join(dict.fromkeys(page.file for page in read))
