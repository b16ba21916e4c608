"""Every K-12 grade that the district serves, served in every community."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from feeder.district.grades import span_label
from feeder.district.model import K12_MASK
from feeder.language import Message
from feeder.network.model import Network
from feeder.partition.problem import N_GRADES
from feeder.planning.constraints.asked import Asked
from feeder.planning.constraints.contract import Constraint
from feeder.planning.constraints.judged import ConstraintResult, Judged, Violation, result
from feeder.planning.zones import Zones


class Coverage(Constraint):
    """No community without a grade."""

    of_any_plan = True

    def reasons(self, asked: Asked, zones: Zones) -> Iterator[Message]:
        """Tell grades that fewer campuses serve than there are communities."""
        del zones
        by_count: dict[int, int] = defaultdict(int)
        for grade in range(N_GRADES):
            by_count[int((asked.grades >> grade & 1).sum())] |= 1 << grade
        for count, mask in sorted(by_count.items()):
            if 0 < count < asked.n:
                key = "cannot.grade" if mask.bit_count() == 1 else "cannot.grades"
                numbers = {"communities": asked.n, "n": count}
                yield Message(key, {**numbers, "grades": span_label(mask)})

    def fields(self, asked: Asked, network: Network) -> Mapping[str, Any]:
        """Give the grades of each campus and of the district."""
        del network
        grades = asked.grades
        every = int(np.bitwise_or.reduce(grades)) if len(grades) else 0
        return {"grades": grades, "required_grades": every}

    def check(self, plan: Judged) -> Iterator[ConstraintResult]:
        """Find grades that no school of a community serves."""
        yield result("k12_coverage", _missing(plan))


def _missing(plan: Judged) -> Iterator[Violation]:
    grades = plan.schools["grades"].to_numpy(np.int64) & K12_MASK
    every = int(np.bitwise_or.reduce(grades))
    for c, members in plan.members():
        missing = every & ~int(np.bitwise_or.reduce(grades[members]))
        if missing:
            text = span_label(missing)
            yield plan.broken(c, text, span_label(every), "grades", "grades", grades=text)
