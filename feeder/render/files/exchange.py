"""Plans in the formats of other programs; what is written here can be read back.

:func:`feeder.opening.reading.read_plan` reads each of them as the same plan.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from feeder.planning import Assignment
from feeder.render.files.dual_graph import gerrychain_json, graphml
from feeder.render.files.geojson import tiles_layer
from feeder.writing.texts import csv_text, plain


def plan_csv(assignment: Assignment) -> str:
    """Return ``school_id,community_id,community`` of every school, as in an output folder."""
    return csv_text(assignment.plan_table())


def districtr_csv(assignment: Assignment) -> str:
    """Return ``id,assignment`` of every school, in Districtr's manner."""
    table = assignment.plan_table()[["school_id", "community_id"]]
    return csv_text(table.set_axis(["id", "assignment"], axis=1))


def geojson(assignment: Assignment) -> str:
    """Return the tiles as polygons, then the schools as points, each with ``community_id``.

    A tile has a ``tile_id``, and a ``school_id`` unless it is vacant; a school has a
    ``school_id``, a ``name`` and the name of its ``community``. EPSG:4326.
    """
    tiles: list[dict[str, Any]] = json.loads(tiles_layer(assignment))["features"]
    places = assignment.district.schools
    plan = assignment.plan_table()
    schools = [
        {
            "type": "Feature",
            "properties": {
                "tile_id": None,
                "school_id": school,
                "name": str(places["name"][school]),
                "community_id": community or None,
                "community": called or None,
            },
            "geometry": {
                "type": "Point",
                "coordinates": [float(places["lon"][school]), float(places["lat"][school])],
            },
        }
        for school, community, called in plan.itertuples(index=False, name=None)
    ]
    body = ",\n".join(
        json.dumps(plain(feature), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        for feature in [*tiles, *schools]
    )
    return f'{{"type":"FeatureCollection","features":[\n{body}\n]}}\n'


FORMATS: Final[Mapping[str, Callable[[Assignment], str]]] = MappingProxyType(
    {
        "csv": plan_csv,
        "districtr": districtr_csv,
        "geojson": geojson,
        "gerrychain": gerrychain_json,
        "graphml": graphml,
    }
)
"""What writes a plan as text, by the name of the format."""
