"""A district on both sides of the meridian of 180 degrees."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
import shapely

from feeder.district import read_district
from feeder.district.schools.places import across_180
from feeder.network.build import build_network
from feeder.network.globe import to_degrees

AREAS = '\n[[attendance_areas]]\nlevel = "elementary"\npath = "areas.geojson"\n'
EAST = 105.005
"""What brings the middle of the small district's second area to the meridian."""


def moved(lon: float) -> float:
    return (lon - EAST + 180.0) % 360.0 - 180.0


def test_its_land_stays_whole(small: SimpleNamespace) -> None:
    lines = small.schools.splitlines()
    rows = [line.split(",") for line in lines[1:]]
    texts = [",".join([*row[:3], f"{moved(float(row[3])):.6f}", *row[4:]]) for row in rows]
    layer = json.loads(small.areas)
    for feature in layer["features"]:
        feature["geometry"]["coordinates"] = [
            [[round(moved(x), 9), y] for x, y in ring]
            for ring in feature["geometry"]["coordinates"]
        ]
    folder = small.write(
        AREAS, schools_csv="\n".join([lines[0], *texts, ""]), areas_geojson=json.dumps(layer)
    )
    district = read_district(folder)
    assert np.ptp(district.schools["lon"]) < 0.05
    network = build_network(district)
    degrees = to_degrees(network.tiles.geometry)
    west, _, east, _ = degrees.total_bounds
    assert east - west == pytest.approx(0.03, abs=1e-6)
    plain = build_network(read_district(small.write(AREAS)))
    areas = [shapely.area(one.tiles.geometry.to_numpy()).sum() for one in (network, plain)]
    assert areas[0] == pytest.approx(areas[1], rel=0.01)


def test_a_lost_minus_does_not_turn_the_globe() -> None:
    lon = np.array([-99.9, -99.8, 99.7])
    assert across_180(lon).tolist() == lon.tolist()
    assert across_180(np.array([179.9, -179.9])).tolist() == pytest.approx([179.9, 180.1])
