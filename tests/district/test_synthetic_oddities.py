"""Every oddity of real files is in the embedded-size district, read from its files alone."""

import json
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from shapely.geometry import shape

EMBEDDED = Path(__file__).resolve().parents[2] / "geodata"
LEVELS = ("elementary", "middle", "high")
GRADES = ["K", *map(str, range(1, 13))]
ID_COLUMNS = {"school_id": str, "from_id": str, "to_id": str}


class Files:
    """The tables and layers of a folder."""

    def __init__(self, folder: Path) -> None:
        def table(name: str) -> pd.DataFrame:
            return pd.read_csv(folder / name, dtype=ID_COLUMNS, keep_default_na=True)

        self.schools = table("schools.csv").set_index("school_id")
        self.flows = table("flows.csv")
        self.today = table("existing_plan.csv").set_index("school_id")["community_id"]
        self.needs = table("needs.csv").set_index("school_id")
        self.areas = {level: _features(folder / f"areas_{level}.geojson") for level in LEVELS}
        self.boundary = _features(folder / "boundary.geojson")[0][1]
        self.manifest = tomllib.loads((folder / "district.toml").read_text(encoding="utf-8"))

    @property
    def by_grade(self) -> pd.DataFrame:
        return self.schools[[f"grade_{grade}" for grade in ["PK", *GRADES]]].fillna(0)

    def leavers(self, school: str) -> float:
        last = self.schools.loc[school, "grades"].split("-")[1]
        return float(self.schools.loc[school, f"grade_{last}"])


def _features(path: Path) -> list[tuple[str, shapely.Geometry]]:
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return [(f["properties"].get("school_id", ""), shape(f["geometry"])) for f in features]


@pytest.fixture(scope="module", params=[(130, 0), (130, 5), (20, 0), (400, 0)], ids=str)
def files(request: pytest.FixtureRequest, synthetic_folder: Callable[[int, int], Path]) -> Files:
    schools, seed = request.param
    if (schools, seed) == (130, 0):
        return Files(EMBEDDED)
    made = Files(synthetic_folder(schools, seed))
    assert len(made.schools) == schools
    return made


def _spans(files: Files) -> Counter[str]:
    return Counter(files.schools["grades"].str.replace("PK", "K"))


def test_spans(files: Files) -> None:
    spans = _spans(files)
    assert spans["K-8"] >= 1
    assert spans["6-12"] == max(1, len(files.schools) // 150)
    assert spans["K-2"] == spans["3-5"] >= 1
    assert spans["10-12"] >= 1
    if len(files.schools) > 100:
        levels = [spans["K-5"], spans["6-8"], spans["9-12"]]
        shares = np.array(levels) / len(files.schools)
        assert shares == pytest.approx([0.60, 0.17, 0.13], abs=0.06)


def test_kinds_without_an_area(files: Files) -> None:
    with_area = {school for level in LEVELS for school, _ in files.areas[level]}
    choice = files.schools[files.schools["kind"].notna()]
    assert set(choice["kind"]) <= {"magnet", "charter", "alternative"}
    assert {"magnet", "alternative"} <= set(choice["kind"])
    assert set(files.schools.index) - with_area == set(choice.index)
    if len(files.schools) >= 100:
        assert set(choice["kind"]) == {"magnet", "charter", "alternative"}
        assert {"K-5", "9-12"} <= set(choice.loc[choice["kind"] == "magnet", "grades"])


def test_one_vacant_area_whose_school_is_not_in_the_table(files: Files) -> None:
    unknown = [
        school for school, _ in files.areas["elementary"] if school not in files.schools.index
    ]
    assert len(unknown) == 1
    for level in ("middle", "high"):
        assert all(school in files.schools.index for school, _ in files.areas[level])


def test_one_area_in_two_real_pieces(files: Files) -> None:
    pieces = {
        school: area for school, area in files.areas["elementary"] if area.geom_type != "Polygon"
    }
    assert len(pieces) == 1
    (area,) = pieces.values()
    small, large = sorted(part.area for part in area.geoms)
    assert 0.02 < small / area.area < 0.25
    assert small + large == pytest.approx(area.area)
    assert area.geoms[0].distance(area.geoms[1]) > 0.0005


def test_paired_schools_share_one_polygon(files: Files) -> None:
    by_shape = defaultdict(list)
    for school, area in files.areas["elementary"]:
        by_shape[area.wkb].append(school)
    shared = [schools for schools in by_shape.values() if len(schools) > 1]
    assert len(shared) == _spans(files)["3-5"]
    for schools in shared:
        low, high = sorted(schools, key=lambda s: files.schools.loc[s, "grades"] == "3-5")
        assert files.schools.loc[high, "grades"] == "3-5"
        row = files.flows[(files.flows["from_id"] == low) & (files.flows["to_id"] == high)]
        assert row["students"].sum() == pytest.approx(files.leavers(low))


def test_shared_campuses(files: Files) -> None:
    campuses = files.schools.groupby("campus_id")
    assert campuses.ngroups >= 2
    assert campuses.size().eq(2).all()
    kinds = set()
    for _, members in campuses:
        assert np.ptp(members["lat"]) < 0.001
        assert np.ptp(members["lon"]) < 0.001
        magnet = members["kind"].eq("magnet").any()
        kinds.add("magnet" if magnet else "-".join(sorted(members["grades"])))
    assert "magnet" in kinds
    assert "6-8-9-12" in kinds
    alone = files.schools[files.schools["campus_id"].isna()]
    points = shapely.points(alone["lon"] * np.cos(np.radians(34.2)), alone["lat"])
    near = shapely.STRtree(points).query(points, predicate="dwithin", distance=0.0009)
    assert (near[0] == near[1]).all()


def test_split_feeders_and_imperfect_nesting(files: Files) -> None:
    shares = files.flows.assign(
        share=files.flows["students"] / files.flows["from_id"].map(files.leavers)
    )
    zoned = shares[files.schools.loc[shares["from_id"], "kind"].isna().to_numpy()]
    split = zoned[zoned["share"] >= 0.1].groupby("from_id").size()
    assert (split > 1).sum() >= max(1, len(files.schools) // 25)
    assert (split > 1).mean() < 0.5
    cut = 0
    for _, area in files.areas["elementary"]:
        parts = [area.intersection(other).area for _, other in files.areas["middle"]]
        cut += max(parts) / area.area < 0.9
    assert cut >= 1


def test_small_cells_and_fractions(files: Files) -> None:
    students = files.flows["students"]
    assert (students > 0).all()
    assert (students < 10).any()
    assert (students % 1 > 0.01).any()
    assert files.needs["foster"].between(1, 9).any()
    assert (files.needs["homeless"] < 10).any()


def test_needs_are_plausible(files: Files) -> None:
    enrolled = files.schools["enrollment"]
    assert list(files.needs.index) == list(files.schools.index)
    for count in files.manifest["measures"]["counts"]:
        assert (files.needs[count] >= 0).all()
        assert (files.needs[count] <= enrolled).all()
    assert files.needs["chronic_absence_percent"].between(0, 100).all()
    assert (files.needs["enrolled_in_the_year"] >= enrolled).all()
    for rating in ("english", "mathematics"):
        assert set(files.needs[rating].dropna()) <= {1, 2, 3, 4, 5}
        assert files.needs[rating].isna().any()
    meals = files.needs["free_or_reduced_meals"] / enrolled
    assert meals.corr(files.needs["english"]) < -0.5


def test_need_is_alike_among_neighbours(files: Files) -> None:
    meals = files.needs["free_or_reduced_meals"] / files.schools["enrollment"]
    points = np.stack([files.schools["lon"], files.schools["lat"]], axis=1)
    away = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    np.fill_diagonal(away, np.inf)
    nearest = meals.to_numpy()[away.argmin(axis=1)]
    if len(meals) >= 100:
        assert np.corrcoef(meals, nearest)[0, 1] > 0.4


def test_enrollment_adds_up_but_for_a_small_remainder(files: Files) -> None:
    rest = files.schools["enrollment"] - files.by_grade.sum(axis=1)
    assert (rest >= 0).all()
    assert 0 < (rest > 0).sum() <= 0.1 * len(rest) + 2
    assert (rest / files.schools["enrollment"]).max() < 0.02
    assert (files.by_grade["grade_PK"] > 0).any()
    assert files.schools["capacity"].isna().sum() == (files.schools["kind"] == "charter").sum()


def test_pupils_are_in_the_printed_grades_and_in_all_of_them(files: Files) -> None:
    order = ["PK", *GRADES]
    for grades, row in zip(
        files.schools["grades"], files.by_grade.itertuples(index=False), strict=True
    ):
        low, high = (order.index(grade) for grade in grades.split("-"))
        served = np.array(row) > 0
        assert served[low : high + 1].all()
        assert served.sum() == high - low + 1


def test_flows_conserve_leavers(files: Files) -> None:
    sent = files.flows.groupby("from_id")["students"].sum()
    expected = pd.Series({school: files.leavers(school) for school in sent.index})
    assert sent.to_numpy() == pytest.approx(expected.to_numpy(), abs=1e-6)
    ends = files.schools["grades"].str.endswith("12")
    silent = set(files.schools.index[~ends]) - set(sent.index)
    assert silent == set()
    assert not ends.loc[sent.index].any()


def test_flows_lead_to_schools_that_serve_the_next_grade(files: Files) -> None:
    for sender, receiver in files.flows[["from_id", "to_id"]].itertuples(index=False):
        after = GRADES.index(files.schools.loc[sender, "grades"].split("-")[1]) + 1
        assert files.schools.loc[receiver, f"grade_{GRADES[after]}"] > 0
    assert not files.flows.duplicated(["from_id", "to_id"]).any()


@pytest.mark.parametrize("level", LEVELS)
def test_areas_of_each_level_cover_the_boundary_once(files: Files, level: str) -> None:
    areas = list({area.wkb: area for _, area in files.areas[level]}.values())
    assert shapely.is_valid(areas).all()
    assert shapely.coverage_is_valid(areas)
    assert sum(area.area for area in areas) == pytest.approx(files.boundary.area, rel=1e-9)
    assert shapely.coverage_union_all(areas).equals(files.boundary)
    assert files.boundary.geom_type == "Polygon"


def test_schools_stand_in_their_areas(files: Files) -> None:
    for level in LEVELS:
        for school, area in files.areas[level]:
            if school in files.schools.index:
                row = files.schools.loc[school]
                point = shapely.Point(row["lon"], row["lat"])
                assert area.covers(point), row["name"]


def test_coordinates_are_rounded_and_lie_in_the_open_pacific(files: Files) -> None:
    corners = shapely.get_coordinates([area for _, area in files.areas["elementary"]])
    assert (np.round(corners, 6) == corners).all()
    assert (np.abs(corners - [-140.0, 34.2]) < [0.6, 0.6]).all()


def test_regions(files: Files) -> None:
    regions = files.schools["region"]
    assert regions.notna().all()
    planted = files.schools["planted_community"]
    expected = {20: 1, 130: 4, 400: 7}[len(files.schools)]
    assert regions.nunique() == expected
    assert files.schools.groupby("planted_community")["region"].nunique().eq(1).all()
    assert planted.nunique() == files.manifest["scenario"]["communities"]


def test_todays_plan_is_worth_improving_yet_plausible(files: Files) -> None:
    missing = set(files.schools.index) - set(files.today.index)
    if len(files.schools) < 100:
        assert len(missing) <= 1
        return
    assert 1 <= len(missing) <= 3
    size = files.today.value_counts()
    enrolled = files.schools["enrollment"].groupby(files.today).sum()
    assert size.min() >= 4
    assert (enrolled / enrolled.mean() - 1).abs().max() > 0.25
    assert (enrolled / enrolled.mean() - 1).abs().max() < 2
    served = (files.by_grade[[f"grade_{g}" for g in GRADES]] > 0).groupby(files.today).any()
    incomplete = (~served.all(axis=1)).sum()
    assert 1 <= incomplete <= len(served) / 2
    kept = _kept(files, files.today)
    assert 0.45 < kept < 0.9 < _kept(files, files.schools["planted_community"])


def _kept(files: Files, community: pd.Series) -> float:
    start, end = (files.flows[c].map(community) for c in ("from_id", "to_id"))
    return float(files.flows["students"][start == end].sum() / files.flows["students"].sum())


def test_names_and_ids(files: Files) -> None:
    names = files.schools["name"]
    assert names.is_unique
    assert files.schools.index.is_unique
    assert files.schools.index.str.fullmatch(r"\d{4,5}").all()
    assert files.schools.index.str.startswith("0").any()
    assert files.schools.index.is_monotonic_increasing
    if len(names) >= 100:
        assert names.str.contains("'").any()
        assert names.str.contains("Cañada Verde").any()
        assert names.str.split().str[0].nunique() > 40
