"""Plans that come back from other programs: edited layers, parts by number, lost zeros."""

import json
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest
from town import write_town

from feeder.district.model import District
from feeder.district.read import read_district
from feeder.errors import InputError
from feeder.measures.grouping import today_of
from feeder.measures.score import score
from feeder.network.build import build_network
from feeder.network.model import Network
from feeder.opening.reading import read_plan
from feeder.opening.runs import Opened, open_today
from feeder.planning import Assignment
from feeder.scenario import Scenario

WEST = {"e1", "e2", "e5", "e6", "h1", "m1", "p"}
Read = Callable[[str, str], Assignment]


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> District:
    return read_district(write_town(tmp_path_factory.mktemp("back") / "town"))


@pytest.fixture(scope="module")
def network(district: District) -> Network:
    return build_network(district)


@pytest.fixture
def read(district: District, network: Network, tmp_path: Path) -> Read:
    def of(text: str, name: str) -> Assignment:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return read_plan(tmp_path / name, district, network)

    return of


def homes(plan: Assignment) -> dict[str, str]:
    return plan.plan_table().set_index("school_id")["community_id"].to_dict()


def told(plan: Assignment, rule: str) -> str:
    (found,) = [one.message for one in plan.district.warnings if one.rule == rule]
    return found


def table(header: str, district: District, west: str, east: str) -> str:
    rows = [f"{one},{west if one in WEST else east}" for one in district.schools.index]
    return "\n".join([header, *rows, ""])


@pytest.fixture
def geopackage(district: District, network: Network, tmp_path: Path) -> Path:
    """Write tiles and schools as feeder's own GeoPackage has them."""
    home = {one: "W" if one in WEST else "E" for one in district.schools.index}
    tiles = network.tiles.to_crs("EPSG:4326")[["tile_id", "school_id", "geometry"]]
    tiles["community_id"] = tiles["tile_id"].map(home)
    schools = gpd.GeoDataFrame(
        {"school_id": list(home), "community_id": list(home.values())},
        geometry=gpd.points_from_xy(district.schools["lon"], district.schools["lat"]),
        crs="EPSG:4326",
    )
    path = tmp_path / "plan.gpkg"
    tiles.to_file(path, layer="tiles")
    schools.to_file(path, layer="schools")
    return path


def test_layers_that_agree_are_one_plan(
    district: District, network: Network, geopackage: Path
) -> None:
    plan = homes(read_plan(geopackage, district, network))
    assert {one for one, home in plan.items() if home == "W"} == WEST


def test_a_tile_edited_in_a_mapping_program_is_never_ignored(
    district: District, network: Network, geopackage: Path
) -> None:
    tiles = gpd.read_file(geopackage, layer="tiles")
    tiles.loc[tiles["tile_id"] == "e2", "community_id"] = "E"
    tiles.to_file(geopackage, layer="tiles")
    with pytest.raises(InputError) as raised:
        read_plan(geopackage, district, network)
    (problem,) = raised.value.problems
    assert "Birch (e2) is in E by its tile, in W by its point" in problem.message
    assert "plan.gpkg/tiles or plan.gpkg/schools" in problem.fix
    edited = homes(read_plan(geopackage / "tiles", district, network))
    assert {one for one, home in edited.items() if home == "W"} == WEST - {"e2"}
    given = homes(read_plan(geopackage / "schools", district, network))
    assert given["e2"] == "W"


@pytest.mark.parametrize("header", ["geo_id,zone", "GEOID20,District", "node,district"])
def test_tables_of_other_programs_are_read(read: Read, district: District, header: str) -> None:
    plan = read(table(header, district, "1", "2"), "theirs.csv")
    assert {one for one, home in homes(plan).items() if home == "1"} == WEST


def test_a_wide_table_is_not_taken_for_one_of_theirs(read: Read) -> None:
    with pytest.raises(InputError, match="no column of communities"):
        read("school_id,name,district\ne1,Alder,Town\n", "schools.csv")


def test_districtrs_own_file_counts_from_zero(read: Read, district: District) -> None:
    assignment = {one: 0 if one in WEST else [1] for one in district.schools.index}
    record = {"problem": {"numberOfParts": 2}, "assignment": {**assignment, "k8": None}}
    plan = read(json.dumps(record), "districtr.json")
    assert {one for one, home in homes(plan).items() if home == "0"} == WEST
    assert homes(plan)["k8"] == ""
    assert told(plan, "zero-community").startswith("0 (7 schools) was taken for a community")


def test_nodes_by_number_are_those_of_the_graph(read: Read, network: Network) -> None:
    rows = [
        f"{number},{int(tile not in WEST)}" for number, tile in enumerate(network.tiles["tile_id"])
    ]
    plan = read("\n".join(["node,district", *rows]), "chain.csv")
    assert {one for one, home in homes(plan).items() if home == "0"} >= {"e1", "e2", "e5", "e6"}
    assert homes(plan)["e4"] == "1"
    assert "numbered 0 to 7" in told(plan, "nodes-by-number")


def test_none_is_no_community(read: Read, district: District) -> None:
    text = table("school_id,community_id", district, "1", "2")
    plan = read(text.replace("k8,2", "k8,-1").replace("p,1", "p,#N/A"), "plan.csv")
    assert homes(plan)["k8"] == homes(plan)["p"] == ""
    assert "-1 (1 school); #N/A (1 school) stand for no community" in told(plan, "no-community")


def test_the_id_counts_where_the_name_is_another_communitys(read: Read, district: District) -> None:
    rows = [f"{one},{'W,West' if one in WEST else 'E,East'}" for one in district.schools.index]
    text = "\n".join(["school_id,community_id,community", *rows, ""])
    plan = read(text.replace("e2,W,West", "e2,W,East"), "plan.csv")
    assert homes(plan)["e2"] == "W"
    assert "e2 (W, East)" in told(plan, "community-names")


def test_today_is_judged_by_what_any_plan_should_be(district: District, network: Network) -> None:
    strict = Scenario(communities=2, schools=(1, 2), enrollment_tolerance=0.001)
    asked = strict.resolved(n_schools=14, estimated_flows=False)
    today = open_today(Opened(district, network, asked))
    names = {one.name for one in score(today).constraints}
    assert names == {
        "no_empty_community",
        "k12_coverage",
        "contiguity",
        "every_school_placed",
        "campus_whole",
    }
    same = today_of(Opened(district, network, asked))
    assert same is not None
    assert same.is_today
