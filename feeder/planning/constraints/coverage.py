"""Every K-12 grade that the district serves, served in every community, with seats enough.

``coverage_share``: a school of 17 students does not make a community reach grade 12.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from feeder.district.model import K12_MASK
from feeder.district.schools.grades import grade_label, span_label
from feeder.district.schools.seats import PARTS_OF_A_SEAT, seats_by_grade
from feeder.language import Fact, Message
from feeder.network.graph import FloatArray, IntArray
from feeder.network.model import Network
from feeder.partition.problem import N_GRADES
from feeder.planning.constraints.asked import Asked, Total
from feeder.planning.constraints.contract import Constraint
from feeder.planning.constraints.judged import ConstraintResult, Judged, Violation, result
from feeder.planning.zones import Zones
from feeder.terms import SUM_SLACK


class Coverage(Constraint):
    """No community without a grade, or with hardly a seat in it."""

    of_any_plan = True

    def reasons(self, asked: Asked, zones: Zones) -> Iterator[Message]:
        """Tell grades that fewer campuses serve, or seat, than there are communities."""
        del zones
        by_count: dict[int, int] = defaultdict(int)
        for grade in range(N_GRADES):
            by_count[int((asked.grades >> grade & 1).sum())] |= 1 << grade
        few, system = 0, asked.district.grade_system
        for count, mask in sorted(by_count.items()):
            if 0 < count < asked.n:
                few |= mask
                key = "cannot.grade" if mask.bit_count() == 1 else "cannot.grades"
                numbers = {"communities": asked.n, "n": count}
                yield Message(key, {**numbers, "grades": span_label(mask, system)})
        yield from _too_few_seats(asked, few)

    def totals(self, asked: Asked) -> Iterator[Total]:
        """Give the seats of each grade with the fewest that a community may have."""
        seats = asked.seats
        least = _least(seats.sum(axis=0), asked.n, asked.scenario.coverage_share)
        for grade in np.flatnonzero(least > 0).tolist():
            yield Total(f"seats_{grade_label(grade)}", seats[:, grade], float(least[grade]), np.inf)

    def fields(self, asked: Asked, network: Network) -> Mapping[str, Any]:
        """Give the grades of each campus and of the district."""
        del network
        grades = asked.grades
        every = int(np.bitwise_or.reduce(grades)) if len(grades) else 0
        return {"grades": grades, "required_grades": every}

    def check(self, plan: Judged) -> Iterator[ConstraintResult]:
        """Find grades that no school of a community serves, and those with too few seats."""
        share = plan.scenario.coverage_share
        facts = {"share": share} if share else {}
        yield result("k12_coverage", _broken(plan), facts, variant="_seats" if share else "")

    def facts(self, plan: Judged) -> Mapping[str, Any]:
        """Give the share, and the seats of each grade served where students are counted by grade.

        The page works out the others: enrollment over grades served.
        """
        share, counted = plan.scenario.coverage_share, plan.assignment.district.grade_enrollment
        if not share:
            return {}
        told: list[int] | None = None
        if counted is not None:
            masks = plan.schools["grades"].to_numpy(np.int64)
            serves = (masks[:, None] >> np.arange(N_GRADES)) & 1 == 1
            seats = seats_by_grade(plan.schools, counted)[serves]
            told = (seats * PARTS_OF_A_SEAT).astype(np.int64).tolist()
        return {"coverage_share": share, "seats": told}


def _least(seats: FloatArray, n: int, share: float) -> FloatArray:
    """Shape (n_grades,): the fewest seats of a community, of those of all schools."""
    return share * seats / n


def _too_few_seats(asked: Asked, few: int) -> Iterator[Message]:
    """Tell grades whose seats cannot be shared among so many communities.

    A campus with seats enough serves one community; all others together serve as many as their
    seats add up for. Grades that too few campuses serve at all (``few``) are told already, and so
    is a campus too large for any community, beside which all others seem small.
    """
    ceiling = asked.enrollment.sum() / asked.n * (1 + asked.scenario.enrollment_tolerance)
    if asked.enrollment.max(initial=0.0) > ceiling:
        return
    share, seats = asked.scenario.coverage_share, asked.seats
    least = _least(seats.sum(axis=0), asked.n, share)
    by_reach: dict[int, list[int]] = defaultdict(list)
    for grade in np.flatnonzero(least > 0).tolist():
        own, bound = seats[:, grade], float(least[grade])
        large = own >= bound - SUM_SLACK
        reach = int(large.sum()) + int(own[~large].sum() / bound + SUM_SLACK)
        if reach < asked.n and not few >> grade & 1:
            by_reach[reach].append(grade)
    for reach, grades in sorted(by_reach.items()):
        numbers = {"communities": asked.n, "n": reach, "share": share}
        told = span_label(sum(1 << grade for grade in grades), asked.district.grade_system)
        bound = float(least[grades].min())
        yield Message("cannot.seats", {**numbers, "grades": told, "least": bound})


def _broken(plan: Judged) -> Iterator[Violation]:
    members = ~plan.graph.is_apart[plan.graph.school_node]
    grades: IntArray = np.where(members, plan.schools["grades"].to_numpy(np.int64) & K12_MASK, 0)
    every = int(np.bitwise_or.reduce(grades))
    share, district = plan.scenario.coverage_share, plan.assignment.district
    counted, system = district.grade_enrollment, district.grade_system
    seats = seats_by_grade(plan.schools, counted) * members[:, None]
    least = _least(seats.sum(axis=0), plan.n, share)
    for c, schools in plan.members():
        missing = every & ~int(np.bitwise_or.reduce(grades[schools]))
        if missing:
            text = span_label(missing, system)
            yield plan.broken(c, text, span_label(every, system), "grades", "grades", grades=text)
        own = seats[schools].sum(axis=0)
        short = [
            grade
            for grade in range(N_GRADES)
            if not missing >> grade & 1 and own[grade] < least[grade] - SUM_SLACK
        ]
        if short:
            worst = min(short, key=lambda grade: (own[grade] / least[grade], grade))
            told: dict[str, Fact] = {
                "grades": span_label(sum(1 << grade for grade in short), system),
                "grade": grade_label(worst, system),
                "value": float(own[worst]),
                "bound": float(least[worst]),
            }
            yield plan.broken(c, float(own[worst]), float(least[worst]), "seats", "seats", **told)
