"""How time and memory of the search grow, for 100 to 10,000 schools.

``python benchmarks/growth.py`` prints a table. Districts of more than a thousand schools are copies
of ``synthetic_1000`` side by side, their land joined. Every size runs in a process of its own, one
chain of so many proposals a unit, no part searched anew; compiled code is loaded before the clock
starts.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from instances import read_instance
from machine import reference_nanoseconds, timed
from peers import DATA
from scipy.spatial import cKDTree

from feeder.partition.broken import communities_broken
from feeder.partition.cooling import Effort
from feeder.partition.growth import grow
from feeder.partition.problem import Csr, PartitionProblem, symmetric_csr
from feeder.partition.search import search, warm_up

SIZES = {
    100: ("synthetic_100", 1),
    200: ("synthetic_200", 1),
    500: ("synthetic_500", 1),
    1000: ("synthetic_1000", 1),
    2000: ("synthetic_1000", 2),
    5000: ("synthetic_1000", 5),
    10000: ("synthetic_1000", 10),
}
"""Schools: the instance, and how many copies of it."""
SEAM = 20
"""Contacts that join two copies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a search of one size costs.

    Attributes
    ----------
    start, search
        CPU seconds of the first partition alone, and of the whole search.
    before, peak
        Megabytes the process held before the search, and at most.
    """

    communities: int
    kept: float
    broken: int
    start: float
    search: float
    before: float
    peak: float


def tiled(problem: PartitionProblem, copies: int) -> PartitionProblem:
    """Lay copies of a problem without locks in a row, and join the land of neighbors."""
    n = problem.n_units
    width = np.ptp(problem.points[:, 0]) + 1000.0
    shift = np.repeat(np.arange(copies), n)
    seam = _seam(problem, width)
    joined = [seam + np.array([i * n, (i + 1) * n]) for i in range(copies - 1)]
    return replace(
        problem,
        community_zone=np.tile(problem.community_zone, copies),
        unit_zone=np.tile(problem.unit_zone, copies),
        schools=np.tile(problem.schools, copies),
        grades=np.tile(problem.grades, copies),
        has_land=np.tile(problem.has_land, copies),
        totals=np.tile(problem.totals, copies),
        locked=np.tile(problem.locked, copies),
        land=_with(_tiled(problem.land, copies), np.concatenate([seam[:0], *joined])),
        anchors=_tiled(problem.anchors, copies),
        flows=_tiled(problem.flows, copies),
        flow_inside=problem.flow_inside * copies,
        flow_total=problem.flow_total * copies,
        points=np.tile(problem.points, (copies, 1)) + np.stack([width * shift, 0 * shift], axis=1),
        today=np.tile(problem.today, copies),
    )


def _seam(problem: PartitionProblem, width: float) -> np.ndarray:
    """Shape (SEAM, 2): the easternmost tiles, and the nearest tiles of the copy to the east."""
    tiles = np.flatnonzero(problem.has_land)
    east = tiles[np.argsort(-problem.points[tiles, 0], kind="stable")[:SEAM]]
    near = cKDTree(problem.points[tiles] + [width, 0.0]).query(problem.points[east])[1]
    return np.stack([east, tiles[near]], axis=1)


def _tiled(csr: Csr, copies: int) -> Csr:
    n, m = len(csr.start) - 1, len(csr.to)
    start = np.concatenate([csr.start[:-1] + i * m for i in range(copies)] + [[copies * m]])
    to = np.concatenate([csr.to + i * n for i in range(copies)])
    return Csr(start, to, np.tile(csr.weight, copies))


def _with(land: Csr, pairs: np.ndarray) -> Csr:
    n = len(land.start) - 1
    tail = np.repeat(np.arange(n), np.diff(land.start))
    once = tail < land.to
    a = np.concatenate([tail[once], pairs[:, 0]])
    b = np.concatenate([land.to[once], pairs[:, 1]])
    found = symmetric_csr(n, a, b, np.ones(len(a)))
    return found._replace(weight=np.ones(len(found.to)))


def cost(size: int, effort: Effort, data: Path) -> Cost:
    """Search one size, in this process."""
    name, copies = SIZES[size]
    problem = tiled(read_instance(data / name), copies)
    warm_up()
    before = _peak_megabytes()
    _, start = timed(lambda: grow(problem, np.random.default_rng(0)))
    found, seconds = timed(lambda: search(problem, seed=0, effort=effort))
    return Cost(
        communities=problem.n_communities,
        kept=problem.kept_share(found.labels),
        broken=communities_broken(problem, found.labels),
        start=start,
        search=seconds,
        before=before,
        peak=_peak_megabytes(),
    )


def _peak_megabytes() -> float:
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def main() -> None:
    """Search every size that is asked for and print what it costs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), choices=list(SIZES))
    parser.add_argument("--steps", type=int, default=10_000, help="proposals for each unit")
    parser.add_argument("--data", type=Path, default=DATA / "instances")
    asked = parser.parse_args()
    effort = Effort(steps_per_unit=asked.steps, chains=1, rounds=0)
    print(f"The reference loop takes {reference_nanoseconds():.2f} ns a step on this machine.")
    print(f"One chain, {asked.steps:,} proposals a unit.\n")
    print("| schools | communities | kept | broken | start, s | search, s | ns a proposal | MB |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    fresh = multiprocessing.get_context("spawn")
    for size in asked.sizes:
        with fresh.Pool(1) as pool:
            found = pool.apply(cost, (size, effort, asked.data))
        kept = f"{found.kept:.4f}" if found.broken == 0 else f"({found.kept:.4f})"
        each = (found.search - found.start) / (asked.steps * size) * 1e9
        memory = f"{found.before:.0f} + {found.peak - found.before:.0f}"
        cells = (
            f"{size:,}",
            found.communities,
            kept,
            found.broken,
            f"{found.start:.2f}",
            f"{found.search:.2f}",
            f"{each:.0f}",
            memory,
        )
        print("|", " | ".join(map(str, cells)), "|", flush=True)


if __name__ == "__main__":
    main()
