"""A measure that an analyst brings along stands wherever ours do."""

from pathlib import Path

import numpy as np
import pytest

from feeder import OwnMeasure, candidates, compare, ensemble, score
from feeder.analyses.candidates import run
from feeder.analyses.candidates.recipes import recipes
from feeder.language import ENGLISH, words
from feeder.measures.scorecard import Value
from feeder.pipeline.plan import Plan
from feeder.planning import Assignment
from feeder.publishing.published import publish
from feeder.render.files.tables import scorecard_record, scorecard_table
from feeder.render.page.page import PageInfo
from feeder.render.report.report import render_report

VILLAGE = Path(__file__).resolve().parent.parent / "village"


def largest(plan: Assignment) -> float:
    """Students of the largest school that any community has beside its high schools."""
    schools = plan.district.schools.loc[list(plan.network.graph.school_ids)]
    other = (schools["level"] != "high").to_numpy() & (plan.school_community >= 0)
    return float(schools["enrollment"].to_numpy()[other].max())


def in_first(plan: Assignment) -> float:
    """Schools of the first community."""
    return float((plan.school_community == 0).sum())


LARGEST = OwnMeasure(
    "largest_school",
    "seats",
    "lower",
    value=largest,
    title="Largest school below high school",
    meaning="Students of the largest school of a community that is no high school.",
)
FIRST = OwnMeasure("in_first", "schools", "none", value=in_first)


def test_it_stands_in_scorecard_and_table(grid: Assignment) -> None:
    card = score(grid, measures=[LARGEST, FIRST])
    assert card.plan["largest_school"] == Value(120)
    assert card.existing["largest_school"] == Value(120)
    assert (card.plan["in_first"].value, card.existing["in_first"].value) == (6, 5)
    assert list(card.plan)[-2:] == ["largest_school", "in_first"]
    table = scorecard_table(card).set_index(["scope", "measure"])
    row = table.loc[("plan", "largest_school")]
    assert (row["value"], row["unit"], row["sense"]) == (120, "seats", "lower")
    assert row["definition"] == LARGEST.meaning
    detail = scorecard_record(card)["details"]["in_first"]
    assert (detail["value"], detail["unit"], detail["reason"]) == (6, "schools", "")
    assert score(grid).plan == {
        k: v for k, v in card.plan.items() if k not in {*(LARGEST.name, FIRST.name)}
    }


def test_it_stands_in_the_report_of_what_is_published(grid: Assignment) -> None:
    plan = Plan(grid, score(grid), {}, {}).with_measures(LARGEST, FIRST)
    assert plan.scorecard.certificate == score(grid).certificate
    public = plan.published()
    page = render_report(public, PageInfo.of(public), (), ENGLISH)
    assert "Largest school below high school" in page
    assert "<strong>120 seats</strong>" in page
    assert LARGEST.meaning in page
    assert "<strong>6 schools</strong>" in page
    assert "1 school more" in page
    spanish = render_report(public, PageInfo.of(public), (), words("es"))
    assert "<strong>120 seats</strong>" in spanish


def test_what_is_published_is_measured_on_what_is_published(grid: Assignment) -> None:
    seen = []
    spy = OwnMeasure("spy", "students", "none", value=lambda plan: seen.append(plan) or 1.0)
    public = publish(grid, score(grid, measures=[spy]))
    assert any(plan.district is public.assignment.district for plan in seen)
    assert public.scorecard.plan["spy"].value == 1


def test_it_is_compared(grid: Assignment) -> None:
    found = compare(grid, measures=[LARGEST, FIRST])
    assert found.measures.loc["in_first", ["existing", "plan"]].tolist() == [5, 6]
    assert found.best["in_first"] == ()
    table = found.tables["compared"].set_index("id")
    assert (table.loc["largest_school", "unit"], table.loc["largest_school", "plan"]) == (
        "seats",
        120,
    )


def test_a_plan_may_have_none_and_a_value_its_parts(grid: Assignment) -> None:
    none = OwnMeasure("none", "km", "lower", value=lambda _: None)
    odd = OwnMeasure("odd", "km", "lower", value=lambda _: float("nan"))
    part = OwnMeasure("part", "share", "higher", value=lambda _: Value(0.5, None, 1, 2))
    card = score(grid, measures=[none, odd, part])
    for name in ("none", "odd"):
        assert card.plan[name].value is None
        assert scorecard_record(card)["details"][name]["reason"] == "the plan has none"
    assert (card.plan["part"].numerator, card.plan["part"].denominator) == (1, 2)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"name": "diameter_km"}, "a name of its own"),
        ({"name": ""}, "a name of its own"),
        ({"unit": " "}, "needs a unit"),
        ({"sense": "up"}, "higher, lower, none"),
    ],
)
def test_what_no_table_could_tell_is_refused(wrong: dict, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        OwnMeasure(**{"name": "m", "unit": "km", "sense": "lower", "value": largest, **wrong})


def test_two_of_one_name_are_refused(grid: Assignment) -> None:
    with pytest.raises(ValueError, match="one name"):
        score(grid, measures=[FIRST, FIRST])


def test_candidates_and_ensembles_are_told_by_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "recipes", lambda *asked, seed: recipes(*asked, seed=seed)[:3])
    asked = {"communities": 2, "schools": (2, 12), "enrollment_tolerance": 0.6}
    made = candidates(VILLAGE, n=2, effort="quick", measures=[FIRST], **asked)
    assert np.isfinite(made.table["in_first"].astype(float)).all()
    for name, plan in made.chosen.items():
        row = made.table.set_index("plan").loc[name]
        assert row["in_first"] == in_first(plan)
    assert "in_first" in made.pages["candidates.html"]
    drawn = ensemble(VILLAGE, out=tmp_path / "drawn", plans=40, chains=2, measures=[FIRST], **asked)
    assert drawn.scores["in_first"].between(2, 12).all()
    assert {"in_first", "diameter_km"} <= set(drawn.places.index)
    assert "in_first" in drawn.diagnostics.index
    drawn.write()
    assert "in_first" in (tmp_path / "drawn" / "ensemble.html").read_text(encoding="utf-8")
