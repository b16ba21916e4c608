"""The estimate against districts whose flows are known.

Published figures of the method: share of students sent to the right receiver (CPC) and share of
senders whose main receiver is right, with 0.3 for the seats of schools that opened earlier.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from feeder.district.model import GRADE_COLUMNS, PK_BIT
from feeder.network.estimate import estimate_flows

Truth = tuple[pd.DataFrame, pd.DataFrame | None, pd.DataFrame]


def grade(text: str) -> int:
    return {"pre K": -1, "PK": -1, "K": 0}[text] if text.endswith("K") else int(text)


def span(text: str) -> list[int]:
    low, _, high = text.replace("\N{EN DASH}", "-").partition("-")
    return list(range(grade(low), grade(high or low) + 1))


def mask(grades: list[int]) -> int:
    return sum(PK_BIT if g < 0 else 1 << g for g in grades)


def transitions(schools: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """Keep pairs whose receiver serves the sender's next grade; shares become students."""
    pairs = pairs[pairs["from_id"].isin(schools.index) & pairs["to_id"].isin(schools.index)]
    ends = schools["grades"] & ~PK_BIT
    next_grade = np.array([int(ends[school]).bit_length() for school in pairs["from_id"]])
    served = schools["grades"].loc[pairs["to_id"]].to_numpy() >> next_grade & 1 == 1
    pairs = pairs[served].drop_duplicates(["from_id", "to_id", "share"])
    students = pairs["share"] * schools["leavers"].loc[pairs["from_id"]].to_numpy()
    truth = pairs.assign(students=students).groupby(["from_id", "to_id"])[["students"]].sum()
    return truth[truth["students"] > 0]


@pytest.fixture(scope="session")
def fairfax(district_folder: Callable[[str], Path]) -> Truth:
    folder = district_folder("fairfax_va")
    schools = pd.read_csv(folder / "schools_2024_25.csv", dtype={"school_id": str})
    schools = schools.set_index("school_id").sort_index()
    theirs = ["enr_PK", "enr_KG", *(f"enr_{g:02}" for g in range(1, 13))]
    by_grade = schools[theirs].set_axis(GRADE_COLUMNS[:14], axis=1).assign(UN=np.nan)
    pupils = by_grade.iloc[:, 1:14].to_numpy()
    # One school prints K-6 and has no grade 6: the highest printed grade with pupils is the last.
    taught = [
        [g for g in span(text) if pupils[row, g] > 0] for row, text in enumerate(schools["grades"])
    ]
    schools = schools.assign(
        grades=np.array([mask(grades) for grades in taught], dtype=np.int64),
        leavers=[pupils[row, grades[-1]] for row, grades in enumerate(taught)],
        enrollment=schools["membership"],
        kind="",
    )
    pairs = pd.read_csv(folder / "feeder_overlap_2024_25.csv", dtype={"from_id": str, "to_id": str})
    pairs = pairs[pairs["link"].isin(["es->ms", "ms->hs"])].rename(
        columns={"share_of_from": "share"}
    )
    return schools, by_grade, transitions(schools, pairs)


@pytest.fixture(scope="session")
def philadelphia(district_folder: Callable[[str], Path]) -> Truth:
    folder = district_folder("philadelphia_pa")
    schools = pd.read_csv(folder / "schools.csv", dtype={"school_id": str})
    schools = schools[(schools["type_specific"] == "District") & schools["enrollment"].notna()]
    schools = schools.set_index("school_id").sort_index()
    taught = [span(text) for text in schools["grades"]]
    zoned = schools[["has_es_zone", "has_ms_zone", "has_hs_zone"]].any(axis=1)
    schools = schools.assign(
        grades=np.array([mask(grades) for grades in taught], dtype=np.int64),
        leavers=schools["enrollment"] / [len(grades) for grades in taught],
        kind=np.where(zoned, "neighbourhood", "alternative"),
    )
    pairs = pd.read_csv(
        folder / "feeder_assignment_2015.csv", dtype={"from_id": str, "to_id": str}
    ).rename(columns={"share_of_from_area": "share"})
    return schools, None, transitions(schools, pairs)


def scores(
    flows: pd.DataFrame, truth: pd.DataFrame, senders: pd.Index | None = None
) -> tuple[float, float]:
    """Return CPC and top-1 over the senders of the truth, or some of them."""
    both = truth.join(
        flows.set_index(["from_id", "to_id"])["students"].rename("estimate"), how="outer"
    ).fillna(0.0)
    chosen = truth.index.unique("from_id") if senders is None else senders
    both = both[both.index.get_level_values("from_id").isin(chosen)]
    main = both.groupby(level="from_id").idxmax()
    right = main["students"] == main["estimate"]
    return both.min(axis=1).sum() / both["students"].sum(), right.mean()


@pytest.mark.parametrize(
    ("setting", "published"),
    [
        ({"width": 0.15, "entry_pull": 0.9}, (0.795, 0.769)),
        ({"width": 0.15, "entry_pull": 1.0}, (0.793, 0.788)),
        ({"width": 0.15, "entry_pull": 0.0}, (0.764, 0.744)),
        ({"width": 0.10, "entry_pull": 0.9}, (0.800, 0.762)),
        ({"width": 1e-6, "entry_pull": 0.0}, (0.755, 0.738)),
    ],
    ids=["pull 0.9", "pull 1", "pull 0", "width 0.1", "nearest"],
)
def test_fairfax_figures_are_reproduced_within_two_points(
    fairfax: Truth, setting: dict[str, float], published: tuple[float, float]
) -> None:
    schools, by_grade, truth = fairfax
    assert truth.index.unique("from_id").size == 160
    flows = estimate_flows(schools, by_grade, seat_share_open=0.3, **setting).flows
    assert scores(flows, truth) == pytest.approx(published, abs=0.02)


def test_fairfax_figures_by_grade(fairfax: Truth) -> None:
    schools, by_grade, truth = fairfax
    flows = estimate_flows(schools, by_grade, entry_pull=0.9, seat_share_open=0.3).flows
    for last_grade, published in ((6, 0.70), (8, 0.87)):
        senders = schools.index[[int(m).bit_length() == last_grade + 1 for m in schools["grades"]]]
        assert scores(flows, truth, senders)[0] == pytest.approx(published, abs=0.02)


def test_fairfax_defaults_are_no_worse_than_published(fairfax: Truth) -> None:
    schools, by_grade, truth = fairfax
    estimate = estimate_flows(schools, by_grade)
    assert estimate.report["parameters"]["entry_pull"] == 0.7
    assert scores(estimate.flows, truth)[0] == pytest.approx(0.782, abs=0.02)


def test_true_entries_are_worth_more_than_any_formula(fairfax: Truth) -> None:
    schools, by_grade, truth = fairfax
    entries = by_grade.fillna(0.0) * 0.0
    step = truth.reset_index()
    step["grade"] = [str(int(schools["grades"][s]).bit_length()) for s in step["from_id"]]
    for (school, column), students in step.groupby(["to_id", "grade"])["students"].sum().items():
        entries.loc[school, column] = students
    flows = estimate_flows(schools, entries, entry_pull=1.0, seat_share_open=1.0).flows
    assert scores(flows, truth) == pytest.approx((0.826, 0.825), abs=0.02)


def test_sure_senders_are_right_more_often(fairfax: Truth) -> None:
    schools, by_grade, truth = fairfax
    estimate = estimate_flows(schools, by_grade, entry_pull=0.9)
    certainty = pd.Series(estimate.report["certainty"])
    right = {
        word: scores(estimate.flows, truth, certainty.index[certainty == word])[1]
        for word in ("sure", "likely", "open")
    }
    assert right["sure"] == pytest.approx(0.87, abs=0.05)
    assert max(right["likely"], right["open"]) < right["sure"] - 0.15


@pytest.mark.parametrize(
    ("setting", "published"),
    [({"width": 0.15}, 0.822), ({"width": 0.10}, 0.844), ({"entry_pull": 0.0}, 0.844)],
)
def test_philadelphia_figures_are_reproduced_within_three_points(
    philadelphia: Truth, setting: dict[str, float], published: float
) -> None:
    schools, by_grade, truth = philadelphia
    flows = estimate_flows(schools, by_grade, seat_share_open=0.3, **setting).flows
    assert scores(flows, truth)[0] == pytest.approx(published, abs=0.03)
