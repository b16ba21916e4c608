"""What a column of texts says as numbers, decided by all its cells."""

import numpy as np
import pandas as pd
import pytest

from feeder.district.tables.numbers import read_all
from feeder.district.tables.numerals import Kind, Numbers, read_cells
from feeder.district.tables.table import Table
from feeder.errors import Findings

S, A, P, H, D, R = (
    Kind.STUDENTS,
    Kind.AMOUNT,
    Kind.PERCENT,
    Kind.SHARE,
    Kind.DEGREES,
    Kind.RATING,
)


def read(cells: list[str], kind: Kind, *, semicolons: bool = False) -> Numbers:
    return read_cells(pd.Series(cells, dtype=str), kind, decimal_comma=semicolons)


def told(cells: list[str], kind: Kind, missing: tuple[str, ...] = ()) -> tuple[list, Findings]:
    findings = Findings()
    frame = pd.DataFrame({"x": cells}, index=range(2, len(cells) + 2), dtype=str)
    table = Table("t.csv", frame, section="measures", missing=missing)
    found = read_all(table, {"x": kind}, findings)["x"].found
    return [None if np.isnan(value) else value for value in found], findings


@pytest.mark.parametrize(
    ("cells", "kind", "semicolons", "values"),
    [
        (["484", "1.159", "2.000"], S, True, [484, 1159, 2000]),
        (["421", "1.000", "2.000"], S, True, [421, 1000, 2000]),
        (["484", "1.159"], S, False, [484, 1159]),
        (["1.159", "1.214"], S, True, [1159, 1214]),
        (["1.234.567", "1.159"], S, False, [1234567, 1159]),
        (["421.000", "399.000"], S, False, [421, 399]),
        (["208", "1.344"], A, True, [208, 1344]),
        (["52.344", "7.125", "0.5"], A, False, [52.344, 7.125, 0.5]),
        (["12.344", "7.125"], A, False, [12.344, 7.125]),
        (["7", "12.344"], A, False, [7, 12.344]),
        (["1,159", "484"], S, False, [1159, 484]),
        (["1,159", "484"], S, True, [1159, 484]),
        (["1,159", "1504"], S, False, [1159, 1504]),
        (["12,5", "1,159"], R, False, [12.5, 1.159]),
        (["1.159", "12,5"], R, False, [1159, 12.5]),
        (["12,345"], P, False, [12.345]),
        (["12.345"], P, True, [12.345]),
        (["40,154", "-99,915"], D, True, [40.154, -99.915]),
        (["1 159", "1\u202f214", "1\u00a0300"], S, False, [1159, 1214, 1300]),
        (["1'159", "1\u2019214.5"], R, False, [1159, 1214.5]),
        (["350 students", "420 pupils"], S, False, [350, 420]),
        (["$1,200.50", "900 USD"], Kind.DOLLARS, False, [1200.5, 900]),
        (["12.5%", "7 %"], P, False, [12.5, 7]),
        (["12.5%", "7 %"], H, False, [0.125, 0.07]),
        (['="421"', "\u22125"], R, False, [421, -5]),
    ],
)
def test_marks_are_read_by_the_whole_column(
    cells: list[str], kind: Kind, semicolons: bool, values: list[float]
) -> None:
    found = read(cells, kind, semicolons=semicolons)
    assert found.found.tolist() == pytest.approx(values)
    assert not found.strange.any()
    assert not found.doubtful


@pytest.mark.parametrize(
    ("cells", "kind", "semicolons"),
    [
        (["1504", "1.159"], S, True),
        (["1.000", "2.000"], S, True),
        (["1.5", "1.234.567"], S, False),
        (["7", "1.344"], A, True),
    ],
)
def test_what_a_column_cannot_tell_is_asked(cells: list[str], kind: Kind, semicolons: bool) -> None:
    found = read(cells, kind, semicolons=semicolons)
    assert found.doubtful
    assert found.found[pd.Series(cells).isin(found.doubtful)].isna().all()


@pytest.mark.parametrize(
    ("cell", "low", "high"),
    [("1-9", 1, 9), ("1\u20139", 1, 9), ("1 to 9", 1, 9), ("<10", None, None),
     ("\u22645", None, None), ("n<10", None, None), ("fewer than 10", None, None),
     ("GE95", None, None), ("S", None, None)],
)  # fmt: skip
def test_withheld_figures_and_the_ranges_that_they_tell(
    cell: str, low: float | None, high: float | None
) -> None:
    found = read([cell, "12"], S)
    assert found.suppressed.tolist() == [True, False]
    assert found.low.isna().tolist() == [low is None, True]
    if low is not None:
        assert (found.low[0], found.high[0]) == (low, high)


def test_a_mark_against_the_custom_is_told_in_one_line() -> None:
    values, findings = told(["484", "1.159", "2.000"], S)
    assert values == [484, 1159, 2000]
    (warning,) = findings.warnings
    assert warning.rule == "thousands-mark"
    assert '"1.159" is read as 1,159' in warning.message
    values, findings = told(["12,5", "7"], P)
    assert values == [12.5, 7]
    assert [w.rule for w in findings.warnings] == ["decimal-comma"]
    assert not told(["1,159", "7"], S)[1].warnings  # as everywhere in a file of commas


def test_a_mark_in_doubt_is_one_error() -> None:
    values, findings = told(["1504", "1.159", "1.214"], S)
    assert values == [1504, None, None]
    (error,) = findings.errors
    assert (error.rule, error.row, error.value) == ("mark-in-doubt", 3, "1.159")


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["12", "-9", "-9", "30"], S),
        (["1", "5", "-9", "-9"], R),
        (["1", "5", "999", "3"], R),
        (["0.5", "-1", "9"], H),
        (["12.5", "999"], P),
        (["12", "-"], S),
        (["12", "M"], A),
    ],
)
def test_a_code_that_may_be_taken_for_a_number_is_one_error_with_the_way_out(
    cells: list[str], kind: Kind
) -> None:
    values, findings = told(cells, kind)
    (error,) = findings.errors
    assert error.rule == "missing-code"
    codes = [cell for cell, value in zip(cells, values, strict=True) if value is None]
    listed = ", ".join(f'"{code}"' for code in dict.fromkeys(codes))
    assert f"missing = [{listed}] in [measures]" in error.fix
    assert told(cells, kind, tuple(codes))[0] == values
    assert not told(cells, kind, tuple(codes))[1].errors


def test_a_code_that_can_only_be_nothing_is_taken_and_told() -> None:
    values, findings = told(["1", "M", ".", "\u2020", "\u2013"], R)
    assert values == [1, None, None, None, None]
    assert not findings.errors
    (warning,) = findings.warnings
    assert warning.rule == "missing-code"
    assert "4 cells" in warning.message


@pytest.mark.parametrize("cells", [["-2", "-1", "0", "1"], ["9", "8", "7"], ["-1.3", "2.1", "0"]])
def test_ratings_that_are_next_to_each_other_are_no_codes(cells: list[str]) -> None:
    values, findings = told(cells, R)
    assert values == [float(cell) for cell in cells]
    assert not findings.errors


def test_nines_among_students_are_asked_where_they_repeat_or_stand_apart() -> None:
    assert [w.rule for w in told(["12", "999", "999", "400"], S)[1].warnings] == ["nines"]
    assert [w.rule for w in told(["12", "9999", "400"], S)[1].warnings] == ["nines"]
    assert not told(["12", "999", "1400"], S)[1].warnings


@pytest.mark.parametrize(
    ("cell", "words"),
    [("9-Jan", "a date"), ("2025-06-08", "a date"), ("6/8/2025", "a date"), ("#DIV/0!", "formula"),
     ("######", "formula"), ("12%", "percentage"), ("many", "not a number")],
)  # fmt: skip
def test_what_is_no_number_says_what_it_is(cell: str, words: str) -> None:
    (error,) = told(["12", cell], S)[1].errors
    assert (error.rule, error.row) == ("not-a-number", 3)
    assert words in error.message


def test_missing_is_compared_as_trimmed_text() -> None:
    values, findings = told(["5", " -9 ", "-9.0", "9"], R, ("-9",))
    assert values == [5, None, None, 9]
    assert not findings.errors + findings.warnings


def test_signs_and_words_taken_off_are_told() -> None:
    for cells, kind, values in (
        (["350 students", "12"], S, [350, 12]),
        (["50%", "0.25"], H, [0.5, 0.25]),
        (["'421", "399\u200b"], S, [421, 399]),
    ):
        found, findings = told(cells, kind)
        assert found == values
        assert [w.rule for w in findings.warnings] == ["unit-taken-off"] * (
            kind is H or "12" in cells
        )
