"""How evenly dollars per student are spread over groups of students.

Every figure looks at students, each with the dollars per student of their group: a group counts by
its students. Groups without students say nothing and are left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from feeder.network.graph import FloatArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Equity:
    """Equity of dollars per student between groups.

    Attributes
    ----------
    highest, lowest
        Dollars per student of the groups that have most and least.
    ratio
        Highest over lowest; infinite where the lowest is 0 and the highest is not.
    gini, theil
        :func:`gini` and :func:`theil`.
    """

    highest: float
    lowest: float
    ratio: float
    gini: float
    theil: float


def equity(dollars: npt.ArrayLike, students: npt.ArrayLike) -> Equity | None:
    """Return the equity of groups; None where no group has students, or nobody has a dollar.

    Parameters
    ----------
    dollars, students
        Shape (n_groups,): none negative.
    """
    money, people = _counted(dollars, students)
    if not money.sum():
        return None
    each = money / people
    high, low = float(each.max()), float(each.min())
    return Equity(
        highest=high,
        lowest=low,
        ratio=high / low if low else float("inf"),
        gini=gini(money, people),
        theil=theil(money, people),
    )


def gini(dollars: npt.ArrayLike, students: npt.ArrayLike) -> float:
    """Return the Gini coefficient of dollars per student, weighted by students.

    Half the mean absolute difference of two students drawn at random, over the mean: 0 where all
    have the same, near 1 where one has everything (Gini 1912). Computed as twice the area between
    the Lorenz curve and the diagonal, which is the same.
    """
    money, people = _counted(dollars, students)
    order = np.argsort(money / people, kind="stable")
    own = np.concatenate([[0.0], np.cumsum(money[order])]) / money.sum()
    step = people[order] / people.sum()
    return max(0.0, float(1.0 - (step * (own[1:] + own[:-1])).sum()))


def theil(dollars: npt.ArrayLike, students: npt.ArrayLike) -> float:
    """Return Theil's T of dollars per student, weighted by students, in nats.

    The sum over groups of their share of the dollars times the logarithm of that share over their
    share of the students: 0 where all have the same (Theil 1967). A group without dollars adds
    nothing.
    """
    money, people = _counted(dollars, students)
    share, size = money / money.sum(), people / people.sum()
    some = share > 0
    return max(0.0, float((share[some] * np.log(share[some] / size[some])).sum()))


def theil_parts(
    dollars: npt.ArrayLike, students: npt.ArrayLike, group: IntArray
) -> tuple[float, float]:
    """Return Theil's T within and between groups of units; they add up to that of the units.

    Between: T of the groups. Within: the mean of T inside each group, weighted by its share of the
    dollars (the decomposition that Theil's T has and the Gini coefficient has not; Theil 1967).

    Parameters
    ----------
    dollars, students
        Shape (n_units,): as of :func:`theil`.
    group
        Shape (n_units,): index of the group of each unit, 0 or more.
    """
    group = group[np.asarray(students) > 0]
    money, people = _counted(dollars, students)
    of_group, in_group = np.bincount(group, money), np.bincount(group, people)
    within = sum(
        (
            of_group[g] / money.sum() * theil(money[group == g], people[group == g])
            for g in np.flatnonzero(of_group > 0).tolist()
        ),
        0.0,
    )
    return within, theil(of_group, in_group)


def _counted(dollars: npt.ArrayLike, students: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return the dollars and students of groups that have students."""
    money, people = (np.asarray(values, dtype=np.float64) for values in (dollars, students))
    some = people > 0
    return money[some], people[some]
