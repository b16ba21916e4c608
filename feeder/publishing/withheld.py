"""How many counts are not told, by kind, for the sentence that every published page ends with."""

from __future__ import annotations

from feeder.publishing.cells import SMALLEST, Range, Told

KINDS = {"part": "rate", "whole": "rate"}
"""Tables that are told of under another name."""


def withheld(told: Told) -> dict[str, int]:
    """Count what is told as a range only.

    Returns
    -------
    ``below`` (the fewest students that are told), of each kind (``enrollment``, ``grade``,
    ``count``, ``rate``, ``goal``, ``flow``) how many counts may be fewer, and ``ranged``: larger
    counts that would give those away.
    """
    found = {"below": SMALLEST}
    ranged = 0
    for name, cells in told.tables.items():
        kind = KINDS.get(name, name.partition(" ")[0])
        few = _few(cells)
        found[kind] = found.get(kind, 0) + few
        ranged += int(cells.is_open.to_numpy().sum()) - few
    return {**found, "ranged": ranged}


def _few(cells: Range) -> int:
    return int((cells.is_open & (cells.low < SMALLEST)).to_numpy().sum())
