"""Columns that are not what they are said to be, and columns that a district may lack."""

from types import SimpleNamespace

import pytest

from feeder.district.read import Reading, survey_district

MEASURES = '\n[measures]\npath = "m.csv"\n{keys}\n'
IDS = ["01", "02", "03", "10", "20", "30"]


def measured(small: SimpleNamespace, keys: str, values: list[object]) -> Reading:
    table = "school_id,pct_x,n\n" + "".join(
        f"{i},{value},{60}\n" for i, value in zip(IDS, values, strict=True)
    )
    return survey_district(small.write(MEASURES.format(keys=keys), m_csv=table))


def rules(reading: Reading) -> tuple[list[str], list[str]]:
    return [p.rule for p in reading.problems], [w.rule for w in reading.warnings]


@pytest.mark.parametrize(
    ("keys", "values", "expected"),
    [
        ('counts = { x = "pct_x" }', [12.3, 19.3, 26.5, 33.1, 9.7, 4],
         (["percent-as-count"], [])),
        ('counts = { x = "pct_x" }', [0.1, 0.2, 0.3, 0.4, 0.5, 1], (["percent-as-count"], [])),
        ('counts = { x = "pct_x" }', [1, 2, 3, 4, 5, 6], ([], ["percent-as-count"])),
        ('rates.x = { column = "pct_x", denominator = "n", unit = "percent" }',
         [0.1, 0.25, 0.3, 0.4, 0.5, 1], ([], ["share-as-percent"])),
        ('rates.x = { column = "pct_x", denominator = "n", unit = "share" }',
         [12, 25, 30, 4, 50, 1], (["percent-as-share"], [])),
        ('rates.x = { column = "pct_x", denominator = "n", unit = "percent" }',
         [12, 25, 30, 4, 120, 1], (["percent-range"], [])),
        ('rates.x = { column = "pct_x", denominator = "n", unit = "percent" }',
         [12, 25, 30, 4, 50, 1], ([], [])),
    ],
)  # fmt: skip
def test_another_unit_than_said(
    small: SimpleNamespace, keys: str, values: list[object], expected: tuple[list[str], list[str]]
) -> None:
    assert rules(measured(small, keys, values)) == expected


def test_a_column_that_says_the_same_of_all_or_nothing_is_told(small: SimpleNamespace) -> None:
    head, *rows = small.schools.splitlines()
    more = [f"4{n},S{n},40.0{n},-75.01,9{n},K-5,W" for n in range(6)]
    ids = [row.partition(",")[0] for row in [*rows, *more]]
    for value, words in (("", "is blank for every school."), ("0", "is 0 for every school.")):
        table = "school_id,n\n" + "".join(f"{i},{value}\n" for i in ids)
        folder = small.write(
            MEASURES.format(keys='counts = { n = "n" }'),
            schools_csv="\n".join([head, *rows, *more]),
            m_csv=table,
        )
        (warning,) = survey_district(folder).warnings
        assert warning.rule == "same-for-all"
        assert words in warning.message


def test_counts_with_fractions_are_told(small: SimpleNamespace) -> None:
    table = "school_id,n\n" + "".join(
        f"{i},{n}\n" for i, n in zip(IDS, [5.5, 9, 101.5, 8, 7, 6], strict=True)
    )
    folder = small.write(MEASURES.format(keys='counts = { n = "n" }'), m_csv=table)
    (warning,) = survey_district(folder).warnings
    assert warning.rule == "fractions"
    assert "2 counts" in warning.message


def test_an_enrollment_of_zero_for_all_is_an_error(small: SimpleNamespace) -> None:
    lines = [line.split(",") for line in small.schools.splitlines()]
    zeros = "\n".join(
        ",".join([*c[:4], c[4] if n == 0 else "0", *c[5:]]) for n, c in enumerate(lines)
    )
    (problem,) = survey_district(small.write(schools_csv=zeros)).problems
    assert problem.rule == "no-enrollment"
    assert "leave enrollment out" in problem.fix


def without(text: str, column: str) -> str:
    lines = [line.split(",") for line in text.splitlines()]
    place = lines[0].index(column)
    return "\n".join(",".join(c[:place] + c[place + 1 :]) for c in lines)


def test_without_enrollment_all_schools_weigh_the_same(small: SimpleNamespace) -> None:
    reading = survey_district(small.write(schools_csv=without(small.schools, "enrollment")))
    assert rules(reading) == ([], ["no-enrollment"])
    assert reading.district is not None
    assert reading.district.schools["enrollment"].nunique() == 1


def test_a_column_that_looks_like_enrollment_is_asked_for(small: SimpleNamespace) -> None:
    table = small.schools.replace("enrollment", "Total_Students")
    (problem,) = survey_district(small.write(schools_csv=table)).problems
    assert (problem.rule, problem.column) == ("missing-column", "enrollment")


def test_grades_add_up_to_an_enrollment_that_is_not_given(small: SimpleNamespace) -> None:
    table = "school_id,name,lat,lon,grades,k,g1\n1,A,40,-75,K-1,30,31\n2,B,40.1,-75,K-1,20,*\n"
    keys = 'enrollment_by_grade = { K = "k", 1 = "g1" }\nmissing_enrollment = "drop"\n'
    reading = survey_district(small.write(keys, schools_csv=table))
    assert reading.district is not None
    assert reading.district.schools["enrollment"].to_dict() == {"1": 61}
    assert rules(reading)[1] == ["enrollment-by-grade", "missing-enrollment"]


def test_names_are_ids_where_there_are_none(small: SimpleNamespace) -> None:
    reading = survey_district(small.write(schools_csv=without(small.schools, "school_id")))
    assert rules(reading) == ([], ["names-as-ids"])
    assert reading.district is not None
    assert "Maple Middle" in reading.district.schools.index
    coded = without(small.schools, "school_id").replace("region", "SCH_ID")
    assert rules(survey_district(small.write(schools_csv=coded)))[0] == ["missing-column"]


def test_closed_schools_are_suggested_to_be_left_out(small: SimpleNamespace) -> None:
    table = small.schools.replace("region", "SY_STATUS_TEXT").replace(",W", ",Open")
    table = table.replace("K-5,E", "K-5,Closed").replace("9-12,E", "9-12,New")
    (warning,) = survey_district(small.write(schools_csv=table)).warnings
    assert warning.rule == "not-open"
    assert "Cedar" in warning.message
    assert 'where = { SY_STATUS_TEXT = ["Open", "New"] }' in warning.fix


def test_a_campus_id_that_names_no_site_is_blank(small: SimpleNamespace) -> None:
    table = small.schools.replace("region", "campus_id").replace(",W", ",N/A").replace(",E", ",0")
    reading = survey_district(small.write(schools_csv=table))
    assert rules(reading) == ([], ["no-campus"])
    assert reading.district is not None
    assert (reading.district.schools["campus_id"] == "").all()


def test_missing_is_a_key_of_every_table(small: SimpleNamespace) -> None:
    by_grade = 'missing = ["-1", -2]\nenrollment_by_grade = { K = "k", 1 = "g1", 2 = "g2" }\n'
    table = (
        "school_id,name,lat,lon,enrollment,grades,k,g1,g2\n"
        "1,A,40,-75,60,K-1,30,30,-2\n2,B,40.1,-75,60,K-1,-1,30,-2\n"
    )
    reading = survey_district(small.write(by_grade, schools_csv=table))
    assert reading.district is not None
    assert reading.district.schools["grades"].tolist() == [0b11, 0b11]  # an unknown K is served
    grades = reading.district.grade_enrollment
    assert grades is not None
    assert grades.loc["1", ["K", "1", "2", "UN"]].tolist() == [30, 30, 0, 0]
    assert grades.loc["2", "UN"] == 30
    told = survey_district(small.write(by_grade.partition("\n")[2], schools_csv=table))
    (problem,) = told.problems
    assert problem.rule == "missing-code"
    assert "3 cells of 2 columns" in problem.message


def test_unknown_flows_are_left_out_where_missing_says_so(small: SimpleNamespace) -> None:
    flows = small.flows.replace("01,10,9", "01,10,M").replace("02,10,18", "02,10,1-9")
    section = '\n[flows]\npath = "flows.csv"\nsource = "observed"\n'
    assert rules(survey_district(small.write(section, flows_csv=flows)))[0] == ["missing-code"]
    reading = survey_district(small.write(section + 'missing = "M"\n', flows_csv=flows))
    assert rules(reading) == ([], ["missing-code"])
    assert reading.district is not None
    assert reading.district.flows is not None
    (low, high) = reading.district.flows.loc[0, ["students_low", "students_high"]]
    assert (low, high) == (1, 9)  # as the cell says, without suppressed_range


@pytest.mark.parametrize(
    ("values", "row"),
    [([60, 120, 180, 90, 200, 650], 7), ([60, 120, 180, 90, 200, 651], None)],
)
def test_a_total_among_the_schools_is_told(
    small: SimpleNamespace, values: list[int], row: int | None
) -> None:
    head, *rows = (line.split(",") for line in small.schools.splitlines())
    lines = [[*row[:4], str(n), *row[5:]] for row, n in zip(rows, values, strict=True)]
    text = "\n".join(",".join(line) for line in [head, *lines])
    reading = survey_district(small.write(schools_csv=text))
    found = [one.row for one in reading.warnings if one.rule == "is-total"]
    assert found == ([] if row is None else [row])
    assert reading.district is not None
    assert reading.district.schools["enrollment"].max() == values[-1]


def test_schools_too_large_by_half_are_told(small: SimpleNamespace) -> None:
    """ZIP codes are numbers that a school could have, but not half of a district's schools."""
    head, *rows = (line.split(",") for line in small.schools.splitlines())
    lines = [[*row[:4], f"1910{n}", *row[5:]] for n, row in enumerate(rows)]
    text = "\n".join(",".join(line) for line in [head, *lines])
    reading = survey_district(small.write(schools_csv=text))
    assert "large-enrollment" in [one.rule for one in reading.warnings]


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["101", "102", "103", "104", "105", "Nest"], "hold no letter: 101"),
        (["Public"] * 4 + ["Alder", "Birch"], "4 of 6 schools are called Public."),
        (["East", "East", "West", "West", "East", "West"], "share 2 names: East; West"),
    ],
)
def test_names_that_are_none_are_told(small: SimpleNamespace, names: list[str], words: str) -> None:
    head, *rows = (line.split(",") for line in small.schools.splitlines())
    lines = [[row[0], name, *row[2:]] for row, name in zip(rows, names, strict=True)]
    text = "\n".join(",".join(line) for line in [head, *lines])
    (warning,) = survey_district(small.write(schools_csv=text)).warnings
    assert warning.rule == "names-in-doubt"
    assert words in warning.message


def test_a_word_for_nothing_is_no_name(small: SimpleNamespace) -> None:
    text = small.schools.replace("Alder", "#N/A").replace("Birch", "-")
    reading = survey_district(small.write(schools_csv=text))
    assert reading.district is not None
    assert reading.district.schools["name"].tolist()[:3] == ["01", "02", "Cedar"]
    (warning,) = reading.warnings
    assert warning.rule == "blank-name"
    assert "01 (#N/A); 02 (-)" in warning.message


def test_flows_far_below_the_leavers_are_told(small: SimpleNamespace) -> None:
    """A column of codes from 1 on is taken for counts by everybody but the leavers."""
    more = "".join(f"4{n},S{n},40.0{n},-75.01,240,K-5,W\n" for n in range(3))
    schools = small.schools + more
    flows = "from_id,to_id,students\n" + "".join(
        f"{one},10,{n}\n" for n, one in enumerate(["01", "02", "03", "40", "41", "42"])
    )
    section = '[flows]\npath = "flows.csv"\nsource = "observed"\nsuppressed_range = [1, 9]\n'
    for text, told in ((flows, 1), (flows.replace(",5", ",*").replace(",4", ",90"), 0)):
        reading = survey_district(small.write(section, schools_csv=schools, flows_csv=text))
        found = [one for one in reading.warnings if one.rule == "flows-below-leavers"]
        assert len(found) == told


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ([1, 2, 3, 4, 5] * 3, []),
        ([-999] * 15, ["same-for-all", "odd-ratings"]),
        ([1, 2, 3, -9, 5] * 3, []),
        ([2024, 2025, 2023] * 5, ["odd-ratings"]),
        ([-1.5, 2, 3] * 5, ["odd-ratings"]),
        ([*range(15)], ["many-steps"]),
    ],
)
def test_ratings_that_no_scale_has_are_told(
    small: SimpleNamespace, values: list[float], told: list[str]
) -> None:
    more = "".join(f"5{n},S{n},40.0{n},-75.01,9{n},K-5,W\n" for n in range(9))
    ids = [*IDS, *(f"5{n}" for n in range(9))]
    table = "school_id,r\n" + "".join(f"{i},{v}\n" for i, v in zip(ids, values, strict=True))
    section = MEASURES.format(keys='ratings = { r = "r" }')
    reading = survey_district(small.write(section, schools_csv=small.schools + more, m_csv=table))
    found = [one.rule for one in reading.warnings]
    codes = [one.rule for one in reading.problems]
    assert found == told or codes == ["missing-code"]


def test_flags_among_counts_are_told(small: SimpleNamespace) -> None:
    more = "".join(f"5{n},S{n},40.0{n},-75.01,9{n},K-5,W\n" for n in range(9))
    ids = [*IDS, *(f"5{n}" for n in range(9))]
    table = "school_id,n\n" + "".join(f"{i},{n % 2}\n" for n, i in enumerate(ids))
    section = MEASURES.format(keys='counts = { n = "n" }')
    reading = survey_district(small.write(section, schools_csv=small.schools + more, m_csv=table))
    assert [one.rule for one in reading.warnings] == ["flags-as-count"]


@pytest.mark.parametrize(
    ("seats", "told"),
    [
        ([100, 150, 200, 100, 250, 20], []),
        ([0] * 6, ["odd-capacity"]),
        ([1, 2, 3, 4, 1, 2], ["odd-capacity"]),
        ([45816 + n for n in range(6)], ["odd-capacity"]),
        (["*", "s", 200, 100, 250, 20], ["suppressed-measure"]),
    ],
)
def test_seats_that_are_none_are_told(
    small: SimpleNamespace, seats: list[object], told: list[str]
) -> None:
    head, *rows = small.schools.splitlines()
    lines = [f"{row},{n}" for row, n in zip(rows, seats, strict=True)]
    text = "\n".join([f"{head},capacity", *lines])
    reading = survey_district(small.write(schools_csv=text))
    assert [one.rule for one in reading.warnings] == told
    assert reading.district is not None
