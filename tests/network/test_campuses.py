"""Schools on one site."""

import networkx as nx
import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from feeder.network.campuses import Campuses, find_campuses

NO_PAIRS = np.empty((0, 2), dtype=np.int64)


def table(campus_id: list[str]) -> pd.DataFrame:
    """Return a table of schools s00, s01 ..."""
    ids = [f"s{place:02}" for place in range(len(campus_id))]
    return pd.DataFrame({"campus_id": campus_id, "name": [f"School {one}" for one in ids]}, ids)


def groups(campuses: Campuses) -> list[set[int]]:
    """Return the schools of each campus."""
    return [set(np.flatnonzero(campuses.of_school == one)) for one in range(len(campuses.ids))]


def test_linkage_is_single_and_includes_its_radius() -> None:
    points = np.array([[0.0, 0], [60, 0], [120, 0], [181, 0]])
    campuses = find_campuses(table([""] * 4), points, NO_PAIRS, 60.0)
    assert groups(campuses) == [{0, 1, 2}, {3}]
    assert campuses.ids == ("s00", "s03")
    assert campuses.centre.tolist() == [[60.0, 0.0], [181.0, 0.0]]


def test_ids_and_areas_join_what_distance_does_not() -> None:
    points = np.array([[0.0, 0], [500, 0], [1000, 0], [1500, 0]])
    campuses = find_campuses(table(["", "x", "", "x"]), points, np.array([[0, 2]]), 60.0)
    assert groups(campuses) == [{0, 2}, {1, 3}]
    assert campuses.first_school.tolist() == [0, 1]
    assert campuses.warnings == ()


def test_two_campus_ids_are_two_campuses_however_near() -> None:
    points = np.array([[0.0, 0], [10, 0], [25, 0], [45, 0]])
    campuses = find_campuses(table(["x", "", "y", "y"]), points, NO_PAIRS, 60.0)
    assert groups(campuses) == [{0, 1}, {2, 3}]  # the school between goes with the nearest
    shared = find_campuses(table(["x", "y"]), points[:2], np.array([[0, 1]]), 60.0)
    assert groups(shared) == [{0, 1}]  # one area is one campus, whatever is said


def test_one_campus_id_far_apart_is_told() -> None:
    points = np.array([[0.0, 0], [2500, 0]])
    (warning,) = find_campuses(table(["x", "x"]), points, NO_PAIRS, 60.0).warnings
    assert warning.rule == "campus-far-apart"
    assert "School s00, School s01" in str(warning)
    assert "2.5 km" in str(warning)


def test_schools_at_one_point_share_a_campus_even_without_a_radius() -> None:
    points = np.zeros((2, 2))
    assert groups(find_campuses(table(["", ""]), points, NO_PAIRS, 0.0)) == [{0, 1}]


@given(st.data())
@settings(max_examples=50)
def test_campuses_are_the_components_that_networkx_finds(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 12))
    points = np.array(
        data.draw(st.lists(st.tuples(*[st.integers(0, 300)] * 2), min_size=n, max_size=n)),
        dtype=float,
    )
    ids = data.draw(st.lists(st.sampled_from(["", "", "x"]), min_size=n, max_size=n))
    campuses = find_campuses(table(ids), points, NO_PAIRS, 60.0)
    graph = nx.Graph()
    graph.add_nodes_from(range(n))
    for i in range(n):
        for j in range(i):
            if np.hypot(*(points[i] - points[j])) <= 60 or ids[i] == ids[j] != "":
                graph.add_edge(i, j)
    assert groups(campuses) == sorted(nx.connected_components(graph), key=min)
    assert list(campuses.ids) == sorted(campuses.ids)
