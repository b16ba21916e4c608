"""Options of analyses as the command line writes them, and what several of them share."""

from __future__ import annotations

import math
from typing import Final

from feeder.analyses.contract import Flag

EFFORT: Final = Flag(help="How long to search. quick: a look; long: four times the standard.")


def listed_words(text: str) -> list[str]:
    """Read ``high,middle``."""
    return [word.strip() for word in text.split(",") if word.strip()]


def numbers(text: str) -> list[float]:
    """Read ``0.30,0.20``.

    Raises
    ------
    ValueError
        Where it is no such list.
    """
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        raise ValueError(
            f"expected numbers with commas between, such as 0.30,0.20, not {text!r}."
        ) from None


def number_or_word(text: str) -> int | str:
    """Read a number of 1 or more, or leave a word.

    Raises
    ------
    ValueError
        Where the number is less than 1.
    """
    if not text.lstrip("-").isdigit():
        return text
    if int(text) < 1:
        raise ValueError("must be 1 or more.")
    return int(text)


def amount_or_name(text: str) -> float | str:
    """Read an amount of 0 or more, or leave a name.

    Raises
    ------
    ValueError
        Where the amount is negative or endless.
    """
    try:
        amount = float(text)
    except ValueError:
        return text
    if not 0 <= amount < math.inf:
        raise ValueError("must be 0 or more.")
    return amount
