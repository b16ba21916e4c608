"""What every model is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import numpy as np
import pandas as pd

from feeder.district.model import K12_MASK, District
from feeder.language import Message
from feeder.network.choice import choice_schools
from feeder.network.graph import BoolArray, FloatArray, IntArray
from feeder.network.model import Network
from feeder.partition.cooling import Effort
from feeder.partition.efforts import EffortName
from feeder.planning.assignment import Assignment
from feeder.planning.land import lead_nodes, whole_land
from feeder.planning.naming import name_communities
from feeder.planning.translate import node_points
from feeder.scenario import Scenario

EXACT: Final = 9
"""Decimals to which sums are compared, so that the order of adding decides nothing."""
SCHOOLS_PER_CLUSTER: Final = 24
MOST_NETWORKS: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelOptions:
    """What a planner may set for single models.

    Attributes
    ----------
    cohort
        Id of the high school of the cohort; None is the largest.
    clusters, networks
        How many; None is one for each 24 schools, and of networks at most 32.
    effort
        How long the models that search may search.
    """

    cohort: str | None = None
    clusters: int | None = None
    networks: int | None = None
    effort: Effort | EffortName = "standard"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ModelPlan:
    """A plan that a model made.

    Attributes
    ----------
    assignment
        The plan.
    notes
        What the planner must know of how it was made: limits, numbers, what it rests on.
    senders
        The schools of a cohort: ``school_id``, ``name``, ``students`` a year who go on to its high
        school, ``share`` of the leavers they are. None of other models.
    """

    assignment: Assignment
    notes: tuple[Message, ...] = ()
    senders: pd.DataFrame | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ModelInput:
    """A district on its network under a scenario, and the facts that several models ask for.

    Attributes
    ----------
    district, network
        What is grouped.
    scenario
        The district's own, defaults filled in.
    options
        What the planner set for single models.
    """

    district: District
    network: Network
    scenario: Scenario
    options: ModelOptions

    @classmethod
    def of(
        cls, district: District, network: Network, scenario: Scenario, options: ModelOptions
    ) -> ModelInput:
        """Make it from a scenario as it was asked for."""
        graph = network.graph
        members = int((~graph.is_apart[graph.school_node]).sum())
        known = scenario.resolved(n_schools=members, estimated_flows=graph.is_mostly_estimated)
        return cls(district=district, network=network, scenario=known, options=options)

    @property
    def schools(self) -> pd.DataFrame:
        """The schools in the order of the graph."""
        return self.district.schools.loc[list(self.network.graph.school_ids)]

    @property
    def n_members(self) -> int:
        """Number of schools that do not stay apart."""
        graph = self.network.graph
        return int((~graph.is_apart[graph.school_node]).sum())

    def grades(self) -> IntArray:
        """Shape (n_schools,): the K-12 grades each school serves, as a mask."""
        return self.schools["grades"].to_numpy(np.int64) & K12_MASK

    def is_high(self) -> BoolArray:
        """Shape (n_schools,): serves the district's top grade, and is no school of choice.

        A school of choice with an area of its own is a neighborhood school.
        """
        grades = self.grades()
        top = int(np.bitwise_or.reduce(grades, initial=0)).bit_length() - 1
        serves = (grades >> max(top, 0)) & 1 == 1
        graph = self.network.graph
        member = ~graph.is_apart[graph.school_node]
        return np.asarray(serves & member & ~self.is_choice(), dtype=np.bool_)

    def is_choice(self) -> BoolArray:
        """Shape (n_schools,): whether each school of the graph is one of choice."""
        chosen = pd.Series(choice_schools(self.district), index=self.district.schools.index)
        return chosen.loc[list(self.network.graph.school_ids)].to_numpy(np.bool_)

    def has_area(self) -> BoolArray:
        """Shape (n_schools,): whether each school has an attendance area."""
        areas = self.district.areas
        owners = set() if areas is None else set(areas["school_id"].dropna())
        return np.array([one in owners for one in self.network.graph.school_ids], dtype=np.bool_)

    def by_place(self) -> BoolArray:
        """Shape (n_campuses,): holds nothing but schools of choice that belong where they stand."""
        graph = self.network.graph
        if self.scenario.choice_schools != "place":
            return np.zeros(graph.n_campuses, dtype=np.bool_)
        others = np.bincount(
            graph.school_node, weights=~self.is_choice(), minlength=graph.n_campuses
        )
        return np.asarray(others == 0, dtype=np.bool_)

    def campus_sums(self, by_school: FloatArray) -> FloatArray:
        """Shape (n_campuses, ...): sums over the schools of each campus."""
        graph = self.network.graph
        sums = np.zeros((graph.n_campuses, *by_school.shape[1:]))
        np.add.at(sums, graph.school_node, by_school)
        return sums

    def settled(self, campus: IntArray) -> IntArray:
        """Give every campus and tile that has no group the group of the place around it.

        Parameters
        ----------
        campus
            Shape (n_campuses,): group of each campus; -1 is none yet.

        Returns
        -------
        Shape (n_nodes,): tiles go ring by ring to the group they share the longest border with,
        campuses without land to that of the tile they lie on, and what no land leads to, to
        that of the nearest campus. Campuses that stay apart are in none (-1).
        """
        graph = self.network.graph
        node = np.concatenate([campus, np.full(graph.n_nodes - graph.n_campuses, -1)])
        node = whole_land(graph, node.astype(np.int64), free=np.ones(graph.n_nodes, dtype=np.bool_))
        lead = lead_nodes(graph)
        open_ = np.flatnonzero((node < 0) & (lead >= 0))
        node[open_] = node[lead[open_]]
        lost = np.flatnonzero((node < 0) & ~graph.is_apart)
        placed = np.flatnonzero(node[: graph.n_campuses] >= 0)
        if len(lost) and len(placed):
            from scipy.spatial import KDTree

            points = node_points(self.district, self.network)
            node[lost] = node[placed[KDTree(points[placed]).query(points[lost])[1]]]
        return node

    def plan(self, node: IntArray) -> Assignment:
        """Make a plan of the group of each node, with names, ids in their order, and its number.

        Parameters
        ----------
        node
            Shape (n_nodes,): any number of the group of each node; -1 is none.
        """
        graph = self.network.graph
        held = np.unique(node[graph.school_node])
        held = held[held >= 0]
        code = np.full(int(node.max(initial=0)) + 2, -1, dtype=np.int64)
        code[held] = np.arange(len(held))
        node = code[node]
        names = name_communities(self.district, graph, node, len(held))
        order = sorted(range(len(held)), key=lambda group: names[group])
        position = np.full(len(held) + 1, -1, dtype=np.int64)
        position[order] = np.arange(len(held))
        return Assignment.of_nodes(
            self.district,
            self.network,
            replace(self.scenario, communities=len(held)),
            position[node],
            ids=tuple(f"C{number:02d}" for number in range(1, len(held) + 1)),
            names=tuple(names[group] for group in order),
        )


Model: TypeAlias = Callable[[ModelInput], ModelPlan | Message]
"""Makes a plan, or says why the district can have none."""
