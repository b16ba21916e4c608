"""Steps a CPU second of our chains and of GerryChain's, on one graph in one run.

    python benchmarks/chains.py ../shared/data/instances/synthetic_1000 ...

Both hold the same bound, enrollment within a band of the mean, and start from the same plan. A
step is what GerryChain calls one: of ReCom two communities divided anew, of reversible ReCom a
proposal, which mostly stays where it is. ReCom is measured against the proposal that is the same
as ours, with uniform trees, and against GerryChain's fastest, with minimum trees.
"""

from __future__ import annotations

import sys
import time
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
from instances import read_instance

from feeder.partition.problem import IntArray, PartitionProblem
from feeder.partition.sampling.ground import make_ground
from feeder.partition.sampling.walk import (
    RECOM,
    REVERSIBLE,
    Position,
    Recipe,
    draw,
    first_position,
)

TOLERANCE = 0.15
PEER_SECONDS = 5.0
OUR_STEPS = {RECOM: 200_000, REVERSIBLE: 1_000_000}
PEERS = {"cut_edges_ust": RECOM, "cut_edges_mst": RECOM, "reversible": REVERSIBLE}
"""GerryChain's proposals, and the method of ours that each is measured against."""


def only_enrollment(problem: PartitionProblem, tolerance: float) -> PartitionProblem:
    """Return the problem's tiles with one limit, the band of enrollment, and no landless units."""
    if not problem.has_land.all():
        raise ValueError("the comparison is on instances whose units all have land.")
    mean = problem.totals[:1].sum(axis=1) / problem.n_communities
    return replace(
        problem,
        totals=problem.totals[:1],
        grades=np.zeros(problem.n_units, dtype=np.int64),
        school_bounds=(0, problem.n_units * int(problem.schools.max())),
        totals_low=mean * (1 - tolerance),
        totals_high=mean * (1 + tolerance),
        required_grades=0,
    )


def peer_chain(
    problem: PartitionProblem,
    labels: IntArray,
    proposal: str,
    *,
    tolerance: float,
    steps: int,
    seed: int,
    most_cuts: int | None = None,
) -> Any:
    """Return GerryChain's chain over the same graph, bound and start.

    ``most_cuts`` bounds the edges of a tree that reversible ReCom may cut; it has no effect on
    the time of a step.
    """
    from gerrychain import Graph, MarkovChain, Partition, accept, constraints
    from gerrychain.proposals import ReCom
    from gerrychain.updaters import Tally, cut_edges

    tail = np.repeat(np.arange(problem.n_units), np.diff(problem.land.start))
    plain = nx.Graph()
    plain.add_nodes_from(
        (u, {"students": students}) for u, students in enumerate(problem.totals[0].tolist())
    )
    plain.add_edges_from(zip(tail.tolist(), problem.land.to.tolist(), strict=True))
    start = Partition(
        Graph.from_networkx(plain),
        dict(enumerate(labels.tolist())),
        updaters={"students": Tally("students"), "cut_edges": cut_edges},
    )
    more = (
        {"max_balanced_edge_cuts": most_cuts or problem.n_units}
        if proposal == "reversible"
        else {"allow_pair_reselection": True}
    )
    target = float(problem.totals[0].sum() / problem.n_communities)
    propose = getattr(ReCom, proposal)(
        pop_col="students", pop_target=target, epsilon=tolerance, **more
    )
    band = constraints.within_percent_of_ideal_population(start, tolerance, pop_key="students")
    return MarkovChain(
        propose, constraints.Validator([band]), accept.always_accept, start, steps, rng=seed
    )


def peer_speed(problem: PartitionProblem, labels: IntArray, proposal: str) -> float:
    """Return GerryChain's steps a CPU second."""
    chain = peer_chain(problem, labels, proposal, tolerance=TOLERANCE, steps=1_000_000, seed=0)
    next(iter(chain))
    steps, start = 0, time.process_time()
    for _ in chain:
        steps += 1
        if time.process_time() - start > PEER_SECONDS:
            break
    return steps / (time.process_time() - start)


def our_speed(problem: PartitionProblem, position: Position, method: str) -> float:
    """Return our steps a CPU second, the kernel's compilation apart."""
    ground = make_ground(problem)
    draw(ground, position, Recipe(method=method, every=1), 1)
    start = time.process_time()
    draw(ground, position, Recipe(method=method, every=OUR_STEPS[method]), 1)
    return OUR_STEPS[method] / (time.process_time() - start)


def main(folders: list[str]) -> None:
    """Print one row an instance and proposal."""
    warnings.simplefilter("ignore")
    print("instance         GerryChain's    its steps/s       ours  ours/its")
    for folder in map(Path, folders):
        problem = only_enrollment(read_instance(folder), TOLERANCE)
        position = first_position(problem, Recipe(), 0)
        if position is None:
            raise SystemExit(f"{folder.name}: no plan to start from.")
        for proposal, method in PEERS.items():
            ours = our_speed(problem, position, method)
            peer = peer_speed(problem, position.labels.astype(np.int64), proposal)
            figures = f"{peer:>12,.0f} {ours:>10,.0f} {ours / peer:>9,.0f}"
            print(f"{folder.name:<16} {proposal:<14} {figures}")


if __name__ == "__main__":
    main(sys.argv[1:])
