"""What becomes of a district folder: schools, pupils by grade, flows, measures, plans."""

from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from feeder.district import District, read_district
from feeder.district.model import GRADE_COLUMNS, PK_BIT
from feeder.district.schools.places import distance_m, extent_m

FLOWS = '\n[flows]\npath = "flows.csv"\nsource = "observed"\n'
GRADED = """\
school_id,name,lat,lon,enrollment,grades,pk,k,g1,g2,g3
1,Alder,40.0,-75.00,100,K-2,,30,30,30,
2,Birch,40.0,-75.01,100,K-2,10,30,30,30,
3,Cedar,40.0,-75.02,100,0-0,,,50,50,
4,Dogwood,40.0,-75.03,99,K-3,,25,25,25,25
5,Elm,40.0,-75.04,90,K-2,,,,,
6,Fir,40.0,-75.05,90,K-3,,30,0,30,30
7,Gum,40.0,-75.06,20,K-3,20,,,,
8,Hazel,40.0,-75.07,90,K-2,,30,*,30,
"""
BY_GRADE = 'enrollment_by_grade = { PK = "pk", K = "k", 1 = "g1", 2 = "g2", 3 = "g3" }\n'


def rules(district: District) -> list[str]:
    return [warning.rule for warning in district.warnings]


def message(district: District, rule: str) -> str:
    (found,) = [str(warning) for warning in district.warnings if warning.rule == rule]
    return found


def test_the_small_district(small: SimpleNamespace) -> None:
    district = read_district(small.write(FLOWS))
    schools = district.schools
    assert list(schools.index) == ["01", "02", "03", "10", "20", "30"]
    assert schools.index.name == "school_id"
    assert schools["level"].tolist() == ["elementary"] * 3 + ["middle", "high", "other"]
    assert schools.loc["01", ["grade_low", "grade_high"]].tolist() == [0, 5]
    assert schools.loc["30", ["grade_low", "grade_high", "grades"]].tolist() == [-1, -1, PK_BIT]
    assert schools["leavers"].tolist() == [10, 20, 30, 30, 50, 0]
    assert schools["leavers_estimated"].tolist() == [True] * 5 + [False]
    assert schools["entering"].tolist() == [10, 20, 30, 0, 0, 0]
    assert str(schools["enrollment"].dtype) == str(schools["grades"].dtype) == "int64"
    assert schools["capacity"].isna().all()
    assert (schools["campus_id"] == "").all()
    assert (district.name, district.year, district.synthetic) == ("Small", "2024", False)
    assert district.grade_enrollment is district.areas is district.boundary is None
    assert not district.warnings
    assert district.flows is not None
    assert district.flows["students"].sum() == 84
    assert list(district.flows) == [
        "from_id", "to_id", "students", "students_low", "students_high", "source"
    ]  # fmt: skip


def test_reading_changes_nothing_when_rows_are_shuffled(small: SimpleNamespace) -> None:
    first = read_district(small.write(FLOWS))
    head, *rows = small.schools.splitlines()
    flow_head, *flow_rows = small.flows.splitlines()
    second = read_district(
        small.write(
            FLOWS,
            schools_csv="\n".join([head, *rows[::-1]]),
            flows_csv="\n".join([flow_head, *flow_rows[::-1]]),
        )
    )
    pd.testing.assert_frame_equal(first.schools, second.schools)
    pd.testing.assert_frame_equal(first.flows, second.flows)


@pytest.fixture
def graded(small: SimpleNamespace) -> District:
    return read_district(small.write(BY_GRADE, schools_csv=GRADED))


def test_pupils_decide_over_the_printed_span(graded: District) -> None:
    spans = graded.schools[["grade_low", "grade_high"]].to_numpy().tolist()
    assert spans == [[0, 2], [-1, 2], [1, 2], [0, 3], [0, 2], [0, 3], [-1, -1], [0, 2]]
    assert graded.schools.loc["6", "grades"] == 0b1111  # no pupils in 1 this year, yet served
    text = message(graded, "grades-by-pupils")
    assert "2 schools" in text
    assert "Cedar, printed K, pupils in 1-2" in text
    assert "Gum, printed K-3, pupils in PK" in text
    assert "Birch" not in text  # PK pupils add the PK bit without ado


def test_the_ungraded_remainder(graded: District) -> None:
    table = graded.grade_enrollment
    assert table is not None
    assert list(table.columns) == list(GRADE_COLUMNS)
    assert table["UN"].fillna(-1).tolist() == [10, 0, 0, 0, -1, 0, 0, 30]
    assert table.loc["4", ["K", "1", "2", "3"]].tolist() == [25] * 4  # over by 1: never scaled
    assert table.loc["1", "3"] == 0
    assert table.loc["5"].isna().all()
    assert np.isnan(table.loc["8", "1"])
    assert "Alder (90 against 100)" in message(graded, "ungraded")
    assert "grades-exceed-enrollment" not in rules(graded)  # 1 in 99 is under 2 %


def test_grades_that_exceed_the_enrollment_are_kept_with_a_warning(small: SimpleNamespace) -> None:
    text = GRADED.replace("-75.03,99", "-75.03,80")
    district = read_district(small.write(BY_GRADE, schools_csv=text))
    assert "Dogwood (100 against 80)" in message(district, "grades-exceed-enrollment")
    assert district.grade_enrollment is not None
    assert district.grade_enrollment.loc["4"].sum() == 100
    assert district.schools.loc["4", "enrollment"] == 80


def test_leavers_and_entering_are_counted_where_known(graded: District) -> None:
    schools = graded.schools
    assert schools["leavers"].tolist() == [30, 30, 50, 25, 30, 30, 0, 30]
    assert schools["leavers_estimated"].tolist() == [False] * 4 + [True] + [False] * 3
    assert schools["entering"].tolist() == [30, 30, 0, 25, 30, 30, 0, 30]


def test_students_are_conserved_over_the_grades(graded: District) -> None:
    table = graded.grade_enrollment
    assert table is not None
    known = table.drop(index=["5", "8"])
    excess = known.sum(axis=1) - graded.schools.loc[known.index, "enrollment"]
    assert excess.tolist() == [0, 0, 0, 1, 0, 0]


def test_grades_without_a_column_stay_as_printed(small: SimpleNamespace) -> None:
    text = "school_id,name,lat,lon,enrollment,grades,k,g1\n1,A,40,-75,90,K-3,30,30\n"
    section = 'enrollment_by_grade = { K = "k", 1 = "g1" }'
    district = read_district(small.write(section, schools_csv=text))
    assert district.schools.loc["1", "grades"] == 0b1111
    assert district.schools.loc["1", "leavers"] == 22.5
    assert district.schools.loc["1", "leavers_estimated"]


@pytest.mark.parametrize(
    ("policy", "pupils"), [("zero", {"1": 10, "2": 0, "3": 5}), ("drop", {"1": 10, "3": 5})]
)
def test_missing_enrollment(small: SimpleNamespace, policy: str, pupils: dict[str, int]) -> None:
    text = "school_id,name,lat,lon,enrollment,grades\n1,A,40,-75,10,K\n2,B,40,-75.1,NA,K\n"
    district = read_district(
        small.write(f'missing_enrollment = "{policy}"', schools_csv=text + "3,C,40,-75.2,5,K\n")
    )
    assert district.schools["enrollment"].to_dict() == pupils
    assert "B" in message(district, "missing-enrollment")


def test_missing_location_and_null_island_are_left_out(small: SimpleNamespace) -> None:
    text = small.schools.replace("40.005,-74.995", "0,0").replace("40.006,-74.996", "40.006,")
    district = read_district(small.write('missing_location = "drop"' + FLOWS, schools_csv=text))
    assert list(district.schools.index) == ["01", "03", "20", "30"]
    assert "2 schools without coordinates, left out: Birch; Maple Middle" in message(
        district, "missing-location"
    )
    assert "4 flows left out, naming 2 schools left out" in message(district, "school-left-out")
    assert "unknown-id" not in rules(district)


def test_blank_names_and_grades(small: SimpleNamespace, replaced: Callable[..., str]) -> None:
    text = replaced(small.schools, (",Cedar,", ",,"), ("120,K-5", "120,"))
    district = read_district(small.write(schools_csv=text))
    assert district.schools.loc["03", "name"] == "03"
    assert district.schools.loc["02", ["level", "grades", "grade_low"]].tolist() == ["other", 0, -2]
    assert rules(district) == ["blank-name", "blank-grades"]


def test_one_id_twice_on_one_site(small: SimpleNamespace) -> None:
    same = small.schools + "03,Cedar,40.0051,-74.985,180,K-5,E\n"
    district = read_district(small.write(schools_csv=same))
    assert district.schools.loc["03", "enrollment"] == 180
    parts = small.schools + "03,Cedar Upper,40.0051,-74.985,70,6-8,E\n"
    district = read_district(small.write(schools_csv=parts))
    assert district.schools.loc["03", ["name", "enrollment", "level"]].tolist() == [
        "Cedar", 250, "span"
    ]  # fmt: skip
    assert "Cedar (03)" in message(district, "duplicate-id")


def test_one_id_twice_with_pupils_by_grade(small: SimpleNamespace) -> None:
    text = (
        GRADED + "1,Alder Upper,40.0,-75.0,40,3,,,,,40\n2,Birch,40.0,-75.01,100,K-2,10,30,30,30,\n"
    )
    district = read_district(small.write(BY_GRADE, schools_csv=text))
    table = district.grade_enrollment
    assert table is not None
    assert table.loc["1", ["K", "1", "2", "3", "UN"]].tolist() == [30, 30, 30, 40, 10]
    assert table.loc["2", ["PK", "K", "1", "2", "UN"]].tolist() == [10, 30, 30, 30, 0]
    assert district.schools.loc["1", ["enrollment", "leavers"]].tolist() == [140, 40]
    assert district.schools.loc["2", "enrollment"] == 100


def test_other_columns_are_carried_as_text(small: SimpleNamespace) -> None:
    head, *rows = small.schools.splitlines()
    text = "\n".join([head + ",board", *(f"{row}, 0{n}" for n, row in enumerate(rows))])
    district = read_district(small.write('[scenario]\nnested_in = "board"', schools_csv=text))
    assert district.extra["board"].tolist() == ["00", "01", "02", "03", "04", "05"]
    assert list(district.extra) == ["board"]


def test_mapped_grades_win(small: SimpleNamespace) -> None:
    text = "school_id,name,lat,lon,enrollment,grades,lo,hi\n1,A,40,-75,10,odd,KG,05\n"
    section = 'columns = { grade_low = "lo", grade_high = "hi" }'
    district = read_district(small.write(section, schools_csv=text))
    assert district.schools.loc["1", ["grade_low", "grade_high"]].tolist() == [0, 5]


def test_shares_are_of_the_leavers(small: SimpleNamespace) -> None:
    flows = "from_id,to_id,share\n01,10,1.0\n02,10,0.75\n10,20,0.5\n01,10,1.0\n"
    district = read_district(small.write(FLOWS.replace("observed", "zoned"), flows_csv=flows))
    assert district.flows is not None
    assert district.flows["students"].tolist() == [10, 15, 15]
    assert (district.flows["source"] == "zoned").all()
    assert "1 pair with the same share again" in message(district, "repeated-flow")


def test_strangers_and_pathways_go_first_and_students_are_conserved(small: SimpleNamespace) -> None:
    flows = small.flows + "01,10,1\n01,99,\n01,20,-5\n02,02,7\n30,01,4\n20,10,x\n03,10,0\n"
    district = read_district(small.write(FLOWS, flows_csv=flows))
    assert district.flows is not None
    assert district.flows.set_index(["from_id", "to_id"])["students"].to_dict() == {
        ("01", "10"): 10, ("02", "10"): 18, ("03", "10"): 27, ("10", "20"): 30
    }  # fmt: skip
    assert rules(district) == ["unknown-id", "self-flow", "pathway", "repeated-flow"]
    assert "3 flows" in message(district, "pathway")
    assert "Alder (K-5) to High (9-12)" in message(district, "pathway")


def test_suppressed_cells_are_intervals(small: SimpleNamespace) -> None:
    section = FLOWS + 'columns = { suppressed_cells = "hidden" }\nsuppressed_range = [1, 9]\n'
    flows = "from_id,to_id,students,hidden\n01,10,20,2\n02,10,<10,0\n03,10,7,0\n10,20,0,0\n"
    district = read_district(small.write(section, flows_csv=flows))
    assert district.flows is not None
    figures = district.flows[["students", "students_low", "students_high"]].to_numpy().tolist()
    assert figures == [[30, 22, 38], [5, 1, 9], [7, 7, 7]]


def test_sources_may_differ_by_row(small: SimpleNamespace) -> None:
    section = FLOWS.replace('source = "observed"', 'columns = { source = "how" }')
    flows = "from_id,to_id,students,how\n01,10,9,observed\n02,10,9.5,estimated\n"
    district = read_district(small.write(section, flows_csv=flows))
    assert district.flows is not None
    assert district.flows["source"].tolist() == ["observed", "estimated"]


def test_no_flow_table_is_none_and_an_empty_one_has_no_flows(small: SimpleNamespace) -> None:
    assert read_district(small.write()).flows is None
    empty = read_district(small.write(FLOWS, flows_csv="from_id,to_id,students\n"))
    assert empty.flows is not None
    assert empty.flows.empty
    assert rules(empty) == ["no-flows"]


def test_measures(small: SimpleNamespace) -> None:
    section = """
[measures]
path = "m.csv"
counts = { el = "n_el", meals = "n_meals" }
rates = { absence = { column = "r", denominator = "d", unit = "percent" } }
ratings = { english = "colour" }
need = { el = 2, meals = 1 }
"""
    text = "school_id,n_el,n_meals,r,d,colour\n01,10,20,12.5,64,3\n02,*,30,,,\n99,1,1,1,1,1\n"
    district = read_district(small.write(section, m_csv=text))
    found = district.statistics
    assert found.counts["el"].fillna(-1).tolist() == [10, -1, -1, -1, -1, -1]
    assert found.rates.loc["01"].to_dict() == {"absence": 0.125, "absence_denominator": 64}
    assert found.ratings["english"].fillna(0).tolist() == [3, 0, 0, 0, 0, 0]
    assert found.need is not None
    assert found.need.tolist() == [40, 30, 0, 0, 0, 0]
    assert found.need_weights == {"el": 2, "meals": 1}
    assert rules(district) == ["unknown-id", "suppressed-measure", "no-measures"]
    assert "4 schools without measures: Cedar (03)" in message(district, "no-measures")


def test_measures_are_not_held_against_an_unknown_enrollment(small: SimpleNamespace) -> None:
    text = small.schools.replace(",120,", ",,")
    section = 'missing_enrollment = "zero"\n[measures]\npath = "m.csv"\ncounts = { el = "el" }'
    district = read_district(
        small.write(section, schools_csv=text, m_csv="school_id,el\n01,5\n02,5\n")
    )
    assert district.statistics.counts["el"].sum() == 10


def test_existing_plan(small: SimpleNamespace) -> None:
    section = '[existing_plan]\npath = "p.csv"\ncolumns = { community_id = "zone" }'
    text = "school_id,zone\n03,South\n01,North\n02,\n10,North\n20,North\n77,North\n"
    district = read_district(small.write(section, p_csv=text))
    assert district.existing_plan is not None
    assert district.existing_plan.to_dict() == {
        "01": "North", "03": "South", "10": "North", "20": "North"
    }  # fmt: skip
    assert "77" in message(district, "unknown-id")
    assert "2 schools unassigned in the existing plan: Birch (02); Nest (30)" in message(
        district, "unassigned-today"
    )


def test_offices_streets_and_optional_keys(small: SimpleNamespace) -> None:
    section = """
[offices]
path = "o.csv"
columns = { name = "office" }
[streets]
path = "streets.graphml"
"""
    manifest = "synthetic = true\n" + small.manifest.replace('"2024"', "2024") + section
    folder = small.write(
        district_toml=manifest,
        o_csv="office,lat,lon,phone\nMain, 40,-75,555\n",
        streets_graphml="x",
    )
    district = read_district(folder)
    assert district.offices is not None
    blank = dict.fromkeys(("office_id", "school_id", "community_id", "region"), "")
    place = {"name": "Main", "lat": 40.0, "lon": -75.0, "phone": "555"}
    assert district.offices.to_dict("records") == [{**blank, **place}]
    assert district.synthetic
    assert district.year == "2024"
    assert [file.path for file in district.inputs][-1] == "streets.graphml"


def test_a_manifest_with_a_byte_order_mark_and_no_name(small: SimpleNamespace) -> None:
    manifest = "\ufeff" + small.manifest.replace('name = "Small"\n', "")
    assert read_district(small.write(district_toml=manifest)).name == "small"


def test_scenario_defaults(small: SimpleNamespace) -> None:
    section = '[scenario]\ncommunities = 2\nkeep_apart = [["01", "03"]]\n'
    scenario = read_district(small.write(section)).scenario
    assert (scenario.communities, scenario.keep_apart) == (2, (("01", "03"),))


def test_distances() -> None:
    quarter = distance_m(np.zeros(1), np.zeros(1), np.zeros(1), np.full(1, 90.0))
    assert quarter[0] == pytest.approx(np.pi / 2 * 6_371_009)
    points = pd.DataFrame({"lat": [40.0, 40.0, 40.001], "lon": [-75.0, -75.0, -75.0]})
    assert extent_m(points) == pytest.approx(111.2, abs=0.1)
