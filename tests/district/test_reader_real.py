"""Real districts, read unchanged; the figures are those their publishers print."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from feeder.district import District, read_district
from feeder.district.model import K12_MASK, LEVELS

NAMES = ("fairfax_va", "lausd", "washington_dc", "philadelphia_pa")


@pytest.fixture(scope="module")
def read(district_folder: Callable[[str], Path]) -> Callable[[str], District]:
    known: dict[str, District] = {}

    def once(name: str) -> District:
        if name not in known:
            known[name] = read_district(district_folder(name))
        return known[name]

    return once


def told(district: District, rule: str) -> list[str]:
    return [str(warning) for warning in district.warnings if warning.rule == rule]


def test_fairfax(read: Callable[[str], District]) -> None:
    district = read("fairfax_va")
    schools = district.schools
    assert schools["level"].value_counts().to_dict() == {
        "elementary": 138, "middle": 26, "high": 24
    }  # fmt: skip
    assert district.areas is not None
    assert district.areas["school_id"].notna().all()
    assert len(district.areas) == 188
    (spans,) = told(district, "grades-by-pupils")
    assert "Bailey's, printed K-2, pupils in PK-5" in spans
    (pathways,) = told(district, "pathway")
    assert "McNair (PK-2) to Carson (7-8)" in pathways
    assert district.existing_plan is not None
    assert district.existing_plan.nunique() == 24
    assert district.grade_enrollment is not None
    columns = ["K", *(str(grade) for grade in range(1, 13))]
    grades = district.grade_enrollment[columns].to_numpy()
    last = grades[np.arange(len(grades)), schools["grade_high"]]
    assert schools["leavers"].tolist() == last.tolist()
    assert len(schools[schools["campus_id"] != ""]) == 6


def test_fairfax_flows_carry_the_leavers(read: Callable[[str], District]) -> None:
    district = read("fairfax_va")
    assert district.flows is not None
    sent = district.flows.groupby("from_id")["students"].sum()
    leavers = district.schools["leavers"].loc[sent.index]
    assert (sent <= leavers * 1.001).all()
    assert sent.sum() == pytest.approx(leavers.sum(), rel=1e-4)


def test_lausd(read: Callable[[str], District]) -> None:
    district = read("lausd")
    schools = district.schools
    assert (len(schools), schools["enrollment"].sum()) == (777, 384_765)
    assert schools["leavers_estimated"].all()
    assert district.flows is district.areas is None
    assert district.boundary is not None
    assert district.statistics.counts["english_learners"].sum() == 61_427
    rate = district.statistics.rates["chronic_absence"]
    assert 0.031 == rate.min() < rate.max() == 0.956
    assert sorted(schools["region"].unique()) == [
        "Central", "East", "Northeast", "Northwest", "South", "West"
    ]  # fmt: skip
    assert all(len(school_id) == 14 for school_id in schools.index)


def test_washington(read: Callable[[str], District]) -> None:
    district = read("washington_dc")
    flows = district.flows
    assert flows is not None
    assert (flows["students_low"] <= flows["students"]).all()
    assert (flows["students"] <= flows["students_high"]).all()
    assert (flows["students_low"] < flows["students_high"]).any()
    assert "40 schools" in told(district, "missing-location")[0]
    assert district.areas is not None
    assert district.areas["school_id"].isna().any()


def test_philadelphia(read: Callable[[str], District]) -> None:
    district = read("philadelphia_pa")
    assert district.flows is not None
    assert not district.flows.duplicated(["from_id", "to_id"]).any()
    assert len(told(district, "repeated-flow")) == 1


@pytest.mark.parametrize("name", NAMES)
def test_every_promise_of_the_contract(read: Callable[[str], District], name: str) -> None:
    district = read(name)
    schools = district.schools
    assert schools.index.is_unique
    assert schools.index.is_monotonic_increasing
    assert set(schools["level"]) <= set(LEVELS)
    assert district.extra.index.equals(schools.index)
    assert not schools[["lat", "lon", "leavers", "entering"]].isna().any().any()
    assert (schools["leavers"].eq(0) | ((schools["grades"] & K12_MASK) > 0)).all()
    assert district.inputs[0].path == "district.toml"
    assert all(len(str(warning)) < 900 for warning in district.warnings)
    if district.areas is not None:
        assert district.areas["area_id"].is_unique
        assert district.areas.geometry.is_valid.all()
    if district.flows is not None:
        ends = district.flows[["from_id", "to_id"]]
        assert ends.isin(schools.index).all().all()
        assert (ends["from_id"] != ends["to_id"]).all()
        after = schools["grades"].loc[ends["from_id"]].map(lambda m: (m & K12_MASK).bit_length())
        serves = schools["grades"].loc[ends["to_id"]].to_numpy() >> after.to_numpy() & 1
        assert serves.all()
