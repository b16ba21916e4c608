"""What the counts that are told leave open of the figures of each community.

Each figure is looked at in two worlds, every count at its least and every count at its most. A
sum lies between the two. A rate is bounded by its part at one end against the rest at the other: it
grows with each student in the part and falls with each of the rest.
``assets/page/arithmetic/ranges.mjs`` does the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from feeder.measures.continuity import k12_range
from feeder.measures.families import Subject
from feeder.network.graph import FloatArray

_DEVIATIONS = {"enrollment": "enrollment_deviation", "need": "need_deviation"}
_OF_CHANCE = "k12_continuity"


@dataclass(frozen=True, slots=True, eq=False)
class Ranges:
    """The least and the greatest each figure of a community may be; only columns left open."""

    low: pd.DataFrame
    high: pd.DataFrame


def community_ranges(
    subject: Subject, tables: tuple[pd.DataFrame, pd.DataFrame], schools: tuple[pd.DataFrame, ...]
) -> Ranges:
    """Return what is open of the communities of a plan.

    Parameters
    ----------
    subject
        The plan in the middle world.
    tables
        Its communities in the least and in the most.
    schools
        The schools of the least and of the most, in the order of the graph.
    """
    least, most = tables
    low, high = pd.DataFrame(index=least.index), pd.DataFrame(index=least.index)
    names = [str(name) for name in least.columns if least[name].dtype.kind in "if"]
    for name in names:
        ends = np.stack([least[name].to_numpy(np.float64), most[name].to_numpy(np.float64)])
        low[name], high[name] = np.fmin(*ends), np.fmax(*ends)
    for name in names:
        if f"{name}_numerator" in least and name != _OF_CHANCE:
            part, whole = (
                np.stack([table[f"{name}_{end}"].to_numpy(np.float64) for table in tables])
                for end in ("numerator", "denominator")
            )
            low[name], high[name] = rate_range(part, whole - part)
    for name, deviation in _DEVIATIONS.items():
        if deviation in least:
            sums = (low[name].to_numpy(np.float64), high[name].to_numpy(np.float64))
            low[deviation], high[deviation] = deviation_range(*sums)
    k12 = k12_range(subject.inputs.flows[0], subject.grouping.school, subject.grouping.n, *schools)
    low[_OF_CHANCE], high[_OF_CHANCE] = k12
    is_open = [name for name in low if not _same(low[name], high[name])]
    return Ranges(low[is_open], high[is_open])


def rate_range(part: FloatArray, rest: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the least and the greatest share of a part, each of shape (n,).

    Parameters
    ----------
    part, rest
        Shape (2, n): students in the part, and the rest of the whole, in two worlds.
    """
    ends = (part.min(axis=0), rest.max(axis=0)), (part.max(axis=0), rest.min(axis=0))
    low, high = (
        np.divide(of, of + others, out=np.full(len(of), np.nan), where=of + others > 0)
        for of, others in ends
    )
    return low, high


def deviation_range(low: FloatArray, high: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the least and the greatest relative deviation from the mean, by community.

    Parameters
    ----------
    low, high
        Shape (n,): the least and the greatest sum of each community.
    """
    least, most = low + (high.sum() - high), high + (low.sum() - low)
    with np.errstate(invalid="ignore", divide="ignore"):
        return len(low) * low / least - 1.0, len(low) * high / most - 1.0


def _same(low: pd.Series[float], high: pd.Series[float]) -> bool:
    return bool(np.array_equal(low.to_numpy(), high.to_numpy(), equal_nan=True))
