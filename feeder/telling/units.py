"""Tables that say what their columns count."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

from feeder.terms import DECIMALS, PERCENT_UNITS

MANY: Final = 1_000
"""From here on, parts of one mean nothing where a unit has no decimals of its own."""
TEXT: Final = ""
"""The unit of a column of texts, or of yes and no."""


def with_units(frame: pd.DataFrame, units: Mapping[str, str]) -> pd.DataFrame:
    """Return a table whose ``attrs["units"]`` gives the unit of each column, in their order.

    Raises
    ------
    ValueError
        Where a column has no unit, or a unit no column: a figure without a unit is no figure.
    """
    named, given = set(map(str, frame.columns)), set(units)
    if named != given:
        odd = ", ".join(sorted(named ^ given))
        raise ValueError(f"columns and units differ: {odd}")
    told = frame.copy()
    told.attrs["units"] = {str(name): units[str(name)] for name in frame.columns}
    return told


def number_form(value: float, unit: str, *, rough: bool = False, most: int | None = None) -> str:
    """Return the format of a figure: its digits are those of its unit, wherever it is told.

    Shares are told in percent, whole where they are ``rough``; no figure has more than ``most``
    decimals, where these are given. What has no decimals of its own is
    told whole where it is whole or large, else with one decimal, with two below 1. The page does
    the same (``panel/figures.mjs``).

    Examples
    --------
    >>> number_form(0.954, "share"), number_form(21.9, "km"), number_form(1200.4, "students")
    ('.1%', ',.1f', ',.0f')
    """
    decimals = decimals_of(value, unit, rough=rough, most=most)
    return f".{decimals}%" if unit in PERCENT_UNITS else f",.{decimals}f"


def decimals_of(value: float, unit: str, *, rough: bool = False, most: int | None = None) -> int:
    """Return how many decimals a figure is told with; of percent where it is a share."""
    usual = _usual_decimals(value, unit, rough=rough)
    return usual if most is None else min(usual, most)


def _usual_decimals(value: float, unit: str, *, rough: bool) -> int:
    if unit in DECIMALS:
        return 0 if rough and unit in PERCENT_UNITS else DECIMALS[unit]
    size = abs(float(value))
    if size.is_integer() or size >= MANY:
        return 0
    return 1 if size >= 1 else 2


def units_of(frame: pd.DataFrame) -> dict[str, str]:
    """Return the unit of each column of a table made by :func:`with_units`."""
    units: dict[str, str] = frame.attrs["units"]
    return units
