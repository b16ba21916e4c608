"""Goals as a district folder gives them: what is read, repaired and refused."""

from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from feeder.district import read_district
from feeder.errors import InputError

GOALS = """\
school_id,absent,enrolled,percent,target_percent,past
01,12,60,20,5,6
02,30,120,25,10,31
03,0,180,0,2.5,9
10,45,90,50,20,40
20,<10,200,,10,
"""
SECTION = """
[goals]
path = "goals.csv"

[goals.measures.chronic_absence]
numerator = "absent"
denominator = "enrolled"
target = "target_percent"
unit = "percent"
better = "lower"
"""
Replace = Callable[..., str]


def told(small: SimpleNamespace, section: str, goals: str = GOALS) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_district(small.write(section, goals_csv=goals))
    return [str(problem) for problem in caught.value.problems]


def test_goals_are_students_and_shares(small: SimpleNamespace) -> None:
    district = read_district(small.write(SECTION, goals_csv=GOALS))
    assert district.goals is not None
    (goal,) = district.goals
    assert (goal.name, goal.better) == ("chronic_absence", "lower")
    assert goal.schools.index.tolist() == ["01", "02", "03", "10", "20", "30"]
    assert goal.schools.loc["02"].tolist() == [30, 120, 0.1, 30, 120]
    assert goal.schools.loc["20", ["numerator", "denominator"]].isna().all()
    rules = [warning.rule for warning in district.warnings]
    assert rules.count("suppressed-measure") == 1
    message = next(str(w) for w in district.warnings if w.rule == "no-goal")
    assert "2 schools without a baseline or a target of chronic_absence" in message
    assert "High (20); Nest (30)" in message


def test_a_rate_is_worth_its_students_and_the_past_year_stands_apart(
    small: SimpleNamespace, replaced: Replace
) -> None:
    section = replaced(SECTION, ('numerator = "absent"', 'rate = "percent"'))
    section = replaced(section, ('"target_percent"', "3"))
    section += 'past_numerator = "past"\npast_denominator = "enrolled"\n'
    goals = read_district(small.write(section, goals_csv=GOALS)).goals
    assert goals is not None
    schools = goals[0].schools
    assert schools.loc["02"].tolist() == [pytest.approx(30), 120, 0.03, 31, 120]
    assert schools["target"].tolist() == [0.03] * 6
    assert np.isnan(schools.loc["20", "numerator"])


def test_where_and_other_names_of_the_id(small: SimpleNamespace, replaced: Replace) -> None:
    section = replaced(
        SECTION,
        (
            'path = "goals.csv"',
            'path = "goals.csv"\ncolumns = { school_id = "id" }\nwhere = { kind = "all" }',
        ),
    )
    goals = "id,kind,absent,enrolled,target_percent\n01,all,9,60,5\n01,girls,4,30,5\n"
    found = read_district(small.write(section, goals_csv=goals)).goals
    assert found is not None
    assert found[0].schools["numerator"].dropna().to_dict() == {"01": 9}


def test_a_district_without_goals_has_none(small: SimpleNamespace) -> None:
    assert read_district(small.write()).goals is None


@pytest.mark.parametrize(
    ("cell", "broken", "rule"),
    [
        ("01,12,60", "01,61,60", "Alder (01) counts 61 students for chronic_absence, of 60"),
        ("01,12,60", "01,-2,60", 'holds "-2"'),
        (",2.5,9", ",250,9", "250 is no percentage"),
        ("01,12,60", "01,twelve,60", '"twelve" is not a number'),
        ("02,30,120,25,10,31", "01,30,120,25,10,31", "the id 01 stands again"),
    ],
)
def test_a_cell_that_cannot_be_is_told_with_its_place(
    small: SimpleNamespace, replaced: Replace, cell: str, broken: str, rule: str
) -> None:
    (problem,) = told(small, SECTION, replaced(GOALS, (cell, broken)))
    assert "goals.csv, line" in problem
    assert rule in problem


@pytest.mark.parametrize(
    ("text", "broken", "message"),
    [
        ('numerator = "absent"', "", "give one of numerator and rate"),
        ('numerator = "absent"', 'numerator = "absent"\nrate = "percent"', "give one of numerator"),
        ('denominator = "enrolled"', "", "the key denominator in [goals.measures.chronic_absence]"),
        ('target = "target_percent"', "", "the key target in"),
        ('"target_percent"', "130", "a percent from 0 to 100"),
        ('"target_percent"', "true", "expected a text in quotes"),
        ('unit = "percent"', "", "the key unit in"),
        ('unit = "percent"', 'unit = "per cent"', 'unit = "per cent"'),
        ('better = "lower"', 'better = "less"', 'better = "less"'),
        ('better = "lower"', 'better = "lower"\ngoal = 3', "unknown key goal"),
        ('"absent"', '"abesnt"', "there is no column abesnt, which [goals] names"),
        ('path = "goals.csv"', 'path = "goal.csv"', "goal.csv"),
        ('better = "lower"', 'better = "lower"\npast_numerator = "past"', "past_denominator"),
    ],
)
def test_a_key_that_cannot_be_is_told(
    small: SimpleNamespace, replaced: Replace, text: str, broken: str, message: str
) -> None:
    problems = told(small, replaced(SECTION, (text, broken)))
    assert any(message in problem for problem in problems), problems


def test_goals_without_measures_are_told(small: SimpleNamespace) -> None:
    (problem,) = told(small, '\n[goals]\npath = "goals.csv"\n')
    assert "[goals] has no measures" in problem


def test_all_problems_come_at_once(small: SimpleNamespace, replaced: Replace) -> None:
    goals = replaced(GOALS, ("01,12,60", "01,61,60"), (",2.5,9", ",250,9"))
    problems = told(small, f'{SECTION}\n[flow]\npath = "x"\n', goals)
    assert len(problems) == 3


def test_strangers_are_named_and_too_many_are_an_error(small: SimpleNamespace) -> None:
    district = read_district(small.write(SECTION, goals_csv=f"{GOALS}99,1,50,2,1,\n"))
    assert any("99" in str(warning) for warning in district.warnings)
    problems = told(
        small, SECTION, "school_id,absent,enrolled,target_percent\n98,1,9,5\n01,1,9,5\n99,1,9,5\n"
    )
    assert "Is school_id the right column?" in problems[0]


def test_a_percentage_under_one_asks_whether_it_is_a_share(
    small: SimpleNamespace, replaced: Replace
) -> None:
    section = replaced(SECTION, ('"target_percent"', "0.03"))
    district = read_district(small.write(section, goals_csv=GOALS))
    (warning,) = (w for w in district.warnings if w.rule == "small-target")
    assert "For 3% write target = 3" in str(warning)
    assert district.goals is not None
    assert district.goals[0].schools["target"].max() == pytest.approx(0.0003)


def test_targets_survive_where_results_are_unknown(small: SimpleNamespace) -> None:
    goals = read_district(small.write(SECTION, goals_csv=GOALS)).goals
    assert goals is not None
    expected = pd.Series([0.05, 0.1, 0.025, 0.2, 0.1, np.nan], goals[0].schools.index)
    pd.testing.assert_series_equal(goals[0].schools["target"], expected, check_names=False)
