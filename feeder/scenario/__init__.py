"""What a planner asks for, as read and checked: the ground that every other room stands on."""

from feeder.scenario.scenario import (
    BUDGETS,
    CHOICE_POLICIES,
    OBJECTIVES,
    Scenario,
    load_scenario_table,
    read_scenario,
)
from feeder.scenario.values import LARGEST

__all__ = [
    "BUDGETS",
    "CHOICE_POLICIES",
    "LARGEST",
    "OBJECTIVES",
    "Scenario",
    "load_scenario_table",
    "read_scenario",
]
