"""The p-median: hand-worked, against every choice there is, and by laws that hold for any cost."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeder.partition import medians as module
from feeder.partition.medians import medians

N = 8


def by_hand(cost: np.ndarray, p: int, size: np.ndarray, capacity: np.ndarray) -> float:
    """Return the least cost over every set of sites and every way to serve from it."""
    room = np.where(np.isnan(capacity), np.inf, capacity)
    clients = np.arange(len(cost))
    costs = [
        cost[clients, list(site)].sum()
        for chosen in combinations(range(cost.shape[1]), p)
        for site in product(chosen, repeat=len(cost))
        if (np.bincount(site, size, cost.shape[1]) <= room).all()
    ]
    return min(costs, default=np.inf)


def test_two_of_five_on_a_line() -> None:
    """Sites and clients at 0, 1, 2, 10 and 12: open 1 and 10 (or 12), 1 + 0 + 1 + 0 + 2 = 4."""
    at = np.array([0.0, 1.0, 2.0, 10.0, 12.0])
    found = medians(np.abs(at[:, None] - at), 2)
    assert found.cost == 4
    assert found.site[:3].tolist() == [1, 1, 1]
    assert found.gap == 0


def test_room_for_two_at_each() -> None:
    """The same line with room for two at every site: no two sites serve five.

    Three do: {0, 1}, {2}, {10, 12}: 1 + 0 + 2 = 3.
    """
    at = np.array([0.0, 1.0, 2.0, 10.0, 12.0])
    cost = np.abs(at[:, None] - at)
    assert medians(cost, 2, capacity=np.full(5, 2.0)) is None
    found = medians(cost, 3, capacity=np.full(5, 2.0))
    assert found.cost == 3
    assert np.bincount(found.site).max() == 2


@pytest.mark.parametrize("seed", range(12))
def test_every_choice_of_eight(seed: int) -> None:
    """Two or three of 8 sites, on a coarse grid (many ties), with and without room."""
    rng = np.random.default_rng(seed)
    xy = rng.integers(0, 6, (N, 2)).astype(float)
    cost = np.hypot(*(xy[:, None] - xy).transpose(2, 0, 1))
    size = rng.integers(1, 4, N).astype(float) if seed % 2 else np.ones(N)
    capacity = np.where(rng.random(N) < 0.3, np.nan, rng.integers(0, 9, N))
    p = 2 + seed % 3 // 2
    least = by_hand(cost, p, size, capacity)
    found = medians(cost, p, size=size, capacity=capacity)
    assert (found is None) == np.isinf(least)
    if found is not None:
        assert found.cost == pytest.approx(least)
        assert found.gap == pytest.approx(0, abs=1e-9)
        filled = np.bincount(found.site, size, N)
        assert (filled <= np.where(np.isnan(capacity), np.inf, capacity)).all()
        assert len(np.unique(found.site)) <= p


costs = st.integers(0, 2**32 - 1).map(
    lambda seed: np.random.default_rng(seed).random((14, 11)).round(2)
)


@given(cost=costs)
@settings(max_examples=15, deadline=None)
def test_more_sites_never_cost_more(cost: np.ndarray) -> None:
    spent = [medians(cost, p).cost for p in (1, 2, 4, 11)]
    assert spent == sorted(spent, reverse=True)
    assert spent[0] == pytest.approx(cost.sum(axis=0).min())
    assert spent[-1] == pytest.approx(cost.min(axis=1).sum())


def test_few_sites_shown_at_first_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clients who know one site at first are shown more until they need no more."""
    rng = np.random.default_rng(5)
    xy = rng.random((40, 2))
    cost = np.hypot(*(xy[:, None] - xy).transpose(2, 0, 1))
    tight = np.full(40, 9.0)
    whole = [medians(cost, 5).cost, medians(cost, 5, capacity=tight).cost]
    monkeypatch.setattr(module, "FEWEST_SHOWN", 1)
    monkeypatch.setattr(module, "FIRST_SHOWN", 0.0)
    few = [medians(cost, 5).cost, medians(cost, 5, capacity=tight).cost]
    assert few == pytest.approx(whole)
    assert whole[0] <= whole[1]
