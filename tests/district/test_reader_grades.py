"""Grades as publishers write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.district.model import K12_MASK, PK_BIT
from feeder.district.schools.grade_systems import SYSTEMS, own_system
from feeder.district.schools.grade_words import CodeError, DateError, parse_bounds, parse_grades
from feeder.district.schools.grades import (
    NO_GRADE,
    PK,
    grade_label,
    highest,
    level_of,
    lowest,
    span_label,
    span_mask,
)


def mask(*grades: int) -> int:
    return sum(PK_BIT if grade == PK else 1 << grade for grade in grades)


@pytest.mark.parametrize(
    ("text", "grades"),
    [
        ("K-6", range(7)),
        ("K\u20136", range(7)),
        ("9\u201412", range(9, 13)),
        ("9-12", range(9, 13)),
        (" 6 - 8 ", range(6, 9)),
        ("01 02 03 KG PK", range(-1, 4)),
        ("01 02 03 04 05 KG PK PS", range(-1, 6)),
        ("pre K-8", range(-1, 9)),
        ("Pre K-7", range(-1, 8)),
        ("pre K", [PK]),
        ("Pre-K", [PK]),
        ("pre K-K", [PK, 0]),
        ("Preschl", [PK]),
        ("K4", [PK]),
        ("TK-5", range(-1, 6)),
        ("-1..5", range(-1, 6)),
        ("0-0", [0]),
        ("K", [0]),
        ("Kindergarten", [0]),
        ("12", [12]),
        ("6, 7, 8", range(6, 9)),
        ("6;7;8", range(6, 9)),
        ("1-2 4-8 KG", [0, 1, 2, 4, 5, 6, 7, 8]),
        ("Grades 9th-12th", range(9, 13)),
        ("K through 5", range(6)),
        ("1.0-5.0", range(1, 6)),
        ("10 11 12 AO", range(10, 13)),
        ("09 10 11 12 UN", range(9, 13)),
        ("P-5", range(-1, 6)),
        ("EE-05", range(-1, 6)),
        ("3K", [PK]),
        ("T-K", [PK]),
        ("9-Adult", range(9, 13)),
        ("9-13", range(9, 13)),
        ("9-12+", range(9, 13)),
        ("9 to 12", range(9, 13)),
        ("K thru 8", range(9)),
        ("0K,01,02", range(3)),
        ("Gr. 6-8", range(6, 9)),
        ("6th-8th grade", range(6, 9)),
        ("Kindergarten - Grade 5", range(6)),
        ("VI-VIII", range(6, 9)),
        ("K\u200b\u20135", range(6)),
        ("6/7/8", range(6, 9)),
        ("7/8", [7, 8]),
        ("6-7-8", range(6, 9)),
        ("9-10-11-12", range(9, 13)),
        ("10-11-12", range(10, 13)),
        ("13", []),
        ("AO", []),
        ("UN", []),
        ("Ungraded", []),
        ("", []),
        ("  ", []),
    ],
)
def test_every_form_is_read(text: str, grades: list[int]) -> None:
    assert parse_grades(text).mask == mask(*grades)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("8-6", "above the highest"),
        ("15", "ungraded"),
        ("-2", "not applicable"),
        ("99", "all grades together"),
        ("K/5", "K-5, or K and 5 alone"),
        ("X", "not a span or list"),
        ("S1-S6", 'system = "scotland"'),
        ("Y7-Y11", 'system = "england"'),
        ("K-", "not a span or list"),
        ("Vo-Tech", "not a span or list"),
        ("612", "not a span or list"),
        ("UN-8", "begins with ungraded"),
    ],
)
def test_what_is_no_grade_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_grades(text)


@pytest.mark.parametrize("year", ["", "/25", "/2025"])
@pytest.mark.parametrize("text", ["6/8", "06/08", "8/6"])
def test_a_date_is_named_with_the_span_it_was_made_of(text: str, year: str) -> None:
    with pytest.raises(DateError, match="a spreadsheet made a date of it, likely of 6-8"):
        parse_grades(text + year)


@pytest.mark.parametrize(
    ("text", "likely"),
    [
        ("2025-06-08", "6-8"),
        ("2025-06-08 00:00:00", "6-8"),
        ("45816", "6-8"),
        ("45816.0", "6-8"),
        ("Jun-08", "6-8"),
        ("8-Jun", "6-8"),
        ("06. Aug", "6-8"),
        ("08.06.2025", "6-8"),
        ("6-8-2025", "6-8"),
        ("12-Sep", "9-12"),
        ("12 sept. 2025", "9-12"),
        ("5-ene", "1-5"),
        ("12/25", ""),
    ],
)
def test_dates_in_many_forms(text: str, likely: str) -> None:
    with pytest.raises(DateError) as caught:
        parse_grades(text)
    assert caught.value.likely == likely


def test_codes_of_federal_files_are_no_grades() -> None:
    with pytest.raises(CodeError):
        parse_bounds("9", "15")
    with pytest.raises(CodeError):
        parse_bounds("-2", "-2")


def test_what_a_span_reaches_beyond_grade_12_is_kept_beside() -> None:
    assert parse_grades("9-12").beyond == ""
    assert parse_grades("9-13").beyond == "a year after grade 12"
    assert parse_bounds("09", "AE").beyond == "adult classes"
    assert not parse_bounds("09", "UG").vague
    assert parse_bounds("KG", "UG").vague


@pytest.mark.parametrize(
    ("system", "text", "grades"),
    [
        ("scotland", "P1-P7", range(7)),
        ("scotland", "P1-7", range(7)),
        ("scotland", "S1-S6", range(7, 13)),
        ("scotland", "Nursery - P7", range(-1, 7)),
        ("england", "Reception-Year 6", range(-1, 6)),
        ("england", "R-6", range(-1, 6)),
        ("england", "Years 7-11", range(6, 11)),
        ("england", "Y12, Y13", [11, 12]),
    ],
)
def test_other_countries(system: str, text: str, grades: list[int]) -> None:
    assert parse_grades(text, SYSTEMS[system]).mask == mask(*grades)


def test_ages_are_not_taken_for_years() -> None:
    with pytest.raises(ValueError, match="Y1 to Y13"):
        parse_grades("4-11", SYSTEMS["england"])


def test_grades_of_a_district_by_its_own_names() -> None:
    own = own_system(["Kinder", "Primaria 1", "Primaria 2", "Primaria 10"], ["Maternal"])
    assert parse_grades("kinder - primaria 2", own).mask == mask(0, 1, 2)
    assert parse_grades("Primaria 1-10", own).mask == mask(1, 2, 3)
    assert parse_grades("Maternal, Kinder", own).mask == mask(PK, 0)


@pytest.mark.parametrize(
    ("low", "high", "grades"),
    [
        ("K", "5", range(6)),
        ("KG", "05", range(6)),
        ("PK", "12", range(-1, 13)),
        ("-1", "5", range(-1, 6)),
        ("9", "", [9]),
        ("", "12", [12]),
        ("", "", []),
        ("AO", "AO", []),
        ("09", "13", range(9, 13)),
        ("09", "AE", range(9, 13)),
        ("09", "UG", range(9, 13)),
        ("9", "Adult", range(9, 13)),
        ("P", "05", range(-1, 6)),
        ("AE", "UG", []),
        ("M", "N", []),
        ("0", "0", [0]),
    ],
)
def test_bounds(low: str, high: str, grades: list[int]) -> None:
    assert parse_bounds(low, high).mask == mask(*grades)


def test_bounds_the_wrong_way_round_are_refused() -> None:
    with pytest.raises(ValueError, match="above the highest"):
        parse_bounds("8", "6")


@given(st.sets(st.integers(-1, 12)))
def test_a_list_of_labels_reads_back(grades: set[int]) -> None:
    assert parse_grades(" ".join(grade_label(g) for g in sorted(grades))).mask == mask(*grades)


@given(st.sets(st.integers(-1, 12), min_size=1))
def test_a_printed_span_reads_back(grades: set[int]) -> None:
    assert parse_grades(span_label(mask(*grades))).mask == mask(*grades)


@given(st.integers(-1, 12), st.integers(-1, 12), st.sampled_from("-\u2010\u2011\u2013\u2014"))
def test_a_span_holds_its_ends_and_all_between(a: int, b: int, dash: str) -> None:
    low, high = sorted((a, b))
    found = parse_grades(f"{grade_label(low)}{dash}{grade_label(high)}").mask
    assert found == span_mask(low, high) == mask(*range(low, high + 1))
    assert (lowest(found), highest(found)) == (low, high)


@given(st.text(max_size=12))
def test_any_text_gives_a_mask_or_a_reason(text: str) -> None:
    try:
        found = parse_grades(text).mask
    except ValueError as error:
        assert str(error)  # noqa: PT017 - either outcome is right, silence is not
    else:
        assert 0 <= found < 1 << 14


def test_no_grade_has_no_label() -> None:
    assert lowest(0) == highest(0) == NO_GRADE
    assert grade_label(NO_GRADE) == ""
    assert span_label(0) == "no grades"
    assert (lowest(PK_BIT), highest(PK_BIT)) == (PK, PK)


LEVELS = {
    "elementary": "K-5 K-6 K-2 3-5 PK-5 1-5 K-3 4-6 4 5 K",
    "middle": "6-8 7-8 5-8 4-8 7-9 5-6 6 8 5-9 8-9",
    "high": "9-12 10-12 9 12 8-12 8-11 9-11 10",
    "span": "K-8 6-12 K-12 7-12 PK-8 1-8 K-7 3-12 5-12 6-11 7-10 6-10",
    "other": "PK AO UN",
}


@pytest.mark.parametrize(
    ("level", "text"), [(level, text) for level, texts in LEVELS.items() for text in texts.split()]
)
def test_level_follows_from_the_span(level: str, text: str) -> None:
    assert level_of(parse_grades(text).mask) == level


@given(st.integers(0, K12_MASK))
def test_pre_kindergarten_never_changes_the_level(grades: int) -> None:
    assert level_of(grades | PK_BIT) == level_of(grades)
