"""All constraints, in the order in which they are reported."""

from __future__ import annotations

from typing import Final

from feeder.planning.constraints.balance import Enrollment, Need
from feeder.planning.constraints.budgets import Budgets
from feeder.planning.constraints.capacity import Capacity
from feeder.planning.constraints.contiguity import Contiguity
from feeder.planning.constraints.contract import Constraint
from feeder.planning.constraints.coverage import Coverage
from feeder.planning.constraints.groups import KeepApart, KeepTogether, Locked
from feeder.planning.constraints.nested import NestedIn
from feeder.planning.constraints.number import Communities, NoEmptyCommunity
from feeder.planning.constraints.offices import OfficeMinutes
from feeder.planning.constraints.placement import CampusWhole, EverySchoolPlaced
from feeder.planning.constraints.schools import Schools

CONSTRAINTS: Final[tuple[Constraint, ...]] = (
    Communities(),
    NoEmptyCommunity(),
    Schools(),
    Enrollment(),
    Need(),
    Capacity(),
    Coverage(),
    Contiguity(),
    EverySchoolPlaced(),
    CampusWhole(),
    OfficeMinutes(),
    Budgets(),
    NestedIn(),
    KeepTogether(),
    KeepApart(),
    Locked(),
)
