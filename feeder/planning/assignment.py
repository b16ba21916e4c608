"""Assignment: every school, campus and vacant tile in one community."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from feeder.district.model import District
from feeder.network.model import Network
from feeder.planning.identity import Community, Ground, completed, identified, matched
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
    communities
        Shape (n_communities,): what each community goes by.
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
    communities: tuple[Community, ...]
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
        """Make a plan of whole campuses: every school goes with its campus.

        Its communities are numbered in the order of ``ids`` and ``names``, and colored.
        """
        school = node_community[network.graph.school_node]
        return cls(
            district=district,
            network=network,
            scenario=scenario,
            school_community=school,
            node_community=node_community,
            communities=identified(Ground(district, network, school, node_community), ids, names),
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
            Of the communities, which are numbered in this order, and colored.
        """
        graph = network.graph
        node = np.concatenate([np.full(graph.n_campuses, -1, dtype=np.int64), vacant])
        placed = np.flatnonzero(school_community >= 0)[::-1]
        node[graph.school_node[placed]] = school_community[placed]
        free = np.arange(graph.n_nodes) >= graph.n_campuses
        node = whole_land(graph, node, free=free)
        return cls(
            district=district,
            network=network,
            scenario=scenario,
            school_community=school_community,
            node_community=node,
            communities=identified(Ground(district, network, school_community, node), ids, names),
        )

    @property
    def n_communities(self) -> int:
        """Number of communities."""
        return len(self.communities)

    @property
    def community_ids(self) -> tuple[str, ...]:
        """Shape (n_communities,): stable ids (``C01`` ... or the locked ids)."""
        return tuple(one.id for one in self.communities)

    @property
    def community_names(self) -> tuple[str, ...]:
        """Shape (n_communities,): readable names."""
        return tuple(one.name for one in self.communities)

    @property
    def community_colors(self) -> tuple[str, ...]:
        """Shape (n_communities,): colors, ``#RRGGBB``."""
        return tuple(one.color for one in self.communities)

    @property
    def ground(self) -> Ground:
        """Where its communities lie."""
        return Ground(self.district, self.network, self.school_community, self.node_community)

    def renamed(self, ids: Sequence[str], names: Sequence[str]) -> Assignment:
        """Return the plan with communities of other ids and names, numbered and colored anew."""
        return replace(self, communities=identified(self.ground, ids, names))

    def called(self, names: Sequence[str]) -> Assignment:
        """Return the plan with other names; ids, numbers and colors stay."""
        told = zip(self.communities, names, strict=True)
        return replace(self, communities=tuple(replace(one, name=name) for one, name in told))

    def known_as(self, given: Sequence[Community], *, numbers: Collection[int] = ()) -> Assignment:
        """Return the plan with given identities; names they leave open stay as near as can be.

        ``given`` has one entry a community, ``numbers`` are taken elsewhere
        (:func:`~feeder.planning.identity.completed`).
        """
        names = self.community_names
        whole = completed(self.ground, given, names=names, numbers=numbers)
        return replace(self, communities=whole)

    def match(self, other: Assignment) -> IntArray:
        """Shape (n_communities,): the community of another plan that shares its identity, or -1.

        One to one, so that most students stay; both are plans on one network.
        """
        return matched(self.ground, other.ground, (self.n_communities, other.n_communities))

    @property
    def plan_id(self) -> str:
        """Short hash that names the plan: the same schools in the same communities."""
        table = self.plan_table()
        lines = table["school_id"] + "," + table["community_id"]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]

    def plan_table(self) -> pd.DataFrame:
        """Return ``school_id``, ``community_id`` and ``community`` (the name), sorted by school.

        Schools outside every community have an empty ``community_id``.
        """
        texts = [(one.id, one.name) for one in self.communities]
        by_school = pd.DataFrame(
            [[*texts, ("", "")][home] for home in self.school_community.tolist()],
            index=pd.Index(self.network.graph.school_ids),
            columns=["community_id", "community"],
        )
        table = by_school.reindex(self.district.schools.index, fill_value="")
        return table.rename_axis("school_id").reset_index()
