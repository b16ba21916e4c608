"""What the counts that are told leave open of the figures of each community.

Each figure is looked at in two worlds, every count at its least and every count at its most. A
sum lies between the two. A rate is bounded by its part at one end against the rest at the other: it
grows with each student in the part and falls with each of the rest. The rest of a district's own
rate is no count, so it is what lies between the ends of the whole and those of the part.
``assets/page/arithmetic/ranges.mjs`` does the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from feeder.measures.communities import counted_table
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


def community_ranges(subject: Subject, ends: tuple[Subject, Subject]) -> Ranges:
    """Return what is open of the communities of a plan.

    Parameters
    ----------
    subject
        The plan in the middle world.
    ends
        The same plan in the least and in the most.
    """
    tables = counted_table(ends[0]), counted_table(ends[1])
    least = tables[0]
    own_rates = set(map(str, subject.assignment.district.statistics.rates))
    low, high = pd.DataFrame(index=least.index), pd.DataFrame(index=least.index)
    names = [str(name) for name in least.columns if least[name].dtype.kind in "if"]
    for name in names:
        sums = np.stack([table[name].to_numpy(np.float64) for table in tables])
        low[name], high[name] = np.fmin(*sums), np.fmax(*sums)
    for name in names:
        if f"{name}_numerator" in least and name != _OF_CHANCE:
            part, whole = (
                np.stack([table[f"{name}_{end}"].to_numpy(np.float64) for table in tables])
                for end in ("numerator", "denominator")
            )
            rest = _rest(part, whole) if name in own_rates else whole - part
            low[name], high[name] = rate_range(part, rest)
    for name, deviation in _DEVIATIONS.items():
        if deviation in least:
            between = (low[name].to_numpy(np.float64), high[name].to_numpy(np.float64))
            low[deviation], high[deviation] = deviation_range(*between)
    low[_OF_CHANCE], high[_OF_CHANCE] = _k12_range(subject, *ends)
    for end in (low, high):
        children = end[f"{_OF_CHANCE}_denominator"]
        end[f"{_OF_CHANCE}_numerator"] = end[_OF_CHANCE].fillna(0.0) * children
    is_open = [name for name in low if not _same(low[name], high[name])]
    return Ranges(low[is_open], high[is_open])


def _k12_range(subject: Subject, least: Subject, most: Subject) -> tuple[FloatArray, FloatArray]:
    """Return the least and the greatest K-12 continuity; flows of any source may be open."""
    low, high = (end.inputs.flows[0].students for end in (least, most))
    flows = replace(subject.inputs.flows[0], low=low, high=high)
    schools = least.inputs.schools, most.inputs.schools
    return k12_range(flows, subject.grouping.school, subject.grouping.n, *schools)


def share_range(part: FloatArray, whole: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the least and the greatest share of a part in a whole that is known on its own.

    Parameters
    ----------
    part, whole
        Shape (2, n): the least and the most of each.
    """
    return rate_range(part, _rest(part, whole))


def _rest(part: FloatArray, whole: FloatArray) -> FloatArray:
    """Return the least and the most that a whole has beside a part, of shape (2, n)."""
    rest: FloatArray = np.stack([whole[0] - part[1], whole[1] - part[0]]).clip(min=0.0)
    return rest


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
