"""Candidates: of the plans that were made, those to put before a planner."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from feeder.analyses.candidates.aims import Aim, advantages, aims_of, gains, sentences, told_better
from feeder.analyses.candidates.pareto import leads, parted, spread, undominated
from feeder.language import Message
from feeder.measures.scorecard import Scorecard
from feeder.network.graph import BoolArray, FloatArray
from feeder.planning import Assignment


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Frontier:
    """Plans of one district, which of them nothing beats, and the few that were chosen.

    Attributes
    ----------
    cards
        Shape (n_plans,): a scorecard each.
    aims
        What the plans compete on.
    unbeaten
        Shape (n_plans,): no other plan is as good at every aim and better at one.
    chosen
        Indices of the chosen plans: the best by the scenario's own weights, which another may beat
        where these weigh what is no aim, then those that spread along the trade-offs.
    """

    cards: tuple[Scorecard, ...]
    aims: tuple[Aim, ...]
    unbeaten: BoolArray
    chosen: tuple[int, ...]

    @property
    def span(self) -> FloatArray:
        """Shape (n_aims,): the range of each aim among the plans that nothing beats."""
        return _range(gains(self.cards, self.aims)[self.unbeaten])

    @property
    def chosen_cards(self) -> tuple[Scorecard, ...]:
        """The scorecards of the chosen plans."""
        return tuple(self.cards[k] for k in self.chosen)

    def told_by(self, cards: Sequence[Scorecard]) -> Frontier:
        """Return the same plans and choice with other scorecards, such as the published ones."""
        return replace(self, cards=tuple(cards))

    def sentences(self, names: Sequence[str]) -> tuple[Message, ...]:
        """Return a sentence for each of the chosen plans, which are called ``names``."""
        return sentences(names, self.chosen_cards, self.aims, self.span)

    def duels(self) -> tuple[tuple[Message | None, ...], ...]:
        """Return what each chosen plan does best against each other one; None against itself."""
        cards = self.chosen_cards
        return tuple(tuple(self._lead(one, other) for other in cards) for one in cards)

    def _lead(self, one: Scorecard, other: Scorecard) -> Message | None:
        ahead = () if one is other else advantages(one, other, self.aims, self.span)
        return told_better(ahead[0], one, other) if ahead else None


def find_frontier(
    plans: Sequence[Assignment],
    cards: Sequence[Scorecard],
    published: Sequence[Scorecard],
    *,
    n: int,
    rough: bool,
    asked: Collection[str] = (),
) -> Frontier:
    """Choose up to ``n`` of many plans: good ones that differ, spread along the trade-offs.

    Parameters
    ----------
    plans, cards
        Plans of one district and network, no two alike, and their scorecards.
    published
        Their scorecards as they may be published. A lead of one chosen plan over another counts
        where it is there in both.
    n
        How many to choose. Fewer are where the others are not ahead of each chosen one at some
        aim.
    rough
        Whether figures of flows rest on an estimate.
    asked
        Measures to compete on as well (:data:`~feeder.analyses.candidates.aims.ON_DEMAND`).
    """
    aims = aims_of([*cards, *published], rough=rough, asked=asked)
    least = np.array([aim.least for aim in aims])
    gained = gains(cards, aims)
    unbeaten = undominated(gained)
    objective = np.round([card.certificate["objective"] for card in cards], 12)
    own = max(range(len(cards)), key=lambda k: (objective[k], unbeaten[k], -k))
    front = sorted({own, *np.flatnonzero(unbeaten).tolist()})
    graph = plans[0].network.graph
    enrollment = plans[0].district.schools.loc[list(graph.school_ids), "enrollment"]
    homes = np.stack([plans[k].school_community for k in front])
    chosen = spread(
        np.minimum(
            *(_leads(gains(told, aims)[front], least) for told in (cards, published)),
        ),
        parted(homes, enrollment.to_numpy(np.float64)),
        gained[front] > gained[front].max(axis=0) - least,
        first=front.index(own),
        n=n,
    )
    return Frontier(
        cards=tuple(cards),
        aims=aims,
        unbeaten=unbeaten,
        chosen=tuple(front[k] for k in chosen),
    )


def _leads(gained: FloatArray, least: FloatArray) -> FloatArray:
    return leads(gained, least, _range(gained))


def _range(gained: FloatArray) -> FloatArray:
    return np.asarray(gained.max(axis=0) - gained.min(axis=0), dtype=np.float64)
