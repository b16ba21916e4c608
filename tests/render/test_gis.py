"""The map files: whole, shared borders, right way round."""

import json
from typing import Any

import numpy as np
import pytest
import shapely
from publication import published

from feeder.planning import Assignment
from feeder.publishing.published import PublishedPlan
from feeder.render.files.geojson import communities_layer, tiles_layer

Layer = list[dict[str, Any]]


def features(text: str) -> Layer:
    collection = json.loads(text)
    assert collection["type"] == "FeatureCollection"
    assert "crs" not in collection
    return collection["features"]


def shapes(layer: Layer) -> np.ndarray:
    return np.array([shapely.geometry.shape(feature["geometry"]) for feature in layer])


@pytest.fixture(scope="module")
def tiles(toy: Assignment) -> Layer:
    return features(tiles_layer(toy))


@pytest.fixture(scope="module")
def communities(public: PublishedPlan) -> Layer:
    return features(communities_layer(public))


def test_properties_of_tiles(toy: Assignment, tiles: Layer) -> None:
    facts = {f["properties"]["tile_id"]: f["properties"] for f in tiles}
    assert len(facts) == 36
    assert facts["vacant-14"]["school_id"] is None
    assert facts["E00"]["school_id"] == "E00"
    assert facts["E35"]["offshore_parts"] == [1]
    assert all(f["offshore_parts"] == [] for tile, f in facts.items() if tile != "E35")
    plan = toy.plan_table().set_index("school_id")["community_id"]
    assert facts["E07"]["community_id"] == plan["E07"]


def test_properties_of_communities(toy: Assignment, communities: Layer) -> None:
    facts = [feature["properties"] for feature in communities]
    assert [f["community_id"] for f in facts] == list(toy.community_ids)
    assert facts[0]["name"] == "North {{7*7}} Community"
    assert sum(f["n_schools"] for f in facts) == 60
    assert "feeder_continuity_low" in facts[0]
    for one in facts:
        low, high = one["feeder_continuity_low"], one["feeder_continuity_high"]
        assert 0 < low <= high < 1
        assert one["feeder_continuity"] == (low if low == high else None)


def test_a_community_with_a_school_of_few_students_has_a_range(
    toy: Assignment, communities: Layer
) -> None:
    """M14 has 1 to 9 students, all others are told: the true sum lies in the range."""
    schools, home = toy.district.schools, toy.school_community
    few = home[schools.index.get_loc("M14")]
    for k, feature in enumerate(communities):
        facts, students = feature["properties"], schools["enrollment"][home == k].sum()
        if k == few:
            others = students - schools.loc["M14", "enrollment"]
            assert facts["enrollment"] is None
            assert facts["enrollment_low"] <= others + 1
            assert facts["enrollment_high"] >= others + 9
        else:
            assert facts["enrollment"] == students


@pytest.mark.parametrize("layer", ["tiles", "communities"])
def test_degrees_and_rings(layer: str, request: pytest.FixtureRequest) -> None:
    land = shapes(request.getfixturevalue(layer))
    assert shapely.is_valid(land).all()
    assert shapely.coverage_is_valid(land)
    for polygon in shapely.get_parts(land):
        assert shapely.is_ccw(polygon.exterior)
    xy = shapely.get_coordinates(land)
    assert (np.round(xy, 9) == xy).all()
    assert (xy[:, 0] < -70).all()
    assert ((xy[:, 1] > 30) & (xy[:, 1] < 50)).all()


def test_communities_are_made_of_their_tiles(tiles: Layer, communities: Layer) -> None:
    """Every corner of a community is a corner of its tiles, and no land is lost or doubled."""
    for feature in communities:
        own = [
            f
            for f in tiles
            if f["properties"]["community_id"] == feature["properties"]["community_id"]
        ]
        land = shapely.geometry.shape(feature["geometry"])
        corners = set(map(tuple, shapely.get_coordinates(shapes(own)).tolist()))
        assert set(map(tuple, shapely.get_coordinates(land).tolist())) <= corners
        assert shapely.area(land) == pytest.approx(shapely.area(shapes(own)).sum(), rel=1e-9)


def test_a_community_without_land_has_no_geometry(toy: Assignment) -> None:
    ids, names = (*toy.community_ids, "C05"), (*toy.community_names, "Nowhere")
    empty = toy.renamed(ids, names)
    last = features(communities_layer(published(empty)))[-1]
    assert last["geometry"] is None
    assert last["properties"]["n_schools"] == 0
    assert last["properties"]["polsby_popper"] is None


def test_names_stay_inside_their_text(toy: Assignment, hostile_names: tuple[str, ...]) -> None:
    named = toy.called(hostile_names[:4])
    found = features(communities_layer(published(named)))
    assert tuple(f["properties"]["name"] for f in found) == hostile_names[:4]
