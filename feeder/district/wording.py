"""How findings are worded: names listed briefly, numbers with their noun, one problem a kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from feeder.errors import Findings, Problem
from feeder.language.words import MOST_LISTED, shown

__all__ = ["counted", "listed", "shown", "warn_grouped"]


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return ``number`` with its noun: ``1 school``, ``84 schools``."""
    word = noun if number == 1 else plural or f"{noun}s"
    return f"{number:,} {word}"


def listed(items: Iterable[str], limit: int = MOST_LISTED) -> str:
    """Return the first items joined by semicolons, and how many more there are."""
    names = list(items)
    told = "; ".join(shown(name) for name in names[:limit])
    more = len(names) - limit
    return f"{told} and {more:,} more" if more > 0 else told


def warn_grouped(
    findings: Findings,
    *,
    rule: str,
    examples: Sequence[str],
    before: str,
    after: str = "",
    fix: str = "",
    file: str | None = None,
    column: str | None = None,
) -> None:
    """Add one warning for all ``examples`` of a kind; nothing when there are none.

    The message reads ``before: example; example and N more. after``.
    """
    if not examples:
        return
    message = f"{before}: {listed(examples)}. {after}".rstrip()
    findings.warnings.append(Problem(rule=rule, message=message, fix=fix, file=file, column=column))
