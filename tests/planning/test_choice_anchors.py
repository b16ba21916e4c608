"""Units that lean on landless units: the search keeps them anchored, whatever moves."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeder.partition.cooling import Effort
from feeder.partition.growth import grow
from feeder.partition.problem import PartitionProblem, csr_from_pairs, symmetric_csr
from feeder.partition.search import search

SIDE, MIDDLES, MAGNETS = 5, 6, 4
TILES = SIDE * SIDE
UNITS = TILES + MIDDLES + MAGNETS


def make_problem(seed: int, n_communities: int) -> PartitionProblem:
    """Make a square of tiles, middle schools on two to four of them, and magnets.

    A magnet leans on two or three middle schools, and on a tile or none. Flows are random, so
    that the search wants to move everything away from where it is anchored.
    """
    rng = np.random.default_rng(seed)
    tile = np.arange(TILES)
    right, up = tile[tile % SIDE < SIDE - 1], tile[tile < TILES - SIDE]
    a = np.concatenate([right, up])
    b = np.concatenate([right + 1, up + SIDE])
    anchors: list[tuple[int, int, float]] = []
    for middle in range(TILES, TILES + MIDDLES):
        start = int(rng.choice(right))
        near = sorted({start, start + 1, (start + SIDE) % TILES})
        anchors += [(middle, one, 1 / len(near)) for one in near]
    for magnet in range(TILES + MIDDLES, UNITS):
        partners = rng.choice(MIDDLES, size=int(rng.integers(1, 4)), replace=False) + TILES
        weights = rng.dirichlet(np.ones(len(partners)))
        weights = weights / min(1.0, 10 * weights.max())
        anchors += [(magnet, int(p), float(w)) for p, w in zip(partners, weights, strict=True)]
    lean, on, share = zip(*anchors, strict=True)
    flow_a, flow_b = rng.integers(0, UNITS, size=(2, 60))
    students = rng.integers(1, 50, size=60).astype(float)
    enrollment = np.full((1, UNITS), 100.0)
    mean = enrollment.sum() / n_communities
    none = np.zeros((0, 2), dtype=np.int64)
    return PartitionProblem(
        community_zone=np.zeros(n_communities, dtype=np.int64),
        unit_zone=np.zeros(UNITS, dtype=np.int64),
        schools=np.ones(UNITS, dtype=np.int64),
        grades=np.zeros(UNITS, dtype=np.int64),
        has_land=np.arange(UNITS) < TILES,
        totals=enrollment,
        locked=np.full(UNITS, -1, dtype=np.int64),
        land=symmetric_csr(UNITS, a, b, np.ones(len(a))),
        anchors=csr_from_pairs(UNITS, np.array(lean), np.array(on), np.array(share)),
        flows=symmetric_csr(UNITS, flow_a, flow_b, students),
        flow_inside=float(students[flow_a == flow_b].sum()),
        flow_total=float(students.sum()),
        together=none,
        apart=none,
        school_bounds=(1, UNITS),
        totals_low=np.array([0.5 * mean]),
        totals_high=np.array([1.5 * mean]),
        required_grades=0,
        points=np.zeros((UNITS, 2)),
        today=np.full(UNITS, -1, dtype=np.int64),
        weights={"feeder_continuity": 1.0, "cut_contacts": 0.05},
    )


def anchored(problem: PartitionProblem, labels: np.ndarray) -> np.ndarray:
    """Share of each landless unit on its own community."""
    tail = np.repeat(np.arange(problem.n_units), np.diff(problem.anchors.start))
    own = np.where(labels[tail] == labels[problem.anchors.to], problem.anchors.weight, 0.0)
    return np.bincount(tail, own, minlength=problem.n_units)[~problem.has_land]


@settings(max_examples=20)
@given(seed=st.integers(0, 10_000), n_communities=st.integers(2, 4))
def test_every_landless_unit_ends_where_it_leans(seed: int, n_communities: int) -> None:
    problem = make_problem(seed, n_communities)
    found = search(problem, seed=seed, effort=Effort(steps_per_unit=2_000, chains=1))
    assert found.feasible
    assert (anchored(problem, found.labels) >= 0.1 - 1e-9).all()
    assert found.objective == pytest.approx(problem.objective(found.labels))


@settings(max_examples=20)
@given(seed=st.integers(0, 10_000))
def test_the_first_partition_places_partners_first(seed: int) -> None:
    problem = make_problem(seed, 3)
    labels = grow(problem, np.random.default_rng(seed))
    assert (anchored(problem, labels) >= 0.1 - 1e-9).all()
