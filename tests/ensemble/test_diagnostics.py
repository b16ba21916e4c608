"""Chains that have not mixed are told."""

import numpy as np
import pandas as pd

from feeder.ensembles.diagnostics import diagnose, mixing_warning
from feeder.ensembles.scores import MEASURES


def table(values):
    """Scores of chains by draws; every measure but the first is constant or unknown."""
    chains, draws = values.shape
    scores = pd.DataFrame(
        {"chain": np.repeat(range(chains), draws), "draw": np.tile(range(draws), chains)}
    )
    scores["objective"] = values.ravel()
    for name in MEASURES:
        scores[name] = 1.0
    scores["need_deviation"] = np.nan
    return scores


def test_independent_draws_have_mixed():
    values = np.random.default_rng(0).normal(size=(4, 500))
    found = diagnose(table(values))
    assert found["mixed"].all()
    assert found.loc["objective", "rhat"] < 1.01
    assert 1_500 < found.loc["objective", "ess"] < 2_600
    assert found.loc["cut_contacts", "rhat"] == 1.0
    assert "need_deviation" not in found.index
    assert mixing_warning(found, 4) is None


def test_chains_in_different_places_have_not():
    values = np.random.default_rng(0).normal(size=(4, 500)) + np.arange(4)[:, None]
    found = diagnose(table(values))
    assert not found.loc["objective", "mixed"]
    told = str(mixing_warning(found, 4))
    assert "objective (R-hat" in told
    assert "cut_contacts" not in told
    assert "--every" in told


def test_slow_chains_have_too_few_effective_plans():
    steps = np.random.default_rng(0).normal(size=(4, 500))
    found = diagnose(table(np.cumsum(steps, axis=1) * 0.02 + steps * 0.001))
    assert found.loc["objective", "ess"] < 400
    assert not found.loc["objective", "mixed"]


def test_one_short_chain_is_not_mixed():
    found = diagnose(table(np.random.default_rng(0).normal(size=(1, 3))))
    assert not found.loc["objective", "mixed"]
    told = str(mixing_warning(found, 1))
    assert "objective (too few plans to tell)" in told
    assert "nan" not in told


def test_one_chain_is_compared_half_with_half(capfd, caplog):
    values = np.random.default_rng(0).normal(size=(1, 1_001))
    found = diagnose(table(values))
    assert found["mixed"].all()
    assert found.loc["objective", "rhat"] < 1.01
    drifting = diagnose(table(values + np.arange(1_001) / 200))
    assert drifting.loc["objective", "rhat"] > 1.5
    assert not drifting.loc["objective", "mixed"]
    diagnose(table(values[:, :7]))
    diagnose(table(np.repeat([[0.0], [1.0]], 9, axis=1)))
    assert capfd.readouterr() == ("", "")
    assert caplog.records == []


def test_chains_that_stand_still_apart_have_not_mixed():
    found = diagnose(table(np.repeat([[0.0], [1.0]], 500, axis=1)))
    assert not found.loc["objective", "mixed"]
    assert found.loc["objective", "rhat"] > 10


def test_no_figure_is_told_where_there_is_none():
    last = diagnose(table(np.array([[1.0] * 8 + [2.0]])))
    assert not last.loc["objective", "mixed"]
    assert "nan" not in str(mixing_warning(last, 1))


def test_what_never_changes_is_mixed_in_the_shortest_chain():
    assert diagnose(table(np.ones((1, 2))))["mixed"].all()
