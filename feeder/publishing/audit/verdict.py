"""What an audit finds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Coarsened:
    """A headline that must be told with fewer digits, for every plan in the files.

    ``digits`` are its decimals as a share (2: whole percents); None where only the range that
    follows from the counts may be told.
    """

    measure: str
    digits: int | None


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A count of few students that what is told narrows.

    ``kind`` and ``row`` say which (:class:`~feeder.publishing.audit.unknowns.Unknowns`); ``value``
    is one that it can no longer have.
    """

    kind: str
    row: int
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What an audit finds of some plans in one set of files.

    Attributes
    ----------
    coarsen
        Headlines that may not be told to all their digits.
    narrowed
        Counts that are narrowed whatever is told of headlines; empty unless ranges are wrong.
    plans
        How many divisions were told, today's included.
    counts, tried
        How many counts of few students were looked at, and how many values of them.
    worlds
        How many worlds were made as witnesses.
    seconds
        Time it took.
    """

    coarsen: tuple[Coarsened, ...]
    narrowed: tuple[Narrowed, ...]
    plans: int
    counts: int
    tried: int
    worlds: int
    seconds: float

    @property
    def holds(self) -> bool:
        """Whether no count is narrowed once the headlines are told as ``coarsen`` says."""
        return not self.narrowed
