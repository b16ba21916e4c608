"""The door of the sampler: a recipe and a plan to start from go in, batches of plans come out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from feeder.partition.cooling import Effort
from feeder.partition.kernels.chains import Ground
from feeder.partition.kernels.recombination import walk_recom, walk_reversible
from feeder.partition.problem import PartitionProblem
from feeder.partition.sampling.ground import make_chain
from feeder.partition.search import search

Plans = npt.NDArray[np.int16]

RECOM: Final = "recom"
REVERSIBLE: Final = "reversible"
METHODS: Final = (RECOM, REVERSIBLE)
PATIENCE: Final = 10_000
"""Proposals in a row without a step after which a ReCom chain counts as stuck."""
START_STEPS: Final = 4_000
"""Proposals for each unit of the search for a chain's first plan; more where that finds none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How plans are drawn. Two runs of one recipe on one problem draw the same plans.

    Both methods hold every constraint of the problem in every plan: the number of communities,
    schools per community, the bands of enrollment and of need, every grade, zones, locks, units
    together and apart, land in one piece, and landless units anchored. No unit crosses from one
    zone to another, nor does a vacant tile between them, which stays where the chain starts.
    Communities are shared among regions as fairly as can be; a chain keeps that sharing.

    Parameters
    ----------
    method
        ``recom`` or ``reversible``. Reversible ReCom (Cannon, Duchin, Randall and Rule 2022) draws
        feasible plans with a known chance: proportional to the product over communities of their
        numbers of spanning trees, and over landless units of their shares on their own community.
        ReCom (DeFord, Duchin and Solomon 2021) divides anew at every step, has no known target,
        and is the one to take where reversible ReCom hardly moves.
    plans
        Plans of each chain.
    chains
        Independent chains, each from a feasible plan of its own.
    every
        Steps from one plan that is kept to the next.
    pull
        Of reversible ReCom: how strongly plans that keep flow and cut few contacts are preferred.
        The chance of a plan is multiplied by ``exp(pull * gain)``, ``gain`` being what these two
        add to its objective, in flows of a typical unit. Other weights have no say. 0 prefers none.
    burn_in
        Steps before the first.
    seed
        Fixes every plan, whatever runs the chains.
    """

    method: str = RECOM
    plans: int = 2_500
    chains: int = 4
    every: int = 100
    pull: float = 0.0
    burn_in: int = 10_000
    seed: int = 0

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise ValueError(f"method {self.method!r} is none of {', '.join(METHODS)}.")
        if min(self.plans, self.chains, self.every) < 1 or min(self.burn_in, self.seed) < 0:
            raise ValueError("plans, chains and every are 1 or more, burn_in and seed 0 or more.")
        if not 0 <= self.pull < np.inf or (self.pull and self.method != REVERSIBLE):
            raise ValueError("pull is 0 or more, and goes with the method reversible alone.")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Position:
    """Where a chain stands: all that is needed to go on.

    Attributes
    ----------
    labels
        Shape (n_units,): community of each unit.
    rng
        The random state, 64 bits.
    """

    labels: Plans
    rng: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Batch:
    """Plans drawn in a row, and what they took.

    Attributes
    ----------
    plans
        Shape (n_plans, n_units); fewer than were asked for where the chain is stuck.
    position
        Where the chain stands after them.
    proposals, trees, splits
        Mergers proposed, trees drawn, and mergers divided anew.
    """

    plans: Plans
    position: Position
    proposals: int
    trees: int
    splits: int


def compile_walk(ground: Ground, method: str) -> None:
    """Compile a method's loops, or load them from the cache of an earlier compilation."""
    nowhere = Position(labels=np.zeros(len(ground.rank), dtype=np.int16), rng=0)
    draw(ground, nowhere, Recipe(method=method), 0)


def first_position(problem: PartitionProblem, recipe: Recipe, chain: int) -> Position | None:
    """Search for a feasible plan for a chain to start from; None where none is found.

    Every chain searches by a seed of its own, four and sixteen times as long where it must.
    """
    seeds = np.random.SeedSequence([recipe.seed, chain]).generate_state(2, dtype=np.uint64)
    effort = Effort(steps_per_unit=START_STEPS, chains=1)
    for factor in (1, 4, 16):
        found = search(problem, seed=int(seeds[0] >> 1), effort=effort.times(factor), workers=1)
        if found.feasible:
            return Position(labels=found.labels.astype(np.int16), rng=int(seeds[1]))
    return None


def burn_in(ground: Ground, position: Position, recipe: Recipe) -> Batch:
    """Take a chain's steps before its first plan; a batch of that last plan, if there is one."""
    if recipe.burn_in == 0:
        none = np.empty((0, len(position.labels)), dtype=np.int16)
        return Batch(plans=none, position=position, proposals=0, trees=0, splits=0)
    return draw(ground, position, replace(recipe, every=recipe.burn_in), 1)


def draw(ground: Ground, position: Position, recipe: Recipe, n: int) -> Batch:
    """Draw the next ``n`` plans of a chain.

    Parameters
    ----------
    ground
        The problem (:func:`~feeder.partition.sampling.ground.make_ground`).
    position
        Where the chain stands; its plan keeps every constraint.
    recipe
        Method and steps between plans.
    n
        Number of plans.
    """
    chain = make_chain(ground, position.labels, position.rng)
    plans = np.empty((n, len(position.labels)), dtype=np.int16)
    if recipe.method == RECOM:
        filled = walk_recom(ground, chain, recipe.every, PATIENCE, plans)
    else:
        filled = walk_reversible(ground, chain, recipe.every, float(recipe.pull), plans)
    proposals, trees, splits = chain.tally.tolist()
    return Batch(
        plans=plans[:filled],
        position=Position(labels=chain.label.astype(np.int16), rng=int(chain.rng[0])),
        proposals=proposals,
        trees=trees,
        splits=splits,
    )
