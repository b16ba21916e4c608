"""A finished plan as a check sees it, and what a check answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
import pandas as pd

from feeder.language import Fact, Message
from feeder.network.graph import FeederGraph, FloatArray, IntArray
from feeder.planning.assignment import Assignment
from feeder.planning.community_totals import totals
from feeder.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken promise: which community, what value, against which bound, in which unit.

    ``message`` is the sentence that tells it.
    """

    community_id: str
    value: float | str
    bound: float | str
    unit: str
    message: Message


@dataclass(frozen=True, slots=True)
class ConstraintResult:
    """One promise of the scenario, and where it is broken."""

    name: str
    definition: Message
    satisfied: bool
    violations: tuple[Violation, ...]


def result(
    name: str,
    violations: Iterable[Violation],
    facts: Mapping[str, Fact] | None = None,
    *,
    variant: str = "",
) -> ConstraintResult:
    """Return what became of a promise; its sentence is ``promise.NAME`` and the variant."""
    found, said = tuple(violations), Message(f"promise.{name}{variant}", facts or {})
    return ConstraintResult(name, said, not found, found)


class Offices(NamedTuple):
    """The school at which each community's office stands (-1: none), minutes of each school."""

    host: IntArray
    minutes: FloatArray


class Change(NamedTuple):
    """What changes against today's plan: a figure in its unit, or None and the reason."""

    value: float | None
    unit: str
    reason: Message | None


class Measured(Protocol):
    """What measures tell of a finished plan that no check counts by itself."""

    def offices(self, most: float) -> Offices:
        """Return the offices of all communities where ``most`` minutes are allowed."""
        ...

    def change(self, name: str) -> Change:
        """Return what changes against today's plan, by the measure's name."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """A finished plan and the facts it is judged on.

    Attributes
    ----------
    assignment
        The plan.
    schools
        Rows of the district's schools in the order of the graph's schools.
    need
        Shape (n_schools,): need figure; None where the district has none.
    measured
        What only measures tell.
    """

    assignment: Assignment
    schools: pd.DataFrame
    need: FloatArray | None
    measured: Measured

    @property
    def scenario(self) -> Scenario:
        """What was asked."""
        return self.assignment.scenario

    @property
    def graph(self) -> FeederGraph:
        """The network as arrays."""
        return self.assignment.network.graph

    @property
    def home(self) -> IntArray:
        """Shape (n_schools,): community of each school; -1 is none."""
        return self.assignment.school_community

    @property
    def node(self) -> IntArray:
        """Shape (n_nodes,): community of each node; -1 is none."""
        return self.assignment.node_community

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the communities."""
        return self.assignment.community_ids

    @property
    def n(self) -> int:
        """Number of communities."""
        return len(self.ids)

    @property
    def enrollment(self) -> FloatArray:
        """Shape (n_schools,): students."""
        return self.schools["enrollment"].to_numpy(np.float64)

    def sums(self, weights: FloatArray) -> FloatArray:
        """Shape (n_communities,): sums of a figure of each school."""
        return totals(weights, self.home, self.n)

    def members(self) -> Iterator[tuple[int, IntArray]]:
        """Yield each community with its schools."""
        for community in range(self.n):
            yield community, np.flatnonzero(self.home == community)

    def places(self, ids: Iterable[str]) -> IntArray:
        """Return the places of those schools that the network has."""
        found = self.schools.index.get_indexer(pd.Index(list(ids)))
        return found[found >= 0].astype(np.int64)

    def label(self, community: int) -> Message:
        """Return what a message calls a community: its id, and its name where that is another."""
        name, one = self.assignment.community_names[community], self.ids[community]
        if name == one:
            return Message("community.id", {"id": one})
        return Message("community.id_and_name", {"id": one, "name": name})

    def broken(
        self,
        community: int,
        value: float | str,
        bound: float | str,
        unit: str,
        key: str,
        /,
        **facts: Fact,
    ) -> Violation:
        """Return what a community breaks, told by ``broken.KEY``."""
        said = Message(f"broken.{key}", {"community": self.label(community), **facts})
        return Violation(self.ids[community], value, bound, unit, said)

    def schools_named(self, schools: IntArray) -> tuple[str, ...]:
        """Return schools by name and id."""
        table = self.schools
        return tuple(f"{table['name'].iloc[i]} ({table.index[i]})" for i in schools)

    def places_named(self, nodes: IntArray) -> tuple[str | Message, ...]:
        """Return nodes by the name and id of their first school, or as vacant."""
        names = self.schools["name"]
        ids = [self.graph.node_ids[node] for node in nodes]
        return tuple(
            f"{names[one]} ({one})"
            if node < self.graph.n_campuses
            else Message("place.vacant", {"id": one})
            for node, one in zip(nodes, ids, strict=True)
        )


def of_the_plan(
    value: float | str, bound: float | str, unit: str, key: str, /, **facts: Fact
) -> Violation:
    """Return what a plan breaks as a whole, told by ``broken.KEY``."""
    return Violation("", value, bound, unit, Message(f"broken.{key}", facts))
