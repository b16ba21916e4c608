"""Tables with several rows a school: chosen, added up or refused as a whole, never by chance."""

from types import SimpleNamespace

import pytest

from feeder.district.read import Reading, survey_district

MEASURES = '\n[measures]\npath = "measures.csv"\ncounts = { ell = "ell" }\n'


def rows_of(text: str, column: str, values: dict[str, list[int]]) -> str:
    """Write every school once a value, with shares of its enrollment in twelfths."""
    head, *rows = text.splitlines()
    lines = [f"{head},{column}"]
    for place, row in enumerate(rows):
        cells = row.split(",")
        for value, twelfths in values.items():
            part = int(cells[4]) * twelfths[place % len(twelfths)] // 12
            lines.append(",".join([*cells[:4], str(part), *cells[5:], value]))
    return "\n".join(lines) + "\n"


def read(small: SimpleNamespace, schools: str, sections: str = "", **files: str) -> Reading:
    return survey_district(small.write(sections, schools_csv=schools, **files))


def test_parts_are_added_up_whether_some_are_equal_or_not(small: SimpleNamespace) -> None:
    reading = read(small, rows_of(small.schools, "sex", {"F": [6, 5], "M": [6, 7]}))
    assert [w.rule for w in reading.warnings] == ["rows-added"]
    assert reading.district is not None
    given = reading.district.schools["enrollment"]
    assert given["01"] == 60  # 30 and 30
    assert given["02"] == 120  # 50 and 70
    assert given["30"] == 14  # 7 and 7: what the rows say, not the school


@pytest.mark.parametrize(
    ("column", "values", "choice"),
    [
        ("school_year", {"2023-24": [11], "2025-26": [12], "2024-25": [10]}, "2025-26"),
        ("year", {"2023": [12], "2024": [12]}, "2024"),
        ("sex", {"F": [6, 5], "M": [6, 7], "All": [12]}, "All"),
        ("sex", {"F": [6], "M": [6], "Total": [12]}, "Total"),
        ("subgroup", {"Asian": [4], "Other": [8], "Everybody here": [12]}, "Everybody here"),
    ],
)
def test_whole_schools_among_the_rows_are_named_as_the_way_out(
    small: SimpleNamespace, column: str, values: dict[str, list[int]], choice: str
) -> None:
    table = rows_of(small.schools, column, values)
    reading = read(small, table)
    (problem,) = reading.problems
    assert (problem.rule, problem.column) == ("several-rows", column)
    where = f'where = {{ {column} = "{choice}" }}'
    assert f"{where} in [schools]" in problem.fix
    chosen = read(small, table, where)
    assert not chosen.problems
    assert chosen.district is not None
    assert chosen.district.schools.loc["02", "enrollment"] == 120


def test_parts_that_differ_in_more_are_refused(small: SimpleNamespace) -> None:
    table = rows_of(small.schools, "sex", {"F": [6], "M": [6]}).replace("30,K-5,W,M", "30,K-6,W,M")
    (problem,) = read(small, table).problems
    assert problem.rule == "several-rows"
    assert "They differ in grades too" in problem.message


def test_programs_may_overlap_and_are_refused(small: SimpleNamespace) -> None:
    (problem,) = read(small, rows_of(small.schools, "program", {"Art": [6], "Day": [6]})).problems
    assert "told apart by program (Art; Day)" in problem.message


def test_one_row_a_grade_is_added_up_and_its_grades_united(small: SimpleNamespace) -> None:
    lines = ["school_id,name,lat,lon,enrollment,grades"]
    for number in range(6):
        place = f"{number},S{number},40.0{number},-75"
        lines += [f"{place},{20 + grade},{grade or 'K'}" for grade in range(6)]
    reading = read(small, "\n".join(lines))
    assert [w.rule for w in reading.warnings] == ["rows-added"]
    assert reading.district is not None
    assert reading.district.schools["enrollment"].tolist() == [135] * 6
    assert reading.district.schools["level"].tolist() == ["elementary"] * 6


def test_a_federal_file_of_grades_races_and_sexes_names_its_totals(small: SimpleNamespace) -> None:
    nobody = "No Category Codes"
    kinds = [
        (grade, race, sex, "Category Set A")
        for grade in ("Grade 1", "Grade 2")
        for race in ("Asian", "White")
        for sex in ("Female", "Male")
    ]
    kinds += [(grade, nobody, nobody, "Subtotal 4") for grade in ("Grade 1", "Grade 2")]
    totals = ("Education Unit Total", "Derived - Total minus Adult Education Count")
    kinds += [(nobody, nobody, nobody, total) for total in totals]
    lines = ["school_id,name,lat,lon,enrollment,grades,GRADE,RACE,SEX,TOTAL_INDICATOR"]
    for number in range(8):
        place = f"{number},S{number},40.0{number},-75"
        for place_of, kind in enumerate(kinds):
            students = 10 + number if place_of < 8 else (40 if place_of < 10 else 80) + number
            lines.append(",".join([place, str(students), "1-2", *kind]))
    (problem,) = read(small, "\n".join(lines)).problems
    assert 'where = { TOTAL_INDICATOR = "Education Unit Total" } in [schools]' in problem.fix


def test_most_schools_on_several_rows_that_nothing_tells_apart(small: SimpleNamespace) -> None:
    head, *rows = small.schools.splitlines()
    more = [row.replace(",K-5", "9,K-5").replace(",W", ",X") for row in rows]
    table = "\n".join([head, *rows, *more])
    rules = {p.rule for p in read(small, table).problems}
    assert rules == {"several-rows"}


def test_a_suppressed_part_leaves_the_whole_unknown(small: SimpleNamespace) -> None:
    table = rows_of(small.schools, "sex", {"F": [6], "M": [6]})
    hidden = table.replace("-75.004,7,PK,W,F", "-75.004,*,PK,W,F")
    (problem,) = read(small, hidden).problems
    assert problem.rule == "missing-enrollment"
    assert "Nest" in problem.message


def test_measures_by_sex_and_by_year(small: SimpleNamespace) -> None:
    ids = ["01", "02", "03", "10", "20", "30"]
    by_sex = "school_id,sex,ell\n" + "".join(f"{i},F,5\n{i},M,{5 + n}\n" for n, i in enumerate(ids))
    reading = read(small, small.schools, MEASURES, measures_csv=by_sex)
    assert [w.rule for w in reading.warnings] == ["rows-added"]
    assert reading.district is not None
    assert reading.district.statistics.counts["ell"].tolist() == [10, 11, 12, 13, 14, 15]
    by_year = by_sex.replace(",F,", ",2024,").replace(",M,", ",2025,")
    (problem,) = read(small, small.schools, MEASURES, measures_csv=by_year).problems
    assert 'where = { sex = "2025" } in [measures]' in problem.fix


def test_some_rows_equal_and_others_not_is_refused(small: SimpleNamespace) -> None:
    more = (
        "01,Alder,40.005,-75.005,60,K-5,annex\n"  # another region, else alike
        "02,Birch,40.005,-74.995,100,K-5,W\n"
    )
    (problem,) = read(small, small.schools + more).problems
    assert problem.rule == "several-rows"
    assert "nothing tells" in problem.fix
    alone = read(small, small.schools + "02,Birch,40.005,-74.995,100,K-5,W\n")
    assert [w.rule for w in alone.warnings] == ["duplicate-id"]
    assert alone.district is not None
    assert alone.district.schools.loc["02", "enrollment"] == 220
