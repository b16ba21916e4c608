"""The balanced matrix: conservation laws, brute force, symmetries."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from feeder.network.interaction import (
    MOST_ROUNDS,
    TOLERANCE,
    balance,
    drop_small_shares,
    great_circle_m,
    local_scale,
)

Problem = tuple[np.ndarray, np.ndarray, np.ndarray]


@st.composite
def problems(draw: st.DrawFn, farthest_m: float = 3_000.0) -> Problem:
    """Distances, leavers and seats of a few schools."""
    n, m = draw(st.integers(1, 7)), draw(st.integers(1, 5))
    distances = draw(arrays(np.float64, (n, m), elements=st.floats(0.0, farthest_m)))
    leavers = draw(arrays(np.float64, n, elements=st.integers(1, 300)))
    seats = draw(arrays(np.float64, m, elements=st.integers(1, 300)))
    return distances, leavers, seats


def by_hand(
    distances: np.ndarray, leavers: np.ndarray, seats: np.ndarray, width: float, pull: float
) -> list[list[float]]:
    """Return the fixed point in plain loops, undamped and with many rounds."""
    n, m = distances.shape
    d = [[max(float(distances[i, j]), 50.0) for j in range(m)] for i in range(n)]
    e = [float(seat) * sum(leavers) / sum(seats) for seat in seats]
    kernel = []
    for i in range(n):
        two = sorted(d[i])[:2]
        scale = max(sum(two) / len(two), 200.0)
        kernel.append([math.exp(-(d[i][j] - min(d[i])) / (width * scale)) for j in range(m)])
    v = [1.0] * m
    for _ in range(600):
        u = [leavers[i] / sum(kernel[i][j] * v[j] for j in range(m)) for i in range(n)]
        v = [(e[j] / sum(kernel[i][j] * u[i] for i in range(n))) ** pull for j in range(m)]
    u = [leavers[i] / sum(kernel[i][j] * v[j] for j in range(m)) for i in range(n)]
    return [[u[i] * kernel[i][j] * v[j] for j in range(m)] for i in range(n)]


@given(problems(), st.sampled_from([0.15, 0.3, 0.7]), st.sampled_from([0.0, 0.7, 0.9]))
@settings(max_examples=40)
def test_the_balance_is_the_fixed_point_found_by_plain_loops(
    problem: Problem, width: float, pull: float
) -> None:
    distances, leavers, seats = problem
    scale = width * local_scale(distances)
    flows = balance(distances, leavers, seats, scale, entry_pull=pull).flows
    expected = by_hand(distances, leavers, seats, width, pull)
    assert flows == pytest.approx(np.array(expected), rel=2e-3, abs=2e-3)


@given(
    problems(50_000.0), st.sampled_from([0.03, 0.15, 0.7]), st.sampled_from([0.0, 0.7, 0.9, 1.0])
)
def test_exits_are_exact_and_flows_finite_at_any_distance(
    problem: Problem, width: float, pull: float
) -> None:
    distances, leavers, seats = problem
    flows = balance(
        distances, leavers, seats, width * local_scale(distances), entry_pull=pull
    ).flows
    assert np.isfinite(flows).all()
    assert (flows >= 0).all()
    assert flows.sum(axis=1) == pytest.approx(leavers, rel=1e-12)
    kept = drop_small_shares(flows)
    assert kept.sum(axis=1) == pytest.approx(leavers, rel=1e-12)
    shares = kept / leavers[:, None]
    assert ((shares == 0) | (shares >= 0.02 - 1e-12)).all()


@given(problems(), st.sampled_from([0.3, 0.7]))
@settings(max_examples=50)
def test_entries_are_met_where_seats_pull_fully(problem: Problem, width: float) -> None:
    distances, leavers, seats = problem
    result = balance(distances, leavers, seats, width * local_scale(distances), entry_pull=1.0)
    assume(result.moved <= TOLERANCE)
    entries = seats * (leavers.sum() / seats.sum())
    assert result.flows.sum(axis=0) == pytest.approx(entries, rel=1e-4)


@given(problems(20_000.0), st.sampled_from([0.0, 0.3, 0.7]))
@settings(max_examples=50)
def test_the_damped_rounds_come_to_rest(problem: Problem, pull: float) -> None:
    distances, leavers, seats = problem
    result = balance(distances, leavers, seats, 0.15 * local_scale(distances), entry_pull=pull)
    assert result.moved <= TOLERANCE
    assert result.rounds < MOST_ROUNDS


@given(problems(), st.integers(0, 999), st.sampled_from([0.0, 0.7, 0.9]))
@settings(max_examples=40)
def test_permuting_the_schools_permutes_the_flows(problem: Problem, seed: int, pull: float) -> None:
    distances, leavers, seats = problem
    rng = np.random.default_rng(seed)
    rows, columns = rng.permutation(len(leavers)), rng.permutation(len(seats))
    scale = 0.15 * local_scale(distances)
    flows = balance(distances, leavers, seats, scale, entry_pull=pull).flows
    shuffled = balance(
        distances[np.ix_(rows, columns)],
        leavers[rows],
        seats[columns],
        scale[rows],
        entry_pull=pull,
    ).flows
    assert shuffled == pytest.approx(flows[np.ix_(rows, columns)], rel=1e-6, abs=1e-9)


def test_one_receiver_gets_all() -> None:
    distances = np.array([[100.0], [90_000.0]])
    leavers = np.array([30.0, 70.0])
    result = balance(distances, leavers, np.array([5.0]), local_scale(distances), entry_pull=0.9)
    assert result.flows.tolist() == [[30.0], [70.0]]


def test_without_a_pull_the_weights_alone_decide() -> None:
    # Two receivers at 300 m and 500 m: scale 400 m, exp(-200 / (0.5 * 400)) = 1 / e.
    distances = np.array([[300.0, 500.0]])
    leavers, seats = np.array([100.0]), np.array([1.0, 999.0])
    scale = 0.5 * local_scale(distances)
    flows = balance(distances, leavers, seats, scale, entry_pull=0.0).flows
    assert flows[0] == pytest.approx([100 / (1 + 1 / math.e), 100 / (1 + math.e)])


def test_local_scale_is_the_mean_of_the_two_nearest_with_floors() -> None:
    distances = np.array([[900.0, 300.0, 500.0], [0.0, 10.0, 5_000.0]])
    assert local_scale(distances).tolist() == [400.0, 200.0]
    assert local_scale(np.array([[700.0]])).tolist() == [700.0]


def test_small_shares_go_to_the_rest_but_never_the_largest() -> None:
    flows = np.array([[1.0, 49.0, 50.0]])
    assert drop_small_shares(flows)[0] == pytest.approx([0.0, 100 * 49 / 99, 100 * 50 / 99])
    even = np.full((1, 80), 1.0)
    assert drop_small_shares(even).tolist() == even.tolist()


def test_great_circle_matches_a_degree_of_latitude_and_a_known_pair() -> None:
    # One degree of a sphere of 6,371,009 m is 111,195.1 m; Los Angeles to New York is 3,936 km.
    lat, lon = np.array([34.0522]), np.array([-118.2437])
    assert great_circle_m(lat, lon, lat + 1, lon)[0, 0] == pytest.approx(111_195.1, abs=0.1)
    east = great_circle_m(lat, lon, np.array([40.7128]), np.array([-74.0060]))
    assert east[0, 0] == pytest.approx(3_936_000, rel=1e-3)
    assert great_circle_m(lat, lon, lat, lon)[0, 0] == 0
