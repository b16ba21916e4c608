"""FeederGraph: the district as numbers. Campuses, vacant tiles, contacts and flows as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

BORDER: Final = "border"
OVERLAP: Final = "overlap"
CAMPUS: Final = "campus"
BRIDGE: Final = "bridge"
FEED: Final = "feed"
LAND_KINDS: Final = (BORDER, BRIDGE)
"""Contacts that hold land together; the others tie a landless campus to a tile."""

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class FeederGraph:
    """Nodes, contacts and flows of a district.

    A node is a campus (schools that never part) or a vacant tile (land without a school).
    Campuses come first, ordered by id; vacant tiles follow, ordered by id. A campus without land
    and without contacts stays apart: no plan gives it a community.

    Attributes
    ----------
    node_ids
        A campus goes by its first school's id, a vacant tile by its tile id.
    n_campuses
        Nodes ``0 .. n_campuses - 1`` are campuses.
    school_ids
        Every school of the network, sorted.
    school_node
        Shape (n_schools,): the node of each school.
    has_land
        Shape (n_nodes,): whether the node has a tile.
    contact_a, contact_b
        Shape (n_contacts,): node indices. Land contacts (``border``, ``bridge``) have
        ``a < b``; the others have the landless campus first, the landed node second (the
        other campus of a ``feed``, which may have no land, but then touches some itself).
        Sorted by (a, b); one contact a pair.
    contact_kind
        Shape (n_contacts,), text: ``border``, ``bridge``, ``overlap`` (the campus' own area
        lies on the tile), ``campus`` (the campus has no area; its point lies in the tile) or
        ``feed`` (pupils of the campus, one of choice, come from or go to the other campus).
    contact_border_m
        Shape (n_contacts,): shared border in metres; 0 for a bridge, NaN for the others.
    contact_share
        Shape (n_contacts,): share of the landless campus' own area on the tile (1 for
        ``campus``); for ``feed`` the share of its pupils, scaled up where they are spread thin
        (:func:`~feeder.network.choice.feed_contacts`); NaN for land contacts. A campus is in
        touch with its community where the shares on the community's nodes sum to at least
        LEAST_SHARE.
    flow_from, flow_to
        Shape (n_flows,): school indices, sorted, no self flows.
    flow_students
        Shape (n_flows,): students a year.
    flow_source
        Shape (n_flows,), text: ``observed``, ``zoned`` or ``estimated``.

    Examples
    --------
    >>> graph = plan.network.graph
    >>> graph.contact_a.shape == graph.contact_b.shape
    True
    """

    node_ids: tuple[str, ...]
    n_campuses: int
    school_ids: tuple[str, ...]
    school_node: IntArray
    has_land: BoolArray
    contact_a: IntArray
    contact_b: IntArray
    contact_kind: npt.NDArray[np.str_]
    contact_border_m: FloatArray
    contact_share: FloatArray
    flow_from: IntArray
    flow_to: IntArray
    flow_students: FloatArray
    flow_source: npt.NDArray[np.str_]

    @property
    def has_estimates(self) -> bool:
        """Whether any flow is estimated, so that figures of flows are rough."""
        return bool((self.flow_source == "estimated").any())

    @property
    def n_nodes(self) -> int:
        """Number of campuses and vacant tiles."""
        return len(self.node_ids)

    @property
    def is_land_contact(self) -> BoolArray:
        """Shape (n_contacts,): whether the contact holds two pieces of land together."""
        return np.isin(self.contact_kind, LAND_KINDS)

    @property
    def is_apart(self) -> BoolArray:
        """Shape (n_nodes,): campuses without land and contacts, outside every community."""
        touched = np.zeros(self.n_nodes, dtype=np.bool_)
        touched[self.contact_a] = True
        touched[self.contact_b] = True
        return ~self.has_land & ~touched

    @property
    def is_mostly_estimated(self) -> bool:
        """Whether more than half of the students who change school are estimated."""
        estimated = self.flow_students[self.flow_source == "estimated"].sum()
        return bool(2 * estimated > self.flow_students.sum())

    def __repr__(self) -> str:
        return (
            f"FeederGraph({len(self.school_ids)} schools on {self.n_campuses} campuses, "
            f"{self.n_nodes - self.n_campuses} vacant tiles, {len(self.contact_a)} contacts, "
            f"{len(self.flow_from)} flows)"
        )
