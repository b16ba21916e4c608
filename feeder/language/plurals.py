"""Which plural form a number takes, by the language's own rule.

A rule is written as in Unicode's CLDR, with the number itself as ``n``: ``n = 1`` or
``n % 10 = 2..4 and n % 100 != 12..14``. ``or`` parts ways, ``and`` joins conditions; a condition
compares ``n``, or what is left of it by a modulus, with values and ranges of whole numbers.
The page reads the same rules (``render/assets/page/plurals.mjs``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final, TypeAlias

OTHER: Final = "other"
"""The form of every number that no rule names."""
FORMS: Final = ("zero", "one", "two", "few", "many", OTHER)
"""Every form a language may have."""

_CONDITION: Final = re.compile(r"n(?: % ([1-9]\d*))? (!?=) (\d+(?:\.\.\d+)?(?:,\d+(?:\.\.\d+)?)*)")

_Condition: TypeAlias = "tuple[int | None, bool, tuple[tuple[int, int], ...]]"
"""A modulus, whether the number must be in the ranges rather than not, and the ranges."""


def plural_form(rules: Mapping[str, str], number: float) -> str:
    """Return the form of a number: the first whose rule holds, else ``other``.

    Parameters
    ----------
    rules
        Rule by form; none where a language has one form for every number.
    number
        Any finite number; its sign makes no difference.

    Raises
    ------
    ValueError
        Where a rule is not written as one.

    Examples
    --------
    >>> plural_form({"one": "n = 1", "few": "n % 10 = 2..4 and n % 100 != 12..14"}, 22)
    'few'
    """
    return next((form for form, rule in rules.items() if _holds(rule, abs(number))), OTHER)


def _holds(rule: str, number: float) -> bool:
    return any(all(_meets(one, number) for one in way) for way in _parsed(rule))


def _meets(condition: _Condition, number: float) -> bool:
    modulus, inside, ranges = condition
    left = number if modulus is None else number % modulus
    found = float(left).is_integer() and any(low <= left <= high for low, high in ranges)
    return found is inside


@cache
def _parsed(rule: str) -> tuple[tuple[_Condition, ...], ...]:
    """Return the conditions of each way in which a rule may hold."""
    return tuple(
        tuple(_condition(text) for text in way.split(" and ")) for way in rule.split(" or ")
    )


def _condition(text: str) -> _Condition:
    found = _CONDITION.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no condition of a plural form")
    ends = [one.partition("..") for one in found[3].split(",")]
    return (
        int(found[1]) if found[1] else None,
        found[2] == "=",
        tuple((int(low), int(high or low)) for low, _, high in ends),
    )
