"""Today's plan as tables have it: words, codes and zeros for none."""

from types import SimpleNamespace

import pandas as pd
import pytest

from feeder.district import read_district
from feeder.district.tables.nobody import without_nobody
from feeder.district.tables.table import Table
from feeder.errors import Findings

PLAN = '\n[existing_plan]\npath = "plan.csv"\n'


def grid(homes: list[list[str]]) -> tuple[pd.Series, pd.DataFrame]:
    """Place schools on a grid, each with its community."""
    ids = [f"{row}{column}" for row in range(len(homes)) for column in range(len(homes[0]))]
    places = {
        "lat": [40 + row / 100 for row in range(len(homes)) for _ in homes[0]],
        "lon": [-75 + column / 100 for _ in homes for column in range(len(homes[0]))],
    }
    flat = [home for line in homes for home in line]
    return pd.Series(flat, pd.Index(ids, name="school_id")), pd.DataFrame(places, ids)


def read(homes: list[list[str]], asked: int | None) -> tuple[set[str], str]:
    """Return the communities that are left, and what is told of zeros."""
    cells, schools = grid(homes)
    findings = Findings()
    table = Table("plan.csv", pd.DataFrame())
    found = without_nobody(cells, schools, asked, table, "community_id", findings)
    assert found.index.equals(cells.index)
    (message,) = [one.message for one in findings.warnings if one.rule == "zero-community"]
    return set(found), message


@pytest.mark.parametrize(
    "word",
    ["#N/A", "N/A", "nan", "TBD", "Unassigned", "-", "-1", "NULL", "#REF!", "none", "\u2013", "?"],
)
def test_words_and_codes_mean_no_community(small: SimpleNamespace, word: str) -> None:
    plan = f"school_id,community_id\n01,A\n02,{word}\n03,B\n10,A\n20,B\n30,A\n"
    district = read_district(small.write(PLAN, plan_csv=plan))
    assert district.existing_plan is not None
    assert "02" not in district.existing_plan.index
    assert set(district.existing_plan) == {"A", "B"}
    messages = {one.rule: one.message for one in district.warnings}
    assert messages["no-community"] == f"{word} (1 school) stands for no community."
    assert "Birch (02)" in messages["unassigned-today"]


@pytest.mark.parametrize("word", ["North", "N", "A-1", "NA North", "Nantucket", "10"])
def test_names_of_communities_stay(small: SimpleNamespace, word: str) -> None:
    plan = f"school_id,community_id\n01,A\n02,{word}\n03,B\n10,A\n20,B\n30,A\n"
    district = read_district(small.write(PLAN, plan_csv=plan))
    assert district.existing_plan is not None
    assert district.existing_plan["02"] == word
    assert not district.warnings


HALVES = [["0", "0", "1", "1"]] * 3
SCATTERED = [["0", "1", "1", "0", "2", "2"], ["1", "1", "0", "2", "2", "0"],
             ["1", "0", "1", "2", "0", "2"]]  # fmt: skip
FEW = [["1", "1", "1", "0", "2", "2", "2"]] * 1 + [["1", "1", "1", "2", "2", "2", "2"]] * 2


@pytest.mark.parametrize(
    ("homes", "asked", "left", "why"),
    [
        (HALVES, 2, {"0", "1"}, "0 (6 schools) was taken for a community, one of 2."),
        (HALVES, None, {"0", "1"}, "a community, one of 2"),
        (HALVES, 1, {"", "1"}, "the scenario asks for the 1 others"),
        (SCATTERED, None, {"", "1", "2"}, "stand scattered"),
        (SCATTERED, 3, {"0", "1", "2"}, "one of 3"),
        (FEW, None, {"", "1", "2"}, "are few"),
        ([["0", "0", "West", "West"]], None, {"", "West"}, "the others have names"),
    ],
)
def test_a_zero_is_a_community_or_none_and_is_told_either_way(
    homes: list[list[str]], asked: int | None, left: set[str], why: str
) -> None:
    found, message = read(homes, asked)
    assert found == left
    assert why in message


def test_today_may_go_by_name(small: SimpleNamespace) -> None:
    plan = "school,community_id\nAlder,A\nBIRCH,A\nCedar,B\nMaple,A\nHigh,B\nNest,A\n"
    section = PLAN + 'match = "name"\ncolumns = { school_id = "school" }\n'
    district = read_district(small.write(section, plan_csv=plan))
    assert district.existing_plan is not None
    assert district.existing_plan.to_dict() == {
        "01": "A", "02": "A", "03": "B", "10": "A", "20": "B", "30": "A"
    }  # fmt: skip
