"""Grades as bit masks.

K is 0, grades 1 to 12 are themselves, pre-kindergarten is -1; bit ``g`` of a mask stands for
grade ``g`` and :data:`~feeder.district.model.PK_BIT` for pre-kindergarten. Transitional
kindergarten is the year before K and counts as pre-kindergarten. Ungraded, adult and
postgraduate classes set no bit: their pupils never change school.
"""

from __future__ import annotations

from typing import Final

from feeder.district.model import K12_MASK, PK_BIT
from feeder.district.schools.grade_systems import AMERICAN, GradeSystem

PK: Final = -1
NO_GRADE: Final = -2
"""``grade_low`` and ``grade_high`` of a school that serves neither PK nor K-12."""
LAST_GRADE: Final = 12


def span_mask(low: int, high: int) -> int:
    """Return the mask of every grade from ``low`` to ``high``, both included (-1 is PK)."""
    return sum(PK_BIT if grade == PK else 1 << grade for grade in range(low, high + 1))


def lowest(mask: int) -> int:
    """Return the lowest grade of a mask, PK included; :data:`NO_GRADE` for none."""
    if mask & PK_BIT:
        return PK
    return (mask & -mask).bit_length() - 1 if mask else NO_GRADE


def highest(mask: int) -> int:
    """Return the highest grade of a mask; PK only without K-12, NO_GRADE for none."""
    k12 = mask & K12_MASK
    if k12:
        return k12.bit_length() - 1
    return PK if mask else NO_GRADE


def level_of(mask: int, system: GradeSystem = AMERICAN) -> str:
    """Return the level that follows from the K-12 grades of a mask.

    Where the district has levels of its own, what stands for the one that the grades lie in, and
    ``span`` where they lie in none. Else, with ``low`` and ``high`` the lowest and highest K-12
    grade, the first that fits of

    - ``other``: no K-12 grade (pre-kindergarten only, adult, ungraded, unknown);
    - ``elementary``: ends by grade 5, or ends in 6 and starts by 4 (K-5, K-6, K-2, 3-5, 4-6);
    - ``high``: starts at 9 or later, or starts at 8 and reaches 10 (9-12, 10-12, 8-12);
    - ``middle``: starts at 4 or later and ends by 9 (6-8, 7-8, 5-8, 4-8, 7-9, 5-6);
    - ``span``: everything else (K-8, K-12, 6-12, 7-12).
    """
    k12 = mask & K12_MASK
    if not k12:
        return "other"
    if system.levels:
        roles = [system.role(level) for level in system.levels if not k12 & ~level.mask]
        return roles[0] if roles else "span"
    low, high = lowest(k12), highest(k12)
    if high <= 5 or (high == 6 and low <= 4):  # noqa: PLR2004 - grades are their own names
        return "elementary"
    if low >= 9 or (low == 8 and high >= 10):  # noqa: PLR2004 - as above
        return "high"
    return "middle" if low >= 4 and high <= 9 else "span"  # noqa: PLR2004 - as above


def grade_label(grade: int, system: GradeSystem = AMERICAN) -> str:
    """Return ``PK``, ``K``, ``1`` ... ``12``, or an empty text for :data:`NO_GRADE`."""
    return "" if grade == NO_GRADE else system.label(grade)


def span_label(mask: int, system: GradeSystem = AMERICAN) -> str:
    """Return a mask as people write it: ``K-5``, ``PK-6``, ``7``, ``1-2 4-8``, ``no grades``.

    ``system`` is what grades are called.
    """
    grades = [grade for grade in range(PK, LAST_GRADE + 1) if mask & span_mask(grade, grade)]
    runs: list[list[int]] = []
    for grade in grades:
        if runs and runs[-1][-1] == grade - 1:
            runs[-1].append(grade)
        else:
            runs.append([grade])
    ends = [(system.label(run[0]), system.label(run[-1])) for run in runs]
    labels = ["-".join(dict.fromkeys(pair)) for pair in ends]
    return " ".join(labels) or "no grades"
