"""What a formula gives every school under a plan, to the cent.

What is held centrally is taken off the total. Offices and schools get their fixed amounts first;
the rest is shared in proportion to ``per_pupil`` times students plus ``per_need`` times need. Then
schools are held harmless. Inside, money is whole cents and shares are exact fractions; tables tell
dollars.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeAlias

import numpy as np
import pandas as pd

from feeder.analyses.funding.money import exact, largest_remainder, share_above_floors, to_cents
from feeder.district.model import Funding
from feeder.errors import InputError, Problem
from feeder.network.graph import IntArray
from feeder.planning import Assignment

Parts: TypeAlias = tuple[int, int, int, int]
PARTS: Final = ("base", "for_students", "for_need", "held_harmless")
"""What a school's amount is made of; the last may be negative."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Allocation:
    """Every cent of a budget under one plan.

    Attributes
    ----------
    assignment
        The plan.
    funding
        The formula.
    central
        Cents held centrally.
    office
        Cents of the office of each community.
    cents
        Indexed by ``school_id`` (all schools of the district, sorted), columns PARTS, whole cents.
    """

    assignment: Assignment
    funding: Funding
    central: int
    office: int
    cents: pd.DataFrame

    @property
    def offices(self) -> int:
        """Cents of all offices."""
        return self.office * self.assignment.n_communities

    @property
    def total(self) -> int:
        """Cents in all: held centrally, offices and schools."""
        return self.central + self.offices + int(self.cents.to_numpy().sum())

    @property
    def communities(self) -> IntArray:
        """Shape (n_schools,): index of the community of each school of ``cents``; -1 is none."""
        index = {name: at for at, name in enumerate(self.assignment.community_ids)}
        plan = self.assignment.plan_table().set_index("school_id")["community_id"]
        return plan.map(lambda name: index.get(name, -1)).to_numpy(np.int64)


def allocate(assignment: Assignment, funding: Funding) -> Allocation:
    """Share a budget among the schools and the offices of a plan.

    Schools outside every community are funded like others, but have no office. Without a total the
    formula's amounts stand as they are, raised where schools are held harmless, and the total
    follows from them.

    Raises
    ------
    InputError
        Where the fixed amounts or the floors exceed what there is, or nothing says how the rest is
        shared.
    """
    schools = assignment.district.schools
    base, office = to_cents(funding.per_school), to_cents(funding.per_community)
    students = [exact(funding.per_pupil) * int(n) for n in schools["enrollment"]]
    need = [exact(funding.per_need) * exact(value) for value in _need(assignment)]
    floors = [max(base, floor) for floor in _floors(assignment, funding)]
    offices = office * assignment.n_communities
    if funding.total is None:
        parts = _as_they_stand(base, students, need, floors)
        share = exact(funding.held_centrally)
        paid = offices + sum(map(sum, parts))
        central = round(paid * share / (1 - share))
    else:
        total = to_cents(funding.total)
        central = round(total * exact(funding.held_centrally))
        rest = total - central - offices
        _check_fixed(rest, base, assignment, funding)
        parts = _shared(rest, base, students, need, floors)
    return Allocation(
        assignment=assignment,
        funding=funding,
        central=central,
        office=office,
        cents=pd.DataFrame(parts, index=schools.index, columns=list(PARTS), dtype=np.int64),
    )


def _need(assignment: Assignment) -> list[float]:
    """Return the need figure of each school; 0 where the district has none."""
    need = assignment.district.statistics.need
    schools = assignment.district.schools
    return [0.0] * len(schools) if need is None else need.reindex(schools.index).tolist()


def _floors(assignment: Assignment, funding: Funding) -> list[int]:
    """Return the cents that each school keeps of last year, rounded up; 0 where unknown."""
    schools = assignment.district.schools
    if funding.last_year is None:
        return [0] * len(schools)
    known = funding.last_year.reindex(schools.index).fillna(0.0)
    kept = exact(funding.hold_harmless)
    return [-int(-exact(value) * 100 * kept // 1) for value in known.tolist()]


def _as_they_stand(
    base: int, students: list[Fraction], need: list[Fraction], floors: list[int]
) -> list[Parts]:
    """Return the parts of each school in cents, each rounded for itself."""
    parts: list[Parts] = []
    for by_students, by_need, floor in zip(students, need, floors, strict=True):
        own = (base, to_cents(by_students), to_cents(by_need))
        parts.append((*own, max(0, floor - sum(own))))
    return parts


def _shared(
    rest: int, base: int, students: list[Fraction], need: list[Fraction], floors: list[int]
) -> list[Parts]:
    """Return the parts of each school in cents; all of them add up to the rest.

    Raises
    ------
    InputError
        Where the floors exceed the rest, or nobody has a weight to share by.
    """
    free = rest - base * len(floors)
    weights = [a + b for a, b in zip(students, need, strict=True)]
    whole = sum(weights, Fraction(0))
    if free and not whole:
        raise InputError([_no_weight(free)])
    if sum(floors) > rest:
        raise InputError([_floors_above(sum(floors), rest)])
    quotas = [base + (free * weight / whole if whole else Fraction(0)) for weight in weights]
    by_formula = largest_remainder(free, weights)
    final = share_above_floors(rest, quotas, floors)
    parts: list[Parts] = []
    for cents, ends, by_students, by_need in zip(by_formula, final, students, need, strict=True):
        of_students, of_need = largest_remainder(cents, (by_students, by_need))
        parts.append((base, of_students, of_need, ends - base - cents))
    return parts


def _check_fixed(rest: int, base: int, assignment: Assignment, funding: Funding) -> None:
    """Check that the fixed amounts fit into what is left after the share held centrally."""
    n = len(assignment.district.schools)
    missing = base * n - rest
    if missing <= 0:
        return
    k = assignment.n_communities
    message = (
        f"{k:,} community offices at ${funding.per_community:,.2f} and {n:,} schools at "
        f"${funding.per_school:,.2f} need {_dollars(missing)} more than there is: "
        f"{_dollars(rest + to_cents(funding.per_community) * k)} of the total of "
        f"${funding.total:,.2f} after {funding.held_centrally:.1%} held centrally."
    )
    fix = "Raise total, or lower per_community, per_school or held_centrally."
    raise InputError(
        [Problem(rule="fixed-above-pot", message=message, fix=fix, column="funding.total")]
    )


def _no_weight(free: int) -> Problem:
    return Problem(
        rule="no-weight",
        message=f"nothing says how the {_dollars(free)} beyond the fixed amounts are shared.",
        fix="Give per_pupil or per_need: 1 and 0.4 share by students, and each unit of need counts "
        "as much as 0.4 students more.",
        column="funding.per_pupil",
    )


def _floors_above(floors: int, rest: int) -> Problem:
    return Problem(
        rule="floors-above-pot",
        message=f"what schools keep by hold_harmless and per_school comes to {_dollars(floors)}, "
        f"{_dollars(floors - rest)} more than the {_dollars(rest)} that they have to share.",
        fix="Lower hold_harmless, or raise total.",
        column="funding.hold_harmless",
    )


def _dollars(cents: int) -> str:
    return f"${cents / 100:,.2f}"
