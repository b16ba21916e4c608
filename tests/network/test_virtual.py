"""Virtual schools: which they are, and that they hold no place in a plan."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import shapely

from feeder.district.model import District
from feeder.errors import InputError
from feeder.network.build import build_network
from feeder.network.virtual import names_virtual, virtual_schools
from feeder.planning.members import members
from feeder.scenario import Scenario

DrawDistrict = Callable[..., District]
K5, K12, HIGH = (0, 5), (0, 12), (9, 12)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Harbor Virtual Academy", ""),
        ("Harbor Cyber Charter", "charter"),
        ("Harbor Online", ""),
        ("Harbor E-School", ""),
        ("Harbor Remote Learning Program", ""),
        ("Harbor Home Hospital", ""),
        ("Harbor Home & Hospital", "not virtual"),
        ("Harbor Homebound", ""),
        ("Harbor Academy", "virtual"),
        ("Harbor Academy", "Full virtual"),
    ],
)
def test_kinds_and_names_of_virtual_schools(name: str, kind: str) -> None:
    assert names_virtual(name, kind)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Harbor Elementary", ""),
        ("Harbor Elementary", "Not a virtual school"),
        ("Harbor Elementary", "Supplemental virtual"),
        ("Harbor Virtual Academy", "not virtual"),
        ("Digital Harbor High", ""),
        ("Remote Creek Elementary", ""),
        ("Hospitality Academy", ""),
        ("Homestead High", ""),
        ("Cyberton High", ""),
    ],
)
def test_schools_with_a_place(name: str, kind: str) -> None:
    assert not names_virtual(name, kind)


@pytest.fixture
def town(draw_district: DrawDistrict) -> District:
    """Make two areas of a square kilometre with a school each; ``v`` stands where ``a`` does."""
    schools = {"a": (500, 500, *K5), "b": (1500, 500, *K5), "h": (1400, 300, *HIGH)}
    schools["v"] = (500, 500, *K12)
    areas = [
        ("elementary", "a", shapely.box(0, 0, 1000, 1000)),
        ("elementary", "b", shapely.box(1000, 0, 2000, 1000)),
    ]
    district = draw_district(schools, areas, flows=[("a", "h", 9.0), ("a", "v", 1.0)])
    table = district.schools.copy()
    table.loc["v", ["name", "enrollment"]] = ["Harbor Virtual Academy", 2400]
    return replace(district, schools=table)


def rules(district: District, policy: str) -> dict[str, str]:
    network = build_network(district, virtual_schools=policy)
    return {one.rule: f"{one.message} {one.fix}" for one in network.warnings}


def test_a_virtual_school_is_apart_though_it_shares_a_site(town: District) -> None:
    network = build_network(town)
    graph = network.graph
    assert [graph.node_ids[node] for node in np.flatnonzero(graph.is_apart)] == ["v"]
    assert members(graph)[0].school_ids == ("a", "b", "h")
    assert rules(town, "apart")["virtual-schools"] == (
        "1 virtual school with 2,400 students, left outside every community: "
        'Harbor Virtual Academy (v). virtual_schools = "place" in [scenario] plans them where '
        "they stand."
    )
    assert network.is_for(Scenario())
    assert not network.is_for(Scenario(virtual_schools="place"))


def test_where_it_is_placed_it_stays_with_its_site(town: District) -> None:
    graph = build_network(town, virtual_schools="place").graph
    assert not graph.is_apart.any()
    at = dict(zip(graph.school_ids, graph.school_node.tolist(), strict=True))
    assert at["v"] == at["a"]
    told = rules(town, "place")["virtual-schools"]
    assert "2,400 students, counted where they stand" in told
    assert 'virtual_schools = "apart"' in told


def test_a_school_with_an_area_of_its_own_has_a_place(town: District) -> None:
    table = town.schools.copy()
    table.loc["a", "name"] = "Harbor Online Elementary"
    assert virtual_schools(replace(town, schools=table)).tolist() == [False, False, False, True]


def test_an_estimate_sends_nobody_to_a_virtual_school(town: District) -> None:
    flows = build_network(replace(town, flows=None)).flows
    assert "v" not in {*flows["from_id"], *flows["to_id"]}


def test_somebody_must_be_left_to_plan(town: District) -> None:
    table = town.schools.assign(kind="virtual")
    with pytest.raises(InputError, match="no school is left"):
        build_network(replace(town, schools=table, areas=None))
