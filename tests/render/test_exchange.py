"""Round trips: a plan goes to every format and comes back the same."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from networkx.readwrite import json_graph

from feeder.district.model import District
from feeder.district.read import read_district
from feeder.district.tables.nobody import is_zero, means_nobody
from feeder.errors import FeederError, OutputError
from feeder.network.build import build_network
from feeder.network.model import Network
from feeder.opening.reading import plan_of, read_plan
from feeder.planning import Assignment
from feeder.render.files.dual_graph import (
    dual_graph,
    from_gerrychain,
    gerrychain_json,
    graphml,
    to_gerrychain,
)
from feeder.render.files.exchange import FORMATS, geojson

ENDINGS = {
    "csv": "csv",
    "districtr": "csv",
    "geojson": "geojson",
    "gerrychain": "json",
    "graphml": "graphml",
}
WITH_LAND = ("geojson", "gerrychain", "graphml")
"""Formats that say where vacant tiles belong."""
SCHOOLS = [
    *("007", "12,5", "7", "E 1", 'a "b", c', "h 1", "h-2", "m 2", "m;1"),
    *("o'hare", "ñandú", "χ", "校"),
]
VACANT = "elementary-gone"
LAW = settings(
    max_examples=30,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
AWKWARD = (
    *("1", "01", "1.0", "1e3", "=1+1", "-1", "+", "@x", "'=q", "'", "a,b", 'say "hi"', "12,5"),
    *("a;b", "a\tb", "北京", "é", "e\u0301", "NULL", "nan", "None", "true", "2024-01-05", "1_0"),
    *(
        "12/31/2024",
        "12:30",
        "{}",
        "[1]",
        '{"a": 1}',
        "<b>&amp;</b>",
        "\\N",
        "a\\",
        "%s",
        "\u2028x",
    ),
    *("9007199254740993", "0x1F", "∞", "-", "''", '"', '""', "#", "N/A", "\U0001f3eb", "]]>"),
)
"""Texts that some format takes for something else."""
texts = st.one_of(
    st.sampled_from(AWKWARD), st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
)


def is_name(text: str) -> bool:
    """Whether a text may name a community: words and codes for none are read as none."""
    cell = pd.Series([text], dtype=str)
    return not (means_nobody(cell) | is_zero(cell)).any()


plans = st.dictionaries(
    st.sampled_from([*SCHOOLS, VACANT]), st.one_of(texts.filter(is_name), st.just(""))
)
few = st.lists(st.sampled_from(["A", "B", ""]), min_size=14, max_size=14)


@pytest.fixture(scope="module")
def district(village: Path) -> District:
    return read_district(village)


@pytest.fixture(scope="module")
def network(district: District) -> Network:
    return build_network(district)


@pytest.fixture(scope="module")
def make(district: District, network: Network) -> Callable[[Mapping[str, str]], Assignment]:
    return lambda homes: plan_of(homes, district, network)


@pytest.fixture
def today(make: Callable[[Mapping[str, str]], Assignment], village: Path) -> Assignment:
    table = pd.read_csv(village / "plan.csv", dtype=str)
    return make(dict(zip(table["school_id"], table["community_id"], strict=True)))


def lands(plan: Assignment) -> list[str]:
    """Return the community of every tile by its id."""
    ids = np.array([*plan.community_ids, ""], dtype=object)
    return ids[plan.node_community[plan.network.graph.has_land]].tolist()


@pytest.mark.parametrize("to", FORMATS)
@LAW
@given(homes=plans)
def test_a_plan_comes_back_from_every_format(
    to: str,
    homes: dict[str, str],
    make: Callable[[Mapping[str, str]], Assignment],
    tmp_path: Path,
) -> None:
    plan = make(homes)
    if not (plan.school_community >= 0).any():
        return  # no plan at all is refused
    path = tmp_path / f"plan.{ENDINGS[to]}"
    path.write_bytes(FORMATS[to](plan).encode())
    back = read_plan(path, plan.district, plan.network)
    pd.testing.assert_frame_equal(back.plan_table(), plan.plan_table())
    if to in WITH_LAND:
        assert lands(back) == lands(plan)
    assert len(back.district.warnings) == len(plan.district.warnings)


@pytest.mark.parametrize("to", FORMATS)
def test_no_format_takes_an_id_for_something_else(
    to: str, make: Callable[[Mapping[str, str]], Assignment], tmp_path: Path
) -> None:
    """With one community for all schools, nothing but its own text tells what it is."""
    path = tmp_path / f"plan.{ENDINGS[to]}"
    for text in filter(is_name, AWKWARD):
        plan = make(dict.fromkeys(SCHOOLS, text))
        path.write_bytes(FORMATS[to](plan).encode())
        back = read_plan(path, plan.district, plan.network)
        assert back.community_ids == plan.community_ids, text
        assert (back.school_community == 0).all()


@pytest.mark.parametrize("to", FORMATS)
def test_the_same_plan_is_the_same_bytes(to: str, today: Assignment, tmp_path: Path) -> None:
    text = FORMATS[to](today)
    assert FORMATS[to](today) == text
    path = tmp_path / f"plan.{ENDINGS[to]}"
    path.write_bytes(text.encode())
    assert FORMATS[to](read_plan(path, today.district, today.network)) == text


def test_districtr_knows_two_columns(today: Assignment) -> None:
    lines = FORMATS["districtr"](today).splitlines()
    assert lines[:3] == ["id,assignment", "007,South", '"12,5",North']
    assert len(lines) == 14


def test_geojson_has_tiles_and_schools(today: Assignment, tmp_path: Path) -> None:
    path = tmp_path / "plan.geojson"
    path.write_text(geojson(today), encoding="utf-8")
    layer = gpd.read_file(path, engine="pyogrio")
    areal = layer.geometry.geom_type == "Polygon"
    assert layer[areal]["tile_id"].tolist() == today.network.tiles["tile_id"].tolist()
    assert layer[~areal]["school_id"].tolist() == SCHOOLS
    assert layer["community_id"].isin(["North", "South"]).all()
    assert layer.crs.to_epsg() == 4326


# ---------------------------------------------------------------- GerryChain


@LAW
@given(homes=few)
def test_students_of_a_part_are_those_of_its_schools(
    homes: list[str], make: Callable[[Mapping[str, str]], Assignment]
) -> None:
    """Every student is on one tile, and a community without strays has its students there."""
    plan = make(dict(zip([*SCHOOLS, VACANT], homes, strict=True)))
    graph = dual_graph(plan)
    enrollment = plan.district.schools["enrollment"]
    nodes = dict(graph.nodes(data=True))
    assert sum(data["enrollment"] for data in nodes.values()) == enrollment.sum()
    assert sorted(s for data in nodes.values() for s in data["schools"]) == SCHOOLS
    where = plan.plan_table().set_index("school_id")["community_id"]
    for data in nodes.values():
        assert data["enrollment"] == enrollment[data["schools"]].sum()
        for school in data["schools"]:
            assert where[school] == data.get("elsewhere", {}).get(school, data["community"])


def test_the_dual_graph_is_the_land(today: Assignment) -> None:
    graph = dual_graph(today)
    network = today.network
    assert list(graph) == network.tiles["tile_id"].tolist()
    assert nx.is_connected(graph)
    assert graph.number_of_edges() == 12
    nodes = graph.nodes(data=True)
    assert sum(d["area"] for _, d in nodes) == pytest.approx(network.tiles.area.sum())
    outline = sum(d["boundary_perim"] for _, d in nodes)
    assert outline == pytest.approx(network.tiles.union_all().length)
    inner = [name for name, d in nodes if not d["boundary_node"]]
    assert inner == ["ñandú"]
    assert nodes[VACANT]["schools"] == ["h-2"]
    assert all("elsewhere" not in data for _, data in nodes)


def test_networkx_reads_the_json(today: Assignment) -> None:
    record = json.loads(gerrychain_json(today))
    back = json_graph.adjacency_graph(record)
    assert nx.utils.graphs_equal(back, nx.relabel_nodes(dual_graph(today), str))


def test_a_partition_of_gerrychain_and_back(today: Assignment, tmp_path: Path) -> None:
    gerrychain = pytest.importorskip("gerrychain")
    partition = to_gerrychain(today)
    enrollment = today.district.schools["enrollment"]
    south = today.plan_table()["community_id"].to_numpy() == "South"
    assert partition["enrollment"] == {
        "South": enrollment.to_numpy()[south].sum(),
        "North": enrollment.to_numpy()[~south].sum(),
    }
    back = from_gerrychain(partition, today)
    pd.testing.assert_frame_equal(back.plan_table(), today.plan_table())
    assert lands(back) == lands(today)
    path = tmp_path / "dual.json"
    path.write_text(gerrychain_json(today), encoding="utf-8")
    again = gerrychain.Partition(gerrychain.Graph.from_json(str(path)), assignment="community")
    assert again["cut_edges"] == partition["cut_edges"]


@pytest.mark.parametrize("column", ["tile_id", "school_id"])
def test_a_plan_drawn_in_districtr_is_one_of_the_dual_graph_and_comes_back(
    column: str, today: Assignment, tmp_path: Path
) -> None:
    """Districtr matches units by a column of the layer, and numbers parts from 0."""
    gerrychain = pytest.importorskip("gerrychain")
    (tmp_path / "dual.json").write_text(gerrychain_json(today), encoding="utf-8")
    units = {data[column]: data["community"] for _, data in dual_graph(today).nodes(data=True)}
    drawn = {
        "idColumn": {"name": "id", "key": column},
        "problem": {"type": "multimember", "numberOfParts": 2},
        "assignment": {unit: ["North", "South"].index(home) for unit, home in units.items()},
    }
    file = tmp_path / "districtr.json"
    file.write_text(json.dumps(drawn), encoding="utf-8")
    graph = gerrychain.Graph.from_json(str(tmp_path / "dual.json"))
    tally = {"enrollment": gerrychain.updaters.Tally("enrollment")}
    partition = gerrychain.Partition.from_districtr_file(graph, str(file), updaters=tally)
    assert list(partition["enrollment"].values()) == list(
        to_gerrychain(today)["enrollment"].values()
    )
    back = read_plan(file, today.district, today.network)
    named = back.plan_table().set_index("school_id")["community_id"]
    drawn_again = named[named.index.isin(list(units))].map({"0": "North", "1": "South"})
    assert drawn_again.to_dict() == {s: units[s] for s in drawn_again.index}
    assert lands(back) == [str(["North", "South"].index(home)) for home in lands(today)]
    assert len(drawn_again) < len(named)  # the others have no land, and go with a tile
    assert set(named) == {"0", "1"}


def test_what_gerrychain_moves_takes_its_schools_along(today: Assignment) -> None:
    """The tile of E 1 goes north; m;1 leans on the first of its tiles and stays."""
    pytest.importorskip("gerrychain")
    partition = to_gerrychain(today)
    names = list(dual_graph(today))
    known = partition.graph.original_nx_node_id_for_internal_node_id
    flips = {node: "North" for node in partition.graph.node_indices if known(node) == "E 1"}
    moved = from_gerrychain(partition.flip(flips), today)
    before, after = (p.plan_table().set_index("school_id") for p in (today, moved))
    changed = before.index[(before != after)["community_id"]]
    assert changed.tolist() == ["E 1"]
    assert len(names) == 9


def test_parts_of_other_names_are_communities(today: Assignment) -> None:
    gerrychain = pytest.importorskip("gerrychain")
    graph = dual_graph(today)
    numbers = {node: int(data["community"] == "South") for node, data in graph.nodes(data=True)}
    plan = from_gerrychain(gerrychain.Partition(graph, assignment=numbers), today)
    assert plan.community_ids == ("0", "1")
    same = plan.plan_table()["community_id"].map({"0": "North", "1": "South"})
    assert same.tolist() == today.plan_table()["community_id"].tolist()


def test_without_gerrychain_the_way_out_is_told(
    today: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "gerrychain", None)
    with pytest.raises(FeederError, match="pip install gerrychain"):
        to_gerrychain(today)


# ---------------------------------------------------------------- GraphML


def test_networkx_reads_the_whole_graph(today: Assignment) -> None:
    back = nx.parse_graphml(graphml(today))
    graph = today.network.graph
    assert list(back) == list(graph.node_ids)
    kinds = [data["kind"] for *_, data in back.edges(data=True)]
    assert kinds.count("flow") == len(graph.flow_from)
    assert len(kinds) == len(graph.flow_from) + len(graph.contact_a)
    students = sum(data.get("students", 0.0) for *_, data in back.edges(data=True))
    assert students == pytest.approx(graph.flow_students.sum())
    assert back.nodes["007"] == {
        "name": "Alder",
        "community": "South",
        "schools": '["007", "h 1"]',
        "enrollment": 600,
        "has_land": True,
    }


def test_what_xml_cannot_hold_is_refused(today: Assignment) -> None:
    odd = today.renamed(("No\x08rth", "South"), today.community_names)
    with pytest.raises(OutputError, match="GraphML cannot hold"):
        graphml(odd)
    assert "No\\brth" in gerrychain_json(odd)


def test_a_real_plan_comes_back_with_its_land(
    planned_folder: Callable[[str], Path],
    district_folder: Callable[[str], Path],
    tmp_path: Path,
) -> None:
    district = read_district(district_folder("washington_dc"))
    network = build_network(district)
    plan = read_plan(planned_folder("washington_dc"), district, network)
    for to in WITH_LAND:
        path = tmp_path / f"plan.{ENDINGS[to]}"
        path.write_bytes(FORMATS[to](plan).encode())
        back = read_plan(path, district, network)
        assert back.plan_table().equals(plan.plan_table())
        assert lands(back) == lands(plan)
        assert back.community_names == plan.community_names
