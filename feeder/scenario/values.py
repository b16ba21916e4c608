"""Values of ``[scenario]`` as TOML or a command line gives them, checked and converted.

A reader takes what was given and returns what the scenario keeps; what it cannot use it tells as
TypeError (of another kind) or ValueError (of that kind, yet unusable), in a planner's words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeVar

from feeder.wording import brief, nearest, one_line

Value = TypeVar("Value")
Reader = Callable[[object], Value]
LARGEST: Final = 10**9
"""No limit, seed or weight need be larger."""


def whole(*, least: int) -> Reader[int]:
    """Return a reader of whole numbers."""
    return lambda raw: _whole(raw, least=least)


def figures(known: tuple[str, ...], noun: str, example: str) -> Reader[Mapping[str, float]]:
    """Return a reader of tables of numbers by measure; ``noun`` is what a number is called."""
    return lambda raw: _figures(raw, known, noun, example)


def one_of(known: tuple[str, ...]) -> Reader[str]:
    """Return a reader of one of these words."""
    return lambda raw: _one_of(raw, known)


def pair(raw: object) -> tuple[int, int]:
    """Read ``[fewest, most]``."""
    if not isinstance(raw, list | tuple) or len(raw) != 2:  # noqa: PLR2004 - a pair
        raise TypeError("expected [fewest, most], such as [12, 24].")
    low, high = (_whole(value, least=1) for value in raw)
    if low > high:
        raise ValueError(f"the fewest ({low}) exceeds the most ({high}).")
    return low, high


def tolerance(raw: object) -> float:
    """Read a share below 1."""
    share = _number(raw, "a share such as 0.15 for 15 %.")
    if share < 0:
        raise ValueError("must not be negative.")
    if share >= 1:
        shown = share / 100 if 1 < share < 100 else 0.15  # noqa: PLR2004 - percent
        raise ValueError(f"a tolerance of 1 or more allows anything; meant {shown:g}?")
    return float(share)


def share(raw: object) -> float:
    """Read a share below 1 of what is asked for; 0 asks for nothing."""
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise TypeError("expected a share such as 0.1 for 10 %.")
    if not 0 <= raw < 1:
        shown = raw / 100 if 1 < raw < 100 else 0.1  # noqa: PLR2004 - percent
        raise ValueError(f"must be 0 or more and less than 1; meant {shown:g}?")
    return float(raw)


def text(raw: object) -> str:
    """Read a text that is not blank; on one line, as the texts of tables are."""
    if not isinstance(raw, str) or not raw.strip():
        raise TypeError("expected a text.")
    return one_line(raw.strip())


def optional_text(raw: object) -> str | None:
    """Read a text; an empty one is none."""
    return None if raw == "" else text(raw)


def groups(raw: object) -> tuple[tuple[str, ...], ...]:
    """Read groups of school ids."""
    if not isinstance(raw, list | tuple):
        raise TypeError('expected groups of school ids, such as [["a", "b"]].')
    found: list[tuple[str, ...]] = []
    for group in raw:
        if not isinstance(group, list | tuple) or len(group) < 2:  # noqa: PLR2004 - a group
            raise TypeError('each group is a list of two or more ids, such as ["a", "b"].')
        found.append(tuple(text(item) for item in group))
    return tuple(found)


def locks(raw: object) -> Mapping[str, str]:
    """Read community ids by school id."""
    if not isinstance(raw, Mapping):
        raise TypeError('expected school ids with community ids, such as { "101" = "North" }.')
    return MappingProxyType({text(school): text(to) for school, to in raw.items()})


def minutes(raw: object) -> float | None:
    """Read minutes; 0 is none."""
    limit = _number(raw, "minutes, such as 15; 0 for no limit.")
    if limit < 0:
        raise ValueError("must not be negative; 0 sets no limit.")
    if limit > LARGEST:
        raise ValueError(f"must be {LARGEST:,} or less; 0 sets no limit.")
    return float(limit) or None


def _number(raw: object, expected: str) -> float:
    """Return a whole number or a decimal; NaN is neither."""
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise TypeError(f"expected {expected}")
    if raw != raw:  # noqa: PLR0124 - NaN
        raise ValueError("must be a number.")
    return raw


def _whole(raw: object, *, least: int) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise TypeError(f"expected a whole number, {least} or more.")
    if raw < least:
        raise ValueError(f"must be {least} or more.")
    if raw > LARGEST:
        raise ValueError(f"must be {LARGEST:,} or less.")
    return raw


def _figures(raw: object, known: tuple[str, ...], noun: str, example: str) -> Mapping[str, float]:
    """Check a table of numbers by measure."""
    if not isinstance(raw, Mapping):
        raise TypeError(f"expected {noun}s by measure, such as {example}.")
    figures: dict[str, float] = {}
    for name, value in raw.items():
        if name not in known:
            raise ValueError(f"unknown measure {brief(name)}. {nearest(str(name), known)}")
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise TypeError(f"the {noun} of {name} is a number.")
        if not 0 <= value <= LARGEST:
            raise ValueError(f"the {noun} of {name} must be between 0 and {LARGEST:,}.")
        figures[name] = float(value)
    return MappingProxyType(figures)


def _one_of(raw: object, known: tuple[str, ...]) -> str:
    word = text(raw)
    if word not in known:
        raise ValueError(f"expected one of {', '.join(known)}.")
    return word
