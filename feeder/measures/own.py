"""Measures that an analyst brings along: a function of a plan, told wherever ours are."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from feeder.language import Message
from feeder.measures.scorecard import Measure, Scorecard, Value
from feeder.planning import Assignment
from feeder.terms import SENSES, TERMS


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnMeasure(Measure):
    """A measure of one's own, to be given to ``score``, ``compare``, ``candidates``, ``ensemble``.

    Attributes
    ----------
    name, unit, sense, kind
        As of any measure (:class:`~feeder.measures.scorecard.Measure`); the name is not taken, and
        the unit may be any word.
    value
        From a plan to its figure: a number, a :class:`~feeder.measures.scorecard.Value` where it
        has a denominator or a range, or None where the plan has none. It is called with
        plans whose counts are ranges at one of their ends too, for what is published.
    title, meaning
        What it is called and how it is defined, as readers read it; by default its name.

    Examples
    --------
    >>> def magnets(plan):
    ...     kind = plan.district.schools["kind"].loc[list(plan.network.graph.school_ids)]
    ...     return len(set(plan.school_community[(kind == "magnet").to_numpy()]))
    >>> OwnMeasure("magnets", "communities", "higher", value=magnets).name
    'magnets'
    """

    value: Callable[[Assignment], Value | float | None]
    title: str = ""
    meaning: str = ""

    def __post_init__(self) -> None:
        """Refuse what no table could tell.

        Raises
        ------
        ValueError
            Where the name is taken, there is no unit, or the sense is none that is known.
        """
        if not self.name or self.name in TERMS:
            raise ValueError(f"a measure of one's own needs a name of its own, not {self.name!r}.")
        if not self.unit.strip():
            raise ValueError(f"{self.name} needs a unit: what its figures count.")
        if self.sense not in SENSES:
            raise ValueError(f"the sense of {self.name} is one of {', '.join(SENSES)}.")

    @property
    def label(self) -> Message:
        """What it is called."""
        return Message("text.own", {"text": self.title or self.name})

    @property
    def definition(self) -> Message:
        """How it is defined."""
        return Message("text.own", {"text": self.meaning or self.title or self.name})

    def of(self, plan: Assignment) -> Value:
        """Return its figure for a plan."""
        found = self.value(plan)
        if isinstance(found, Value):
            return found
        if found is None or not math.isfinite(found):
            return Value(None, Message("missing.own"))
        number = float(found)
        return Value(int(number) if number.is_integer() else number)


def named(measures: Iterable[OwnMeasure]) -> Mapping[str, OwnMeasure]:
    """Return measures by name.

    Raises
    ------
    ValueError
        Where two have one name.
    """
    given = tuple(measures)
    found = {measure.name: measure for measure in given}
    if len(found) < len(given):
        raise ValueError("two measures of one's own have one name.")
    return found


def own_measures(card: Scorecard) -> tuple[OwnMeasure, ...]:
    """Return the measures that a scorecard was made with beside ours."""
    return tuple(one for one in card.definitions.values() if isinstance(one, OwnMeasure))
