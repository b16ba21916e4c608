"""From a district to its network: campuses, tiles, contacts and flows put together."""

from __future__ import annotations

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from feeder.district.model import WGS84, District
from feeder.errors import Problem
from feeder.network.campuses import Campuses, find_campuses
from feeder.network.cells import campus_cells
from feeder.network.choice import Choice, feed_contacts, settle_choice
from feeder.network.choice_zones import divide_zones
from feeder.network.contacts import (
    Contacts,
    border_contacts,
    bridge_contacts,
    landless_contacts,
)
from feeder.network.coverage import GeometryArray, as_geometries, connected
from feeder.network.flows import FlowTable, network_flows
from feeder.network.globe import utm_zone
from feeder.network.graph import BoolArray, FeederGraph, FloatArray, IntArray
from feeder.network.ground import Ground
from feeder.network.model import Network
from feeder.network.nodes import Nodes, area_nodes, campus_nodes
from feeder.network.residents import block_polygons, residents_of
from feeder.network.tiles import same_land, tile_level
from feeder.network.travel import travel_of
from feeder.network.virtual import tell_virtual
from feeder.network.virtual import virtual_schools as virtual_of


@dataclass(frozen=True, slots=True, eq=False)
class _Metric:
    """The district's geometry in metres.

    ``layer`` are the areas that become tiles, sorted by id; None where no areas of the lowest
    level are given. ``alike``, of shape (k, 2), are those of them that are the same land.
    """

    crs: str
    points: FloatArray
    areas: gpd.GeoDataFrame | None
    layer: gpd.GeoDataFrame | None
    alike: IntArray
    outline: BaseGeometry | None
    warnings: tuple[Problem, ...]


_HIGHER_ONLY = Problem(
    rule="no-lowest-areas",
    message="no attendance areas of the lowest grades are given, so every campus holds the land "
    "nearest to it inside the areas that are.",
    fix="Give the elementary areas in [[attendance_areas]] to plan along them.",
)
_BLOCKS = Problem(
    rule="land-of-blocks",
    message="no attendance areas of the lowest grades are given, so every campus holds the blocks "
    "of [residents] nearest to it, whole.",
    fix="Give the elementary areas in [[attendance_areas]] to plan along them.",
)


def build_network(
    district: District,
    *,
    choice_schools: str = "place",
    virtual_schools: str = "apart",
    campus_radius_m: float = 60.0,
    mend_share: float = 0.02,
) -> Network:
    """Make the network of a district.

    Parameters
    ----------
    district
        Schools, areas, outline and flows.
    choice_schools
        Where schools of choice belong: where their point lies (``place``), where their pupils
        come from or go (``flow``), or to no community (``apart``). The flows are the same under
        each.
    virtual_schools
        Whether virtual schools belong to no community (``apart``) or where their point lies
        (``place``).
    campus_radius_m
        Schools within this distance are on one campus (single linkage).
    mend_share
        Pieces of an attendance area under this share of it go to the tile around them.

    Returns
    -------
    Network
        Its graph's nodes are campuses, sorted by id, then vacant tiles, sorted by id.

    Raises
    ------
    InputError
        Where all schools stay apart.

    Examples
    --------
    >>> network = build_network(district)
    >>> len(network.graph.school_ids)
    130
    """
    metric = _project(district)
    flows = network_flows(district, _ground(district, metric))
    virtual = virtual_of(district)
    gone = virtual & (virtual_schools == "apart")
    campuses = _campuses(district, metric, campus_radius_m, gone)
    choice = settle_choice(district, campuses, flows.flows, choice_schools, gone)
    nodes = _nodes(district, metric, campuses, choice, mend_share)
    contacts, warnings = _contacts(district, metric, campuses, nodes, choice)
    told = (
        *metric.warnings,
        *campuses.warnings,
        *tell_virtual(district, virtual, virtual_schools),
        *choice.warnings,
        *nodes.land.warnings,
        *nodes.warnings,
        *warnings,
        *flows.warnings,
    )
    network = _assemble(district, metric.crs, campuses, nodes, contacts, flows, told)
    return replace(network, choice_schools=choice_schools, virtual_schools=virtual_schools)


def _project(district: District) -> _Metric:
    """Bring all geometry into the UTM zone of the schools."""
    schools = district.schools
    points = gpd.GeoSeries.from_xy(schools["lon"], schools["lat"], crs=WGS84)
    crs = utm_zone(points)
    metres = shapely.get_coordinates(points.to_crs(crs).to_numpy())
    areas = layer = outline = None
    told: tuple[Problem, ...] = ()
    alike = np.empty((0, 2), dtype=np.int64)
    if district.areas is not None:
        areas = district.areas.to_crs(crs)
        areas["geometry"] = _repaired(areas.geometry.to_numpy())
        is_lowest = areas["level"] == tile_level(areas, schools)
        lowest, told = divide_zones(areas[is_lowest], schools, metres)
        if len(lowest):
            areas = pd.concat([lowest, areas[~is_lowest]])
            layer = lowest.sort_values("area_id", ignore_index=True)
            alike = same_land(layer.geometry.to_numpy())
    if district.boundary is not None:
        projected = gpd.GeoSeries([district.boundary], crs=WGS84).to_crs(crs)
        outline = _repaired(projected.to_numpy())[0]
    return _Metric(f"EPSG:{crs.to_epsg()}", metres, areas, layer, alike, outline, told)


def _ground(district: District, metric: _Metric) -> Ground | None:
    """Return what the district drew; None without areas."""
    if metric.areas is None:
        return None
    zone = connected(len(metric.areas), *_alike_of_level(metric.areas).T)
    residents = residents_of(district.residents, metric.crs)
    return Ground(metric.points, metric.areas, zone, residents)


def _alike_of_level(areas: gpd.GeoDataFrame) -> IntArray:
    """Return shape (k, 2): pairs of areas of one level that are the same land."""
    pairs = [np.empty((0, 2), dtype=np.int64)]
    for level in areas["level"].unique():
        rows = np.flatnonzero(areas["level"] == level)
        pairs.append(rows[same_land(areas.geometry.to_numpy()[rows])])
    return np.concatenate(pairs)


def _repaired(polygons: GeometryArray) -> GeometryArray:
    """Mend rings that cross themselves only once they are projected."""
    broken = ~shapely.is_valid(polygons)
    repaired = np.array(polygons, dtype=object)
    repaired[broken] = shapely.make_valid(
        polygons[broken], method="structure", keep_collapsed=False
    )
    return repaired


def _campuses(
    district: District, metric: _Metric, campus_radius_m: float, alone: BoolArray
) -> Campuses:
    """Group schools that share a site or an attendance area."""
    pairs = _owners(district, metric)[metric.alike]
    same_area = pairs[(pairs >= 0).all(axis=1)]
    return find_campuses(district.schools, metric.points, same_area, campus_radius_m, alone)


def _owners(district: District, metric: _Metric) -> IntArray:
    """Shape (n_areas,): the school of each area of the tile layer; -1 is vacant."""
    owners = pd.Index([] if metric.layer is None else metric.layer["school_id"], dtype=object)
    return district.schools.index.get_indexer(owners).astype(np.int64)


def _nodes(
    district: District, metric: _Metric, campuses: Campuses, choice: Choice, mend_share: float
) -> Nodes:
    """Give campuses their land."""
    names = _names(district, campuses)
    if metric.layer is None:
        return _cell_nodes(district, metric, campuses, choice, mend_share)
    school = _owners(district, metric)
    return area_nodes(
        metric.layer,
        metric.alike,
        np.where(school >= 0, campuses.of_school[school], -1),
        campuses,
        names,
        metric.outline,
        metric.points,
        mend_share,
    )


def _cell_nodes(
    district: District, metric: _Metric, campuses: Campuses, choice: Choice, mend_share: float
) -> Nodes:
    """Give campuses the land nearest to them, along what the district drew."""
    names = _names(district, campuses)
    blocks = block_polygons(district.residents, metric.crs)
    if metric.areas is None and not len(blocks):
        return campus_nodes(campuses, names, metric.outline, choice.loose)
    holding = np.flatnonzero(~choice.loose)
    cells = campus_cells(
        metric.areas,
        blocks,
        metric.outline,
        campuses.centre[holding],
        [campuses.ids[one] for one in holding],
        [names[one] for one in holding],
    )
    campus = pd.Index(campuses.ids).get_indexer(pd.Index(cells["school_id"], dtype=object))
    nodes = area_nodes(
        cells,
        np.empty((0, 2), dtype=np.int64),
        campus.astype(np.int64),
        campuses,
        names,
        metric.outline,
        metric.points,
        mend_share,
    )
    return replace(nodes, warnings=(*nodes.warnings, _HIGHER_ONLY if not len(blocks) else _BLOCKS))


def _names(district: District, campuses: Campuses) -> tuple[str, ...]:
    """Return the name of each campus: its first school's."""
    return tuple(district.schools["name"].iloc[campuses.first_school])


def _contacts(
    district: District, metric: _Metric, campuses: Campuses, nodes: Nodes, choice: Choice
) -> tuple[Contacts, tuple[Problem, ...]]:
    """Find all contacts between nodes."""
    tiles = nodes.land.onshore
    borders = border_contacts(nodes.land.borders)
    bridges, told_bridges = bridge_contacts(tiles, borders, nodes.tile_names)
    holding = np.union1d(nodes.tile_node, np.flatnonzero(choice.loose))
    landless = np.setdiff1d(np.arange(nodes.n_campuses), holding)
    areas, campus = _own_areas(district, metric, campuses, landless)
    own, told_own = landless_contacts(
        landless,
        np.asarray(shapely.points(metric.points[campuses.first_school[landless]]), dtype=object),
        [nodes.names[node] for node in landless],
        areas,
        campus,
        tiles,
    )
    on_nodes = [
        borders.on_nodes(nodes.tile_node, nodes.tile_node),
        bridges.on_nodes(nodes.tile_node, nodes.tile_node),
        own.on_nodes(np.arange(nodes.n_campuses), nodes.tile_node),
        feed_contacts(choice),
    ]
    return Contacts.joined(on_nodes), (*told_bridges, *told_own)


def _own_areas(
    district: District, metric: _Metric, campuses: Campuses, landless: IntArray
) -> tuple[GeometryArray, IntArray]:
    """Return the areas of each school on a landless campus, united, and the school's campus."""
    if metric.areas is None:
        return np.empty(0, dtype=object), np.empty(0, dtype=np.int64)
    school = district.schools.index.get_indexer(pd.Index(metric.areas["school_id"]))
    own = (school >= 0) & np.isin(campuses.of_school[school], landless)
    areas, owner = metric.areas.geometry.to_numpy()[own], school[own]
    schools = np.unique(owner)
    united = as_geometries([shapely.union_all(areas[owner == one]) for one in schools])
    return united, campuses.of_school[schools]


def _assemble(
    district: District,
    crs: str,
    campuses: Campuses,
    nodes: Nodes,
    contacts: Contacts,
    flows: FlowTable,
    warnings: tuple[Problem, ...],
) -> Network:
    """Put everything into the graph's order."""
    school_ids = district.schools.index
    table = flows.flows.assign(
        a=school_ids.get_indexer(pd.Index(flows.flows["from_id"])),
        b=school_ids.get_indexer(pd.Index(flows.flows["to_id"])),
    ).sort_values(["a", "b"], ignore_index=True)
    graph = FeederGraph(
        node_ids=nodes.ids,
        n_campuses=nodes.n_campuses,
        school_ids=tuple(school_ids),
        school_node=campuses.of_school,
        has_land=nodes.has_land,
        contact_a=contacts.a,
        contact_b=contacts.b,
        contact_kind=contacts.kind,
        contact_border_m=contacts.border_m,
        contact_share=contacts.share,
        flow_from=table["a"].to_numpy(dtype=np.int64),
        flow_to=table["b"].to_numpy(dtype=np.int64),
        flow_students=table["students"].to_numpy(dtype=np.float64),
        flow_source=table["source"].to_numpy(dtype=np.str_),
    )
    travel = travel_of(district)
    return Network(
        graph=graph,
        tiles=_tile_table(nodes, crs),
        offshore=_offshore_table(nodes, crs),
        crs=crs,
        flows=table.drop(columns=["a", "b"]),
        flow_report=flows.report,
        flow_variants=flows.variants,
        warnings=(*warnings, *travel.warnings),
        travel=travel,
    )


def _tile_table(nodes: Nodes, crs: str) -> gpd.GeoDataFrame:
    """Return one row a tile, in node order."""
    ids = [nodes.ids[node] for node in nodes.tile_node]
    schools = [
        tile_id if node < nodes.n_campuses else None
        for tile_id, node in zip(ids, nodes.tile_node, strict=True)
    ]
    return gpd.GeoDataFrame(
        {
            "tile_id": pd.Series(ids, dtype=object),
            "school_id": pd.Series(schools, dtype=object),
            "node": nodes.tile_node.astype(np.int64),
        },
        geometry=nodes.land.whole(),
        crs=crs,
    )


def _offshore_table(nodes: Nodes, crs: str) -> gpd.GeoDataFrame:
    """Return one row a part of the outline without a school."""
    ids = [nodes.ids[nodes.tile_node[tile]] for tile in nodes.land.offshore_tile]
    return gpd.GeoDataFrame(
        {"tile_id": pd.Series(ids, dtype=object)}, geometry=nodes.land.offshore, crs=crs
    )
