"""Chains run side by side, round by round, by whatever joblib is told to run them on."""

from __future__ import annotations

from collections.abc import Callable
from importlib import util
from typing import Any, Final, cast

from feeder.ensembles.scores import Scorer
from feeder.ensembles.store import Checkpoint, Store
from feeder.errors import FeederError
from feeder.network.graph import FloatArray
from feeder.partition.kernels.chains import Ground
from feeder.partition.problem import PartitionProblem
from feeder.partition.sampling.ground import make_ground
from feeder.partition.sampling.walk import (
    Batch,
    Position,
    Recipe,
    burn_in,
    draw,
    first_position,
)

ROUND: Final = 250
"""Plans of each chain in a round: at most so many are lost when a run is killed. Part of the
recipe in all but name: other rounds would draw other plans."""
NO_START: Final = (
    "No plan that keeps every limit was found for a chain to start from. feeder plan tells which "
    "limits are hard to keep; loosen them."
)
ONE_COMMUNITY: Final = (
    "There is one community, so one plan. Ask for two communities or more with --communities."
)
NO_PULL: Final = (
    "--pull prefers plans that keep flow and cut few contacts, and the scenario gives neither any "
    "weight. Weigh feeder_continuity or cut_contacts, or leave --pull at 0."
)
STUCK: Final = (
    "The chains cannot move: no two neighboring communities can be divided anew within the limits. "
    "Loosen the enrollment tolerance or the schools per community, or take --method reversible, "
    "which may stay where it is."
)

NOT_HELD: Final = (
    "Chains draw plans without regard to max_office_minutes and budgets, so an ensemble cannot "
    "promise them. Give a scenario file with max_office_minutes = 0 and budgets = {} to draw "
    "without them."
)

Progress = Callable[[float], None]


def check_drawable(problem: PartitionProblem, recipe: Recipe) -> None:
    """Check that a recipe has something to draw, its pull something to go by, chains all limits.

    Raises
    ------
    FeederError
        Where it has not.
    """
    if problem.n_communities == 1:
        raise FeederError(ONE_COMMUNITY)
    if problem.budgets or (problem.offices is not None and problem.offices.most is not None):
        raise FeederError(NOT_HELD)
    if recipe.pull and not (problem.flow_weight or problem.cut_weight):
        raise FeederError(NO_PULL)


def draw_ensemble(
    store: Store, scorer: Scorer, *, workers: int | None = None, progress: Progress | None = None
) -> Checkpoint:
    """Draw every plan of a store's recipe that is not there yet.

    Parameters
    ----------
    store
        Where plans go, and from where an earlier run goes on.
    scorer
        The problem, and how its plans are scored.
    workers
        Chains that run at once; None leaves it to joblib's configuration, and so does the
        backend: ``joblib.parallel_config("dask")`` runs the chains on a dask cluster. The plans
        are the same whatever runs them.
    progress
        Called with the share of the plans that is there.

    Raises
    ------
    FeederError
        As :func:`check_drawable`; where no feasible plan to start from is found, a chain cannot
        move, or joblib is missing.
    OutputError
        As :meth:`~feeder.ensembles.store.Store.checkpoint`, and where writing fails.
    """
    need("joblib")
    check_drawable(scorer.problem, store.recipe)
    tell = progress or (lambda _: None)
    recipe, ground = store.recipe, make_ground(scorer.problem)
    done = store.checkpoint()
    if done is None:
        done = _started(scorer, ground, recipe, workers)
        done = store.add(done, 0, [])
    drawn = min(recipe.plans, done.rounds * ROUND)
    while drawn < recipe.plans:
        tell(drawn / recipe.plans)
        n = min(ROUND, recipe.plans - drawn)
        made = _side_by_side(
            _draw_and_score,
            [(ground, scorer, position, recipe, n) for position in done.positions],
            workers,
        )
        batches = [batch for batch, _ in made]
        if any(len(batch.plans) < n for batch in batches):
            raise FeederError(STUCK)
        done = _advanced(done, batches, rounds=1)
        done = store.add(done, drawn, [(batch.plans, scores) for batch, scores in made])
        drawn += n
    tell(1.0)
    return done


def need(library: str) -> None:
    """Check that an optional library of ensembles is there.

    Raises
    ------
    FeederError
        Where it is missing: what to install.
    """
    if util.find_spec(library) is None:
        raise FeederError(
            f"Ensembles need {library}, which is not installed: pip install joblib arviz"
        )


def _started(scorer: Scorer, ground: Ground, recipe: Recipe, workers: int | None) -> Checkpoint:
    """Find a plan for each chain to start from, and take the steps before its first plan."""
    starts = _side_by_side(
        first_position, [(scorer.problem, recipe, chain) for chain in range(recipe.chains)], workers
    )
    if any(start is None for start in starts):
        raise FeederError(NO_START)
    batches = _side_by_side(burn_in, [(ground, start, recipe) for start in starts], workers)
    if recipe.burn_in and any(not len(batch.plans) for batch in batches):
        raise FeederError(STUCK)
    none = Checkpoint(rounds=0, positions=(), proposals=0, trees=0, splits=0)
    return _advanced(none, batches, rounds=0)


def _draw_and_score(
    ground: Ground, scorer: Scorer, position: Position, recipe: Recipe, n: int
) -> tuple[Batch, FloatArray]:
    batch = draw(ground, position, recipe, n)
    return batch, scorer.scores(batch.plans)


def _advanced(done: Checkpoint, batches: list[Batch], *, rounds: int) -> Checkpoint:
    return Checkpoint(
        rounds=done.rounds + rounds,
        positions=tuple(batch.position for batch in batches),
        proposals=done.proposals + sum(batch.proposals for batch in batches),
        trees=done.trees + sum(batch.trees for batch in batches),
        splits=done.splits + sum(batch.splits for batch in batches),
        parts=done.parts,
    )


def _side_by_side(
    task: Callable[..., Any], arguments: list[tuple[Any, ...]], workers: int | None
) -> list[Any]:
    """Run one task a chain; threads suit loops that hold no lock, unless joblib is told else."""
    from joblib import Parallel, delayed

    run = Parallel(n_jobs=workers, prefer="threads")
    return cast("list[Any]", run(delayed(task)(*each) for each in arguments))
