"""Plans read back: every format, and everything a planner's own file may say."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.district.model import District
from feeder.district.read import read_district
from feeder.errors import InputError
from feeder.measures.score import score
from feeder.network.build import build_network
from feeder.network.model import Network
from feeder.opening.reading import natural, plan_names, plan_of, read_plan
from feeder.planning import Assignment
from feeder.scenario import Scenario
from feeder.terms import AGAINST_TODAY

SOUTH = ["007", "7", 'a "b", c', "E 1", "m;1", "h 1"]
Reader = Callable[..., Assignment]


@pytest.fixture(scope="module")
def district(village: Path) -> District:
    return read_district(village)


@pytest.fixture(scope="module")
def network(district: District) -> Network:
    return build_network(district)


@pytest.fixture
def read(district: District, network: Network, tmp_path: Path) -> Reader:
    """Read a text as a plan file of a name."""

    def of(text: str | bytes, name: str = "mine.csv", **options: object) -> Assignment:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_plan(path, district, network, **options)

    return of


def homes(plan: Assignment) -> dict[str, str]:
    return plan.plan_table().set_index("school_id")["community_id"].to_dict()


def told(plan: Assignment, district: District) -> list[str]:
    return [str(w) for w in plan.district.warnings[len(district.warnings) :]]


def refused(read: Reader, *args: object, **options: object) -> str:
    with pytest.raises(InputError) as raised:
        read(*args, **options)
    return str(raised.value)


@pytest.fixture
def whole(village: Path) -> str:
    return (village / "plan.csv").read_text(encoding="utf-8")


def test_todays_plan_is_read_as_it_stands(read: Reader, whole: str, district: District) -> None:
    plan = read(whole)
    assert plan.community_ids == ("North", "South")
    assert plan.community_names == plan.community_ids
    assert {s for s, home in homes(plan).items() if home == "South"} == set(SOUTH)
    assert told(plan, district) == []
    assert plan.district.inputs[-1].path == "mine.csv"
    assert score(plan).satisfied


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("school_id,community_id", "id,assignment"),
        lambda text: text.replace("school_id,community_id", "id-village-schools-2,assignment"),
        lambda text: text.replace("school_id,community_id", "School_ID,Community"),
        lambda text: "\n".join([text.splitlines()[0], *sorted(text.splitlines()[1:])]),
        lambda text: text + "7,South\n",
    ],
    ids=["mark", "windows", "districtr", "districtr 1", "case", "order", "repeat"],
)
def test_it_is_the_same_plan_however_it_is_written(
    read: Reader, whole: str, change: Callable[[str], str]
) -> None:
    assert homes(read(change(whole))) == homes(read(whole))


def test_a_plan_cut_short_leaves_schools_unplaced_and_names_them(
    read: Reader, whole: str, district: District
) -> None:
    short = "".join(line for line in whole.splitlines(keepends=True) if "ñandú" not in line)
    plan = read(short.replace("χ,North", "χ,"))
    assert homes(plan)["ñandú"] == ""
    assert homes(plan)["χ"] == ""
    (warning,) = told(plan, district)
    assert warning == (
        "mine.csv, column school_id: 1 school not in the plan, so in no community: Elm (ñandú)."
    )
    (placed,) = [c for c in score(plan).constraints if c.name == "every_school_placed"]
    messages = [str(violation.message) for violation in placed.violations]
    assert "Elm (ñandú) is in no community." in messages
    assert "Juniper Charter (χ) is in no community." in messages


def test_unknown_ids_are_left_out_and_named(read: Reader, whole: str, district: District) -> None:
    plan = read(whole + "9999,South\n")
    assert homes(plan) == homes(read(whole))
    assert any("9999" in warning for warning in told(plan, district))
    assert "7.0" not in homes(plan)


def test_mostly_unknown_ids_are_an_error(read: Reader) -> None:
    assert "name schools that the schools table lacks" in refused(
        read, "school_id,community_id\n1,A\n2,A\n7,A\n"
    )


def test_a_school_in_two_communities_is_an_error_with_its_line(read: Reader, whole: str) -> None:
    text = refused(read, whole + "7,North\n")
    assert "mine.csv, line 15" in text
    assert "id 7 stands again" in text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "the file is empty"),
        ("school,plan\n7,A\n", "no column of ids of schools; the file has: school; plan"),
        ("school_id,plan\n7,A\n", "no column of communities"),
        ("school_id,community_id\n", "places no school"),
        ("school_id,community_id\n7,\n007,\n", "places no school"),
        ('school_id,community_id\n7,"A\n', "quotes"),
        (b"school_id,community_id\n7,A\x00\n", "NUL"),
    ],
)
def test_unusable_tables_are_refused_with_the_way_out(
    read: Reader, text: str | bytes, told: str
) -> None:
    assert told in refused(read, text)


@pytest.mark.parametrize(
    ("text", "name", "told"),
    [
        ("7,A", "mine.xlsx", "a table of text"),
        ("{", "mine.json", "no JSON"),
        ("[" * 100_000, "mine.json", "no JSON"),
        ("[1]", "mine.json", "no plan that can be read"),
        ('{"nodes": [{"id": "7"}]}', "mine.json", "no node has the attribute community"),
        ('{"nodes": [7]}', "mine.json", "no record"),
        ('{"nodes": [{"id": "7", "community": "A", "schools": 7}]}', "mine.json", "no record"),
        ("<graphml", "mine.graphml", "no GraphML"),
        ("<graphml/>", "mine.graphml", "no node has the attribute community"),
        ('{"type": "FeatureCollection", "features": []}', "mine.geojson", "no field holds"),
        ("{}", "mine.geojson", "no GeoJSON"),
        ("no database", "mine.gpkg", "no GeoPackage"),
    ],
)
def test_other_files_are_refused_with_the_way_out(
    read: Reader, text: str, name: str, told: str
) -> None:
    assert told in refused(read, text, name)


def test_what_is_no_file_is_refused(district: District, network: Network, tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(InputError, match="there is no plan at"):
            read_plan(path, district, network)


def test_an_output_folder_is_its_plan(
    village: Path, district: District, network: Network, tmp_path: Path
) -> None:
    shutil.copy(village / "plan.csv", tmp_path / "plan.csv")
    plan = read_plan(tmp_path, district, network)
    assert plan.district.inputs[-1].path == "plan.csv"


def test_a_campus_may_part_and_its_tile_goes_with_the_first_school(
    read: Reader, whole: str, network: Network
) -> None:
    plan = read(whole.replace("h 1,South", "h 1,North"))
    node = network.graph.node_ids.index("007")
    assert plan.community_ids[plan.node_community[node]] == "South"
    (broken,) = [c for c in score(plan).constraints if c.name == "campus_whole"]
    assert str(broken.violations[0].message) == (
        "one campus is parted: Alder (007) in South; South High (h 1) in North."
    )
    alone = read(whole.replace("007,South", "007,"))
    assert alone.community_ids[alone.node_community[node]] == "South"


def test_the_vacant_tile_goes_to_the_school_that_stands_on_it(
    read: Reader, whole: str, network: Network
) -> None:
    for home in ("North", "South"):
        plan = read(whole.replace("h-2,North", f"h-2,{home}"))
        assert plan.community_ids[plan.node_community[-1]] == home
    vacant = network.graph.node_ids[-1]
    plan = read(whole + f"{vacant},South\n")
    assert plan.community_ids[plan.node_community[-1]] == "South"


def test_any_text_may_name_a_community(read: Reader) -> None:
    rows = {"7": "=1+1", "007": "'=1+1", "E 1": "+1", "h 1": "a,b", "校": "北 \n 京", "χ": " x "}
    frame = pd.DataFrame({"school_id": rows.keys(), "community_id": rows.values()})
    plan = homes(read(frame.to_csv(index=False)))
    tidy = {"7": "=1+1", "007": "=1+1", "E 1": "+1", "h 1": "a,b", "校": "北 京", "χ": "x"}
    assert {school: home for school, home in plan.items() if home} == tidy


def test_communities_stand_in_a_readers_order(read: Reader, whole: str) -> None:
    text = whole.replace("North", "C10").replace("South", "C9")
    plan = read(text)
    assert plan.community_ids == ("C9", "C10")
    assert plan.community_names == ("South", "North")
    assert sorted(["b2", "a10", "10", "9", "a9"], key=natural) == ["9", "10", "a9", "a10", "b2"]


def test_the_scenario_is_checked_and_filled_in(read: Reader, whole: str) -> None:
    assert read(whole, scenario=Scenario()).scenario.communities == 2
    assert read(whole, scenario=Scenario(communities=5)).scenario.communities == 5
    text = refused(read, whole, scenario=Scenario(keep_together=(("7", "nobody"),)))
    assert "nobody" in text
    assert "no such column" in refused(read, whole, scenario=Scenario(nested_in="board"))


# ---------------------------------------------------------------- layers


def points(district: District, plan: dict[str, str], **columns: object) -> gpd.GeoDataFrame:
    schools = district.schools
    return gpd.GeoDataFrame(
        {"school_id": schools.index, "community": [plan[s] for s in schools.index], **columns},
        geometry=gpd.points_from_xy(schools["lon"], schools["lat"]),
        crs="EPSG:4326",
    )


@pytest.mark.parametrize("name", ["p.geojson", "p.gpkg", "p.shp", "p.parquet"])
def test_points_of_schools(
    name: str, district: District, network: Network, village: Path, tmp_path: Path
) -> None:
    today = homes(read_plan(village / "plan.csv", district, network))
    layer = points(district, today)
    path = tmp_path / name
    if name.endswith("parquet"):
        layer.to_parquet(path)
    else:
        layer.to_crs("EPSG:32618").to_file(path, engine="pyogrio", encoding="UTF-8")
    assert homes(read_plan(path, district, network)) == today


def test_numbered_communities_keep_no_decimals(
    district: District, network: Network, tmp_path: Path
) -> None:
    layer = points(district, dict.fromkeys(district.schools.index, "x"))
    layer["community"] = [float(i % 2) if i else np.nan for i in range(len(layer))]
    layer.to_file(tmp_path / "p.geojson", engine="pyogrio")
    plan = read_plan(tmp_path / "p.geojson", district, network)
    assert plan.community_ids == ("0", "1")
    assert list(homes(plan).values()).count("") == 1


def feature(west: float, south: float, east: float, north: float, **data: object) -> dict:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": data, "geometry": geometry}


def layer(*features: dict) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features})


def test_polygons_of_communities_take_the_schools_inside(read: Reader, district: District) -> None:
    low = feature(-75.0, 40.0, -74.97, 40.01, community_id="Low")
    high = feature(-75.0, 40.01, -74.98, 40.03, community_id="High")
    plan = read(layer(low, high), "mine.geojson")
    schools = district.schools
    for school, home in homes(plan).items():
        lat, lon = schools.loc[school, ["lat", "lon"]]
        assert home == ("Low" if lat < 40.01 else "High" if lon < -74.98 else "")
    (warning,) = told(plan, district)
    assert "4 schools not in the plan" in warning
    assert "Hazel (校)" in warning


def test_polygons_that_overlap_are_refused_by_school(read: Reader) -> None:
    one = feature(-75.0, 40.0, -74.97, 40.03, community_id="A")
    other = feature(-75.0, 40.0, -74.99, 40.01, community_id="B")
    text = refused(read, layer(one, other), "mine.geojson")
    assert "Alder (007) stands in the polygons of several communities: A; B" in text


def test_tiles_carry_the_schools_without_land(read: Reader, network: Network) -> None:
    """m;1 has three quarters of its area on tiles of S; m 2 leans on five tiles alike."""
    box = network.tiles.to_crs("EPSG:4326").set_index("tile_id").geometry.bounds
    features = [
        feature(*box.loc[tile], tile_id=tile, community_id="S" if tile in SOUTH else "N")
        for tile in box.index
    ]
    plan = homes(read(layer(*features), "mine.geojson"))
    south = {school for school, home in plan.items() if home == "S"}
    assert south - {"m 2"} == {"007", "7", 'a "b", c', "E 1", "m;1", "h 1"}
    assert plan["h-2"] == plan["χ"] == "N"


def test_a_graph_of_other_make_names_campuses(read: Reader) -> None:
    nodes = [{"id": "007", "community": 1}, {"id": "7", "community": 2.0}]
    plan = homes(read(json.dumps({"nodes": nodes, "adjacency": [[], []]}), "mine.json"))
    assert {s: c for s, c in plan.items() if c} == {"007": "1", "h 1": "1", "m;1": "1", "7": "2"}


# ---------------------------------------------------------------- plans from values


@given(st.dictionaries(st.sampled_from([*SOUTH, "nobody"]), st.sampled_from(["A", "B", ""])))
def test_a_plan_of_values_says_what_they_say(
    district: District, network: Network, wanted: dict[str, str]
) -> None:
    plan = plan_of(wanted, district, network)
    assert homes(plan) == {s: wanted.get(s, "") for s in network.graph.school_ids}
    assert plan.n_communities == len({wanted[s] for s in wanted if wanted[s]})


def test_plans_are_called_by_what_tells_them_apart(tmp_path: Path) -> None:
    assert plan_names(["a.csv", "b.json"]) == ["a", "b"]
    assert plan_names([Path("run1/plan.csv"), Path("run2"), "c.csv"]) == ["run1", "run2", "c"]
    assert plan_names(["x/a.csv", "y/a.csv"]) == [str(Path("x/a.csv")), str(Path("y/a.csv"))]
    assert len(set(plan_names(["a.csv", "a.csv", "a.csv"]))) == 3
    assert plan_names(["existing.csv"]) == ["existing.csv"]
    assert plan_names([tmp_path / "plan.csv"]) == [tmp_path.name]


# ---------------------------------------------------------------- real districts


def test_fairfax_pyramids_are_its_existing_plan(
    district_folder: Callable[[str], Path], tmp_path: Path
) -> None:
    folder = district_folder("fairfax_va")
    table = pd.read_csv(folder / "schools_2024_25.csv", dtype=str, keep_default_na=False)
    pyramids = table[["school_id", "pyramid_hs"]].set_axis(["school_id", "community_id"], axis=1)
    pyramids.to_csv(tmp_path / "pyramids.csv", index=False)
    district = read_district(folder)
    plan = read_plan(tmp_path / "pyramids.csv", district, build_network(district))
    assert plan.n_communities == 24
    assert plan.community_names == plan.community_ids
    card = score(plan)
    assert card.existing is not None
    for name, value in card.plan.items():
        assert name in AGAINST_TODAY or value.value == card.existing[name].value, name
    broken = {c.name: c for c in card.constraints if not c.satisfied}
    assert "Oakton has no school that serves 7-8." in [
        str(v.message) for v in broken["k12_coverage"].violations
    ]


def test_the_six_regions_of_los_angeles(
    district_folder: Callable[[str], Path], tmp_path: Path
) -> None:
    district = read_district(district_folder("lausd"))
    regions = district.schools["region"].rename("assignment").rename_axis("id").reset_index()
    regions.to_csv(tmp_path / "regions.csv", index=False)
    plan = read_plan(
        tmp_path / "regions.csv",
        district,
        build_network(district),
        scenario=replace(district.scenario, communities=None),
    )
    assert plan.community_ids == (*("Central", "East", "Northeast", "Northwest", "South", "West"),)
    broken = {c.name for c in score(plan).constraints if not c.satisfied}
    assert broken == {"schools"}


@pytest.mark.parametrize("name", ["embedded", "washington_dc"])
def test_a_plan_made_here_keeps_its_promises_when_read_back(
    name: str, planned_folder: Callable[[str], Path], district_folder: Callable[[str], Path]
) -> None:
    """Vacant tiles are not in plan.csv, yet the land is whole again."""
    district = read_district(district_folder(name))
    plan = read_plan(planned_folder(name), district, build_network(district))
    assert score(plan).satisfied
