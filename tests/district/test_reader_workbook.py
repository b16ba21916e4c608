"""Excel workbooks: every cell as a planner sees it."""

import datetime as dt
from collections.abc import Callable
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from openpyxl import Workbook

from feeder.district import read_district
from feeder.district.files.layout import Sought, table_of
from feeder.district.files.workbook import read_sheet
from feeder.district.read import survey_district
from feeder.district.tables.table import Table
from feeder.errors import Findings, InputError


def saved(book: Workbook) -> bytes:
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def written(*rows: list[Any], change: Callable[[Any], object] = lambda _: None) -> bytes:
    """Return a workbook of one sheet."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    change(book.active)
    return saved(book)


def read(content: bytes, sheet: str | None = None) -> tuple[Table, list[str]]:
    findings = Findings()
    grid = read_sheet(content, "t.xlsx", findings, sheet=sheet, section="schools")
    table = table_of(grid, Sought(mapped=frozenset({"id"}), keys=("id",)), findings)
    return table, [warning.rule for warning in findings.warnings]


def fails(content: bytes, sheet: str | None = None) -> str:
    with pytest.raises(InputError) as told:
        read(content, sheet)
    (problem,) = told.value.problems
    assert problem.fix
    return f"{problem.rule} {problem.message} {problem.fix}"


@pytest.mark.parametrize(
    ("value", "pattern", "text"),
    [
        ("0105", "General", "0105"),
        (105, "0000", "0105"),
        (105.0, "General", "105"),
        (12345, "0000", "12345"),
        (1234567, "00-00000", "12-34567"),
        (19647331935121, "0.00E+00", "19647331935121"),
        (1159, "#,##0", "1159"),
        (2.5, "0", "2.5"),
        (0.1 + 0.2, "General", "0.3"),
        (40.154748, "0.00", "40.154748"),
        (0.523, "0%", "52.3%"),
        (1, "0.0%", "100%"),
        (True, "General", "TRUE"),
        (dt.datetime(2025, 6, 8), "m/d", "2025-06-08"),  # noqa: DTZ001 - as a spreadsheet has it
        (dt.datetime(2025, 6, 8, 7, 30), "m/d h:mm", "2025-06-08 07:30:00"),  # noqa: DTZ001
        ("#N/A", "General", "#N/A"),
        (" x ", "General", " x "),
    ],
)
def test_cells_are_what_a_planner_sees(value: object, pattern: str, text: str) -> None:
    def change(sheet: Any) -> None:
        sheet["B2"].number_format = pattern

    table, _ = read(written(["id", "cell"], ["01", value], change=change))
    assert table.frame.loc[2, "cell"] == text


def test_rows_have_the_numbers_of_the_sheet_and_places_say_row() -> None:
    table, rules = read(written(["Our schools"], [], ["id", "name"], ["01", "a"], [], ["02", "b"]))
    assert table.frame.index.tolist() == [4, 6]
    assert str(table.problem("x", "what.", row=6)) == "t.xlsx, row 6: what."
    assert rules == ["header-below"]


def test_the_only_sheet_with_cells_that_is_seen_is_taken() -> None:
    book = Workbook()
    book.active.append(["id"])
    book.active.append(["01"])
    book.create_sheet("Empty")
    lists = book.create_sheet("Lists")
    lists.append(["K-5"])
    lists.sheet_state = "hidden"
    assert read(saved(book))[0].frame["id"].tolist() == ["01"]
    lists.sheet_state = "visible"
    told = fails(saved(book))
    assert told.startswith("several-sheets")
    assert 'in [schools]: sheet = "Sheet"' in told
    assert read(saved(book), "Lists")[0].frame.columns.tolist() == ["K-5"]
    assert fails(saved(book), "List").endswith("Did you mean Lists?")


def test_a_formula_counts_with_its_value_or_is_an_error() -> None:
    told = fails(written(["id", "sum"], ["01", "=1+1"]))
    assert told.startswith("formula-without-value")
    assert "B2" in told


def test_hidden_rows_are_told() -> None:
    def change(sheet: Any) -> None:
        sheet.row_dimensions[3].hidden = True

    table, rules = read(written(["id", "n"], ["01", 1], ["02", 2], change=change))
    assert len(table) == 2
    assert rules == ["hidden-rows"]


def test_merged_texts_are_given_to_each_row_and_numbers_are_not() -> None:
    def change(sheet: Any) -> None:
        sheet.merge_cells("B2:B3")
        sheet.merge_cells("C2:C3")

    rows = (["id", "region", "pupils"], ["01", "East", 300], ["02", None, None], ["03", "West", 9])
    table, rules = read(written(*rows, change=change))
    assert table.frame["region"].tolist() == ["East", "East", "West"]
    assert table.frame["pupils"].tolist() == ["300", "", "9"]
    assert rules == ["merged-cells", "merged-numbers"]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "empty"),
        (b"id,name\n01,a\n", "table of text"),
        (b"<html><table></table></html>", "HTML"),
        (b"\xd0\xcf\x11\xe0", "old Excel"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"PK\x03\x04 xl/workbook.xml", "cannot be read"),
        (b"PK\x03\x04 application/vnd.oasis.opendocument.spreadsheet", ".ods"),
    ],
)
def test_what_is_no_workbook_is_named_as_what_it_is(content: bytes, what: str) -> None:
    assert what in fails(content)


def test_a_district_in_one_workbook(small: SimpleNamespace) -> None:
    book = Workbook()
    book.remove(book.active)
    for name, text in (("Schools", small.schools), ("Flows", small.flows)):
        sheet = book.create_sheet(name)
        for line in text.splitlines():
            sheet.append(line.split(","))
    flows = '[flows]\npath = "{}"\nsource = "observed"'
    expected = read_district(small.write(flows.format("flows.csv")))
    manifest = small.manifest.replace("schools.csv", 'all.xlsx"\nsheet = "Schools')
    manifest += flows.format('all.xlsx"\nsheet = "Flows')
    district = read_district(small.write(district_toml=manifest, all_xlsx=saved(book)))
    assert district.schools.equals(expected.schools)
    assert district.flows is not None
    assert district.flows.equals(expected.flows)


@pytest.mark.parametrize(
    ("key", "rule"), [('layer = "A"', "key-unfit"), ('sheet = "A"', "missing-sheet")]
)
def test_keys_that_do_not_fit(small: SimpleNamespace, key: str, rule: str) -> None:
    manifest = small.manifest.replace('"schools.csv"', f'"schools.xlsx"\n{key}')
    folder = small.write(district_toml=manifest, schools_xlsx=written(["id"], ["01"]))
    assert [problem.rule for problem in survey_district(folder).problems] == [rule]
