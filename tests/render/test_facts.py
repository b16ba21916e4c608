"""What the page computes with is all there, exact, and rounded before anything is scored."""

import json
from dataclasses import replace

import numpy as np
import pytest
import shapely

from feeder.measures.inputs import measure_inputs
from feeder.measures.shape import outside
from feeder.network.graph import FEED
from feeder.planning import Assignment
from feeder.publishing.facts import CONTACT_KINDS, facts
from feeder.publishing.worlds import Worlds, worlds_of
from feeder.terms import OUTSIDE_M


@pytest.fixture(scope="module")
def worlds(toy: Assignment) -> Worlds:
    return worlds_of(toy)


@pytest.fixture(scope="module")
def clean(toy: Assignment, worlds: Worlds) -> Assignment:
    return worlds.of(toy)


def test_the_facts_are_json_without_unknown_numbers(clean: Assignment, worlds: Worlds) -> None:
    text = json.dumps(facts(clean, worlds), allow_nan=False)
    assert json.loads(text) == facts(clean, worlds)


def test_the_facts_hang_on_no_plan(clean: Assignment, worlds: Worlds) -> None:
    empty = replace(
        clean,
        school_community=np.full_like(clean.school_community, -1),
        node_community=np.full_like(clean.node_community, -1),
    )
    assert facts(empty, worlds) == facts(clean, worlds)


def test_students_a_year_are_eighths_and_sums_of_them_exact(
    clean: Assignment, worlds: Worlds
) -> None:
    told = facts(clean, worlds)
    students = clean.network.graph.flow_students
    assert (np.array(told["flows"]["students"]) / 8 == students).all()
    assert (np.array(told["schools"]["leavers"]) / 8 == clean.district.schools["leavers"]).all()
    assert sum(told["flows"]["students"]) / 8 == students[::-1].cumsum()[-1]
    assert np.cumsum(told["flows"]["from"]).tolist() == clean.network.graph.flow_from.tolist()


def test_what_is_known_as_a_range_is_told_with_both_ends(toy: Assignment) -> None:
    flows = toy.network.flows.assign(source="observed", students_low=20.0, students_high=20.0)
    flows["students"] = 20.0
    flows.loc[3, ["students", "students_low", "students_high"]] = 7.0
    graph = replace(
        toy.network.graph,
        flow_source=np.full(len(flows), "observed"),
        flow_students=flows["students"].to_numpy(),
    )
    plan = replace(toy, network=replace(toy.network, flows=flows, graph=graph))
    known = worlds_of(plan)
    told = facts(known.of(plan), known)
    row = told["flows"]["open"].index(3)
    assert (told["flows"]["low"][row], told["flows"]["high"][row]) == (8, 72)
    assert told["flows"]["students"][3] == 40
    rows, low, high = told["ends"]["flows"]["students"]
    assert (low[rows.index(3)], high[rows.index(3)]) == (8, 72)


def test_tiles_at_a_school_tell_whether_it_lies_outside(clean: Assignment, worlds: Worlds) -> None:
    told, gathered = facts(clean, worlds), measure_inputs(clean)
    at = [[one] if isinstance(one, int) else one for one in told["schools"]["tiles"]]
    rng = np.random.default_rng(5)
    for _ in range(5):
        node = rng.integers(0, 4, clean.network.graph.n_nodes)
        home = rng.integers(-1, 4, len(at))
        land = np.array(
            [
                shapely.union_all(gathered.tiles[node[gathered.tile_node] == community])
                for community in range(4)
            ]
        )
        away = [
            place >= 0 and not any(node[one] == place for one in nodes)
            for place, nodes in zip(home, at, strict=True)
        ]
        assert away == outside(gathered.points, home, land).tolist()
    assert OUTSIDE_M == 1.0


def test_borders_and_rims_give_the_land_of_any_group_of_tiles(
    clean: Assignment, worlds: Worlds
) -> None:
    told, gathered = facts(clean, worlds), measure_inputs(clean)
    tiles = told["tiles"]
    assert tiles["node"] == np.flatnonzero(clean.network.graph.has_land).tolist()
    inside = np.random.default_rng(2).random(clean.network.graph.n_nodes) < 0.5
    chosen = inside[tiles["node"]]
    land = shapely.union_all(gathered.onshore[chosen])
    a, b = np.cumsum(told["contacts"]["a"]), np.array(told["contacts"]["b"])
    seam = np.array([kind == "0" for kind in told["contacts"]["kind"]]) & (inside[a] ^ inside[b])
    perimeter = (
        np.array(tiles["rim"])[chosen].sum() + np.array(told["contacts"]["size"])[seam].sum()
    )
    assert perimeter / 10_000 == pytest.approx(land.length, rel=1e-7)
    assert np.array(tiles["area"])[chosen].sum() / 100 == pytest.approx(land.area, rel=1e-6)


def test_parts_of_a_tile_meet_where_their_land_does(clean: Assignment, worlds: Worlds) -> None:
    network = clean.network
    tiles = network.tiles.copy()
    land = tiles.geometry.to_numpy().copy()
    middle = land[7]
    tiles["geometry"] = np.array(
        [
            shapely.multipolygons([middle, shapely.box(0, 0, 9, 9)]) if k == 7 else one
            for k, one in enumerate(land)
        ],
        dtype=object,
    )
    told = facts(replace(clean, network=replace(network, tiles=tiles)), worlds)
    assert told["tiles"]["parts"][7] == 2
    first = int(np.sum(told["tiles"]["parts"][:7]))
    met = {
        (a, b) for a, b in zip(told["part_contacts"]["a"], told["part_contacts"]["b"], strict=True)
    }
    assert all(first in pair for pair in met)
    assert all(first + 1 not in pair for pair in met)
    assert len(met) == int(
        sum(
            shapely.length(shapely.intersection(middle, one)) > 0
            for k, one in enumerate(land)
            if k != 7
        )
    )
    assert set(told["part_contacts"]["border"]) == {0}


def test_kinds_of_contacts_are_all_known(clean: Assignment, worlds: Worlds) -> None:
    graph = clean.network.graph
    kinds = [CONTACT_KINDS[int(digit)] for digit in facts(clean, worlds)["contacts"]["kind"]]
    assert kinds == graph.contact_kind.tolist()
    assert CONTACT_KINDS[-1] == FEED
