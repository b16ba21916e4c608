"""What the compiled loops say of one change is what scratch says of before and after."""

from collections.abc import Callable
from functools import cache
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeder.partition.constraints import CONSTRAINTS
from feeder.partition.flat import flatten
from feeder.partition.growth import grow
from feeder.partition.kernels.annealing import anneal, loose_units, total_penalty
from feeder.partition.kernels.arrays import ProblemArrays, State
from feeder.partition.kernels.constraints import constraint_change
from feeder.partition.kernels.family import try_family
from feeder.partition.kernels.flow_tree import find_places, random_tree, weigh_cuts
from feeder.partition.kernels.moves import apply_move, holds_without, pins, touches
from feeder.partition.kernels.objectives import move_worth
from feeder.partition.kernels.proposals import try_move, try_swap
from feeder.partition.kernels.resplit import pair_value, try_resplit
from feeder.partition.objectives import OBJECTIVES
from feeder.partition.problem import IntArray, PartitionProblem
from feeder.partition.tallies import look_at, make_state

EXAMPLES = settings(max_examples=120)
SEEDS = st.integers(0, 2**32 - 1)
KINDS = st.sampled_from(
    [
        {},
        {"ties": 4, "locks": 5},
        {"zones": 2, "communities": 4, "vacant": 4},
        {"totals": 2, "tolerance": 0.1, "grades": 6, "schools": (5, 7)},
        {"landless": 0, "flows": 0},
        {"tiles": 5, "landless": 12, "communities": 2, "ties": 2},
        {"landless": 3, "by_pupils": 4},
        {"utilization": 0.2, "totals": 2, "communities": 4},
        {"seats": 0.4, "communities": 4},
        {"others": 0.3, "vacant": 1},
        {"others": 2.0, "totals": 2, "zones": 2, "communities": 4, "landless": 6},
        {"others": 0.5, "most_minutes": 25.0, "budget": 0.3, "schools": (4, 9)},
        {"most_minutes": 40.0, "budget": 0.6, "landless": 6},
        {"tiles": 30, "landless": 8, "communities": 5, "vacant": 8, "locks": 3, "ties": 3},
    ]
)
TALLIES = ("size", "tiles", "schools", "totals", "serving", "anchored")
TALLIES += ("penalty", "diameter", "spent", "office")
OF_TODAY = ("overlap", "overlap_schools", "placed", "carrier")
"""Tallies that are kept up only where what changes against today's plan counts."""


class Case:
    """A random problem with some partition of it, flattened and tallied."""

    def __init__(self, judges: Any, seed: int, kind: dict[str, Any], *, whole: bool) -> None:
        self.rng = np.random.default_rng(seed)
        self.problem: PartitionProblem = judges.random_problem(seed, judges.recipe(**kind))
        self.flat: ProblemArrays = flatten(self.problem)
        n, k = self.problem.n_units, self.problem.n_communities
        labels = grow(self.problem, self.rng) if whole else self.rng.integers(0, k, n)
        self.state: State = make_state(self.flat, labels, self.rng)
        if whole:
            self.shake(300)

    def shake(self, steps: int) -> None:
        """Change the partition at random, limits nearly free."""
        nothing = np.zeros(self.problem.n_units, dtype=np.int64), np.array([np.inf, 0.0])
        anneal(self.flat, self.state, steps, 10.0, 10.0, 0.01, 0.01, 0.3, 0.1, 0.1, *nothing)

    def draw(self) -> tuple[int, int, int]:
        """Draw a unit, its community and another one."""
        u = int(self.rng.integers(self.problem.n_units))
        a = int(self.state.label[u])
        others = [c for c in range(self.problem.n_communities) if c != a]
        return u, a, int(self.rng.choice(others))

    def scratch(self, labels: IntArray | None = None) -> State:
        return make_state(self.flat, self.state.label if labels is None else labels, self.rng)

    def assert_tallies_hold(self) -> None:
        """Compare the tallies that the loops kept with tallies made anew."""
        anew = self.scratch()
        for name in TALLIES + (OF_TODAY if self.flat.counts_disruption else ()):
            np.testing.assert_allclose(
                getattr(self.state, name), getattr(anew, name), atol=1e-9, err_msg=name
            )

    def penalty(self, labels: IntArray) -> float:
        return total_penalty(self.flat, self.scratch(labels))

    def moved(self, u: int, b: int) -> IntArray:
        labels = self.state.label.copy()
        labels[u] = b
        return labels


@pytest.fixture(scope="session")
def case(judges: Any) -> Callable[..., Case]:
    def make(seed: int, kind: dict[str, Any], *, whole: bool = False) -> Case:
        return Case(judges, seed, kind, whole=whole)

    return make


@EXAMPLES
@given(SEEDS, KINDS)
def test_move_worth_is_the_difference_of_objectives(judges, case, seed, kind):
    it = case(seed, kind)
    u, a, b = it.draw()
    before = judges.objective(it.problem, it.state.label)
    after = judges.objective(it.problem, it.moved(u, b))
    assert move_worth(it.flat, it.state, u, a, b) == pytest.approx(after - before, abs=1e-12)


@EXAMPLES
@given(SEEDS, KINDS, st.sampled_from(OBJECTIVES))
def test_every_objective_changes_by_what_its_value_does(judges, case, seed, kind, objective):
    it = case(seed, kind | {"others": 1.0, "totals": 2})
    u, a, b = it.draw()
    before = objective.value(it.problem, it.state.label)
    after = objective.value(it.problem, it.moved(u, b))
    change = objective.change(it.problem, it.flat, it.state, u, a, b)
    assert change == pytest.approx(after - before, abs=1e-12)
    if objective.name not in ("feeder_continuity", "cut_contacts"):
        assert before == pytest.approx(judges.measured(it.problem, it.state.label, objective.name))


@EXAMPLES
@given(SEEDS, KINDS, st.sampled_from(CONSTRAINTS))
def test_every_constraint_changes_by_what_its_excess_does(case, seed, kind, constraint):
    it = case(seed, {"most_minutes": 30.0, "budget": 0.4} | kind | {"totals": 2, "ties": 4})
    u, a, b = it.draw()
    before = constraint.excess(it.problem, it.state.label)
    after = constraint.excess(it.problem, it.moved(u, b))
    change = constraint.change(it.flat, it.state, u, a, b)
    assert change == pytest.approx(after - before, abs=1e-9)


@EXAMPLES
@given(SEEDS, KINDS)
def test_the_constraints_add_up_to_the_penalty_of_the_search(case, seed, kind):
    it = case(seed, kind | {"totals": 2})
    total = sum(c.excess(it.problem, it.state.label) for c in CONSTRAINTS)
    assert total == pytest.approx(it.penalty(it.state.label), abs=1e-9)


@EXAMPLES
@given(SEEDS, KINDS)
def test_limit_change_is_the_difference_of_penalties(case, seed, kind):
    it = case(seed, kind)
    u, a, b = it.draw()
    change = it.penalty(it.moved(u, b)) - it.penalty(it.state.label)
    assert constraint_change(it.flat, it.state, u, a, b) == pytest.approx(change, abs=1e-9)


@EXAMPLES
@given(SEEDS, KINDS, st.booleans())
def test_no_penalty_means_no_broken_promise(judges, case, seed, kind, whole):
    it = case(seed, kind | {"tolerance": 0.9, "grades": 1}, whole=whole)
    free = total_penalty(it.flat, it.state) <= 1e-9
    broken = [b for b in judges.broken_constraints(it.problem, it.state.label) if b != "zones"]
    assert free == (not broken)


@EXAMPLES
@given(SEEDS, KINDS)
def test_objective_is_the_one_counted_pair_by_pair(judges, case, seed, kind):
    it = case(seed, kind)
    want = judges.objective(it.problem, it.state.label)
    assert it.problem.objective(it.state.label) == pytest.approx(want, abs=1e-12)


@EXAMPLES
@given(SEEDS, KINDS)
def test_moves_keep_every_tally(case, seed, kind):
    it = case(seed, kind)
    for _ in range(12):
        u, _, b = it.draw()
        apply_move(it.flat, it.state, u, b)
    it.assert_tallies_hold()
    for c in range(it.problem.n_communities):
        members = it.state.members[c, : it.state.size[c]]
        assert sorted(members) == np.flatnonzero(it.state.label == c).tolist()
        assert it.state.place[members].tolist() == list(range(len(members)))


@EXAMPLES
@given(SEEDS, KINDS)
def test_touches_agrees_with_contacts_and_shares(judges, case, seed, kind):
    it = case(seed, kind)
    graph, label = judges.land_graph(it.problem), it.state.label
    for u in range(it.problem.n_units):
        for c in range(it.problem.n_communities):
            if it.problem.has_land[u]:
                want = any(label[v] == c for v in graph[u])
            else:
                lean = judges.leans_on(it.problem, u)
                want = sum(share for t, share in lean.items() if label[t] == c) >= 0.1 - 1e-9
            assert touches(it.flat, it.state, u, c) == want


@EXAMPLES
@given(SEEDS, KINDS)
def test_a_unit_may_leave_exactly_where_networkx_finds_the_rest_whole(judges, case, seed, kind):
    it = case(seed, kind, whole=True)
    graph = judges.land_graph(it.problem)
    for u in np.flatnonzero(it.problem.has_land).tolist():
        a = it.state.label[u]
        rest = [v for v in graph if v != u and it.state.label[v] == a]
        want = bool(rest) and nx.is_connected(graph.subgraph(rest))
        assert holds_without(it.flat, it.state, u, a) == want


@EXAMPLES
@given(SEEDS, KINDS)
def test_a_unit_pins_exactly_those_that_lose_their_anchor(judges, case, seed, kind):
    it = case(seed, kind, whole=True)
    label = it.state.label
    for u in range(it.problem.n_units):
        losing = False
        for w in np.flatnonzero(~it.problem.has_land & (label == label[u])).tolist():
            own = {t: s for t, s in judges.leans_on(it.problem, w).items() if label[t] == label[u]}
            losing |= u in own and sum(own.values()) - own[u] < 0.1 - 1e-9
        assert pins(it.flat, it.state, u, label[u]) == losing


@EXAMPLES
@given(SEEDS, KINDS)
def test_loose_units_are_none_exactly_where_the_land_is_whole(judges, case, seed, kind):
    it = case(seed, kind)
    filled = (it.state.tiles > 0).all()
    assert (filled and loose_units(it.flat, it.state) == 0) == judges.is_whole(
        it.problem, it.state.label
    )


@EXAMPLES
@given(SEEDS, KINDS)
def test_the_value_of_a_pair_changes_as_the_whole_does(judges, case, seed, kind):
    it = case(seed, kind)
    a, b = 0, it.problem.n_communities - 1
    worth, penalty = pair_value(it.flat, it.state, a, b)
    labels = it.state.label.copy()
    inside = np.isin(labels, [a, b])
    labels[inside] = it.rng.choice([a, b], inside.sum())
    anew = it.scratch(labels)
    worth_after, penalty_after = pair_value(it.flat, anew, a, b)
    gained = judges.objective(it.problem, labels) - judges.objective(it.problem, it.state.label)
    assert worth_after - worth == pytest.approx(gained, abs=1e-12)
    added = it.penalty(labels) - it.penalty(it.state.label)
    assert penalty_after - penalty == pytest.approx(added, abs=1e-9)


@EXAMPLES
@given(
    SEEDS,
    KINDS,
    st.sampled_from([try_move, try_swap, try_family, try_resplit]),
    st.floats(1e-6, 10),
)
def test_a_proposal_returns_exactly_what_it_changes(judges, case, seed, kind, propose, heat):
    it = case(seed, kind, whole=True)

    @cache
    def said(labels: tuple[int, ...]) -> tuple[float, float, bool]:
        """Ask the judges, once for each partition: most proposals are turned down."""
        own = np.array(labels)
        return judges.objective(it.problem, own), it.penalty(own), judges.is_whole(it.problem, own)

    after = said(tuple(it.state.label.tolist()))
    whole = after[2]
    for _ in range(25):
        before = after
        gained, eased = propose(it.flat, it.state, heat, 0.05)
        after = said(tuple(it.state.label.tolist()))
        assert gained == pytest.approx(after[0] - before[0], abs=1e-12)
        assert eased == pytest.approx(before[1] - after[1], abs=1e-9)
        zone = it.problem.community_zone[it.state.label]
        assert (np.isin(it.problem.unit_zone, -1) | (zone == it.problem.unit_zone)).all()
        assert not whole or after[2]
    it.assert_tallies_hold()


@EXAMPLES
@given(SEEDS, KINDS)
def test_a_random_tree_spans_two_neighbours(judges, case, seed, kind):
    it = case(seed, kind, whole=True)
    graph, label = judges.land_graph(it.problem), it.state.label
    root = int(it.rng.choice(np.flatnonzero(it.problem.has_land)))
    near = [v for v in graph[root] if label[v] != label[root]]
    a, b = int(label[root]), int(label[near[0]] if near else label[root])
    order, parent = np.zeros((2, it.problem.n_units), dtype=np.int64)
    count = random_tree(it.flat, it.state, a, b, root, order, parent)
    tree = nx.Graph((int(order[i]), int(order[parent[i]])) for i in range(1, count))
    tree.add_node(root)
    both = graph.subgraph([v for v in graph if label[v] in (a, b)])
    assert set(tree) == nx.node_connected_component(both, root)
    assert nx.is_tree(tree)
    assert all(graph.has_edge(*edge) for edge in tree.edges)


@EXAMPLES
@given(SEEDS, KINDS)
def test_cuts_are_weighed_as_counted_one_by_one(case, seed, kind):
    it = case(seed, kind, whole=True)
    label, problem = it.state.label, it.problem
    a, b = 0, problem.n_communities - 1
    units = np.concatenate([np.flatnonzero(label == a), np.flatnonzero(label == b)])
    roots = units[problem.has_land[units]]
    order, parent = np.zeros((2, problem.n_units), dtype=np.int64)
    count = random_tree(it.flat, it.state, a, b, int(roots[0]), order, parent)
    find_places(it.flat, it.state, units, len(units), order, count)
    place = it.state.scratch[0].copy()
    weigh_cuts(it.flat, it.state, units, len(units), parent, count)
    for cut in range(count):
        below = {cut}
        for i in range(cut + 1, count):
            if parent[i] in below:
                below.add(i)
        hung = [u for u in units if place[u] >= 0]
        inside = {u for u in hung if place[u] in below}
        assert it.state.sums[1, cut] == problem.schools[sorted(inside)].sum()
        assert it.state.sums[2, cut] == pytest.approx(problem.totals[0][sorted(inside)].sum())
        crossing = sum(
            problem.flows.weight[k]
            for u in inside
            for k in range(problem.flows.start[u], problem.flows.start[u + 1])
            if problem.flows.to[k] in set(hung) - inside
        )
        assert it.state.sums[0, cut] == pytest.approx(it.flat.flow_gain * crossing, abs=1e-12)


@EXAMPLES
@given(SEEDS, KINDS)
def test_what_is_not_under_search_stands_still(case, seed, kind):
    it = case(seed, kind, whole=True)
    before = it.state.label.copy()
    chosen = it.rng.permutation(it.problem.n_communities)[:2]
    look_at(it.state, chosen)
    it.shake(400)
    outside = ~np.isin(before, chosen)
    np.testing.assert_array_equal(it.state.label[outside], before[outside])
    assert np.isin(it.state.label[~outside], chosen).all()


@EXAMPLES
@given(SEEDS, KINDS)
def test_annealing_counts_its_way_and_keeps_the_land_whole(judges, case, seed, kind):
    it = case(seed, kind, whole=True)
    start = it.state.label.copy()
    whole = judges.is_whole(it.problem, start)
    best, value = start.copy(), np.array([-np.inf, 0.0])
    anneal(it.flat, it.state, 3000, 0.3, 0.01, 0.1, 1.0, 0.3, 0.02, 0.1, best, value)
    gained = judges.objective(it.problem, it.state.label) - judges.objective(it.problem, start)
    assert value[1] == pytest.approx(gained, abs=1e-9)
    if whole:
        assert judges.is_whole(it.problem, it.state.label)
    if np.isfinite(value[0]):
        assert judges.is_feasible(it.problem, best)
        worth = judges.objective(it.problem, best) - judges.objective(it.problem, start)
        assert value[0] == pytest.approx(worth, abs=1e-9)
