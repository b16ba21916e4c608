"""What is settled about reading, one sentence a test, in the words of the decision."""

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from broken.case import Change, add, put, recoded, swap, toml
from town import AREAS, DISTRICT, FLOWS, SCHOOLS, box, cell, feature, layer, write_town
from typer.testing import CliRunner

from feeder.cli import app
from feeder.district import District, read_district
from feeder.errors import InputError
from feeder.network.build import build_network
from feeder.opening.validate import Report, validate_district
from feeder.scenario import Scenario

Town = Callable[..., Path]


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """Write the town with some changes."""

    def make(*changes: Change) -> Path:
        folder = write_town(tmp_path / "town")
        for change in changes:
            change(folder)
        return folder

    return make


@pytest.fixture
def read(town: Town) -> Callable[..., District]:
    return lambda *changes: read_district(town(*changes))


@pytest.fixture
def told(town: Town) -> Callable[..., Report]:
    return lambda *changes: validate_district(town(*changes))


def rules(report: Report) -> list[str]:
    return [problem.rule for problem in report.problems]


def warned(report: Report, rule: str) -> str:
    assert report.usable
    (found,) = [str(warning) for warning in report.warnings if warning.rule == rule]
    return found


def refused(report: Report, rule: str) -> str:
    (found,) = [str(problem) for problem in report.problems if problem.rule == rule]
    return found


def flows_of(district: District) -> dict[tuple[str, str], float]:
    assert district.flows is not None
    pairs = zip(district.flows["from_id"], district.flows["to_id"], strict=True)
    return dict(zip(pairs, district.flows["students"], strict=True))


# ---------------------------------------------------------------- exit codes


@pytest.mark.parametrize(
    ("change", "arguments", "code"),
    [
        (None, [], 0),
        (toml("communities = 2", "communities = 3"), [], 1),
        (toml("[flows]", "[flwos]"), [], 1),
        (None, ["--no-such-option"], 2),
        (None, ["--scenario", "no-such-file.toml"], 2),
    ],
)
def test_0_done_1_cannot_be_used_2_wrong_command_line(
    town: Town, change: Change | None, arguments: list[str], code: int
) -> None:
    folder = town(*([change] if change else []))
    assert CliRunner().invoke(app, ["validate", str(folder), *arguments]).exit_code == code


def test_a_folder_argument_that_does_not_exist_is_exit_2(tmp_path: Path) -> None:
    assert CliRunner().invoke(app, ["validate", str(tmp_path / "none")]).exit_code == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ([toml("[3, 11]", "[12, 24]")], "14 schools do not make 2 communities of 12 to 24"),
        ([toml("communities = 2", "communities = 3")], "only 2 campuses serve them"),
        ([toml("= 0.5", "= 0.01"), swap("schools.csv", "700,9", "7000,9")], "over the ceiling of"),
        ([add('nested_in = "region"\n'), toml("= 0.5", "= 0.01")], "2,530 students"),
        ([add('locked = { h1 = "A", h2 = "A" }\n')], "yet both are locked to A"),
        (
            [add('nested_in = "region"\n'), swap("schools.csv", "300,K-5,West", "300,K-5,East"),
             swap("schools.csv", "300,K-5,East,,50\ne3", "300,K-5,West,,50\ne3")],
            "(piece 2 of 2",
        ),
    ],
    ids=["size", "grades", "ceiling", "regions", "locks", "pieces"],
)  # fmt: skip
def test_limits_are_checked_before_any_search_with_numbers(
    told: Callable[..., Report], changes: list[Change], words: str
) -> None:
    report = told(*changes)
    assert any(words in problem.message for problem in report.problems)


# ---------------------------------------------------------------- district.toml


def test_columns_default_to_our_own_names_one_by_one(read: Callable[..., District]) -> None:
    plain = read()
    mapped = read(
        toml('"schools.csv"', '"schools.csv"\ncolumns = { name = "called" }'),
        swap("schools.csv", "school_id,name", "school_id,called"),
    )
    pd.testing.assert_frame_equal(plain.schools, mapped.schools)


def test_a_byte_order_mark_is_fine(told: Callable[..., Report]) -> None:
    marked = [recoded(name, "utf-8-sig") for name in ("district.toml", "schools.csv", "flows.csv")]
    assert told(*marked) == Report((), ())


def test_where_takes_one_text_or_a_list_compared_as_trimmed_text(
    read: Callable[..., District],
) -> None:
    one = toml('path = "plan.csv"', 'path = "plan.csv"\nwhere = { community_id = "B" }')
    found = read(one, swap("plan.csv", "e3,B", "e3, B "))
    assert found.existing_plan is not None
    assert sorted(found.existing_plan.index) == ["e3", "e4", "e7", "e8", "h2", "k8", "m2"]
    two = toml('path = "plan.csv"', 'path = "plan.csv"\nwhere = { community_id = ["A", "B"] }')
    both = read(two).existing_plan
    assert both is not None
    assert len(both) == 14


def test_layer_picks_a_geopackage_layer_and_several_without_it_are_listed(town: Town) -> None:
    folder = town(toml('"areas.geojson"', '"land.gpkg"'))
    for name in ("areas", "highs"):
        gpd.read_file(folder / f"{name}.geojson").to_file(folder / "land.gpkg", layer=name)
    assert "areas; highs" in refused(validate_district(folder), "several-layers")
    toml('"land.gpkg"', '"land.gpkg"\nlayer = "areas"')(folder)
    assert validate_district(folder).usable


def test_a_table_must_lie_inside_the_folder_after_links_are_resolved(town: Town) -> None:
    folder = town()
    inside, outside = folder / "real.csv", folder.parent / "real.csv"
    for target, usable in ((inside, True), (outside, False)):
        (folder / "flows.csv").unlink()
        target.write_text(FLOWS)
        (folder / "flows.csv").symlink_to(target)
        assert validate_district(folder).usable == usable


def test_defaults_of_the_scenario() -> None:
    plain = Scenario()
    assert (plain.schools, plain.enrollment_tolerance, plain.seed) == ((12, 24), 0.15, 0)
    assert plain.choice_schools == "place"
    for schools, communities in ((8, 1), (27, 2), (28, 2), (46, 3), (777, 43)):
        found = plain.resolved(n_schools=schools, estimated_flows=False).communities
        assert found == max(1, round(schools / 18)) == communities


@pytest.mark.parametrize("key", ["missing_location", "missing_enrollment"])
def test_what_is_missing_is_an_error_by_default_and_may_be_dropped(
    told: Callable[..., Report], key: str
) -> None:
    blank = {"missing_location": ",,", "missing_enrollment": "40.005,-74.985,"}[key]
    change = swap("schools.csv", "e2,Birch,40.005,-74.985,300", f"e2,Birch,{blank}".ljust(9, ","))
    if key == "missing_location":
        change = swap("schools.csv", "40.005,-74.985", ",")
    rule = key.replace("_", "-")
    assert "Birch has no" in refused(told(change), rule)
    drop = toml('"schools.csv"', f'"schools.csv"\n{key} = "drop"')
    assert "left out: Birch" in warned(told(change, drop), rule)


def test_missing_enrollment_may_count_as_zero(read: Callable[..., District]) -> None:
    zero = toml('"schools.csv"', '"schools.csv"\nmissing_enrollment = "zero"')
    district = read(zero, swap("schools.csv", "-74.986,60", "-74.986,"))
    assert district.schools.loc["p", "enrollment"] == 0


@pytest.mark.parametrize("tolerance", ["1", "1.0", "15", "1e9"])
def test_a_tolerance_of_1_or_more_asks_what_was_meant(
    told: Callable[..., Report], tolerance: str
) -> None:
    report = told(toml("tolerance = 0.5", f"tolerance = {tolerance}"))
    assert "meant 0.15?" in refused(report, "scenario-value")


def test_groups_locks_and_weights_are_written_as_settled(read: Callable[..., District]) -> None:
    asked = read(
        add(
            'keep_together = [["e1", "m1"]]\nlocked = { h1 = "West", h2 = "East" }\n'
            "weights = { feeder_continuity = 1.0, cut_contacts = 0.1 }\n"
        )
    ).scenario
    assert asked.keep_together == (("e1", "m1"),)
    assert asked.keep_apart == (("h1", "h2"),)
    assert asked.locked == {"h1": "West", "h2": "East"}
    assert asked.weights == {"feeder_continuity": 1.0, "cut_contacts": 0.1}


# ---------------------------------------------------------------- ids and tables


def test_ids_are_unique_and_present_after_where(told: Callable[..., Report]) -> None:
    rows = ",Ghost,40.0,-75.0,1,K-5,Closed,,\ne1,Twin,41.0,-75.0,1,K-5,Closed,,\n"
    assert set(rules(told(add(rows, "schools.csv")))) == {"blank-id", "duplicate-id"}
    where = toml('"schools.csv"', '"schools.csv"\nwhere = { region = ["West", "East"] }')
    assert told(add(rows, "schools.csv"), where).usable


def test_one_id_twice_on_one_site_is_merged_elsewhere_an_error(told: Callable[..., Report]) -> None:
    same = add("e1,Alder,40.0051,-74.995,240,K-5,West,,40\n", "schools.csv")
    assert "Alder (e1)" in warned(told(same), "duplicate-id")
    away = add("e1,Alder,40.0151,-74.995,240,K-5,West,,40\n", "schools.csv")
    assert "on line 2 already" in refused(told(away), "duplicate-id")


def test_utf_8_else_windows_1252_with_a_warning(read: Callable[..., District]) -> None:
    district = read(swap("schools.csv", "Birch", "Niño"), recoded("schools.csv", "cp1252"))
    assert district.schools.loc["e2", "name"] == "Niño"
    assert [warning.rule for warning in district.warnings] == ["windows-1252"]


@pytest.mark.parametrize(
    "text",
    [SCHOOLS.replace(",", "\t"), SCHOOLS.replace(",", ";"),
     SCHOOLS.replace(",", ";").replace(".", ",")],
    ids=["tabs", "semicolons", "decimal commas"],
)  # fmt: skip
def test_separators_are_found_and_decimal_commas_with_semicolons(
    read: Callable[..., District], text: str
) -> None:
    pd.testing.assert_frame_equal(read().schools, read(put("schools.csv", text)).schools)


def test_headers_and_ids_are_trimmed_with_a_warning(told: Callable[..., Report]) -> None:
    report = told(swap("flows.csv", "from_id", " from_id "), swap("flows.csv", "e1,", "e1 ,"))
    assert "from_id" in warned(report, "header-trimmed")
    assert "e1" in warned(report, "id-trimmed")


def test_ids_keep_their_case_and_never_become_numbers(read: Callable[..., District]) -> None:
    files = ("schools.csv", "flows.csv", "measures.csv", "plan.csv", "areas.geojson")
    for new in ("007", "1e5", "E1", "12345678901234567890", "1.50", "TRUE"):
        district = read(*(swap(name, "e1", new) for name in files))
        assert new in district.schools.index
        assert (new, "m1") in flows_of(district)


@pytest.mark.parametrize("mark", ["=", "+", "-", "@"])
def test_an_id_that_a_spreadsheet_would_run_is_an_error(
    told: Callable[..., Report], mark: str
) -> None:
    assert mark in refused(told(swap("schools.csv", "e1,Alder", f"{mark}1,Alder")), "formula-id")


def test_numeric_ids_lose_no_digits_and_gain_no_point(town: Town) -> None:
    folder = town()
    big = 19_647_331_935_121
    for name in ("schools.csv", "flows.csv", "measures.csv", "plan.csv"):
        swap(name, "e1", str(big))(folder)
    areas = gpd.read_file(folder / "areas.geojson").iloc[:1].assign(school_id=float(big))
    areas.to_file(folder / "areas.gpkg")
    toml("areas.geojson", "areas.gpkg")(folder)
    district = read_district(folder)
    assert district.areas is not None
    assert str(big) in district.areas["school_id"].tolist()


# ---------------------------------------------------------------- schools


def test_null_island_counts_as_missing(told: Callable[..., Report]) -> None:
    report = told(swap("schools.csv", "40.005,-74.985", "0,0"))
    assert rules(report) == ["missing-location"]


def test_a_point_over_200_km_from_the_median_suggests_swapped_columns(
    told: Callable[..., Report],
) -> None:
    near = told(swap("schools.csv", "40.006,-74.986", "41.7,-74.986"))
    assert "far-away" not in rules(near)
    far = told(swap("schools.csv", "40.006,-74.986", "42.0,-74.986"))
    assert "swapped" in refused(far, "far-away")


def test_enrollment_is_a_whole_number(told: Callable[..., Report]) -> None:
    assert rules(told(swap("schools.csv", "-74.986,60", "-74.986,60.5"))) == ["not-whole"]
    assert told(swap("schools.csv", "-74.986,60", "-74.986,60.0")).usable


def test_grades_short_of_the_enrollment_leave_a_remainder_called_ungraded(
    read: Callable[..., District],
) -> None:
    grades = ",".join(f"{grade} = 'k'" for grade in ("K", *range(1, 6)))
    district = read(
        toml('"schools.csv"', f'"schools.csv"\nenrollment_by_grade = {{ {grades} }}'),
        swap("schools.csv", "240,K-5,West,,40\ne2", "245,K-5,West,,40\ne2"),
        swap("schools.csv", "300,K-5,West,,50\ne3", "310,K-5,West,,50\ne3"),
    )
    assert district.grade_enrollment is not None
    assert district.grade_enrollment.loc[["e1", "e2", "e4"], "UN"].tolist() == [5, 10, 0]
    (message,) = [w.message for w in district.warnings if w.rule == "ungraded"]
    assert "Birch (300 against 310)" in message  # over 2 %, and never scaled
    assert "Alder (240 against 245)" in message
    assert "Dogwood" not in message


def test_where_span_and_pupils_disagree_the_pupils_decide(read: Callable[..., District]) -> None:
    change = toml('"schools.csv"', '"schools.csv"\nenrollment_by_grade = { K = "k", 1 = "k" }')
    district = read(change, swap("schools.csv", "240,K-5,West,,40\ne2", "240,0-0,West,,40\ne2"))
    assert district.schools.loc["e1", "grade_high"] == 1
    (message,) = [w.message for w in district.warnings if w.rule == "grades-by-pupils"]
    assert "Alder, printed K, pupils in K-1" in message


def test_a_blank_name_becomes_the_id(read: Callable[..., District]) -> None:
    assert read(swap("schools.csv", "Birch", " ")).schools.loc["e2", "name"] == "e2"


def test_a_grade_list_with_gaps_covers_what_it_lists(read: Callable[..., District]) -> None:
    district = read(swap("schools.csv", "240,K-5,West,,40\ne2", "240,K 1 3,West,,40\ne2"))
    assert district.schools.loc["e1", "grades"] == 0b1011


def test_pre_schools_and_adult_schools_are_members_without_flows(town: Town) -> None:
    folder = town(add("a,Adult,40.004,-74.99,50,AO,West,,\n", "schools.csv"),
                  add("a,h1,5\np,e1,5\n", "flows.csv"))  # fmt: skip
    district = read_district(folder)
    assert {"a", "p"} <= set(district.schools.index)
    assert not {"a", "p"} & {end for pair in flows_of(district) for end in pair}
    assert district.schools.loc[["a", "p"], "leavers"].tolist() == [0, 0]


def test_coverage_means_every_grade_that_the_district_serves(told: Callable[..., Report]) -> None:
    no_high = [swap("schools.csv", f",9-12,{side}", f",6-8,{side}") for side in ("West", "East")]
    report = told(*no_high, toml("communities = 2", "communities = 3"),
                  toml('level = "high"', 'level = "middle"'),
                  toml('keep_apart = [["h1", "h2"]]\n', ""))  # fmt: skip
    assert report.usable  # no grade beyond 8 is served, so none is asked for


# ---------------------------------------------------------------- land


def areas(*rings: tuple[str | None, list[list[float]]]) -> Change:
    return put("areas.geojson", layer(*(feature({"school_id": i}, ring) for i, ring in rings)))


ALL = [(f"e{n}", cell(n)) for n in range(1, 9)]


def tiles(folder: Path) -> gpd.GeoDataFrame:
    return build_network(read_district(folder)).tiles.set_index("tile_id")


def test_areas_win_over_the_boundary(town: Town) -> None:
    small = put("outline.geojson", layer(feature({}, box(-75.0, 40.0, -74.965, 40.02))))
    folder = town(small)
    assert "outside the outline and stay" in warned(
        validate_district(folder), "areas-beyond-outline"
    )
    assert tiles(folder).area["e8"] == pytest.approx(tiles(folder).area["e7"], rel=1e-3)


def test_gaps_go_to_the_longest_shared_border_and_are_listed(town: Town) -> None:
    narrow = [("e1", box(-75.0, 40.0, -74.992, 40.01)), *ALL[1:]]
    folder = town(areas(*narrow))
    # The gap shares 1.1 km with Alder and with Birch, but only 0.17 km with Elm and Fir.
    message = warned(validate_district(folder), "gaps-filled")
    assert "km2 to Alder" in message or "km2 to Birch" in message
    area = tiles(folder).area
    assert area["e1"] + area["e2"] == pytest.approx(2 * area["e6"], rel=1e-3)
    assert area["e5"] == pytest.approx(area["e6"], rel=1e-3)


def test_overlaps_go_to_the_smaller_area_and_are_listed(town: Town) -> None:
    folder = town(areas(("e1", box(-75.0, 40.0, -74.985, 40.01)), *ALL[1:]))
    assert "of Alder to Birch" in warned(validate_district(folder), "overlaps-resolved")
    area = tiles(folder).area
    assert area["e2"] == pytest.approx(area["e1"], rel=1e-3)


def test_features_and_layers_of_one_school_are_united(read: Callable[..., District]) -> None:
    halves = [("e1", box(-75.0, 40.0, -74.995, 40.01)), ("e1", box(-74.995, 40.0, -74.99, 40.01))]
    district = read(areas(*halves, *ALL[1:]))
    assert district.areas is not None
    assert district.areas["school_id"].tolist() == [*(i for i, _ in ALL), "h1", "h2"]
    assert district.areas.geometry.iloc[0].equals(shapely.Polygon(cell(1)))


def test_areas_of_higher_levels_only_leave_the_tiles_to_voronoi_cells(town: Town) -> None:
    elementary = DISTRICT.split("[[attendance_areas]]")[1]
    folder = town(toml(f"[[attendance_areas]]{elementary}", ""))
    assert "every campus holds the land" in warned(validate_district(folder), "no-lowest-areas")
    assert len(tiles(folder)) == 14


def test_no_crs_and_numbers_like_degrees_is_taken_with_a_warning(town: Town) -> None:
    folder = town(toml("areas.geojson", "areas.parquet"))
    bare = gpd.read_file(folder / "areas.geojson").set_crs(None, allow_override=True)
    bare.to_parquet(folder / "areas.parquet")
    assert "EPSG:4326 was taken" in warned(validate_district(folder), "crs-assumed")


def test_invalid_rings_are_repaired_with_a_warning(told: Callable[..., Report]) -> None:
    bow = [[-75.0, 40.0], [-74.99, 40.01], [-74.99, 40.0], [-75.0, 40.01], [-75.0, 40.0]]
    assert "Alder (e1)" in warned(told(areas(("e1", bow), *ALL[1:])), "ring-repaired")


def test_a_feature_without_an_id_is_a_vacant_tile_and_named(town: Town) -> None:
    folder = town(areas((None, cell(1)), *ALL[1:]))
    assert "feature 1" in warned(validate_district(folder), "area-without-id")
    assert tiles(folder).loc["elementary-feature-1", "school_id"] is None


def test_a_feature_without_a_polygon_is_named(told: Callable[..., Report]) -> None:
    bare = feature({"school_id": "e1"})
    text = layer(bare, *(feature({"school_id": i}, ring) for i, ring in ALL[1:]))
    assert "Alder (e1)" in warned(told(put("areas.geojson", text)), "no-polygon")


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("nan-coordinates", swap("areas.geojson", "[-74.99, 40.01]", "[-74.99, NaN]")),
        ("unknown-crs", put("areas.geojson", AREAS[:-1] + ', "crs": {"type": "name", "properties":'
                            ' {"name": "EPSG:9"}}}')),
        ("nul-bytes", swap("flows.csv", "e1", "e\0")),
        ("duplicate-column", swap("schools.csv", "region", "name")),
        ("blank-region", lambda folder: [add('nested_in = "region"\n')(folder),
                                         swap("schools.csv", "PK,West", "PK,")(folder)]),
        ("scenario-value", add("weights = { cut_contacts = -1 }\n")),
        ("scenario-value", add("seed = -1\n")),
        ("negative", swap("measures.csv", "e1,60", "e1,-60")),
        ("above-enrollment", swap("measures.csv", "e1,60", "e1,241")),
    ],
    ids=["NaN", "CRS", "NUL", "columns", "region", "weight", "seed", "count", "measure"],
)  # fmt: skip
def test_what_else_is_an_error(told: Callable[..., Report], rule: str, change: Change) -> None:
    assert rules(told(change)) == [rule]


def test_one_campus_on_sites_over_2_km_apart_is_a_warning(told: Callable[..., Report]) -> None:
    campus = swap("schools.csv", "region,kind,k", "region,campus_id,k")
    near = [swap("schools.csv", f"East,,{n}\ne{i}", f"East,x,{n}\ne{i}")
            for n, i in ((30, 4), (60, 5))]  # fmt: skip
    kind = swap("schools.csv", "charter", "")
    assert "campus-far-apart" not in {w.rule for w in told(campus, kind, *near).warnings}
    far = swap("schools.csv", "40.005,-74.995", "40.005,-74.9999")
    both = [swap("schools.csv", "West,,40\ne2", "West,x,40\ne2"), near[1]]
    assert "km apart" in warned(told(campus, kind, far, *both), "campus-far-apart")


# ---------------------------------------------------------------- flows


def test_strangers_and_pathways_are_left_out_and_named_first(read: Callable[..., District]) -> None:
    district = read(add("zz,m1,\ne1,h1,-5\n", "flows.csv"))  # neither is held against them
    named = {w.rule: w.message for w in district.warnings}
    assert "zz" in named["unknown-id"]
    assert "Alder (K-5) to West High (9-12)" in named["pathway"]
    assert len(flows_of(district)) == 11


def test_unknown_ids_over_half_are_an_error(told: Callable[..., Report]) -> None:
    def strangers(count: int) -> Change:
        return add("".join(f"z{n},m1,1\n" for n in range(count)), "flows.csv")

    assert told(strangers(11)).usable
    assert rules(told(strangers(12))) == ["unknown-id"]


def test_repeated_pairs_add_up_with_a_warning(read: Callable[..., District]) -> None:
    district = read(add("e1,m1,4\n", "flows.csv"))
    assert flows_of(district)["e1", "m1"] == 40
    assert [w.rule for w in district.warnings] == ["repeated-flow"]


def test_repeats_of_a_share_are_one_row_with_a_warning(read: Callable[..., District]) -> None:
    shares = put("flows.csv", "from_id,to_id,share\ne1,m1,0.5\ne1,m1,0.5\n")
    district = read(shares)
    assert flows_of(district) == {("e1", "m1"): 20}  # half of 240 / 6 leavers; the rest leaves
    assert [w.rule for w in district.warnings] == ["repeated-flow"]


def test_a_blank_number_of_students_is_an_error(told: Callable[..., Report]) -> None:
    assert rules(told(swap("flows.csv", "e1,m1,36", "e1,m1,"))) == ["blank-cell"]


@pytest.mark.parametrize(("other", "usable"), [("0.4", True), ("0.401", True), ("0.402", False)])
def test_shares_of_one_sender_above_1_001_are_an_error(
    told: Callable[..., Report], other: str, usable: bool
) -> None:
    report = told(put("flows.csv", f"from_id,to_id,share\ne1,m1,0.6\ne1,m2,{other}\n"))
    assert report.usable == usable
    assert rules(report) == ([] if usable else ["shares-over-1"])


@pytest.mark.parametrize("mark", ["*", "<10", "< 10", "≤9", "n<10", "suppressed"])
def test_suppressed_cells_carry_their_range_and_count_by_its_middle(
    read: Callable[..., District], mark: str
) -> None:
    district = read(swap("flows.csv", "e1,m1,36", f"e1,m1,{mark}"))
    assert district.flows is not None
    first = district.flows.iloc[0]
    assert first[["students_low", "students", "students_high"]].tolist() == [1, 5, 9]


def test_suppressed_cells_need_a_range(told: Callable[..., Report]) -> None:
    bare = toml("suppressed_range = [1, 9]\n", "")
    report = told(bare, swap("flows.csv", "e1,m1,36", "e1,m1,*"))
    assert "suppressed_range" in refused(report, "missing-key")


@pytest.mark.parametrize("source", ["observed", "zoned", "estimated"])
def test_zoned_and_estimated_flows_may_be_fractions(
    told: Callable[..., Report], source: str
) -> None:
    report = told(swap("flows.csv", "36", "36.5"), toml('"observed"', f'"{source}"'))
    assert rules(report) == (["not-whole"] if source == "observed" else [])


def test_a_table_without_rows_is_no_flows_and_no_table_means_estimate(town: Town) -> None:
    folder = town(put("flows.csv", "from_id,to_id,students\n"))
    assert "no-flows" in {warning.rule for warning in validate_district(folder).warnings}
    assert build_network(read_district(folder)).flows.empty
    section = DISTRICT[DISTRICT.index("[flows]") : DISTRICT.index("[measures]")]
    toml(section, "")(folder)
    sources = build_network(read_district(folder)).flows["source"]
    # The high-school areas say where middle schools lead; the rest is estimated.
    assert np.unique(sources.to_numpy(dtype=str)).tolist() == ["estimated", "zoned_by_land"]


# ---------------------------------------------------------------- plans and measures


def test_schools_that_todays_plan_lacks_are_unassigned_and_strangers_named(
    read: Callable[..., District],
) -> None:
    district = read(swap("plan.csv", "e1,A\n", ""), add("zz,A\n", "plan.csv"))
    named = {w.rule: w.message for w in district.warnings}
    assert "Alder (e1)" in named["unassigned-today"]
    assert "zz" in named["unknown-id"]
    assert district.existing_plan is not None
    assert "e1" not in district.existing_plan


def test_unknown_keys_are_errors_that_name_the_nearest(town: Town) -> None:
    with pytest.raises(InputError, match="Did you mean missing_location"):
        read_district(town(toml('"schools.csv"', '"schools.csv"\nmising_location = "drop"')))
