"""Random small problems, real ones, and judges that share no code with the search.

A random problem draws points in a square; their Delaunay edges are the land contacts. Some tiles
are vacant, some units have no land and lean on one to three tiles, or on other schools.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import NamedTuple

import networkx as nx
import numpy as np
import pytest
from instances import read_instance
from scipy.spatial import Delaunay

from feeder.partition.problem import (
    DISRUPTIONS,
    Csr,
    IntArray,
    Offices,
    Origins,
    PartitionProblem,
    csr_from_pairs,
    symmetric_csr,
)
from feeder.partition.search import warm_up

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("FEEDER_DATA", ROOT.parent / "shared" / "data"))


OTHERS = (
    "diameter_km",
    "enrollment_deviation",
    "students_moved",
    "students_separated",
    "schools_moved",
    "variation_of_information",
    "office_minutes_mean",
    "need_deviation",
)


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """What a random problem is made of."""

    tiles: int = 12
    vacant: int = 2
    landless: int = 4
    by_pupils: int = 0
    communities: int = 3
    zones: int = 1
    totals: int = 1
    ties: int = 0
    locks: int = 0
    flows: int = 30
    tolerance: float = 0.5
    schools: tuple[int, int] = (1, 99)
    grades: int = 2
    cut_weight: float = 0.1
    others: float = 0.0
    most_minutes: float | None = None
    budget: float = 0.0
    utilization: float | None = None
    seats: float | None = None


def unit_weights(csr: Csr) -> Csr:
    """Land contacts weigh 1, however often a pair is given."""
    return Csr(csr.start, csr.to, np.ones(len(csr.to)))


def random_problem(seed: int, recipe: Recipe) -> PartitionProblem:
    rng = np.random.default_rng(seed)
    tiles, landless = recipe.tiles, recipe.landless + recipe.by_pupils
    n = tiles + landless
    points = rng.random((tiles, 2))
    corners = Delaunay(points).simplices
    edges = np.unique(np.sort(corners[:, [[0, 1], [1, 2], [0, 2]]].reshape(-1, 2)), axis=0)
    schools = rng.integers(1, 3, n)
    schools[rng.permutation(tiles)[: recipe.vacant]] = 0
    occupied = schools > 0
    anchors = [
        (u, int(t), share)
        for u in range(tiles, n)
        for t, share in zip(
            rng.permutation(tiles)[: rng.integers(1, 4)], rng.dirichlet([1, 1, 1]), strict=False
        )
    ]
    for u in range(n - recipe.by_pupils, n):  # lean on schools, those without land among them
        anchors = [anchor for anchor in anchors if anchor[0] != u]
        partners = rng.permutation(n - recipe.by_pupils)[:2]
        anchors += [(u, int(v), share) for v, share in zip(partners, (0.6, 0.4), strict=True)]
    a, b, share = zip(*anchors, strict=True) if anchors else ((), (), ())
    # Zones are strips from west to east, so that vacant tiles are all that may join a strip.
    strip = np.minimum((points[:, 0].argsort().argsort() * recipe.zones) // tiles, recipe.zones - 1)
    zone = np.full(n, -1)
    zone[:tiles] = np.where(occupied[:tiles] | (recipe.zones == 1), strip, -1)
    for u, v, _ in anchors:
        zone[u] = strip[v] if v < tiles else zone[v]
    totals = np.where(occupied, rng.integers(1, 9, (recipe.totals, n)), 0).astype(float)
    totals[1:] *= 0.37
    pairs = rng.integers(0, n, (recipe.flows, 2))
    students = rng.integers(1, 30, recipe.flows).astype(float)
    inside = students[pairs[:, 0] == pairs[:, 1]].sum()
    k = recipe.communities
    mean = totals.sum(axis=1) / k
    tied = rng.choice(n, (2 * recipe.ties, 2), replace=True)
    tied = tied[tied[:, 0] != tied[:, 1]]
    locked = np.full(n, -1)
    locked[rng.permutation(np.flatnonzero(occupied))[: recipe.locks]] = rng.integers(
        0, k, min(recipe.locks, occupied.sum())
    )
    masks = rng.integers(1, 1 << recipe.grades, n) * occupied
    place = np.concatenate([points, rng.random((landless, 2))])
    origins = random_origins(seed, schools, totals[0], k)
    today = np.full(n, -1)
    today[origins.unit[::-1]] = origins.community[::-1]
    offices = random_offices(rng, schools, recipe)
    problem = PartitionProblem(
        community_zone=np.sort(np.arange(k) % recipe.zones),
        unit_zone=zone,
        schools=schools,
        grades=masks,
        has_land=np.arange(n) < tiles,
        totals=totals,
        locked=locked,
        land=unit_weights(symmetric_csr(n, edges[:, 0], edges[:, 1], np.ones(len(edges)))),
        anchors=csr_from_pairs(
            n, np.array(a, dtype=int), np.array(b, dtype=int), np.array(share, dtype=float)
        ),
        flows=symmetric_csr(n, pairs[:, 0], pairs[:, 1], students),
        flow_inside=float(inside),
        flow_total=float(students.sum()),
        together=tied[: len(tied) // 2],
        apart=tied[len(tied) // 2 :],
        school_bounds=recipe.schools,
        totals_low=mean * (1 - recipe.tolerance),
        totals_high=mean * (1 + recipe.tolerance),
        total_names=("enrollment", "need")[: recipe.totals],
        required_grades=int(np.bitwise_or.reduce(masks)),
        points=1000.0 * place,
        today=today,
        today_parts=origins,
        offices=offices,
        budgets={
            name: recipe.budget * most
            for name, most in zip(DISRUPTIONS, (n, totals[0].sum(), 1.0, 0.5), strict=True)
            if recipe.budget
        },
        weights={
            "feeder_continuity": 1.0,
            "cut_contacts": recipe.cut_weight,
            **dict.fromkeys(OTHERS[: len(OTHERS) - (recipe.totals < 2)], recipe.others),
            "office_minutes_mean": recipe.others / 30.0,
        },
    )
    if recipe.seats is not None:
        problem = with_seats(problem, seed, recipe.seats)
    return problem if recipe.utilization is None else with_utilization(problem, seed, recipe)


def with_seats(problem: PartitionProblem, seed: int, share: float) -> PartitionProblem:
    """Ask each community for a share of the mean seats in every grade; some units have few."""
    rng, n_grades = np.random.default_rng([seed, 2]), int(problem.required_grades).bit_length()
    serves = (problem.grades >> np.arange(n_grades)[:, None]) & 1
    seats = serves * np.where(rng.random(problem.n_units) < 0.3, 0.25, rng.integers(2, 9))
    least = share * seats.sum(axis=1) / problem.n_communities
    return replace(
        problem,
        totals=np.vstack([problem.totals, seats]),
        totals_low=np.append(problem.totals_low, least),
        totals_high=np.append(problem.totals_high, np.full(n_grades, np.inf)),
        total_names=(*problem.total_names, *(f"seats_{grade}" for grade in range(n_grades))),
    )


def with_utilization(problem: PartitionProblem, seed: int, recipe: Recipe) -> PartitionProblem:
    """Bound each community's enrollment over capacity; of some units the capacity is unknown."""
    rng, tolerance = np.random.default_rng([seed, 1]), recipe.utilization
    has_rooms = (problem.schools > 0) & (rng.random(problem.n_units) < 0.8)
    rooms = np.where(has_rooms, rng.integers(2, 9, problem.n_units), 0).astype(float)
    students = problem.totals[0] * has_rooms
    even = students.sum() / max(rooms.sum(), 1.0)
    rows = [students - share * even * rooms for share in (1 + tolerance, 1 - tolerance)]
    return replace(
        problem,
        totals=np.vstack([problem.totals, *rows, rooms]),
        totals_low=np.append(problem.totals_low, [-np.inf, 0.0, rooms[rooms > 0].min(initial=9)]),
        totals_high=np.append(problem.totals_high, [0.0, np.inf, np.inf]),
        total_names=(*problem.total_names, "over_capacity", "under_capacity", "rooms"),
    )


def random_offices(rng: np.random.Generator, schools: np.ndarray, recipe: Recipe) -> Offices:
    """Ways that are no distances: streets may be one-way. Some units may hold no office."""
    n = len(schools)
    minutes = 60.0 * rng.random((n, n))
    most = recipe.most_minutes
    beyond = np.zeros((n, n)) if most is None else np.maximum(minutes - most, 0.0)
    hosts = np.where(schools > 0, rng.choice([0.0, 6.0, np.inf, np.inf], n), 0.0)
    return Offices(
        travel=schools[:, None] * minutes, beyond=schools[:, None] * beyond, hosts=hosts, most=most
    )


def random_origins(seed: int, schools: np.ndarray, students: np.ndarray, k: int) -> Origins:
    """Today's plan has fewer communities, as many or more, and may part a campus."""
    rng = np.random.default_rng([seed, 3])
    n_today, rows = k + int(rng.integers(-1, 2)), []
    for unit in np.flatnonzero(schools):
        sizes = [students[unit]] if schools[unit] == 1 else [students[unit] // 2] * 2
        sizes[0] = students[unit] - sum(sizes[1:])
        homes = rng.integers(-1, n_today, len(sizes))
        if rng.random() < 0.7:
            homes[:] = homes[0]
        rows += [
            (unit, d, own.sum(), len(own), (own**2).sum())
            for d in sorted(set(homes.tolist()) - {-1})
            for own in (np.array(sizes)[homes == d],)
        ]
    unit, community, amount, number, squares = np.array(rows).reshape(-1, 5).T
    whole = (unit.astype(int), community.astype(int), amount, number.astype(int))
    return Origins(*whole, squares)


def land_graph(problem: PartitionProblem) -> nx.Graph:
    graph = nx.Graph()
    graph.add_nodes_from(np.flatnonzero(problem.has_land).tolist())
    tail = np.repeat(np.arange(problem.n_units), np.diff(problem.land.start))
    graph.add_edges_from(zip(tail.tolist(), problem.land.to.tolist(), strict=True))
    return graph


def leans_on(problem: PartitionProblem, u: int) -> dict[int, float]:
    """Tile to share of its area of a landless unit."""
    span = slice(problem.anchors.start[u], problem.anchors.start[u + 1])
    tiles, share = problem.anchors.to[span].tolist(), problem.anchors.weight[span].tolist()
    return dict(zip(tiles, share, strict=True))


def is_whole(problem: PartitionProblem, labels: IntArray, graph: nx.Graph | None = None) -> bool:
    """Whether every community's land is connected and every landless unit anchored."""
    graph = graph or land_graph(problem)
    for c in range(problem.n_communities):
        tiles = np.flatnonzero((labels == c) & problem.has_land).tolist()
        if not tiles or not nx.is_connected(graph.subgraph(tiles)):
            return False
    for u in np.flatnonzero(~problem.has_land):
        own = [share for t, share in leans_on(problem, u).items() if labels[t] == labels[u]]
        if sum(own) < 0.1 - 1e-9:
            return False
    return True


def broken_constraints(problem: PartitionProblem, labels: IntArray) -> list[str]:
    """Every limit but the shape of the land, checked one by one."""
    broken = []
    for c in range(problem.n_communities):
        inside = labels == c
        if (
            not problem.school_bounds[0]
            <= problem.schools[inside].sum()
            <= problem.school_bounds[1]
        ):
            broken.append(f"schools of {c}")
        total = problem.totals[:, inside].sum(axis=1)
        if (total < problem.totals_low - 1e-9).any() or (total > problem.totals_high + 1e-9).any():
            broken.append(f"totals of {c}")
        served = np.bitwise_or.reduce(problem.grades[inside], initial=0)
        if served & problem.required_grades != problem.required_grades:
            broken.append(f"grades of {c}")
        if problem.offices is not None and problem.offices.most is not None:
            late, _ = best_office(problem, np.flatnonzero(inside).tolist())
            if late > 1e-9:
                broken.append(f"office of {c}")
    broken += overdrawn(problem, labels)
    zone = problem.community_zone[labels]
    if ((problem.unit_zone >= 0) & (problem.unit_zone != zone)).any():
        broken.append("zones")
    if ((problem.locked >= 0) & (problem.locked != labels)).any():
        broken.append("locks")
    if any(labels[a] != labels[b] for a, b in problem.together):
        broken.append("together")
    if any(labels[a] == labels[b] for a, b in problem.apart):
        broken.append("apart")
    return broken


def overdrawn(problem: PartitionProblem, labels: IntArray) -> list[str]:
    origins = problem.origins
    whole = {"schools_moved": origins.schools.sum(), "students_moved": origins.students.sum()}
    return [
        f"budget of {name}"
        for name, most in problem.budgets.items()
        if measured(problem, labels, name) * whole.get(name, 1.0) > most + 1e-9
    ]


def is_feasible(problem: PartitionProblem, labels: IntArray) -> bool:
    return not broken_constraints(problem, labels) and is_whole(problem, labels)


def objective(problem: PartitionProblem, labels: IntArray) -> float:
    """Worth of a partition, pair by pair."""
    kept = problem.flow_inside
    cut = contacts = 0
    for u in range(problem.n_units):
        for i in range(problem.flows.start[u], problem.flows.start[u + 1]):
            if u < problem.flows.to[i] and labels[u] == labels[problem.flows.to[i]]:
                kept += problem.flows.weight[i]
        for v in problem.land.to[problem.land.start[u] : problem.land.start[u + 1]]:
            contacts += u < v
            cut += u < v and labels[u] != labels[v]
    share = kept / problem.flow_total if problem.flow_total else 1.0
    worth = problem.flow_weight * share - problem.cut_weight * cut / max(contacts, 1)
    return worth - sum(
        weight * measured(problem, labels, name)
        for name, weight in problem.weights.items()
        if weight and name in OTHERS
    )


def measured(problem: PartitionProblem, labels: IntArray, name: str) -> float:
    """One of the other objectives, school by school and pair by pair."""
    n, k = problem.n_units, problem.n_communities
    if name.endswith("_deviation"):
        row = problem.totals[0 if name.startswith("enrollment") else 1]
        mean = row.sum() / k
        return max(abs(row[labels == c].sum() - mean) for c in range(k)) / mean
    if name == "office_minutes_mean":
        ways = [best_office(problem, np.flatnonzero(labels == c).tolist())[1] for c in range(k)]
        return sum(ways) / max(1, problem.schools.sum())
    origins = problem.origins
    if name == "variation_of_information":
        return variation(labels[origins.unit], origins.community, origins.students)
    if name in ("students_moved", "schools_moved"):
        amounts = origins.schools if name == "schools_moved" else origins.students
        return moved(labels[origins.unit], origins, amounts) / max(sum(amounts), 1e-9)
    pairs = [(u, v) for u in range(n) for v in range(u)]
    if name == "diameter_km":
        return max(
            np.linalg.norm(problem.points[u] - problem.points[v]) / 1000
            for u, v in [*pairs, (0, 0)]
            if (labels[u] == labels[v] and problem.schools[u] and problem.schools[v]) or u == v
        )
    where, amount = labels[origins.unit], origins.students
    rows = [(p, q) for p in range(len(where)) for q in range(p)]
    now = [(p, q) for p, q in rows if origins.community[p] == origins.community[q]]
    parted = sum(amount[p] * amount[q] for p, q in now if where[p] != where[q])
    inside = sum(amount**2 - origins.squares) / 2  # of one campus, which no plan parts
    return parted / max(inside + sum(amount[p] * amount[q] for p, q in now), 1e-9)


def moved(where: IntArray, origins: Origins, amounts: np.ndarray) -> float:
    """What is outside the community that carries on its own, one of today after the other."""
    away = 0.0
    for d in set(origins.community.tolist()):
        own = np.flatnonzero(origins.community == d)
        held = {
            c: (
                sum(origins.students[p] for p in own if where[p] == c),
                sum(origins.schools[p] for p in own if where[p] == c),
            )
            for c in set(where[own].tolist())
        }
        carrier = max(held, key=held.get)
        away += sum(amounts[p] for p in own if where[p] != carrier)
    return away


def best_office(problem: PartitionProblem, units: list[int]) -> tuple[float, float]:
    """Minutes beyond the limit and in all, of the best host among some units, tried one by one."""
    offices, schools = problem.offices, sum(problem.schools[units])
    ways = [
        (sum(offices.beyond[u, h] for u in units), sum(offices.travel[u, h] for u in units))
        for h in units
        if offices.hosts[h] >= schools
    ]
    return min(ways, default=(240.0 * schools, 240.0 * schools))


def variation(labels: IntArray, today: IntArray, students: np.ndarray) -> float:
    """The sum over pairs of parts of p log(p/row) + p log(p/column), with the sign turned."""
    placed = today >= 0
    whole = students[placed].sum()
    total = 0.0
    for c in set(labels[placed].tolist()):
        for d in set(today[placed].tolist()):
            joint = students[placed & (labels == c) & (today == d)].sum() / whole
            row = students[placed & (labels == c)].sum() / whole
            column = students[placed & (today == d)].sum() / whole
            if joint > 0:
                total -= joint * (np.log(joint / row) + np.log(joint / column))
    return total


def every_partition(problem: PartitionProblem) -> Iterator[IntArray]:
    """Every labelling that respects zones and locks, and comes near every bound."""
    choices = [
        [
            c
            for c in range(problem.n_communities)
            if problem.unit_zone[u] in (-1, problem.community_zone[c])
            and problem.locked[u] in (-1, c)
        ]
        for u in range(problem.n_units)
    ]
    yield from near_bounds(problem, np.array(list(product(*choices))))


def near_bounds(problem: PartitionProblem, every: IntArray) -> IntArray:
    """Sift out what is beyond the bounds of schools or totals by more than rounding.

    A sieve in front of the judges, which would take a hundred times as long to say the same.
    """
    amounts = np.vstack([problem.schools, problem.totals]).T
    low, high = problem.school_bounds
    lows, highs = np.append(low, problem.totals_low), np.append(high, problem.totals_high)
    near = np.ones(len(every), dtype=bool)
    for c in range(problem.n_communities):
        sums = (every == c) @ amounts
        near &= ((sums > lows - 1e-6) & (sums < highs + 1e-6)).all(axis=1)
    return every[near]


def best_of_all(problem: PartitionProblem) -> float | None:
    """The highest objective of all feasible partitions; None where there is none."""
    graph = land_graph(problem)
    worth = [
        objective(problem, labels)
        for labels in every_partition(problem)
        if not broken_constraints(problem, labels) and is_whole(problem, labels, graph)
    ]
    return max(worth, default=None)


class Judges(NamedTuple):
    """The functions above, handed to tests."""

    random_problem: Callable[[int, Recipe], PartitionProblem]
    recipe: type[Recipe]
    is_whole: Callable[..., bool]
    is_feasible: Callable[..., bool]
    broken_constraints: Callable[..., list[str]]
    objective: Callable[..., float]
    best_of_all: Callable[[PartitionProblem], float | None]
    every_partition: Callable[[PartitionProblem], Iterator[IntArray]]
    land_graph: Callable[[PartitionProblem], nx.Graph]
    leans_on: Callable[..., dict[int, float]]
    measured: Callable[[PartitionProblem, IntArray, str], float]
    with_ties: Callable[..., PartitionProblem]


@pytest.fixture(scope="session")
def judges() -> Judges:
    return Judges(
        random_problem,
        Recipe,
        is_whole,
        is_feasible,
        broken_constraints,
        objective,
        best_of_all,
        every_partition,
        land_graph,
        leans_on,
        measured,
        replace,
    )


@pytest.fixture(scope="session")
def instance() -> Callable[[str], PartitionProblem]:
    """Read an instance by name, or skip the test and say why."""

    def read(name: str) -> PartitionProblem:
        folder = DATA / "instances" / name
        if not (folder / "limits.toml").is_file():
            pytest.skip(f"no instance {name} under {DATA}: set FEEDER_DATA to where they lie")
        return read_instance(folder)

    return read


@pytest.fixture(scope="session", autouse=True)
def _compiled() -> None:
    """Compile once, before any test is timed."""
    warm_up()
