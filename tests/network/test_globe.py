"""Which UTM zone a place lies in: as PROJ says, whether it was asked or not."""

import geopandas as gpd
import pytest

from feeder.network.globe import utm_zone


@pytest.mark.parametrize(
    ("lon", "lat"),
    [
        *((-179.8, 0.2), (-122.3, 47.6), (-74.97, 40.01), (2.9, 79.8), (179.8, -79.8)),
        *((6.05, 60.0), (-12.005, 50.0), (-6.0, 50.0), (21.0, -0.05), (9.0, 83.0)),
    ],
)
def test_the_zone_is_the_one_that_proj_finds(lon: float, lat: float) -> None:
    points = gpd.GeoSeries.from_xy([lon - 0.01, lon + 0.01], [lat, lat], crs="EPSG:4326")
    assert utm_zone(points) == points.estimate_utm_crs()


def test_every_zone_has_its_number() -> None:
    for number in range(1, 61):
        for lat, first in ((50.0, 32600), (-50.0, 32700)):
            points = gpd.GeoSeries.from_xy([6 * number - 183.0], [lat], crs="EPSG:4326")
            zone = utm_zone(points)
            assert zone.to_epsg() == first + number
            west, south, east, north = zone.area_of_use.bounds
            assert west <= 6 * number - 183.0 <= east
            assert south <= lat <= north
