"""A plan as it is told: its scorecard, its words, and shares as readers see them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from feeder.language import Words
from feeder.measures.scorecard import Scorecard
from feeder.planning import Assignment
from feeder.render.figures import rests_on_estimates


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """A plan in words.

    Attributes
    ----------
    plan, card
        Redacted, and computed from what is redacted.
    words
        The language.
    """

    plan: Assignment
    card: Scorecard
    words: Words

    @property
    def rough(self) -> bool:
        """Whether figures of flows rest on estimates."""
        return rests_on_estimates(self.plan)

    def percent(self, share: float, *, of_flows: bool = False) -> str:
        """Return a share in words; about, where it rests on estimated flows; a dash if unknown."""
        if not np.isfinite(share):
            return self.words("packet.unknown")
        if of_flows and self.rough:
            return self.words("packet.about", text=self.words.number(share, ".0%"))
        return self.words.number(share, ".1%")
