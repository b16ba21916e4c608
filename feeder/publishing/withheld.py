"""How many counts are not told, by kind, for the sentence that every published page ends with."""

from __future__ import annotations

from feeder.publishing.cells import SMALLEST, Range, Told

KINDS = ("enrollment", "grade", "count", "rate", "goal", "flow")
"""Kinds of counts."""


def withheld(told: Told) -> dict[str, int]:
    """Count what is told as a range only.

    Returns
    -------
    ``below`` (the fewest students that are told), of each kind how many counts may be fewer, and
    ``ranged``: larger counts that would give those away.
    """
    tables = {
        "enrollment": [told.enrollment],
        "grade": [told.grades] if told.grades is not None else [],
        "count": [told.counts],
        "rate": [told.parts],
        "goal": list(told.goals),
        "flow": [told.flows],
    }
    few = {kind: sum(_few(one) for one in ranges) for kind, ranges in tables.items()}
    is_open = sum(int(one.is_open.to_numpy().sum()) for ranges in tables.values() for one in ranges)
    return {"below": SMALLEST, **few, "ranged": is_open - sum(few.values())}


def _few(cells: Range) -> int:
    return int((cells.is_open & (cells.low < SMALLEST)).to_numpy().sum())
