"""Text tables: encodings, separators, numbers, line numbers."""

from types import SimpleNamespace

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.district import read_district
from feeder.district.files.csvfile import parse_csv
from feeder.district.files.folder import Folder
from feeder.district.settings.specs import TableSpec
from feeder.district.tables.ids import read_ids
from feeder.district.tables.numbers import read_numbers
from feeder.district.tables.table import as_text
from feeder.errors import Findings, InputError


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_separator_is_found(mark: str, end: str) -> None:
    text = end.join([f'id{mark}"a name"', f'01{mark}"x{mark}y"', ""])
    table = parse_csv(text.encode(), "t.csv", Findings())
    assert list(table.frame) == ["id", "a name"]
    assert table.frame.loc[2].tolist() == ["01", f"x{mark}y"]


def test_line_numbers_are_those_of_a_text_editor() -> None:
    text = 'id,name\n1,"two\nlines"\n\n2,b\n,\n3,c\n'
    table = parse_csv(text.encode(), "t.csv", Findings())
    assert table.frame.index.tolist() == [2, 5, 7]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_utf8_with_and_without_mark(encoding: str) -> None:
    findings = Findings()
    table = parse_csv("id,name\n1,Peña\n".encode(encoding), "t.csv", findings)
    assert table.frame.loc[2].tolist() == ["1", "Peña"]
    assert not findings.warnings


def test_windows_1252_is_a_warning_with_the_line() -> None:
    findings = Findings()
    table = parse_csv("id,name\n1,a\n2,Peña \u2013 x\n".encode("cp1252"), "t.csv", findings)
    assert table.frame.loc[3, "name"] == "Peña \u2013 x"
    assert [(w.rule, w.row) for w in findings.warnings] == [("windows-1252", 3)]


def test_bytes_of_no_encoding_are_refused() -> None:
    with pytest.raises(InputError):
        parse_csv(b"id\n\x81\x8d\n", "t.csv", Findings())


def test_headers_and_ids_are_trimmed_with_a_warning() -> None:
    findings = Findings()
    table = parse_csv(b" id ,name\n 01,a\n02 ,b\n03,c\n", "t.csv", findings)
    assert read_ids(table, "id", findings).tolist() == ["01", "02", "03"]
    assert [w.rule for w in findings.warnings] == ["header-trimmed", "id-trimmed"]
    assert "2 ids" in findings.warnings[1].message


def test_empty_cells_beyond_the_header_are_taken_off() -> None:
    found = parse_csv(b"id,name\n1,a,,\n", "t.csv", Findings())
    assert found.frame.loc[2].tolist() == ["1", "a"]


@pytest.mark.parametrize(
    ("mark", "cell", "value"),
    [
        (",", "1,234", 1234),
        (",", "1,234.5", 1234.5),
        (",", "1.5", 1.5),
        (",", "-3", -3),
        (",", "1e3", 1000),
        (",", ".5", 0.5),
        (";", "1,5", 1.5),
        (";", "1.5", 1.5),
        (";", "-0,25", -0.25),
    ],
)
def test_numbers(mark: str, cell: str, value: float) -> None:
    findings = Findings()
    table = parse_csv(f'a{mark}b\n"{cell}"{mark}x\n'.encode(), "t.csv", findings)
    assert read_numbers(table, "a", findings).found.tolist() == [value]
    assert not findings.errors


@pytest.mark.parametrize("cell", ["", "NA", "n/a", "NaN", "null"])
def test_blanks(cell: str) -> None:
    findings = Findings()
    table = parse_csv(f"a,b\n{cell},x\n".encode(), "t.csv", findings)
    numbers = read_numbers(table, "a", findings)
    assert numbers.found.isna().all()
    assert not numbers.suppressed.any()
    assert not findings.errors


@pytest.mark.parametrize("cell", ["*", "**", "<10", "< 10", "≤5", "n<10", "S", "DS"])
def test_suppressed_cells(cell: str) -> None:
    findings = Findings()
    table = parse_csv(f"a,b\n{cell},x\n".encode(), "t.csv", findings)
    numbers = read_numbers(table, "a", findings)
    assert numbers.suppressed.all()
    assert numbers.found.isna().all()


@pytest.mark.parametrize("cell", ["x", "1_000", "1,23,4", "inf", "1 2", "--1", "0x1", "5%"])
def test_what_is_no_number(cell: str) -> None:
    findings = Findings()
    table = parse_csv(f'a,b\n"{cell}",x\n'.encode(), "t.csv", findings)
    read_numbers(table, "a", findings)
    assert [(e.rule, e.row, e.value) for e in findings.errors] == [("not-a-number", 2, cell)]


@given(st.integers(0, 10**15), st.integers(0, 99))
def test_numbers_survive_both_conventions(whole: int, cents: int) -> None:
    value = float(f"{whole}.{cents:02d}")
    for mark, cell in ((",", f"{whole:,}.{cents:02d}"), (";", f"{whole},{cents:02d}")):
        table = parse_csv(f'a{mark}b\n"{cell}"{mark}\n'.encode(), "t.csv", Findings())
        assert read_numbers(table, "a", Findings()).found.tolist() == [value]


def test_typed_ids_lose_no_digits_and_gain_no_point() -> None:
    frame = pd.DataFrame(
        {"a": [19647331935121, 2], "b": [4948.0, None], "c": [0.5, 1.0], "d": [True, None]}
    )
    text = as_text(frame)
    assert text["a"].tolist() == ["19647331935121", "2"]
    assert text["b"].tolist() == ["4948", ""]
    assert text["c"].tolist() == ["0.5", "1"]
    assert text["d"].tolist() == ["True", ""]


def test_decimal_commas_in_a_whole_district(small: SimpleNamespace) -> None:
    schools = small.schools.replace(".", "\0").replace(",", ";").replace("\0", ",")
    district = read_district(small.write(schools_csv=schools))
    assert district.schools.loc["02", "lat"] == 40.005
    assert district.schools["enrollment"].sum() == 665


def test_where_keeps_one_text_or_any_of_several(small: SimpleNamespace) -> None:
    one = read_district(small.write('where = { region = "E" }'))
    assert list(one.schools.index) == ["03", "20"]
    both = read_district(small.write('where = { region = ["E", " W "], grades = "K-5" }'))
    assert list(both.schools.index) == ["01", "02", "03"]
    some = read_district(small.write('where = { region = ["E", "N"] }'))
    assert [w.rule for w in some.warnings] == ["where-unmet"]
    assert "N" in some.warnings[0].message


def test_a_file_is_read_once_and_hashed_once(small: SimpleNamespace) -> None:
    section = '[measures]\npath = "schools.csv"\ncounts = { pupils = "enrollment" }'
    folder = small.write(section)
    district = read_district(folder)
    assert [file.path for file in district.inputs] == ["district.toml", "schools.csv"]
    assert all(len(file.sha256) == 64 for file in district.inputs)
    assert district.statistics.counts["pupils"].tolist() == district.schools["enrollment"].tolist()
    reader = Folder(folder, Findings())
    spec = TableSpec(section="schools", path="schools.csv")
    assert reader.table(spec) is reader.table(spec)


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".shp", ".parquet"])
def test_schools_as_a_layer(small: SimpleNamespace, suffix: str) -> None:
    folder = small.write()
    expected = read_district(folder).schools
    table = pd.read_csv(folder / "schools.csv", dtype={"school_id": str})
    table = table.rename(columns={"enrollment": "pupils"})
    points = gpd.GeoDataFrame(
        table, geometry=gpd.points_from_xy(table["lon"], table["lat"]), crs="EPSG:4326"
    )
    if suffix == ".parquet":
        points.to_parquet(folder / "schools.parquet")
    else:
        points.to_file(folder / f"schools{suffix}")
    manifest = small.manifest.replace(".csv", suffix) + 'columns = { enrollment = "pupils" }'
    district = read_district(small.write(district_toml=manifest))
    pd.testing.assert_frame_equal(district.schools, expected)
