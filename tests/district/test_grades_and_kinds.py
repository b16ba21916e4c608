"""Grades, levels and kinds as the schools table of a folder gives them."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from feeder.district.read import Reading, read_district, survey_district
from feeder.district.schools.grades import span_label

Replaced = Callable[..., str]


def spans(folder: Path) -> dict[str, str]:
    district = read_district(folder)
    masks = district.schools["grades"]
    return {name: span_label(int(mask), district.grade_system) for name, mask in masks.items()}


def told(reading: Reading) -> dict[str, str]:
    """Return every error and warning by rule, the last of a kind."""
    return {one.rule: str(one) for one in (*reading.problems, *reading.warnings)}


def by_grade(small: SimpleNamespace, *, without: str = "") -> str:
    """Return the table with pupils in K (k), 6 (s) and 9 (n), and without a column."""
    lines = [line.split(",") for line in small.schools.splitlines()]
    figures = [
        ["k", "s", "n"],
        *[["20", "0", "0"]] * 3,
        ["0", "30", "0"],
        ["0", "0", "50"],
        [""] * 3,
    ]
    keep = [at for at, name in enumerate(lines[0]) if name != without]
    rows = [[line[at] for at in keep] + own for line, own in zip(lines, figures, strict=True)]
    return "\n".join(",".join(row) for row in rows) + "\n"


BY_GRADE = 'enrollment_by_grade = { K = "k", 6 = "s", 9 = "n" }\n'


@pytest.mark.parametrize("printed", ["9-13", "09 - Adult", "9-12+", "9-AE", "9 to UG"])
def test_a_high_school_keeps_its_grades_whatever_comes_after(
    small: SimpleNamespace, replaced: Replaced, printed: str
) -> None:
    folder = small.write(schools_csv=replaced(small.schools, ("9-12", printed)))
    assert spans(folder)["20"] == "9-12"
    warning = told(survey_district(folder))["grades-beyond-12"]
    assert f"High (20), {printed}" in warning


def test_an_end_that_says_nothing_is_asked_for(small: SimpleNamespace, replaced: Replaced) -> None:
    reading = survey_district(small.write(schools_csv=replaced(small.schools, ("6-8", "6-UG"))))
    (problem,) = reading.problems
    assert "Maple Middle (10)" in problem.message
    assert "its last grade is not said" in problem.message


def test_dates_are_named_with_row_and_way_out(small: SimpleNamespace, replaced: Replaced) -> None:
    folder = small.write(schools_csv=replaced(small.schools, ("6-8", "8-Jun"), ("9-12", "9/12")))
    reading = survey_district(folder)
    assert [(one.rule, one.row, one.value) for one in reading.problems] == [
        ("grades-as-dates", 5, "8-Jun"),
        ("grades-as-dates", 6, "9/12"),
    ]
    assert "likely of 6-8" in reading.problems[0].message
    assert "likely of 9-12" in reading.problems[1].message
    assert "pathway" not in told(reading), "what was likely meant serves all other checks"


def test_codes_stand_in_the_column_that_holds_them(
    small: SimpleNamespace, replaced: Replaced
) -> None:
    table = replaced(
        small.schools, ("grades", "lo,hi"), ("K-5", "0,5"), ("6-8", "6,15"), ("9-12", "9,12")
    ).replace(",PK,", ",-1,-1,")
    columns = 'columns = { grade_low = "lo", grade_high = "hi" }\n'
    reading = survey_district(small.write(columns, schools_csv=table))
    (problem,) = reading.problems
    assert (problem.rule, problem.column, problem.row) == ("grade-codes", "hi", 5)
    assert 'federal files write it for "ungraded"' in problem.message
    assert "Nest (30)" in told(reading)["pre-k-or-missing"]


def test_one_bound_alone_is_told(small: SimpleNamespace, replaced: Replaced) -> None:
    table = replaced(
        small.schools, ("grades", "lo,hi"), ("K-5", "K,5"), ("6-8", "6,8"), ("9-12", "9,M")
    ).replace(",PK,", ",PK,PK,")
    columns = 'columns = { grade_low = "lo", grade_high = "hi" }\n'
    folder = small.write(columns, schools_csv=table)
    assert spans(folder)["20"] == "9"
    assert "High (20), 9" in told(survey_district(folder))["one-sided-grades"]


def test_pupils_serve_where_no_column_gives_grades(small: SimpleNamespace) -> None:
    folder = small.write(BY_GRADE, schools_csv=by_grade(small, without="grades"))
    assert spans(folder) == dict.fromkeys(("01", "02", "03"), "K") | {
        "10": "6",
        "20": "9",
        "30": "no grades",
    }
    reading = survey_district(folder)
    assert "each school serves the grades its pupils are in" in told(reading)["grades-from-pupils"]
    assert "Nest" in told(reading)["blank-grades"]
    assert "grades-by-pupils" not in told(reading)


def test_a_level_stands_for_the_grades_of_its_schools(
    small: SimpleNamespace, replaced: Replaced
) -> None:
    table = small.schools.replace("K-5", "K-6", 2).replace("K-5", "Elem.")
    folder = small.write(schools_csv=replaced(table, ("9-12", "Senior High")))
    assert spans(folder)["03"] == "K-6"
    assert spans(folder)["20"] == "9-12"
    assert (
        "Cedar (03), elementary taken as K-6" in told(survey_district(folder))["grades-from-level"]
    )


def test_a_column_of_levels_serves_where_there_are_no_grades(
    small: SimpleNamespace, replaced: Replaced
) -> None:
    table = replaced(
        small.schools,
        ("grades", "band"),
        ("K-5", "Elementary"),
        ("6-8", "Middle"),
        ("9-12", "High School"),
        (",PK,", ",Preschool,"),
    )
    folder = small.write('columns = { level = "band" }\n', schools_csv=table)
    assert spans(folder) == dict.fromkeys(("01", "02", "03"), "K-5") | {
        "10": "6-8",
        "20": "9-12",
        "30": "no grades",
    }


def test_grades_of_scotland(small: SimpleNamespace, replaced: Replaced) -> None:
    table = replaced(
        small.schools,
        ("K-5", "P1-P7"),
        ("6-8", "S1-2"),
        ("9-12", "S1 to S6"),
        (",PK,", ",Nursery,"),
    )
    folder = small.write('[grades]\nsystem = "scotland"\n', schools_csv=table)
    assert spans(folder)["01"] == "P1-P7"
    assert spans(folder)["20"] == "S1-S6"
    levels = read_district(folder).schools["level"]
    assert levels.tolist() == ["elementary"] * 3 + ["high", "high", "other"]


def test_a_grade_of_another_system_is_named(small: SimpleNamespace, replaced: Replaced) -> None:
    folder = small.write(
        'enrollment_by_grade = { S1 = "k" }\n',
        schools_csv=replaced(by_grade(small), ("9-12", "S1")),
    )
    reading = survey_district(folder)
    assert [one.rule for one in reading.problems] == ["unknown-key", "grades"]
    assert all('system = "scotland"' in str(one) for one in reading.problems)
    assert not any("Did you mean" in str(one) for one in reading.problems)


def test_grades_and_levels_by_own_names(small: SimpleNamespace, replaced: Replaced) -> None:
    own = """
[grades]
names = ["Kinder", "1ro", "2do", "3ro", "4to", "5to", "6to", "7mo", "8vo", "9no", "10mo"]
before = ["Maternal"]
[levels]
Basica = "Kinder-5to"
Media = "6to-10mo"
"""
    table = replaced(
        small.schools, ("K-5", "Kinder - 5to"), ("6-8", "6to-8vo"), ("9-12", "9no, 10mo")
    ).replace(",PK,", ",maternal,")
    table = table.replace("9no, 10mo", '"9no, 10mo"')
    folder = small.write(own, schools_csv=table)
    assert spans(folder)["01"] == "Kinder-5to"
    assert spans(folder)["20"] == "9no-10mo"
    district = read_district(folder)
    assert district.schools.loc[["01", "10", "20"], "level"].tolist() == [
        "elementary",
        "high",
        "high",
    ]
    assert district.grade_system.level_names() == {"elementary": "Basica", "high": "Media"}


@pytest.mark.parametrize(
    ("section", "what"),
    [
        ('[grades]\nsystem = "scotlnd"\n', "Did you mean scotland?"),
        ('[grades]\nnames = ["A", "a"]\n', "each once"),
        ('[grades]\nsystem = "england"\nnames = ["A"]\n', "both system and names"),
        ("[grades]\nnames = [" + ", ".join(f'"G{n}"' for n in range(14)) + "]\n", "more than 13"),
        ('[levels]\nLower = "K-?"\n', "Write its grades, such as K-12"),
    ],
)
def test_what_names_no_system_is_told(small: SimpleNamespace, section: str, what: str) -> None:
    assert what in str(survey_district(small.write(section)).problems[0])


def kinds(folder: Path) -> list[str]:
    return read_district(folder).schools["kind"].tolist()


def with_column(small: SimpleNamespace, name: str, *cells: str) -> str:
    lines = small.schools.splitlines()
    return "\n".join(f"{a},{b}" for a, b in zip(lines, (name, *cells), strict=True)) + "\n"


def test_yes_and_no_are_no_kind(small: SimpleNamespace) -> None:
    table = with_column(small, "kind", "No", "No", "Yes", "No", "No", "No")
    folder = small.write(schools_csv=table)
    assert kinds(folder) == [""] * 6
    warning = told(survey_district(folder))["kind-flags"]
    assert "No; Yes" in warning
    assert 'charter = "kind"' in warning


def test_a_flag_column_makes_a_kind(small: SimpleNamespace) -> None:
    table = with_column(small, "Charter", "No", "Yes", "", "maybe", "Not applicable", "N")
    folder = small.write('columns = { charter = "Charter" }\n', schools_csv=table)
    assert kinds(folder) == ["", "charter", "", "", "", ""]
    assert "maybe" in told(survey_district(folder))["flag-unread"]


def test_a_flag_that_is_not_mapped_does_not_count(small: SimpleNamespace) -> None:
    table = with_column(small, "charter", "No", "Yes", "No", "No", "No", "No")
    assert kinds(small.write(schools_csv=table)) == [""] * 6


@pytest.mark.parametrize(
    "cells",
    [
        ("Not a virtual school", "Exclusively virtual", "", "Supplemental virtual"),
        ("NOTVIRTUAL", "FULLVIRTUAL", "Missing", "SUPPVIRTUAL"),
        ("Not Virtual", "A virtual school with face to face options", "", "Not reported"),
    ],
)
def test_the_federal_flag_of_virtual_schools(
    small: SimpleNamespace, cells: tuple[str, ...]
) -> None:
    table = with_column(small, "kind", *cells, "", "")
    assert kinds(small.write(schools_csv=table)) == ["", "virtual", "", "", "", ""]


@pytest.mark.parametrize("cells", [("N", "F", "C", "V", "P", ""), ("0", "1", "3", "2", "0", "")])
def test_codes_of_a_virtual_flag(small: SimpleNamespace, cells: tuple[str, ...]) -> None:
    table = with_column(small, "v", *cells)
    folder = small.write('columns = { virtual = "v" }\n', schools_csv=table)
    assert kinds(folder) == ["", "virtual", "", "virtual", "", ""]


def test_a_level_that_tells_no_grades_is_told_with_the_columns_to_map(
    small: SimpleNamespace, replaced: Replaced
) -> None:
    table = replaced(
        small.schools, ("grades", "band"), ("K-5", "Elementary"), ("9-12", "Combined"), ("6-8", "")
    )
    reading = survey_district(small.write('columns = { level = "band" }\n', schools_csv=table))
    (told,) = [one for one in reading.warnings if "tells no grades" in one.message]
    assert "High (20), Combined" in told.message
    assert "enrollment_by_grade" in told.fix
