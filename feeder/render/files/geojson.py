"""Tiles and communities as GeoJSON.

Both in EPSG:4326 as RFC 7946 wants it: longitude first, outer rings counterclockwise, coordinates
rounded to 9 decimals. Every vertex is rounded alike wherever it occurs, so that borders that are
shared stay shared.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import Transformer

from feeder.district.model import WGS84
from feeder.measures.scorecard import Scorecard
from feeder.measures.shape import GeometryArray, community_land, offshore_parts
from feeder.network.globe import whole
from feeder.planning import Assignment
from feeder.publishing.published import PublishedPlan
from feeder.writing.texts import plain

_DECIMALS: Final = 9
"""Of a degree, about a tenth of a millimetre: compactness can be recomputed to 1e-6."""


def tiles_layer(assignment: Assignment) -> str:
    """Return the tiles with ``tile_id``, ``school_id`` (null when vacant) and ``community_id``.

    ``offshore_parts`` lists the polygons of a multipolygon (counted from 0) that are offshore.
    """
    tiles = assignment.network.tiles
    ids = [*assignment.community_ids, None]
    node = tiles["node"].to_numpy(np.int64)
    records = [
        {
            "tile_id": tile,
            "school_id": school,
            "community_id": ids[assignment.node_community[at]],
            "offshore_parts": parts.tolist(),
        }
        for tile, school, at, parts in zip(
            tiles["tile_id"],
            tiles["school_id"],
            node,
            offshore_parts(assignment.network),
            strict=True,
        )
    ]
    return _collection(tiles.geometry.to_numpy(), records, assignment.network.crs)


def communities_layer(published: PublishedPlan) -> str:
    """Return one feature a community: its identity and every figure that may be told of it.

    A figure known as a range is null, and stands as ``NAME_low`` and ``NAME_high``.
    """
    assignment, scorecard = published.assignment, published.scorecard
    network = assignment.network
    by_tile = assignment.node_community[network.tiles["node"].to_numpy(np.int64)]
    land = community_land(network.tiles.geometry.to_numpy(), by_tile, assignment.n_communities)
    rows = _with_ends(scorecard).reindex(list(assignment.community_ids))
    figures = rows.drop(columns="name").to_dict(orient="records")
    records = [
        {"community_id": one.id, "number": one.number, "name": one.name, "color": one.color, **row}
        for one, row in zip(assignment.communities, figures, strict=True)
    ]
    return _collection(land, records, network.crs)


def _with_ends(scorecard: Scorecard) -> pd.DataFrame:
    """Return the communities; what is open of a figure stands beside it in place of the figure."""
    table = scorecard.communities
    if scorecard.least is None or scorecard.most is None:
        return table
    columns: dict[str, pd.Series[Any]] = {}
    for name in map(str, table.columns):
        low, high = scorecard.ends(name)
        columns[name] = table[name]
        if name in scorecard.least:
            is_open = (low < high).to_numpy()
            columns[name] = table[name].astype(object).mask(is_open, None)
            columns |= {f"{name}_low": low, f"{name}_high": high}
    return pd.DataFrame(columns, index=table.index)


def _collection(geometries: GeometryArray, records: Iterable[Mapping[Any, Any]], crs: str) -> str:
    """Return a FeatureCollection, one feature a line."""
    features = [
        json.dumps(
            {"type": "Feature", "properties": plain(record), "geometry": geometry},
            ensure_ascii=False,
            allow_nan=False,
            separators=(",", ":"),
        )
        for record, geometry in zip(records, _degrees(geometries, crs), strict=True)
    ]
    body = ",\n".join(features)
    return f'{{"type":"FeatureCollection","features":[\n{body}\n]}}\n'


def _degrees(geometries: GeometryArray, crs: str) -> list[dict[str, Any] | None]:
    """Return geometries as GeoJSON objects in longitude and latitude; None where empty."""
    move = Transformer.from_crs(crs, WGS84, always_xy=True)

    def rounded(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        degrees = np.column_stack(move.transform(xy[:, 0], xy[:, 1]))
        return np.round(whole(degrees, crs), _DECIMALS)

    turned = shapely.orient_polygons(shapely.transform(geometries, rounded))
    return [None if shape.is_empty else shapely.geometry.mapping(shape) for shape in turned]
