"""Broken district folders, and what the planner is told about each."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from feeder.district import read_district
from feeder.errors import InputError, Problem

FLOWS = '\n[flows]\npath = "flows.csv"\nsource = "observed"\n'
AREAS = '\n[[attendance_areas]]\nlevel = "elementary"\npath = "areas.geojson"\n'
PLAN = '\n[existing_plan]\npath = "plan.csv"\n'
COUNTS = '\n[measures]\npath = "m.csv"\ncounts = { el = "el" }\n'

# Each: what is broken, the added section or the text replaced, the rule, the line, the words.
MANIFESTS = [
    ("unknown key", '[flws]\npath = "x"', "unknown-key", "Did you mean flows?"),
    ("inner key", FLOWS + "sorce = 1", "unknown-key", "Did you mean source?"),
    ("column key", FLOWS + 'columns = { form_id = "a" }', "unknown-key", "Did you mean from_id?"),
    ("no source", '[flows]\npath = "flows.csv"', "missing-key", "source in [flows]"),
    ("bad source", FLOWS.replace("observed", "zone"), "manifest-value", "Did you mean zoned?"),
    ("no path", "[boundary]", "missing-key", "path in [boundary]"),
    ("level", AREAS.replace("elementary", "elementry"), "manifest-value", "mean elementary?"),
    ("one bracket", '[attendance_areas]\npath = "areas.geojson"', "manifest-value", "[[att"),
    ("missing file", '[boundary]\npath = "flow.csv"', "missing-file", "Did you mean flows.csv?"),
    ("outside", '[boundary]\npath = "../x.csv"', "outside-folder", "outside the district"),
    ("tolerance", "[scenario]\nenrollment_tolerance = 15", "scenario-value", "meant 0.15?"),
    ("where flag", FLOWS + "where = { x = true }", "manifest-value", "one text or a list"),
    ("range", FLOWS + "suppressed_range = [9, 1]", "manifest-value", "such as [1, 9]"),
    ("both amounts", FLOWS + 'columns = { students = "students", share = "students" }',
     "manifest-value", "both students and share"),
    ("unknown weight", COUNTS + "need = { ell = 1 }", "unknown-key", "Did you mean el?"),
    ("negative weight", COUNTS + "need = { el = -1 }", "manifest-value", "not negative"),
    ("rate unit", COUNTS + 'rates = { r = { column = "a", denominator = "b", unit = "pct" } }',
     "manifest-value", "Did you mean percent?"),
    ("nested in", '[scenario]\nnested_in = "regoin"', "nested-in", "Did you mean region?"),
    ("path", "[boundary]\npath = 1.5", "manifest-value", "a text in quotes"),
    ("no table", FLOWS + "columns = 1", "manifest-value", "under the heading [flows.columns]"),
    ("weight text", COUNTS + 'need = { el = "1" }', "manifest-value", "expected a number"),
    ("two measures", COUNTS + 'ratings = { el = "el" }', "manifest-value", "el stands twice"),
    ("synthetic", "synthetic = 1", "unknown-key", "synthetic"),
]  # fmt: skip

SCHOOLS = [
    ("no column", ("school_id,", "sid,"), "missing-column", None, "Map it in [schools]"),
    ("two columns", (",region", ",name"), "duplicate-column", 1, "same name: name"),
    ("blank id", ("02,Birch", ",Birch"), "blank-id", 3, "blank"),
    ("formula id", ("02,Birch", "=2,Birch"), "formula-id", 3, "=2 begins with"),
    ("twice", ("03,Cedar", "01,Cedar"), "duplicate-id", 4, "on line 2 already"),
    ("no number", (",120,", ",many,"), "not-a-number", 3, '"many"'),
    ("half a pupil", (",120,", ",120.5,"), "not-whole", 3, "120.5"),
    ("negative", (",120,", ",-120,"), "negative", 3, "-120"),
    ("no enrolment", (",120,", ",,"), "missing-enrollment", 3, "Birch has no enrolment"),
    ("suppressed", (",120,", ",<10,"), "missing-enrollment", 3, '"zero" counts them'),
    ("no place", ("40.005,-74.995", ","), "missing-location", 3, "missing_location in [schools]"),
    ("null island", ("40.005,-74.995", "0,0"), "missing-location", 3, "Birch has no coordinates"),
    ("swapped", ("40.005,-74.995", "-74.995,40.005"), "latitude-range", 3, "swapped"),
    ("far", ("40.005,-74.995", "43.5,-74.995"), "far-away", 3, "Birch stands 389 km"),
    ("grades", ("120,K-5", "120,5-K"), "grades", 3, "above the highest"),
    ("date", ("90,6-8", "90,8-Jun"), "grades", 5, "spreadsheet"),
    ("ragged", ("02,Birch", "02,Birch,x"), "ragged-row", 3, "8 cells, the header 7"),
    ("quote", ("Birch", '"Birch'), "quotes", 3, "quotes do not match"),
    ("NUL", ("Birch", "Bir\0ch"), "nul-bytes", 3, "NUL"),
]  # fmt: skip

FLOW_TABLES = [
    ("blank", ("02,10,18", "02,10,"), "blank-cell", 3, "blank"),
    ("text", ("02,10,18", "02,10,x"), "not-a-number", 3, '"x"'),
    ("negative", ("02,10,18", "02,10,-18"), "negative", 3, "-18"),
    ("fraction", ("02,10,18", "02,10,1.5"), "not-whole", 3, "1.5"),
    ("suppressed", ("02,10,18", "02,10,<10"), "missing-key", None, "suppressed_range = [1, 9]"),
    ("strangers", ("0", "9"), "unknown-id", None, "Is from_id and to_id the right column?"),
    ("zeros", ("0", ""), "unknown-id", None, "The schools table has 01 where this one has 1."),
    ("no amount", ("students", "pupils"), "missing-column", None, "students or shares"),
]

SHARES = [
    ("over 1", "01,10,0.6\n01,11,0.5\n", "shares-over-1", 2, "Alder (01) sum to 1.1"),
    ("not a share", "01,10,60\n", "share-range", 2, "60 is no share"),
    ("two values", "01,10,0.6\n01,10,0.5\n", "repeated-share", 3, "Alder (01) to Maple Middle"),
]


def told(folder: Path, rule: str) -> Problem:
    with pytest.raises(InputError) as caught:
        read_district(folder)
    problems = [problem for problem in caught.value.problems if problem.rule == rule]
    assert len(problems) == 1, caught.value
    assert len({(p.row, p.column, p.rule) for p in caught.value.problems}) == len(
        caught.value.problems
    )
    return problems[0]


@pytest.mark.parametrize(
    ("section", "rule", "words"), [case[1:] for case in MANIFESTS], ids=[c[0] for c in MANIFESTS]
)
def test_manifest(small: SimpleNamespace, section: str, rule: str, words: str) -> None:
    problem = told(small.write(section, m_csv="school_id,el,a,b\n01,1,1,1\n"), rule)
    assert problem.file == "district.toml"
    assert words in str(problem)


@pytest.mark.parametrize(
    ("change", "rule", "row", "words"), [c[1:] for c in SCHOOLS], ids=[c[0] for c in SCHOOLS]
)
def test_schools(
    small: SimpleNamespace, replaced: Callable[..., str], change: tuple[str, str], rule: str,
    row: int | None, words: str,
) -> None:  # fmt: skip
    problem = told(small.write(schools_csv=replaced(small.schools, change)), rule)
    assert (problem.file, problem.row) == ("schools.csv", row)
    assert words in str(problem)


@pytest.mark.parametrize(
    ("change", "rule", "row", "words"),
    [c[1:] for c in FLOW_TABLES],
    ids=[c[0] for c in FLOW_TABLES],
)
def test_flows(
    small: SimpleNamespace, replaced: Callable[..., str], change: tuple[str, str], rule: str,
    row: int | None, words: str,
) -> None:  # fmt: skip
    problem = told(small.write(FLOWS, flows_csv=replaced(small.flows, change)), rule)
    assert problem.row == row
    assert words in str(problem)


@pytest.mark.parametrize(
    ("rows", "rule", "row", "words"), [c[1:] for c in SHARES], ids=[c[0] for c in SHARES]
)
def test_shares(small: SimpleNamespace, rows: str, rule: str, row: int, words: str) -> None:
    schools = small.schools + "11,Oak,40.006,-74.99,90,6-8,E\n"
    flows = "from_id,to_id,share\n" + rows
    problem = told(small.write(FLOWS, schools_csv=schools, flows_csv=flows), rule)
    assert (problem.file, problem.row) == ("flows.csv", row)
    assert words in str(problem)


def test_sources_by_row(small: SimpleNamespace) -> None:
    section = FLOWS + 'columns = { source = "how" }'
    flows = "from_id,to_id,students,how\n01,10,9,observed\n02,10,9,guessed\n01,10,3,zoned\n"
    folder = small.write(section, flows_csv=flows)
    assert told(folder, "unknown-source").row == 3
    assert "Alder (01) to Maple Middle (10)" in told(folder, "mixed-source").message


@pytest.mark.parametrize(
    ("layer", "rule", "words"),
    [
        ("crs", "unknown-crs", '"EPSG:99999999" is not known'),
        ("metres", "crs-missing", "its numbers are no degrees"),
        ("elsewhere", "layers-apart", "no school stands anywhere near"),
        ("json", "layer-unreadable", "Save it again"),
        ("strangers", "unknown-id", "2 of 2 areas name schools"),
        ("column", "missing-column", "Did you mean school?"),
    ],
)
def test_areas(small: SimpleNamespace, layer: str, rule: str, words: str) -> None:
    square, feature = small.square, small.feature
    one, two = feature({"school_id": "01"}, square(-75.01)), feature({"school": "02"}, square(-75))
    text = {
        "crs": small.geojson(one, crs="EPSG:99999999"),
        "metres": small.geojson(feature({"school_id": "01"}, square(500000, 4e6, 100))),
        "elsewhere": small.geojson(feature({"school_id": "01"}, square(75.0))),
        "json": '{"type": "Featu',
        "strangers": small.geojson(
            feature({"school_id": "x"}, square(-75.01)), feature({"school_id": "y"}, square(-75))
        ),
        "column": small.geojson(two),
    }[layer]
    problem = told(small.write(AREAS, areas_geojson=text), rule)
    assert problem.file == "areas.geojson"
    assert words in str(problem)


@pytest.mark.parametrize(
    ("corner", "name"), [("[-75.0, 40.01]", "Alder (01)"), ("[-75.01, 40.0]", "feature 1")]
)
def test_a_coordinate_that_is_no_number(small: SimpleNamespace, corner: str, name: str) -> None:
    layer = small.geojson(small.feature({"school_id": "01"}, small.square(-75.01)))
    text = layer.replace(corner, corner.partition(",")[0] + ", NaN]")
    assert name in told(small.write(AREAS, areas_geojson=text), "nan-coordinates").message


def test_an_empty_boundary(small: SimpleNamespace) -> None:
    section = '[boundary]\npath = "areas.geojson"'
    text = small.geojson(small.feature({"school_id": "01"}))
    assert told(small.write(section, areas_geojson=text), "no-polygon").file == "areas.geojson"


@pytest.mark.parametrize(
    ("rows", "rule", "words"),
    [
        ("01,61", "above-enrollment", "Alder (01) counts 61 el, above its enrolment of 60"),
        ("01,-1", "negative", "-1 is negative"),
        ("01,x", "not-a-number", '"x"'),
        ("01,5\n01,6", "duplicate-id", "01 stands again"),
        ("77,5", "unknown-id", "77"),
    ],
)
def test_measures(small: SimpleNamespace, rows: str, rule: str, words: str) -> None:
    problem = told(small.write(COUNTS, m_csv=f"school_id,el\n{rows}\n"), rule)
    assert problem.file == "m.csv"
    assert words in str(problem)


def test_a_rate_outside_its_unit(small: SimpleNamespace) -> None:
    rates = 'rates = { absence = { column = "r", denominator = "d", unit = "share" } }'
    section = f'[measures]\npath = "m.csv"\n{rates}'
    problem = told(small.write(section, m_csv="school_id,r,d\n01,12.5,50\n"), "share-range")
    assert (problem.row, problem.column, problem.value) == (2, "r", "12.5")


def test_existing_plan_with_two_answers(small: SimpleNamespace) -> None:
    folder = small.write(PLAN, plan_csv="school_id,community_id\n01,A\n01,B\n")
    assert told(folder, "duplicate-id").row == 3


def test_blank_region(small: SimpleNamespace, replaced: Callable[..., str]) -> None:
    text = replaced(small.schools, ("K-5,E", "K-5,"))
    problem = told(
        small.write('[scenario]\nnested_in = "region"', schools_csv=text), "blank-region"
    )
    assert "Cedar (03) has no region" in problem.message


def test_lat_and_lon_exchanged_throughout_are_one_problem(small: SimpleNamespace) -> None:
    text = small.schools.replace("lat,lon", "lon,lat")
    assert "are swapped" in told(small.write(schools_csv=text), "swapped-columns").message


def test_several_layers_are_listed(small: SimpleNamespace) -> None:
    import geopandas as gpd

    folder = small.write('[boundary]\npath = "two.gpkg"')
    areas = gpd.read_file(folder / "areas.geojson")
    areas.to_file(folder / "two.gpkg", layer="north")
    areas.to_file(folder / "two.gpkg", layer="south")
    assert "north; south" in told(folder, "several-layers").message
    small.write('[boundary]\npath = "two.gpkg"\nlayer = "south"')
    assert read_district(folder).boundary is not None
    small.write('[boundary]\npath = "two.gpkg"\nlayer = "west"')
    assert "north; south" in told(folder, "missing-layer").message


def test_all_problems_are_told_at_once(
    small: SimpleNamespace, replaced: Callable[..., str]
) -> None:
    schools = replaced(small.schools, (",120,", ",-1,"), ("180,K-5", "180,?"))
    folder = small.write(
        FLOWS + PLAN + "[offices]\npth = 1",
        schools_csv=schools,
        flows_csv=small.flows + "01,10,x\n",
    )
    with pytest.raises(InputError) as caught:
        read_district(folder)
    rules = sorted(problem.rule for problem in caught.value.problems)
    assert rules == sorted(
        ["unknown-key", "missing-key", "missing-file", "negative", "grades", "not-a-number"]
    )


def test_a_link_out_of_the_folder_is_refused(small: SimpleNamespace) -> None:
    folder = small.write('[boundary]\npath = "outline.geojson"')
    outside = folder.parent / "outline.geojson"
    outside.write_text(small.areas)
    (folder / "outline.geojson").symlink_to(outside)
    assert "outside" in told(folder, "outside-folder").message


@pytest.mark.parametrize("content", [None, b"name = ", b"\xff\xfe", b'name = "x"'])
def test_a_folder_without_a_usable_manifest(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "district.toml").write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_district(tmp_path)
    expected = {None: "no-manifest", b'name = "x"': "missing-key"}
    assert caught.value.problems[0].rule == expected.get(content, "manifest-unreadable")


@pytest.mark.parametrize("content", ["", "  \n\n", "school_id,name,lat,lon,enrollment,grades\n"])
def test_schools_table_without_schools(small: SimpleNamespace, content: str) -> None:
    rule = "no-schools" if content.strip() else "empty-file"
    assert told(small.write(schools_csv=content), rule).file == "schools.csv"


def test_where_that_keeps_nobody(small: SimpleNamespace) -> None:
    section = 'where = { region = "N" }'
    problem = told(small.write(section), "where-empty")
    assert "region = N" in problem.message


def test_students_beside_shares_must_be_chosen(small: SimpleNamespace) -> None:
    flows = "from_id,to_id,students,share\n01,10,9,1\n"
    folder = small.write(FLOWS, flows_csv=flows)
    assert "Say which" in str(told(folder, "ambiguous-column"))
    small.write(FLOWS + 'columns = { share = "share" }', flows_csv=flows)
    found = read_district(folder).flows
    assert found is not None
    assert found["students"].tolist() == [10]


def test_a_share_is_never_suppressed(small: SimpleNamespace) -> None:
    folder = small.write(FLOWS, flows_csv="from_id,to_id,share\n01,10,*\n02,10,1\n")
    assert "1 share suppressed" in told(folder, "suppressed-share").message


def test_a_table_without_geometry_is_no_layer(small: SimpleNamespace) -> None:
    folder = small.write(AREAS.replace("geojson", "parquet"))
    pd.DataFrame({"school_id": ["01"]}).to_parquet(folder / "areas.parquet")
    assert told(folder, "no-geometry").file == "areas.parquet"


def test_synthetic_is_true_or_false(small: SimpleNamespace) -> None:
    problem = told(
        small.write(district_toml='synthetic = "yes"\n' + small.manifest), "manifest-value"
    )
    assert "true or false" in problem.message
