"""Where a table stands in its file: header, rows, and what stands above, among and below them."""

from types import SimpleNamespace

import pytest

from feeder.district import read_district
from feeder.district.files.csvfile import parse_csv
from feeder.district.files.layout import Sought
from feeder.district.read import survey_district
from feeder.errors import Findings, InputError

ROWS = "".join(f"{n:02d},School {n},{n * 10}\n" for n in range(1, 9))
TABLE = f"id,name,pupils\n{ROWS}"
WANTED = Sought(section="schools", mapped=frozenset({"id", "pupils"}), keys=("id",))


def read(text: str, wanted: Sought = WANTED) -> tuple[list[str], list[str]]:
    """Return the ids that are read, and the rules that are told."""
    findings = Findings()
    table = parse_csv(text.encode(), "t.csv", findings, wanted)
    return table.frame["id"].tolist(), [warning.rule for warning in findings.warnings]


IDS = [f"{n:02d}" for n in range(1, 9)]


@pytest.mark.parametrize(
    "above",
    [
        "Our schools\n",
        "Our schools, October 2025, all levels\n\n",
        "Our schools,,\nof the district,,\n,,\n",
        "School,,Students\n",
    ],
)
def test_the_header_is_the_line_with_the_columns_named(above: str) -> None:
    assert read(above + TABLE) == (IDS, ["header-below"])
    semicolons = above + TABLE.replace(",", ";")
    assert read(semicolons) == (IDS, ["header-below"])


def test_rows_keep_the_numbers_of_their_lines() -> None:
    table = parse_csv(f"Title\n\n{TABLE}".encode(), "t.csv", Findings(), WANTED)
    assert table.frame.index.tolist() == list(range(4, 12))


def test_a_title_above_other_names_is_an_error_with_the_key() -> None:
    text = "Our schools\n\n" + TABLE.replace("id,name,pupils", "no,called,count")
    with pytest.raises(InputError) as told:
        parse_csv(text.encode(), "t.csv", Findings(), WANTED)
    (problem,) = told.value.problems
    assert (problem.rule, problem.row) == ("header-below", 1)
    assert "header = 3 in [schools]" in problem.fix


def test_a_table_without_a_header_is_told_as_such() -> None:
    with pytest.raises(InputError) as told:
        parse_csv(ROWS.encode(), "t.csv", Findings(), WANTED)
    assert [problem.rule for problem in told.value.problems] == ["no-header"]


def test_a_header_of_two_lines_is_joined_where_the_section_says_so(small: SimpleNamespace) -> None:
    old = "school_id,name,lat,lon,enrollment,grades,region"
    two = "school_id,name,Place,,Pupils,grades,region\n,,lat,lon,all,,"
    schools = small.schools.replace(old, two)
    named = 'columns = { lat = "lat", enrollment = "Pupils" }'
    (problem,) = survey_district(small.write(named, schools_csv=schools)).problems
    assert problem.rule == "header-two-lines"
    assert "header = [1, 2]" in problem.fix
    assert "Place lat; Place lon; Pupils all" in problem.fix
    named = (
        "header = [1, 2]\n"
        'columns = { lat = "Place lat", lon = "Place lon", enrollment = "Pupils all" }'
    )
    district = read_district(small.write(named, schools_csv=schools))
    assert district.schools["enrollment"].sum() == 665


def test_names_that_only_the_line_above_tells_apart_are_joined() -> None:
    text = ",Girls,,Boys,\nid,K,1,K,1\n01,5,6,7,8\n02,6,7,8,9\n"
    wanted = Sought(section="schools", mapped=frozenset({"id", "K"}), keys=("id",))
    with pytest.raises(InputError) as told:
        parse_csv(text.encode(), "t.csv", Findings(), wanted)
    (problem,) = told.value.problems
    assert (problem.rule, problem.row) == ("duplicate-column", 2)
    assert "header = [1, 2] in [schools]" in problem.fix
    joined = Sought(section="schools", keys=("id",), header=(1, 2))
    table = parse_csv(text.encode(), "t.csv", Findings(), joined)
    assert list(table.frame) == ["id", "Girls K", "Girls 1", "Boys K", "Boys 1"]


def test_a_line_of_the_header_that_is_blank_is_an_error() -> None:
    wanted = Sought(section="schools", keys=("id",), header=(2, 2))
    with pytest.raises(InputError, match=r"\[schools\] names line 2"):
        parse_csv(f"Title\n\n{TABLE}".encode(), "t.csv", Findings(), wanted)


@pytest.mark.parametrize(
    "extra",
    [
        ",Total,360",
        "Total,,360",
        "Grand total,,360",
        "TOTAL,,360",
        "District,,360",
        "Summe,,360",
        ",All schools,360",
        ",Total elementary,360",
        ",Elementary total,360",
        ",Total: all schools,360",
        ",Subtotal - North,360",
        "Total:,,360",
        "9999,Total,360",
        ",,360",
        "Source: October count, 2025, without guests",
        "* fewer than ten pupils",
        "Elementary Schools,,",
        "ELEMENTARY,,",
        "As of 10/1/2025",
    ],
)
def test_lines_that_are_no_rows_are_left_out_and_told(extra: str) -> None:
    assert read(f"{TABLE}{extra}\n") == (IDS, ["no-rows-of-the-table"])


@pytest.mark.parametrize(
    ("row", "school_id"),
    [
        ("09,Total,17", "09"),
        ("09,Total Learning Center,90", "09"),
        ("09,,90", "09"),
        ("09,,", "09"),
        (",,90", ""),
        (",A school without an id,90", ""),
        (",Total Learning Center,90", ""),
        (",Sum Street School,90", ""),
    ],
)
def test_what_may_be_a_school_stays_a_row(row: str, school_id: str) -> None:
    assert read(f"{TABLE}{row}\n") == ([*IDS, school_id], [])


def test_names_as_ids_are_no_notes() -> None:
    text = "id,community\nElm Street School,North\nOak Hill School,\nAsh School,South\n"
    wanted = Sought(mapped=frozenset({"id"}), keys=("id",))
    assert read(text, wanted)[0] == ["Elm Street School", "Oak Hill School", "Ash School"]


def test_totals_that_are_no_sums_are_told() -> None:
    findings = Findings()
    parse_csv(f"{TABLE}Total,,400\n".encode(), "t.csv", findings, WANTED)
    (told,) = (w for w in findings.warnings if w.rule == "totals-differ")
    assert told.row == 10
    assert "pupils: 400, the rows sum to 360" in told.message


def test_means_are_no_sums() -> None:
    findings = Findings()
    parse_csv(f"{TABLE}Total,,45\n".encode(), "t.csv", findings, WANTED)
    assert [warning.rule for warning in findings.warnings] == ["no-rows-of-the-table"]


def test_an_office_may_be_called_district() -> None:
    text = "office_id,name,room\nnorth,North,7\ndistrict,All of it,12\n"
    findings = Findings()
    table = parse_csv(text.encode(), "t.csv", findings)
    assert table.frame["office_id"].tolist() == ["north", "district"]
    assert findings.warnings == []


def test_totals_of_one_sender_are_no_sums_of_all() -> None:
    text = "from_id,to_id,students\n01,10,4\n01,20,6\n01,Total,10\n02,10,5\n"
    findings = Findings()
    table = parse_csv(text.encode(), "t.csv", findings)
    assert table.frame["students"].tolist() == ["4", "6", "5"]
    assert [warning.rule for warning in findings.warnings] == ["no-rows-of-the-table"]


def test_the_header_again_is_no_row() -> None:
    lines = TABLE.splitlines(keepends=True)
    assert read("".join([*lines[:4], lines[0], *lines[4:]])) == (IDS, ["header-again"])


def test_a_file_cut_short_is_told_by_its_last_line() -> None:
    with pytest.raises(InputError) as told:
        parse_csv(TABLE[:-8].encode(), "t.csv", Findings(), WANTED)
    (problem,) = told.value.problems
    assert (problem.rule, problem.row) == ("ragged-row", 9)
    assert "cut short" in problem.message


def test_columns_without_a_name_go_by_their_place() -> None:
    findings = Findings()
    table = parse_csv(b",id,,\n1,01,x,\n2,02,,\n", "t.csv", findings)
    assert list(table.frame) == ["column 1", "id", "column 3"]
    assert [(w.rule, w.message[-9:]) for w in findings.warnings] == [
        ("unnamed-column", "column 3.")
    ]


def test_a_name_on_two_lines_goes_by_one() -> None:
    findings = Findings()
    table = parse_csv(b'"School\nid",name\n01,a\n', "t.csv", findings)
    assert list(table.frame) == ["School id", "name"]
    assert [warning.rule for warning in findings.warnings] == ["header-lines"]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|", "^"])
def test_a_line_may_tell_the_separator(mark: str) -> None:
    text = f"sep={mark}\r\n" + TABLE.replace(",", mark)
    assert read(text) == (IDS, ["sep-line"])


def test_lists_in_cells_are_no_columns() -> None:
    """A column of lists parted by semicolons does not make a file of semicolons."""
    text = "id,feeds\n" + "".join(f"{n:02d},a;b;c;d\n" for n in range(1, 9))
    assert read(text, Sought(mapped=frozenset({"id"}), keys=("id",)))[0] == IDS


def test_quotes_are_texts_where_nothing_is_quoted() -> None:
    text = TABLE.replace("School 1", 'The ""Rock"" School').replace(",", "\t")
    table = parse_csv(text.encode(), "t.csv", Findings(), WANTED)
    assert table.frame.loc[2, "name"] == 'The "Rock" School'
    text = TABLE.replace("School 1", '"Rock" School').replace(",", "\t")
    table = parse_csv(text.encode(), "t.csv", Findings(), WANTED)
    assert table.frame.loc[2, "name"] == '"Rock" School'
    quoted = TABLE.replace("School 1", '"The """"Rock"""""')
    table = parse_csv(quoted.encode(), "t.csv", Findings(), WANTED)
    assert table.frame.loc[2, "name"] == 'The ""Rock""'


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"\xef\xbb\xbf <!DOCTYPE html><table></table>", "HTML"),
        ("<html><table>".encode("utf-16"), "HTML"),
        (b"<table border=1><tr><td>id</td></tr></table>", "HTML"),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "XML",
        ),
        (b'[{"id": "01"}]', "JSON"),
        (b"%PDF-1.7", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel"),
        (b"PK\x03\x04 xl/workbook.xml", "Excel workbook"),
        (b"PK\x03\x04 other.txt", "zip"),
        (b"\x1f\x8b\x08", "gzip"),
    ],
)
def test_what_is_called_csv_is_named_as_what_it_is(content: bytes, what: str) -> None:
    with pytest.raises(InputError) as told:
        parse_csv(content, "t.csv", Findings())
    (problem,) = told.value.problems
    assert problem.rule == "not-its-format"
    assert what in problem.message
    assert problem.fix


@pytest.mark.parametrize("text", ["", "\n \n", '""\n', ",,\n,,\n"])
def test_a_file_without_a_cell_is_empty(text: str) -> None:
    with pytest.raises(InputError, match="the file is empty"):
        parse_csv(text.encode(), "t.csv", Findings(), WANTED)
