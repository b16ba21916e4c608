"""How findings are worded: names listed briefly, numbers with their noun, one problem a kind."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Final

from feeder.errors import Findings, Problem
from feeder.language.words import MOST_LISTED, Message, shown

__all__ = [
    "brief",
    "counted",
    "gist",
    "joined",
    "listed",
    "nearest",
    "one_line",
    "shown",
    "warn_grouped",
]

TODAY_WORD: Final = "today"
"""What stands for the plan of today wherever a plan is asked for."""
_BREAK: Final = re.compile("[\n\x0b\x0c\r\x1c-\x1e\x85\u2028\u2029]")
LONGEST: Final = 80
"""Characters that a message shows of one value."""
MOST_KNOWN: Final = 20
"""Words that a message lists."""


def one_line(text: str) -> str:
    r"""Return a text with a space for its line breaks, of whatever kind.

    >>> one_line("North\r\nside")
    'North side'
    """
    parts = _BREAK.split(text)
    return text if len(parts) == 1 else " ".join(filter(None, map(str.strip, parts)))


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


def joined(key: str, parts: Sequence[Message]) -> Message:
    """Return parts joined two by two by the text of a key, with gaps ``told`` and ``next``."""
    return reduce(lambda told, one: Message(key, {"told": told, "next": one}), parts)


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


def nearest(word: str, known: Iterable[str]) -> str:
    """Return a hint that names the known word closest to ``word``, or lists what is known."""
    words = sorted(known)
    close = difflib.get_close_matches(word[:LONGEST], words, n=1, cutoff=0.6)
    if close:
        return f"Did you mean {brief(close[0])}?"
    if not words:
        return ""
    more = f" and {len(words) - MOST_KNOWN} more" if len(words) > MOST_KNOWN else ""
    return f"Known: {', '.join(brief(known) for known in words[:MOST_KNOWN])}{more}."


def gist(texts: Iterable[str], most: int = 32) -> str:
    """Return the texts of a line that are not blank, cut where they are long."""
    told = shown(", ".join(text.strip() for text in texts if text.strip()))
    return told if len(told) <= most else f"{told[: most - 4]} ..."


def brief(value: object) -> str:
    """Return any value as a message shows it: on one line, and cut when long."""
    try:
        text = value if isinstance(value, str) else json.dumps(value, default=str)
    except ValueError:  # a whole number of thousands of digits
        return "a number too long to print"
    plain = "".join(mark if mark.isprintable() else " " for mark in text)
    return plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 4]} ..."
