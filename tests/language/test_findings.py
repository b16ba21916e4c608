"""Problems of a kind are one line with three examples; what has another way out stands alone."""

from feeder.errors import Problem
from feeder.telling.findings import LONGEST, gathered, shortened


def problem(
    row: int, message: str = "-2 is negative.", column: str = "g1", fix: str = ""
) -> Problem:
    return Problem(
        rule="negative", message=message, fix=fix, file="schools.csv", row=row, column=column
    )


def test_cells_of_one_column_are_one_line() -> None:
    few = [problem(row) for row in (2, 3)]
    (one,) = gathered(few)
    assert str(one) == "schools.csv, column g1: -2 is negative: 2 times, in line 2; line 3."
    (one,) = gathered([*few, problem(4), problem(5)])
    assert str(one) == (
        "schools.csv, column g1: -2 is negative: 4 times, in line 2; line 3; line 4 and 1 more."
    )


def test_a_few_with_ways_out_of_their_own_stay() -> None:
    few = [problem(row, fix=f"Write {row}.") for row in (2, 3, 4)]
    assert gathered(few) == tuple(few)
    few = [problem(2), problem(3, column="g2")]
    assert gathered(few) == tuple(few)
    few = [Problem(rule="infeasible", message=text) for text in ("Too few.", "Too many.")]
    assert gathered(few) == tuple(few)


def test_columns_are_named_where_they_differ() -> None:
    (one,) = gathered([problem(2, column=column) for column in ("g1", "g2", "g3", "g4")])
    assert "line 2, column g1; line 2, column g2" in one.message
    assert one.column is None


def test_what_says_something_else_is_an_example_first() -> None:
    rows = [problem(2), problem(3), problem(4), problem(5, "-1 is negative.")]
    (one,) = gathered(rows)
    assert "line 2: -2 is negative; line 5: -1 is negative" in one.message


def test_a_way_out_is_told_where_it_is_the_same() -> None:
    same = [problem(row, fix="Leave it blank.") for row in range(9)]
    assert gathered(same)[0].fix == "Leave it blank."
    assert gathered([*same, problem(9, fix="Write 1.")])[0].fix == ""


def test_other_files_and_rules_stand_apart() -> None:
    other = Problem(rule="blank-id", message="the id is blank.", file="schools.csv", row=9)
    told = gathered([*(problem(row) for row in range(5)), other])
    assert [one.rule for one in told] == ["negative", "blank-id"]


def test_no_line_is_too_long() -> None:
    assert len(shortened("word " * 200)) <= LONGEST
    assert shortened("word") == "word"
