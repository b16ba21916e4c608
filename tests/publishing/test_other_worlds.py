"""What a page holds is the same in every world that fits its ranges, so edits tell none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from town import DISTRICT, write_town

from feeder import open_plan
from feeder.district.model import GRADE_COLUMNS, MODELED, Goal
from feeder.measures.score import score
from feeder.planning import Assignment
from feeder.publishing.audit.told import AUDITED
from feeder.publishing.cells import Range
from feeder.publishing.facts import facts
from feeder.publishing.figures import ranged
from feeder.publishing.worlds import Worlds, worlds_of

from .pages import page
from .test_audit import SPLIT, TODAY


def drawn(told: Range, true: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """A table with other values in its ranges."""
    between = told.low + rng.random(told.low.shape) * (told.high - told.low)
    return true.where(~told.is_open, between)


def elsewhere(plan: Assignment, known: Worlds, seed: int) -> Assignment:
    """The plan in another world that fits every range: other flows, counts, need and grades."""
    rng, told = np.random.default_rng(seed), known.told
    district, network, graph = plan.district, plan.network, plan.network.graph
    flows = network.flows.copy()
    counted = ~flows["source"].isin(MODELED).to_numpy()
    students = drawn(told.flows, flows[["students"]], rng)["students"].where(
        counted, flows["students"]
    )
    flows["students"] = students
    counts = drawn(told.counts, district.statistics.counts, rng)
    weights = pd.Series(district.statistics.need_weights, dtype=float)
    need = (counts[list(weights.index)].fillna(0.0) * weights).sum(axis=1)
    rates = district.statistics.rates.copy()
    for name in told.parts.low:
        part = drawn(told.parts, rates[[name]].mul(rates[f"{name}_denominator"], axis=0), rng)
        rates[name] = part[name] / rates[f"{name}_denominator"]
    return replace(
        plan,
        district=replace(
            district,
            flows=flows,
            statistics=replace(district.statistics, counts=counts, need=need, rates=rates),
            grade_enrollment=drawn(told.grades, district.grade_enrollment, rng)[
                list(GRADE_COLUMNS)
            ],
        ),
        network=replace(
            network,
            flows=flows,
            graph=replace(graph, flow_students=flows["students"].to_numpy()),
        ),
    )


@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 2**16))
def test_no_edit_tells_one_world_from_another(
    toy: Assignment, worlds: Worlds, shuffled: object, seed: int
) -> None:
    """The page computes with its facts alone; they, and the figures of any edit, do not change."""
    other = elsewhere(toy, worlds, seed)
    assert not np.allclose(other.network.flows["students"], toy.network.flows["students"])
    there = worlds_of(other, worlds.told)
    assert facts(there.of(other), there) == facts(worlds.of(toy), worlds)
    edited = shuffled(toy, seed)
    there_edited = replace(edited, district=other.district, network=other.network)
    cards = [
        ranged(score(known.of(plan)), plan, known, headlines=())
        for known, plan in ((worlds, edited), (there, there_edited))
    ]
    pd.testing.assert_frame_equal(cards[0].least, cards[1].least)
    pd.testing.assert_frame_equal(cards[0].most, cards[1].most)
    for name, value in cards[0].plan.items():
        assert value == cards[1].plan[name], name
    medians = {"office_minutes_mean", "office_minutes_max", "k12_continuity"} & set(cards[0].plan)
    assert medians


def test_a_goal_of_few_is_the_same_wherever_it_lies(toy: Assignment) -> None:
    """2 or 8 of 100 absent: what may be known of the goal is one."""
    index = toy.district.schools.index
    columns = ["numerator", "denominator", "target", "past_numerator", "past_denominator"]
    told = []
    for few in (2.0, 8.0):
        table = pd.DataFrame([[20.0, 100.0, 0.03, 50.0, 100.0]] * len(index), index, columns)
        table.loc["E00", "numerator"] = few
        goal = Goal(name="absence", better="lower", schools=table)
        plan = replace(toy, district=replace(toy.district, goals=(goal,)))
        told.append(worlds_of(plan).told.goals[0])
    pd.testing.assert_frame_equal(told[0].low, told[1].low)
    pd.testing.assert_frame_equal(told[0].high, told[1].high)


def plan_file(folder: Path, home: dict[str, int], schools: pd.Index) -> Path:
    rows = [f"{school},{'AB'[home.get(school, 1)]}" for school in schools]
    folder.write_text("school_id,community_id\n" + "\n".join(rows) + "\n")
    return folder


def test_a_folder_published_earlier_makes_the_new_page_coarser(tmp_path: Path) -> None:
    """The plans differ by one school with a hidden flow, so their continuities would tell it."""
    town = write_town(tmp_path / "town", {"flows.csv": SPLIT})
    schools = pd.read_csv(town / "schools.csv")["school_id"]
    before = plan_file(tmp_path / "before.csv", {**TODAY, "e3": 0}, schools)
    now = plan_file(tmp_path / "now.csv", {**TODAY, "e1": 1}, schools)
    open_plan(town, before).write(town / "maps" / "2025")
    told = []
    for text in (DISTRICT, DISTRICT + '\n[publishing]\nearlier = ["maps/2025"]\n'):
        (town / "district.toml").write_text(text)
        made = open_plan(town, now)
        made.write(tmp_path / "out")
        told.append(page(tmp_path / "out" / "map.html")["plans"][0]["headlines"])
    alone, beside = (
        {name: one["value"] for name, one in headlines.items() if name in AUDITED}
        for headlines in told
    )
    assert "feeder_continuity" in alone
    assert "feeder_continuity" not in beside
    assert beside["enrollment_deviation"] == alone["enrollment_deviation"]
