"""A district on both sides of the meridian of 180 degrees."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
import shapely

from feeder.district import read_district
from feeder.district.schools.places import across_180, on_globe
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


def test_what_feeder_wrote_of_it_is_read_back(small: SimpleNamespace) -> None:
    lines = small.schools.splitlines()
    rows = [line.split(",") for line in lines[1:]]
    beyond = [",".join([*row[:3], f"{float(row[3]) - EAST + 360:.6f}", *row[4:]]) for row in rows]
    layer = json.loads(small.areas)
    for feature in layer["features"]:
        feature["geometry"]["coordinates"] = [
            [[round(x - EAST + 360, 9), y] for x, y in ring]
            for ring in feature["geometry"]["coordinates"]
        ]
    texts = {
        "schools_csv": "\n".join([lines[0], *beyond, ""]),
        "areas_geojson": json.dumps(layer),
        "homes_csv": "lat,lon,n\n40.005,180.005,3\n40.005,-179.995,4\n40.005,179.995,5\n",
        "offices_csv": "office_id,lat,lon\no,40.005,180.004\n",
    }
    sections = AREAS + (
        '[residents]\npath = "homes.csv"\ncolumns = { students = "n" }\n'
        '[offices]\npath = "offices.csv"\n[boundary]\npath = "areas.geojson"\n'
    )
    district = read_district(small.write(sections, **texts))
    assert district.schools.loc["03", "lon"] == pytest.approx(-74.985 - EAST + 360)
    network = build_network(district)
    plain = build_network(read_district(small.write(AREAS)))
    areas = [shapely.area(one.tiles.geometry.to_numpy()).sum() for one in (network, plain)]
    assert areas[0] == pytest.approx(areas[1], rel=0.01)
    assert district.residents is not None
    assert district.residents["students"].sum() == 12
    assert network.graph.node_ids == plain.graph.node_ids


@pytest.mark.parametrize(
    ("lon", "read"),
    [
        ([179.9, 180.1], [179.9, -179.9]),
        ([-180.1, -179.9], [179.9, -179.9]),
        ([179.9, np.nan, 180.1], [179.9, np.nan, -179.9]),
        ([-75.0, 181.0], [-75.0, 181.0]),
        ([270.0, 271.0], [270.0, 271.0]),
        ([179.0, 180.0], [179.0, 180.0]),
    ],
)
def test_longitudes_beyond_180_are_those_of_a_district_across_it(
    lon: list[float], read: list[float]
) -> None:
    assert on_globe(np.array(lon)) == pytest.approx(read, nan_ok=True)


def test_a_layer_on_one_side_lies_near_schools_on_the_other(small: SimpleNamespace) -> None:
    lines = small.schools.splitlines()
    rows = [line.split(",") for line in lines[1:]]
    west = [",".join([*row[:3], f"{float(row[3]) - EAST + 359.98:.6f}", *row[4:]]) for row in rows]
    ring = small.square(-179.98)
    layer = small.geojson(small.feature({"school_id": "01"}, ring))
    folder = small.write(AREAS, schools_csv="\n".join([lines[0], *west, ""]), areas_geojson=layer)
    assert read_district(folder).areas is not None
