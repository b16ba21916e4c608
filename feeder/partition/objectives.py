"""What a plan should be best at: each objective with its value and its change for a move.

``value`` counts a partition from scratch and shares no code with the compiled ``change``, which
the search adds up; a test holds that both agree. Values are those of the measures of the same
name, but that distances are taken in the plane, schools and students moved are shares of all,
and the schools of one campus count as one.
"""

from __future__ import annotations

from typing import Final, Protocol

from feeder.partition import values
from feeder.partition.kernels import objectives as kernels
from feeder.partition.kernels.arrays import ProblemArrays, State
from feeder.partition.kernels.disruption import disruption_change
from feeder.partition.kernels.office import office_change
from feeder.partition.problem import DISRUPTIONS, IntArray, PartitionProblem


class Objective(Protocol):
    """One objective, weighed by its measure's name in ``PartitionProblem.weights``."""

    @property
    def name(self) -> str:
        """The measure."""
        ...

    def value(self, problem: PartitionProblem, labels: IntArray) -> float:
        """Value of a partition, of shape (n_units,), from scratch."""
        ...

    def change(
        self, problem: PartitionProblem, arrays: ProblemArrays, state: State, u: int, a: int, b: int
    ) -> float:
        """Change of the value once unit ``u`` moves from community ``a`` to ``b``."""
        ...


class FeederContinuity:
    """Share of the students who change school that stay in their community."""

    name = "feeder_continuity"

    def value(self, problem: PartitionProblem, labels: IntArray) -> float:
        """Share kept; 1 where nobody changes school."""
        return values.kept_share(problem, labels)

    def change(
        self, problem: PartitionProblem, arrays: ProblemArrays, state: State, u: int, a: int, b: int
    ) -> float:
        """Change of the share."""
        kept = kernels.kept_change(arrays, state, u, a, b)
        return kept / problem.flow_total if problem.flow_total > 0 else 0.0


class CutContacts:
    """Share of the land contacts that run between communities."""

    name = "cut_contacts"

    def value(self, problem: PartitionProblem, labels: IntArray) -> float:
        """Share cut."""
        return values.cut_share(problem, labels)

    def change(
        self, problem: PartitionProblem, arrays: ProblemArrays, state: State, u: int, a: int, b: int
    ) -> float:
        """Change of the share."""
        return kernels.cut_change(arrays, state, u, a, b) / max(1, problem.n_contacts)


class Diameter:
    """Largest distance between two campuses of one community, in km."""

    name = "diameter_km"

    def value(self, problem: PartitionProblem, labels: IntArray) -> float:
        """Kilometres, in the plane."""
        return values.diameter_km(problem, labels)

    def change(
        self, problem: PartitionProblem, arrays: ProblemArrays, state: State, u: int, a: int, b: int
    ) -> float:
        """Change in km; the state must have been counted with a weight on this objective."""
        del problem
        return kernels.diameter_change(arrays, state, u, a, b)


class Deviation:
    """Largest deviation of a community's total (enrollment, need) from the mean community's."""

    def __init__(self, name: str, row: int) -> None:
        self.name = name
        self.row = row

    def value(self, problem: PartitionProblem, labels: IntArray) -> float:
        """Share of the mean."""
        return values.deviation(problem, labels, self.row)

    def change(
        self, problem: PartitionProblem, arrays: ProblemArrays, state: State, u: int, a: int, b: int
    ) -> float:
        """Change of the share."""
        del problem
        return kernels.deviation_change(arrays, state, self.row, u, a, b)


class OfficeMinutes:
    """Mean minutes of a school to the office of its community."""

    name = "office_minutes_mean"

    def value(self, problem: PartitionProblem, labels: IntArray) -> float:
        """Minutes."""
        return values.office_minutes(problem, labels)

    def change(
        self, problem: PartitionProblem, arrays: ProblemArrays, state: State, u: int, a: int, b: int
    ) -> float:
        """Change in minutes."""
        if problem.offices is None:
            return 0.0
        return office_change(arrays, state, u, a, b) / max(1, int(problem.schools.sum()))


class Disruption:
    """What changes against the existing plan, schools and students as shares of all."""

    def __init__(self, name: str) -> None:
        self.name = name

    def value(self, problem: PartitionProblem, labels: IntArray) -> float:
        """Share of schools, of students or of pairs of students; nats of information."""
        return values.disruption_share(problem, labels, self.name)

    def change(
        self, problem: PartitionProblem, arrays: ProblemArrays, state: State, u: int, a: int, b: int
    ) -> float:
        """Change; the state must have been counted with a weight or a budget on disruption."""
        whole = {"schools_moved": problem.schools_today, "students_moved": problem.students_today}
        change = disruption_change(arrays, state, DISRUPTIONS.index(self.name), u, a, b)
        return change / max(whole.get(self.name, 1.0), 1.0)


OBJECTIVES: Final[tuple[Objective, ...]] = (
    FeederContinuity(),
    CutContacts(),
    Diameter(),
    Deviation("enrollment_deviation", 0),
    Deviation("need_deviation", 1),
    OfficeMinutes(),
    *(Disruption(name) for name in DISRUPTIONS),
)
