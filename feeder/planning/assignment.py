"""Assignment: every school, campus and vacant tile in one community."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from feeder.district.model import District
from feeder.network.model import Network
from feeder.planning.land import whole_land
from feeder.scenario import Scenario

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Assignment:
    """Every school and every tile in one community: a plan before it is scored.

    A plan may be cut short or broken: schools in no community, campuses whose schools part. Make
    one by name: :meth:`of_nodes` where campuses are whole, :meth:`of_schools` for any plan.

    Attributes
    ----------
    district, network, scenario
        What was planned, on what, under which promises (defaults filled in).
    school_community
        Shape (n_schools,): index of the community of each school of the network; -1 is none.
    node_community
        Shape (n_nodes,): index of the community of each campus or vacant tile; -1 is none. Where
        a plan parts the schools of a campus, its tile goes with the first of them that is placed.
    community_ids, community_names
        Shape (n_communities,): stable ids (``C01`` ... or the locked ids) and readable names.
    is_today
        Whether it is today's plan, which the limits that are asked of a new one do not bind.

    Examples
    --------
    >>> plan.assignment.n_communities
    7
    """

    district: District
    network: Network
    scenario: Scenario
    school_community: IntArray
    node_community: IntArray
    community_ids: tuple[str, ...]
    community_names: tuple[str, ...]
    is_today: bool = False

    @classmethod
    def of_nodes(
        cls,
        district: District,
        network: Network,
        scenario: Scenario,
        node_community: IntArray,
        *,
        ids: tuple[str, ...],
        names: tuple[str, ...],
    ) -> Assignment:
        """Make a plan of whole campuses: every school goes with its campus."""
        return cls(
            district=district,
            network=network,
            scenario=scenario,
            school_community=node_community[network.graph.school_node],
            node_community=node_community,
            community_ids=ids,
            community_names=names,
        )

    @classmethod
    def of_schools(
        cls,
        district: District,
        network: Network,
        scenario: Scenario,
        school_community: IntArray,
        *,
        vacant: IntArray,
        ids: tuple[str, ...],
        names: tuple[str, ...],
    ) -> Assignment:
        """Make a plan from the community of each school, whatever it is.

        Parameters
        ----------
        district, network, scenario
            As of the class.
        school_community
            Shape (n_schools,): community of each school; -1 is none.
        vacant
            Shape (n_vacant,): community of each vacant tile where the plan says so; those
            at -1 go where they keep the land whole (:func:`~feeder.planning.land.whole_land`).
        ids, names
            Of the communities.
        """
        graph = network.graph
        node = np.concatenate([np.full(graph.n_campuses, -1, dtype=np.int64), vacant])
        placed = np.flatnonzero(school_community >= 0)[::-1]
        node[graph.school_node[placed]] = school_community[placed]
        free = np.arange(graph.n_nodes) >= graph.n_campuses
        return cls(
            district=district,
            network=network,
            scenario=scenario,
            school_community=school_community,
            node_community=whole_land(graph, node, free=free),
            community_ids=ids,
            community_names=names,
        )

    @property
    def n_communities(self) -> int:
        """Number of communities."""
        return len(self.community_ids)

    @property
    def plan_id(self) -> str:
        """Short hash that names the plan: the same schools in the same communities."""
        table = self.plan_table()
        lines = table["school_id"] + "," + table["community_id"]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]

    def plan_table(self) -> pd.DataFrame:
        """Return ``school_id`` and ``community_id`` of every school, sorted by school.

        Schools outside every community have an empty ``community_id``.
        """
        ids = np.array([*self.community_ids, ""], dtype=object)
        by_school = pd.Series(
            ids[self.school_community], index=pd.Index(self.network.graph.school_ids)
        )
        table = by_school.reindex(self.district.schools.index, fill_value="")
        return table.rename_axis("school_id").rename("community_id").reset_index()
