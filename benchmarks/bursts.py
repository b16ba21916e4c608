"""GerryChain's short bursts of ReCom (Cannon and others 2023) from a plan that keeps all limits."""

from __future__ import annotations

import time
from functools import partial

import networkx as nx
import numpy as np
from gerrychain import Graph, Partition
from gerrychain.optimization import SingleMetricOptimizer
from gerrychain.proposals import recom
from gerrychain.tree import bipartition_tree

from feeder.partition.broken import broken_constraints
from feeder.partition.methods.ground import hosts, make_ground
from feeder.partition.problem import IntArray, PartitionProblem

BURST = 10
EPSILON = 0.15
ATTEMPTS = 200


def bursts(
    problem: PartitionProblem, start: IntArray, *, seed: int, seconds: float
) -> tuple[IntArray, int]:
    """Run short bursts until CPU seconds are spent; a step that breaks a limit stays put.

    Returns
    -------
    The best labels, and the steps taken.
    """
    host = hosts(problem)
    first = Partition(_graph(problem, host), start_of(start, host), {"labels": _labels(host)})
    enrollment = problem.totals[0].sum() / problem.n_communities
    optimizer = SingleMetricOptimizer(
        proposal_fn=partial(
            recom,
            pop_col="enrollment",
            pop_target=enrollment,
            epsilon=EPSILON,
            bipartition_tree_fn=partial(
                bipartition_tree, max_attempts=ATTEMPTS, allow_pair_reselection=True
            ),
        ),
        constraints=[],
        initial_state=first,
        optimization_metric_fn=lambda part: problem.kept_share(part["labels"]),
        rng=seed,
    )
    steps, end = 0, time.process_time() + seconds
    for _ in optimizer.short_bursts(
        BURST,
        10**9,
        acceptance_fn=lambda part, **_: not broken_constraints(problem, part["labels"]),
    ):
        steps += 1
        if time.process_time() > end:
            break
    return optimizer.best_part["labels"], steps


def start_of(labels: IntArray, host: IntArray) -> dict[int, int]:
    """Return the community of each campus."""
    campuses = np.unique(host)
    return dict(zip(campuses.tolist(), labels[campuses].tolist(), strict=True))


def _graph(problem: PartitionProblem, host: IntArray) -> Graph:
    """Contacts of the campuses, zone by zone, with their enrollment."""
    graph = nx.Graph()
    for zone in np.unique(problem.community_zone):
        campuses = np.flatnonzero(
            (problem.unit_zone == zone) & (host == np.arange(problem.n_units))
        )
        ground = make_ground(problem, host, campuses)
        for u, enrollment in zip(campuses.tolist(), ground.enrollment.tolist(), strict=True):
            graph.add_node(u, enrollment=enrollment)
        a, b = (campuses[ends].tolist() for ends in ground.contacts.nonzero())
        graph.add_edges_from(zip(a, b, strict=True))
    return Graph.from_networkx(graph)


def _labels(host: IntArray):
    """Return an updater: the community of every unit, vacant tiles with their hosts."""

    def labels(part: Partition) -> IntArray:
        if part.parent is None:
            own = np.zeros(len(host), dtype=np.int64)
            for u in part.graph.nodes:
                own[part.graph.original_nx_node_id_for_internal_node_id(u)] = part.assignment[u]
        else:
            own = part.parent["labels"].copy()
            for u, c in part.flips.items():
                own[part.graph.original_nx_node_id_for_internal_node_id(u)] = c
        return own[host]

    return labels
