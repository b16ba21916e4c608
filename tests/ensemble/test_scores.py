"""Scores of an ensemble are the scorecard's, and every plan keeps every promise."""

import numpy as np
import pandas as pd
import pytest

from feeder import score
from feeder.ensembles.places import CANDIDATE, TODAY, places
from feeder.ensembles.scores import MEASURES
from feeder.measures.shape import diameters_km, school_distances_km
from feeder.terms import AGAINST_TODAY


def every_plan(ensemble):
    for keys, plans in ensemble.store.plans():
        yield from zip(map(tuple, keys.tolist()), plans, strict=True)


def test_scores_are_the_scorecards_and_every_promise_is_kept(sampled):
    rows = sampled.scores.set_index(["chain", "draw"])
    for i, (key, plan) in enumerate(every_plan(sampled)):
        if i % 240 != 7:
            continue
        assignment = sampled.prepared.assignment(plan.astype(np.int64))
        card = score(assignment)
        assert card.satisfied, [one.name for one in card.constraints if not one.satisfied]
        row = rows.loc[key]
        for name in MEASURES:
            wanted = card.plan[name].value
            if name == "variation_of_information":  # a sum in the order of the communities
                assert row[name] == pytest.approx(wanted, rel=1e-12)
            else:
                assert row[name] == wanted, name
        assert row["objective"] == pytest.approx(card.certificate["objective"], abs=1e-12)


def test_today_has_the_scorecards_figures(sampled):
    card = score(sampled.consensus)
    for name in set(MEASURES) - set(AGAINST_TODAY):
        assert sampled.places.loc[name, TODAY] == card.existing[name].value, name


def test_today_as_a_candidate_is_no_distance_from_itself(sampled):
    one, other = sampled.figures[TODAY], sampled.figures[CANDIDATE]
    for i, name in enumerate(MEASURES):
        if name in AGAINST_TODAY:
            assert np.isnan(one[i])
            assert other[i] == pytest.approx(0, abs=1e-12)
        else:
            assert one[i] == other[i], name


def test_distances_are_those_of_the_diameters(sampled):
    schools = sampled.prepared.district.schools.head(40)
    rng = np.random.default_rng(1)
    community = rng.integers(0, 5, len(schools))
    reach = diameters_km(schools, community, 5)
    distances = school_distances_km(schools)
    for c in range(5):
        own = np.flatnonzero(community == c)
        assert distances[np.ix_(own, own)].max() == reach[c]
    assert (distances == distances.T).all()


def test_places_by_hand():
    scores = pd.DataFrame({name: [1.0, 2.0, 2.0, 3.0] for name in MEASURES})
    scores["need_deviation"] = np.nan
    low, tie, none = (np.full(len(MEASURES), value) for value in (0.5, 2.0, np.nan))
    found = places(scores, {"low": low, "tie": tie, "none": none})
    assert "need_deviation" not in found.index
    row = found.loc["feeder_continuity"]
    assert row["low_place"] == 0.0
    assert row["tie_place"] == 0.5
    assert np.isnan(row["none_place"])
    assert row["q50"] == 2.0


def test_quantiles_are_figures_of_plans():
    counts = np.arange(1.0, 11.0)
    found = places(pd.DataFrame(dict.fromkeys(MEASURES, counts)), {})
    assert found.loc["schools_moved"].tolist() == [1.0, 5.0, 10.0]
