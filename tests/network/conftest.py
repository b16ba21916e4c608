"""Districts on squared paper: coordinates in metres from a point in UTM zone 18."""

from collections.abc import Callable, Iterable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from feeder.district.model import District, Statistics
from feeder.scenario import Scenario

PAPER_CRS = "EPSG:32618"
ORIGIN = (500_000.0, 4_300_000.0)
FLOW_COLUMNS = ("from_id", "to_id", "students", "students_low", "students_high", "source")


def to_degrees(geometries: Iterable[shapely.Geometry]) -> gpd.GeoSeries:
    """Put shapes drawn on paper on the globe."""
    drawn = gpd.GeoSeries(list(geometries), crs=PAPER_CRS).translate(*ORIGIN)
    return drawn.to_crs("EPSG:4326")


def paper_district(
    schools: dict[str, tuple],
    areas: list[tuple[str, str | None, shapely.Geometry]] | None = None,
    boundary: shapely.Geometry | None = None,
    flows: Iterable[tuple[str, str, float]] = (),
) -> District:
    """Make a district.

    ``schools``: id to ``(x, y, grade_low, grade_high)`` and perhaps a campus_id. ``areas``:
    ``(level, school_id, polygon)``; an area's id is ``level:place in the list``.
    """
    ids = sorted(schools)
    rows = [schools[school] for school in ids]
    points = to_degrees(shapely.Point(row[:2]) for row in rows)
    masks = [sum(1 << grade for grade in range(row[2], row[3] + 1)) for row in rows]
    table = pd.DataFrame(
        {
            "name": [f"School {school}" for school in ids],
            "level": "elementary",
            "grades": pd.Series(masks, dtype="int64"),
            "grade_low": [row[2] for row in rows],
            "grade_high": [row[3] for row in rows],
            "lat": points.y,
            "lon": points.x,
            "enrollment": 100,
            "leavers": 10.0,
            "leavers_estimated": False,
            "office_capacity": float("nan"),
            "entering": 10.0,
            "capacity": float("nan"),
            "campus_id": [row[4] if len(row) > 4 else "" for row in rows],
            "region": "",
            "kind": "",
        }
    ).set_index(pd.Index(ids, dtype=object, name="school_id"))
    layer = None
    if areas is not None:
        layer = gpd.GeoDataFrame(
            {
                "level": [level for level, _, _ in areas],
                "area_id": [f"{level}:{place}" for place, (level, _, _) in enumerate(areas)],
                "school_id": pd.Series([school for _, school, _ in areas], dtype=object),
            },
            geometry=to_degrees(shape for _, _, shape in areas).to_numpy(),
            crs="EPSG:4326",
        )
    return District(
        name="Paper",
        year="",
        folder=Path(),
        synthetic=True,
        schools=table,
        extra=pd.DataFrame(index=table.index),
        grade_enrollment=None,
        areas=layer,
        boundary=None if boundary is None else to_degrees([boundary]).iloc[0],
        flows=pd.DataFrame(
            [(a, b, n, n, n, "zoned") for a, b, n in flows], columns=list(FLOW_COLUMNS)
        ),
        statistics=Statistics(*[pd.DataFrame(index=table.index)] * 3, {}, None),
        existing_plan=None,
        offices=None,
        scenario=Scenario(),
        warnings=(),
        inputs=(),
        flow_ways=("table",),
    )


@pytest.fixture(scope="session")
def draw_district() -> Callable[..., District]:
    """Return the maker of districts on squared paper."""
    return paper_district
