"""Units bound to one another by locks and pairs, and the community each group of them founds."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components, dijkstra

from feeder.partition.problem import FloatArray, IntArray, PartitionProblem
from feeder.partition.routing import route, terminals


def found_communities(
    problem: PartitionProblem, rng: np.random.Generator
) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """Give bound units their communities, and each of these the land that joins its units.

    Two communities whose ways cannot pass one another become one, unless both have locks or
    their units must be apart.

    Returns
    -------
    Bound units, and tiles that join them, of each community that has some.
    """
    held = _claims(problem)
    while True:
        nets = {c: [t for u in units for t in terminals(problem, u)] for c, units in held.items()}
        ways, clash = route(problem, nets, rng)
        merged = _merged(problem, held, clash)
        if merged is None:
            return held, ways
        held = merged


def hops(problem: PartitionProblem, tiles: IntArray) -> FloatArray:
    """Shape (len(tiles), n_units): contacts to cross from each tile to each; inf where none do."""
    n = problem.n_units
    land: sp.csr_array[np.float64] = sp.csr_array(
        (np.ones(len(problem.land.to)), problem.land.to, problem.land.start), shape=(n, n)
    )
    far: FloatArray = dijkstra(land, unweighted=True, indices=tiles).reshape(len(tiles), n)
    return far


def pair_lengths(problem: PartitionProblem) -> FloatArray:
    """Shape (n_together,): contacts to cross between two units kept together, at least 1."""
    tiles = np.array([_main_tile(problem, int(u)) for u in problem.together.ravel()], dtype=int)
    a, b = tiles.reshape(-1, 2).T
    between = hops(problem, a)[np.arange(len(a)), b]
    return np.where(np.isfinite(between), np.maximum(between, 1.0), 1.0)


def _main_tile(problem: PartitionProblem, u: int) -> int:
    """Return the tile of a unit: its own, or the one a landless unit leans on most."""
    needs = terminals(problem, u)
    return needs[0][0] if needs else u


def _bound_groups(problem: PartitionProblem) -> list[tuple[int, list[int]]]:
    """List the groups of units that must share a community, and where each is locked, or -1."""
    locked = np.flatnonzero(problem.locked >= 0)
    home = locked[np.argsort(problem.locked[locked], kind="stable")]
    same = problem.locked[home[1:]] == problem.locked[home[:-1]]
    a = np.concatenate([problem.together[:, 0], home[:-1][same]])
    b = np.concatenate([problem.together[:, 1], home[1:][same]])
    shape = (problem.n_units, problem.n_units)
    _, group = connected_components(sp.coo_array((np.ones(len(a)), (a, b)), shape=shape))
    bound = np.union1d(problem.together.ravel(), locked)
    return [
        (int(problem.locked[units].max()), units.tolist())
        for g in np.unique(group[bound])
        for units in [bound[group[bound] == g]]
    ]


def _claims(problem: PartitionProblem) -> dict[int, list[int]]:
    """Give every bound group a community.

    A locked group has its own. Of the others, those that reach farthest choose first: a
    community that is free, else the nearest one they need not be apart from.
    """
    groups = _bound_groups(problem)
    held = {community: units for community, units in groups if community >= 0}
    loose = [(units, _reach(problem, units)) for community, units in groups if community < 0]
    for units, far in sorted(loose, key=lambda group: (-group[1][group[0]].max(), group[0])):
        zone = int(problem.unit_zone[units].max())
        own = [c for c in range(problem.n_communities) if zone in (-1, problem.community_zone[c])]
        near = {
            c: far[held[c]].min() if c in held else -1.0
            for c in own
            if c not in held or not _must_part(problem, units, held[c])
        }
        if near:
            home = min(near, key=lambda c: (near[c], c))
            held[home] = [*held.get(home, []), *units]
    return held


def _reach(problem: PartitionProblem, units: list[int]) -> FloatArray:
    """Shape (n_units,): contacts to cross from the first of ``units`` to each unit's tile."""
    tiles = np.array([_main_tile(problem, u) for u in range(problem.n_units)], dtype=int)
    far = hops(problem, tiles[units[:1]])[0, tiles]
    return np.where(np.isfinite(far), far, problem.n_units)


def _merged(
    problem: PartitionProblem, held: dict[int, list[int]], clash: tuple[int, ...]
) -> dict[int, list[int]] | None:
    """Join two clashing communities where that is allowed; else None."""
    for home, other in (clash, clash[::-1]) if clash else ():
        free = (problem.locked[held[other]] < 0).all()
        same_zone = problem.community_zone[home] == problem.community_zone[other]
        if free and same_zone and not _must_part(problem, held[home], held[other]):
            rest = {c: units for c, units in held.items() if c != other}
            return {**rest, home: [*held[home], *held[other]]}
    return None


def _must_part(problem: PartitionProblem, some: list[int], others: list[int]) -> bool:
    a, b = problem.apart[:, 0], problem.apart[:, 1]
    across = np.isin(a, some) & np.isin(b, others) | np.isin(b, some) & np.isin(a, others)
    return bool(across.any())
