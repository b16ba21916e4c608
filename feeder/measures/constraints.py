"""Every promise of the scenario, checked on the finished plan and on nothing the search says."""

from __future__ import annotations

from dataclasses import dataclass

from feeder.language import Message
from feeder.measures.definitions import DEFINITIONS
from feeder.measures.disruption import disruption
from feeder.measures.grouping import existing, planned
from feeder.measures.hosts import hosts_of
from feeder.measures.inputs import MeasureInputs
from feeder.planning import Assignment
from feeder.planning.constraints.judged import Change, ConstraintResult, Judged, Offices
from feeder.planning.constraints.table import CONSTRAINTS


@dataclass(frozen=True, slots=True, eq=False)
class Measures:
    """What measures tell a check (:class:`~feeder.planning.constraints.judged.Measured`)."""

    assignment: Assignment
    inputs: MeasureInputs

    def offices(self, most: float) -> Offices:
        """Return the offices of all communities where ``most`` minutes are allowed."""
        hosts = hosts_of(self.inputs, planned(self.assignment), most)
        return Offices(hosts.host, hosts.minutes)

    def change(self, name: str) -> Change:
        """Return what changes against today's plan, by the measure's name."""
        plan, today = planned(self.assignment), existing(self.assignment)
        unit = DEFINITIONS[name].unit
        if today is None:
            return Change(None, unit, Message("broken.no_existing_plan"))
        found = disruption(plan.school, today.school, self.inputs.enrollment)[name]
        return Change(found.value, unit, found.reason)


def judged(assignment: Assignment, inputs: MeasureInputs) -> Judged:
    """Return a finished plan as a check sees it."""
    return Judged(assignment, inputs.schools, inputs.need, Measures(assignment, inputs))


def check(assignment: Assignment, inputs: MeasureInputs) -> tuple[ConstraintResult, ...]:
    """Check every promise of ``assignment.scenario``.

    Promises the scenario does not make (no need band, no nesting, no groups, no locks) are left
    out; those every plan makes (no empty community, coverage, contiguity, every school placed, no
    campus parted) always stand, and they alone where the plan is today's.
    """
    plan = judged(assignment, inputs)
    return tuple(
        found
        for constraint in CONSTRAINTS
        if constraint.of_any_plan or not assignment.is_today
        for found in constraint.check(plan)
    )
