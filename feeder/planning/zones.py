"""Zones: the pieces of land that no community may straddle, and how many communities each gets.

A community always has the land of some campus: none is made of vacant tiles and landless schools.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from feeder.district.model import District
from feeder.errors import InputError, Problem
from feeder.language import Fact, Message
from feeder.network.graph import FEED, FeederGraph
from feeder.terms import LEAST_SHARE, SUM_SLACK
from feeder.wording import counted, joined, listed, nearest

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Zones:
    """Connected pieces of regions.

    Attributes
    ----------
    names
        A label a planner knows for each zone: its region, with a number where the region's
        land lies in several pieces; one empty label where nothing is nested.
    regions
        The region of each zone; empty where nothing is nested.
    node_zone
        Shape (n_nodes,): the zone of each node; -1 for a vacant tile that any zone may take.
    may_hold
        Shape (n_zones, n_nodes): whether a campus may be in a zone. Mostly it may be in one; a
        landless one that leans on several pieces of its region is given the one it leans on most.
    conflicts
        Why the nesting cannot hold; empty where it can.
    """

    names: tuple[str, ...]
    regions: tuple[str, ...]
    node_zone: IntArray
    may_hold: BoolArray
    conflicts: tuple[Message, ...]

    def that_hold(self, nodes: Iterable[int]) -> list[int]:
        """Return the zones that every one of these campuses may be in."""
        zones: list[int] = np.flatnonzero(self.may_hold[:, list(nodes)].all(axis=1)).tolist()
        return zones


def make_zones(district: District, graph: FeederGraph, nested_in: str | None) -> Zones:
    """Divide the network into zones; the whole network is one zone without ``nested_in``.

    Raises
    ------
    InputError
        Where the column is unknown, or blank for some school.
    """
    if nested_in is None:
        everywhere = np.zeros(graph.n_nodes, dtype=np.int64)
        return Zones(("",), ("",), everywhere, np.ones((1, graph.n_nodes), dtype=np.bool_), ())
    region = _region_of_schools(district, graph, nested_in)
    conflicts = _campus_conflicts(district, graph, region, nested_in)
    node_region = np.full(graph.n_nodes, "", dtype=object)
    node_region[graph.school_node[::-1]] = region[::-1]  # the first school speaks for its campus
    names: list[str] = []
    regions: list[str] = []
    reach = [np.zeros((0, graph.n_nodes), dtype=np.bool_)]
    for name in sorted(set(region)):
        pieces = _pieces(graph, node_region, name)
        names += _labels(district, graph, name, pieces)
        regions += [name] * len(pieces)
        reach.append(pieces)
    within = np.concatenate(reach)
    may_hold = within & (node_region[None, :] != "")
    node_zone = np.where(may_hold.any(axis=0), may_hold.argmax(axis=0), -1)
    conflicts += _zone_landless(
        district, graph, node_region, np.array(regions), within, may_hold, node_zone, nested_in
    )
    return Zones(tuple(names), tuple(regions), node_zone, may_hold, tuple(conflicts))


def columns_to_group_by(district: District) -> dict[str, pd.Series[str]]:
    """Return the columns of text of the schools table, by whose values schools may be grouped."""
    return {
        **{str(name): column for name, column in district.extra.items()},
        **{name: district.schools[name] for name in ("region", "kind")},
    }


def _region_of_schools(
    district: District, graph: FeederGraph, nested_in: str
) -> npt.NDArray[np.object_]:
    columns = columns_to_group_by(district)
    if nested_in not in columns:
        problem = Problem(
            rule="unknown-column",
            message=f"nested_in = {nested_in!r}: the schools table has no such column.",
            fix=nearest(nested_in, columns),
            column=nested_in,
        )
        raise InputError([problem])
    values = columns[nested_in].reindex(list(graph.school_ids)).fillna("").str.strip()
    blank = values.index[values == ""]
    if len(blank):
        names = [str(name) for name in district.schools.loc[blank, "name"]]
        problem = Problem(
            rule="blank-region",
            message=f"{counted(len(blank), 'school')} {'has' if len(blank) == 1 else 'have'} no "
            f"{nested_in}: {listed(names)}.",
            fix="Fill the column, or plan without nesting.",
            column=nested_in,
        )
        raise InputError([problem])
    return values.to_numpy(dtype=object)


def _campus_conflicts(
    district: District, graph: FeederGraph, region: npt.NDArray[np.object_], nested_in: str
) -> list[Message]:
    frame = pd.DataFrame({"node": graph.school_node, "region": region})
    frame["name"] = district.schools["name"].reindex(graph.school_ids).to_numpy()
    conflicts: list[Message] = []
    for _, campus in frame.groupby("node"):
        if len(set(campus["region"])) > 1:
            places = [
                Message("place.in", {"schools": name, "community": region_of_it})
                for name, region_of_it in zip(campus["name"], campus["region"], strict=True)
            ]
            told: dict[str, Fact] = {"column": nested_in, "places": joined("cannot.list", places)}
            conflicts.append(Message("cannot.campus_straddling", told))
    return conflicts


def _pieces(graph: FeederGraph, node_region: npt.NDArray[np.object_], name: str) -> BoolArray:
    """Return the connected pieces of a region's landed campuses; vacant tiles may link them.

    Shape (n_pieces, n_nodes): the campuses of each piece, and the vacant tiles it may reach.
    """
    member = (node_region == name) & graph.has_land
    usable = member | (graph.has_land & (np.arange(graph.n_nodes) >= graph.n_campuses))
    keep = graph.is_land_contact & usable[graph.contact_a] & usable[graph.contact_b]
    a, b = graph.contact_a[keep], graph.contact_b[keep]
    matrix = sp.coo_array((np.ones(len(a)), (a, b)), shape=(graph.n_nodes, graph.n_nodes))
    _, component = connected_components(matrix, directed=False)
    pieces: BoolArray = pd.unique(component[member])[:, None] == component
    return pieces


def _labels(district: District, graph: FeederGraph, region: str, pieces: BoolArray) -> list[str]:
    """Call each piece of a region by the region, and all but the largest by their schools."""
    if len(pieces) <= 1:  # none where no campus of the region has land
        return [region] * len(pieces)
    campuses = pieces[:, : graph.n_campuses]
    largest, names = int(campuses.sum(axis=1).argmax()), district.schools["name"]
    labels = []
    for number, piece in enumerate(campuses):
        ids = [graph.node_ids[node] for node in np.flatnonzero(piece)]
        schools = "" if number == largest else f": {listed([f'{names[i]} ({i})' for i in ids])}"
        labels.append(f"{region} (piece {number + 1} of {len(pieces)}{schools})")
    return labels


def _zone_landless(
    district: District,
    graph: FeederGraph,
    node_region: npt.NDArray[np.object_],
    regions: npt.NDArray[np.str_],
    within: BoolArray,
    may_hold: BoolArray,
    node_zone: IntArray,
    nested_in: str,
) -> list[Message]:
    """Give each landless campus the zone of its region that it leans on most.

    ``regions`` are those of the zones; ``within``, of shape (n_zones, n_nodes), is the land that
    each zone may reach. ``may_hold`` and ``node_zone`` are completed.
    """
    anchor = ~graph.is_land_contact
    a, b, share = graph.contact_a[anchor], graph.contact_b[anchor], graph.contact_share[anchor]
    fed = np.isin(np.arange(graph.n_nodes), graph.contact_a[graph.contact_kind == FEED])
    conflicts: list[Message] = []
    landless = np.flatnonzero(~graph.has_land)
    for u in landless[np.argsort(fed[landless], kind="stable")]:  # others may be their partners
        on = b[a == u]
        held = ((within | may_hold)[:, on] * share[a == u]).sum(axis=1)
        may_hold[:, u] = (regions == node_region[u]) & (held >= LEAST_SHARE - SUM_SLACK)
        if may_hold[:, u].any():
            sure = (may_hold[:, on] * share[a == u]).sum(axis=1)
            node_zone[u] = np.lexsort((held, sure, may_hold[:, u]))[-1]
            continue
        school = graph.node_ids[u]
        far: dict[str, Fact] = {"column": nested_in, "value": str(node_region[u])}
        far["school"] = str(district.schools["name"].get(school, school))
        key = "cannot.far_by_pupils" if fed[u] else "cannot.far_by_land"
        conflicts.append(Message(key, far))
    return conflicts
