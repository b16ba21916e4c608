"""What is asked of which schools, and which of them must share a community whatever is planned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from feeder.district.model import K12_MASK, District
from feeder.district.schools.seats import seats_by_grade
from feeder.network.graph import FeederGraph, FloatArray, IntArray
from feeder.scenario import Scenario
from feeder.terms import LEAST_SHARE, SUM_SLACK


@dataclass(frozen=True, slots=True, eq=False)
class Total:
    """A sum over a community's schools that a constraint holds within bounds.

    Attributes
    ----------
    name
        What is summed; ``NAME_deviation`` is the measure of how far it is from even.
    amounts
        Shape (n_nodes,): what each node adds.
    low, high
        Bounds of each community's sum, ends included; infinite for none.
    """

    name: str
    amounts: FloatArray
    low: float
    high: float


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A scenario, defaults filled in, on the members of a network.

    Attributes
    ----------
    district
        What is planned.
    graph
        The members alone (:func:`~feeder.planning.members.members`).
    scenario
        What is asked.
    """

    district: District
    graph: FeederGraph
    scenario: Scenario

    @property
    def n(self) -> int:
        """Number of communities."""
        if self.scenario.communities is None:
            raise ValueError("the scenario is not resolved")
        return self.scenario.communities

    @property
    def table(self) -> pd.DataFrame:
        """The members' rows of the schools table, in the order of the graph."""
        return self.district.schools.loc[list(self.graph.school_ids)]

    @property
    def node_of(self) -> dict[str, int]:
        """The campus of each school."""
        return dict(zip(self.graph.school_ids, self.graph.school_node.tolist(), strict=True))

    @property
    def enrollment(self) -> FloatArray:
        """Shape (n_nodes,): students."""
        return self.by_node(self.table["enrollment"].to_numpy(dtype=np.float64))

    @property
    def schools(self) -> IntArray:
        """Shape (n_nodes,): schools."""
        return np.bincount(self.graph.school_node, minlength=self.graph.n_nodes).astype(np.int64)

    @property
    def grades(self) -> IntArray:
        """Shape (n_nodes,): K-12 grades served, as a bit mask."""
        mask = self.table["grades"].to_numpy(dtype=np.int64) & K12_MASK
        grades = np.zeros(self.graph.n_nodes, dtype=np.int64)
        np.bitwise_or.at(grades, self.graph.school_node, mask)
        return grades

    @property
    def seats(self) -> FloatArray:
        """Shape (n_nodes, 13): seats in each grade from K to 12."""
        by_school = seats_by_grade(self.table, self.district.grade_enrollment)
        seats = np.zeros((self.graph.n_nodes, by_school.shape[1]))
        np.add.at(seats, self.graph.school_node, by_school)
        return seats

    def by_node(self, values: FloatArray) -> FloatArray:
        """Shape (n_nodes,): sums of a figure of each school."""
        node, n = self.graph.school_node, self.graph.n_nodes
        return np.bincount(node, weights=values, minlength=n).astype(np.float64)

    def shared(self) -> Shared:
        """Find which campuses must share a community."""
        graph, node_of = self.graph, self.node_of
        pairs = [*_on_one_tile(graph)]
        for group in self.scenario.keep_together:
            pairs += [(node_of[group[0]], node_of[school]) for school in group[1:]]
        a, b = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
        shape = (graph.n_nodes, graph.n_nodes)
        _, label = connected_components(sp.coo_array((np.ones(len(a)), (a, b)), shape=shape))
        group_of = tuple(label.tolist())
        locked: dict[int, tuple[str, str]] = {}
        for school, to in sorted(self.scenario.locked.items()):
            locked.setdefault(group_of[node_of[school]], (school, to))
        names = {str(one): str(name) for one, name in self.district.schools["name"].items()}
        return Shared(node_of, names, group_of, locked)


@dataclass(frozen=True, slots=True)
class Shared:
    """Which campuses must share a community.

    Attributes
    ----------
    node_of
        The campus of each school.
    names
        The name of each school.
    group
        The group of each campus: those that share land they cannot do without, or are kept
        together.
    locked
        The community that a group is locked to, and the school that says so.
    """

    node_of: Mapping[str, int]
    names: Mapping[str, str]
    group: tuple[int, ...]
    locked: Mapping[int, tuple[str, str]]

    def of(self, school: str) -> int:
        """Return the group of a school."""
        return self.group[self.node_of[school]]

    def communities(self) -> dict[object, list[int]]:
        """Return the campuses that must share a community, where there are two or more."""
        parts: dict[object, list[int]] = {}
        for node in sorted(set(self.node_of.values())):
            group = self.group[node]
            parts.setdefault(self.locked.get(group, ("", group))[1], []).append(node)
        return {key: nodes for key, nodes in parts.items() if len(nodes) > 1}

    def parts(self) -> list[list[int]]:
        """Return all campuses: first those that must share a community, then each of the rest."""
        groups = list(self.communities().values())
        inside = {node for group in groups for node in group}
        return groups + [[node] for node in sorted(set(self.node_of.values()) - inside)]

    def named(self, nodes: list[int]) -> tuple[str, ...]:
        """Return the names of the schools of some campuses, in the order of the schools."""
        inside = set(nodes)
        return tuple(self.names[school] for school, node in self.node_of.items() if node in inside)


def _on_one_tile(graph: FeederGraph) -> Iterator[tuple[int, int]]:
    """Yield landless campuses with the one node they cannot do without."""
    anchor = ~graph.is_land_contact
    a, b, share = graph.contact_a[anchor], graph.contact_b[anchor], graph.contact_share[anchor]
    held = np.bincount(a, weights=share, minlength=graph.n_nodes)
    needed = held[a] - share < LEAST_SHARE - SUM_SLACK
    yield from zip(a[needed].tolist(), b[needed].tolist(), strict=True)
