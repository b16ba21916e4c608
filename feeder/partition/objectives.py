"""What a plan should be best at: each objective with its value and its change for a move.

``value`` counts a partition from scratch and shares no code with the compiled ``change``, which
the search adds up; a test holds that both agree. Values are those of the measures of the same
name, but that distances are taken in the plane, students moved are a share of all students, and
the schools of one campus count as one.
"""

from __future__ import annotations

from typing import Final, Protocol

from feeder.partition import values
from feeder.partition.kernels import objectives as kernels
from feeder.partition.kernels.arrays import Given, State
from feeder.partition.problem import IntArray, PartitionProblem


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
        self, problem: PartitionProblem, given: Given, state: State, u: int, a: int, b: int
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
        self, problem: PartitionProblem, given: Given, state: State, u: int, a: int, b: int
    ) -> float:
        """Change of the share."""
        kept = kernels.kept_change(given, state, u, a, b)
        return kept / problem.flow_total if problem.flow_total > 0 else 0.0


class CutContacts:
    """Share of the land contacts that run between communities."""

    name = "cut_contacts"

    def value(self, problem: PartitionProblem, labels: IntArray) -> float:
        """Share cut."""
        return values.cut_share(problem, labels)

    def change(
        self, problem: PartitionProblem, given: Given, state: State, u: int, a: int, b: int
    ) -> float:
        """Change of the share."""
        return kernels.cut_change(given, state, u, a, b) / max(1, problem.n_contacts)


class Diameter:
    """Largest distance between two campuses of one community, in km."""

    name = "diameter_km"

    def value(self, problem: PartitionProblem, labels: IntArray) -> float:
        """Kilometres, in the plane."""
        return values.diameter_km(problem, labels)

    def change(
        self, problem: PartitionProblem, given: Given, state: State, u: int, a: int, b: int
    ) -> float:
        """Change in km; the state must have been counted with a weight on this objective."""
        del problem
        return kernels.diameter_change(given, state, u, a, b)


class Deviation:
    """Largest deviation of a community's total (enrollment, need) from the mean community's."""

    def __init__(self, name: str, row: int) -> None:
        self.name = name
        self.row = row

    def value(self, problem: PartitionProblem, labels: IntArray) -> float:
        """Share of the mean."""
        return values.deviation(problem, labels, self.row)

    def change(
        self, problem: PartitionProblem, given: Given, state: State, u: int, a: int, b: int
    ) -> float:
        """Change of the share."""
        del problem
        return kernels.deviation_change(given, state, self.row, u, a, b)


class StudentsMoved:
    """Share of the students whose campus leaves its community of today."""

    name = "students_moved"

    def value(self, problem: PartitionProblem, labels: IntArray) -> float:
        """Share moved, under the labels that stand for today's communities."""
        return values.moved_share(problem, labels)

    def change(
        self, problem: PartitionProblem, given: Given, state: State, u: int, a: int, b: int
    ) -> float:
        """Change of the share."""
        del state
        students = problem.students_today
        return kernels.moved_change(given, u, a, b) / students if students > 0 else 0.0


class StudentsSeparated:
    """Share of the pairs of students in one community today that part."""

    name = "students_separated"

    def value(self, problem: PartitionProblem, labels: IntArray) -> float:
        """Share of pairs."""
        return values.separated_share(problem, labels)

    def change(
        self, problem: PartitionProblem, given: Given, state: State, u: int, a: int, b: int
    ) -> float:
        """Change of the share."""
        pairs = problem.pairs_today
        return kernels.separated_change(given, state, u, a, b) / pairs if pairs > 0 else 0.0


OBJECTIVES: Final[tuple[Objective, ...]] = (
    FeederContinuity(),
    CutContacts(),
    Diameter(),
    Deviation("enrollment_deviation", 0),
    Deviation("need_deviation", 1),
    StudentsMoved(),
    StudentsSeparated(),
)
