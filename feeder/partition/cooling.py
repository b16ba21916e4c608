"""The two ways a search walks: one long cooling of a whole district, and short ones of a part."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import scipy.sparse as sp

from feeder.partition.efforts import EffortName
from feeder.partition.growth import grow
from feeder.partition.kernels.annealing import anneal, loose_units, total_penalty
from feeder.partition.kernels.arrays import ProblemArrays, State
from feeder.partition.problem import IntArray, PartitionProblem
from feeder.partition.tallies import look_at, make_state

CHUNKS: Final = 40
PART_CHUNKS: Final = 8
"""Pieces that a cooling is told and hardened in."""
FAMILY_SHARE: Final = 0.15
SWAP_SHARE: Final = 0.1
RESPLIT_SHARE: Final = 0.004
"""Shares of the proposals that move a family, swap two units, or resplit two communities."""
KM_AT_STAKE: Final = 1.0
"""Kilometres that one move may take off the largest diameter while it mends a constraint."""
MINUTES_AT_STAKE: Final = 30.0
"""Minutes that one school that moves may add to the ways of all schools to their offices."""
TOTAL_STEPS: Final = 60_000_000
"""Proposals of all chains together: some ten seconds of one processor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How long and how hot to search.

    Temperatures and penalties are in units of one typical unit's flow, so one setting serves
    districts of every size.

    Parameters
    ----------
    steps_per_unit
        Proposals of one chain for each unit.
    chains
        Independent chains. Fixed by the caller, so that the outcome does not depend on the number
        of processors.
    rounds
        How often parts of the best plan are searched anew and put together again.
    part
        Communities of such a part.
    part_steps_per_unit
        Proposals for each unit of a part.
    hot, cold
        First and last temperature; ``warm`` is the first of a part.
    soft, hard
        First and last weight of one school too many; ``firm`` is the first of a part.
    """

    steps_per_unit: int = 40_000
    chains: int = 4
    rounds: int = 2
    part: int = 10
    part_steps_per_unit: int = 10_000
    hot: float = 0.5
    warm: float = 0.4
    cold: float = 0.05
    soft: float = 1.0
    firm: float = 2.0
    hard: float = 6.0

    @classmethod
    def for_size(cls, n_units: int) -> Effort:
        """Return the default effort: the smaller the district, the more chains it affords."""
        chain = cls().steps_per_unit * max(1, n_units)
        return cls(chains=int(np.clip(TOTAL_STEPS // chain, 2, 12)))

    @classmethod
    def of(cls, asked: Effort | EffortName, n_units: int) -> Effort:
        """Return an effort as it is, or the one of that name for so many units.

        Raises
        ------
        ValueError
            Where there is no effort of that name.
        """
        if isinstance(asked, Effort):
            return asked
        usual = cls.for_size(n_units)
        match asked:
            case "quick":
                return replace(
                    usual, steps_per_unit=4_000, chains=2, rounds=1, part_steps_per_unit=2_000
                )
            case "standard":
                return usual
            case "long":
                return usual.times(4)
        raise ValueError(f"effort must be quick, standard or long, not {asked}.")

    def times(self, factor: int) -> Effort:
        """Return this effort with chains that many times as long."""
        return replace(self, steps_per_unit=self.steps_per_unit * factor)


def cool(
    problem: PartitionProblem,
    arrays: ProblemArrays,
    rng: np.random.Generator,
    effort: Effort,
    report: Callable[[float], None],
) -> tuple[IntArray, float]:
    """Anneal the whole district from a start grown at random.

    Returns
    -------
    Labels of the best partition that breaks no constraint, else of the last one; and the excess
    that is left.
    """
    state = make_state(arrays, grow(problem, rng), rng)
    # The search counts from its own start, so its running value stays small and exact.
    best, value = state.label.copy(), np.array([-np.inf, 0.0])
    scale = typical_flow(problem)
    temperatures = scale * np.geomspace(effort.hot, effort.cold, CHUNKS + 1)
    weights = stake(problem) * np.geomspace(effort.soft, effort.hard, CHUNKS + 1)
    steps = max(1, effort.steps_per_unit * problem.n_units // CHUNKS)
    for chunk in range(CHUNKS):
        heat = (temperatures[chunk], temperatures[chunk + 1])
        _anneal(arrays, state, steps, heat, (weights[chunk], weights[chunk + 1]), best, value)
        report((chunk + 1) / CHUNKS)
    labels = best if np.isfinite(value[0]) else state.label.copy()
    anew = make_state(arrays, labels, rng)
    return labels, round(float(total_penalty(arrays, anew)) + loose_units(arrays, anew), 9)


def polish(
    problem: PartitionProblem,
    arrays: ProblemArrays,
    labels: IntArray,
    rng: np.random.Generator,
    effort: Effort,
) -> IntArray:
    """Search one part of a feasible partition anew and return the better of the two.

    The part is a community drawn at random and its nearest neighbours; the rest stands still.
    """
    state = make_state(arrays, labels, rng)
    look_at(state, _part(problem, labels, effort.part, rng))
    best, value = labels.copy(), np.zeros(2)
    scale = typical_flow(problem)
    temperatures = scale * np.geomspace(effort.warm, effort.cold, PART_CHUNKS + 1)
    weights = stake(problem) * np.geomspace(effort.firm, effort.hard, PART_CHUNKS + 1)
    steps = max(1, effort.part_steps_per_unit * int(state.n_window[0]) // PART_CHUNKS)
    for chunk in range(PART_CHUNKS):
        heat = (temperatures[chunk], temperatures[chunk + 1])
        _anneal(arrays, state, steps, heat, (weights[chunk], weights[chunk + 1]), best, value)
    return best


def typical_flow(problem: PartitionProblem) -> float:
    """Objective that one typical unit is worth: the yardstick of the search.

    By its flow mostly; by its students' neighbors of today where these weigh more, since
    constraints that cost less than what is gained by breaking them would never be kept.
    """
    weigh = problem.weights.get
    # A pair of students parts at either end, so a unit has twice its share of the pairs.
    today = max(
        *(weigh(name, 0.0) for name in ("schools_moved", "students_moved")),
        *(2 * weigh(name, 0.0) for name in ("students_separated", "variation_of_information")),
    )
    return max(problem.flow_weight, problem.cut_weight, today, 1e-3) / max(
        1, int((problem.schools > 0).sum())
    )


def stake(problem: PartitionProblem) -> float:
    """Objective that one move of a typical unit may win: the yardstick of the constraints.

    Constraints that cost less than what breaking them wins would never be kept. One school may
    carry the largest diameter or the largest deviation alone, so these count whole.
    """
    weigh = problem.weights.get
    share = problem.n_communities / max(1, int((problem.schools > 0).sum()))
    deviation = sum(weigh(name, 0.0) for name in problem.total_measures)
    alone = KM_AT_STAKE * weigh("diameter_km", 0.0) + share * deviation
    way = MINUTES_AT_STAKE * weigh("office_minutes_mean", 0.0) / max(1, int(problem.schools.sum()))
    return max(typical_flow(problem), alone, way)


def _anneal(
    arrays: ProblemArrays,
    state: State,
    steps: int,
    heat: tuple[float, float],
    weight: tuple[float, float],
    best: IntArray,
    value: np.ndarray[tuple[int], np.dtype[np.float64]],
) -> None:
    shares = SWAP_SHARE, RESPLIT_SHARE, FAMILY_SHARE
    anneal(arrays, state, steps, *heat, *weight, *shares, best, value)


def _part(
    problem: PartitionProblem, labels: IntArray, size: int, rng: np.random.Generator
) -> IntArray:
    """Draw a community and gather the ``size - 1`` that have most contacts with those gathered."""
    k = problem.n_communities
    tail = np.repeat(np.arange(problem.n_units), np.diff(problem.land.start))
    pairs = (labels[tail], labels[problem.land.to])
    contacts = sp.coo_array((np.ones(len(tail)), pairs), shape=(k, k)).toarray()
    luck = 0.5 * rng.random(k)
    gathered = [int(rng.integers(k))]
    while len(gathered) < min(size, k):
        pull = contacts[gathered].sum(axis=0)
        pull[gathered] = 0.0
        if not pull.any():
            break
        gathered.append(int(np.argmax(np.where(pull > 0, pull + luck, 0.0))))
    return np.array(gathered)
