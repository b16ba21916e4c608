"""Zones: the pieces of land that no community may straddle, and how many communities each gets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from feeder.district.model import District
from feeder.errors import InputError, Problem
from feeder.network.graph import MIN_OVERLAP, FeederGraph
from feeder.scenario import nearest

IntArray = npt.NDArray[np.int64]


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
    conflicts
        Why the nesting cannot hold, in words; empty where it can.
    """

    names: tuple[str, ...]
    regions: tuple[str, ...]
    node_zone: IntArray
    conflicts: tuple[str, ...]


def make_zones(district: District, graph: FeederGraph, nested_in: str | None) -> Zones:
    """Divide the network into zones; the whole network is one zone without ``nested_in``.

    Raises
    ------
    InputError
        Where the column is unknown, or blank for some school.
    """
    if nested_in is None:
        return Zones(("",), ("",), np.zeros(graph.n_nodes, dtype=np.int64), ())
    region = _region_of_schools(district, graph, nested_in)
    conflicts = _campus_conflicts(district, graph, region, nested_in)
    node_region = np.full(graph.n_nodes, "", dtype=object)
    node_region[graph.school_node[::-1]] = region[::-1]  # the first school speaks for its campus
    names: list[str] = []
    regions: list[str] = []
    node_zone = np.full(graph.n_nodes, -1, dtype=np.int64)
    for name in sorted(set(region)):
        pieces = _pieces(graph, node_region, name)
        for number, nodes in enumerate(pieces, start=1):
            node_zone[nodes] = len(names)
            names.append(name if len(pieces) == 1 else f"{name} (piece {number} of {len(pieces)})")
            regions.append(name)
    conflicts += _zone_landless(district, graph, node_region, node_zone, nested_in)
    return Zones(tuple(names), tuple(regions), node_zone, tuple(conflicts))


def _region_of_schools(
    district: District, graph: FeederGraph, nested_in: str
) -> npt.NDArray[np.object_]:
    columns: dict[str, pd.Series[str]] = {
        **{str(name): column for name, column in district.extra.items()},
        **{name: district.schools[name] for name in ("region", "kind")},
    }
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
            message=f"{len(blank)} schools have no {nested_in}: {_listed(names)}.",
            fix="Fill the column, or plan without nesting.",
            column=nested_in,
        )
        raise InputError([problem])
    return values.to_numpy(dtype=object)


def _campus_conflicts(
    district: District, graph: FeederGraph, region: npt.NDArray[np.object_], nested_in: str
) -> list[str]:
    frame = pd.DataFrame({"node": graph.school_node, "region": region})
    frame["name"] = district.schools["name"].reindex(graph.school_ids).to_numpy()
    conflicts = []
    for _, campus in frame.groupby("node"):
        if len(set(campus["region"])) > 1:
            places = ", ".join(
                f"{name} in {r}" for name, r in zip(campus["name"], campus["region"], strict=True)
            )
            conflicts.append(
                f"Schools on one campus lie in different values of {nested_in} ({places}); a "
                "campus never parts. Give them one value, or plan without nesting."
            )
    return conflicts


def _pieces(
    graph: FeederGraph, node_region: npt.NDArray[np.object_], name: str
) -> list[npt.NDArray[np.int64]]:
    """Return the connected pieces of a region's landed campuses; vacant tiles may link them."""
    member = (node_region == name) & graph.has_land
    usable = member | (graph.has_land & (np.arange(graph.n_nodes) >= graph.n_campuses))
    keep = graph.is_land_contact & usable[graph.contact_a] & usable[graph.contact_b]
    a, b = graph.contact_a[keep], graph.contact_b[keep]
    matrix = sp.coo_array((np.ones(len(a)), (a, b)), shape=(graph.n_nodes, graph.n_nodes))
    _, component = connected_components(matrix, directed=False)
    labels = pd.unique(component[member])
    return [np.flatnonzero(member & (component == label)) for label in labels]


def _zone_landless(
    district: District,
    graph: FeederGraph,
    node_region: npt.NDArray[np.object_],
    node_zone: IntArray,
    nested_in: str,
) -> list[str]:
    """Give each landless campus the zone of its region that it leans on most."""
    anchor = ~graph.is_land_contact
    a, b, share = graph.contact_a[anchor], graph.contact_b[anchor], graph.contact_share[anchor]
    conflicts: list[str] = []
    for u in np.flatnonzero(~graph.has_land):
        on = b[a == u]
        mine = (node_region[on] == node_region[u]) | (node_zone[on] < 0)
        held = pd.Series(share[a == u][mine]).groupby(node_zone[on][mine]).sum()
        own = held[held.index >= 0]
        if len(own) and held.sum() >= MIN_OVERLAP - 1e-9:
            node_zone[u] = int(own.index[int(np.argmax(own.to_numpy()))])
            continue
        school = graph.node_ids[u]
        conflicts.append(
            f"{district.schools['name'].get(school, school)} has {nested_in} {node_region[u]}, but "
            "less than a tenth of its own area (or, having none, its site) lies on tiles of "
            f"that {nested_in}. Correct its {nested_in}, or plan without nesting."
        )
    return conflicts


def apportion(cost: npt.NDArray[np.float64], total: int) -> tuple[IntArray, float]:
    """Share ``total`` communities among zones at the least total cost.

    Parameters
    ----------
    cost
        Shape (n_zones, total + 1): cost of giving a zone that many communities; infinite where
        it may not have them.
    total
        Communities to share.

    Returns
    -------
    Shape (n_zones,): communities of each zone, and their cost (infinite where none fits).
    Exact, by dynamic programming over zones.
    """
    n_zones = len(cost)
    best = np.full((n_zones + 1, total + 1), np.inf)
    choice = np.zeros((n_zones, total + 1), dtype=np.int64)
    best[0, 0] = 0.0
    for zone in range(n_zones):
        for used in range(total + 1):
            options = best[zone, used::-1] + cost[zone, : used + 1]
            choice[zone, used] = int(np.argmin(options))
            best[zone + 1, used] = options[choice[zone, used]]
    counts = np.zeros(n_zones, dtype=np.int64)
    used = total
    for zone in range(n_zones - 1, -1, -1):
        counts[zone] = choice[zone, used]
        used -= int(counts[zone])
    return counts, float(best[n_zones, total])


def _listed(names: list[str], most: int = 5) -> str:
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"
