"""What a planner asks for, as read and checked: the ground that every other room stands on."""

from feeder.scenario.scenario import (
    CHOICE_POLICIES,
    Scenario,
    load_scenario_table,
    read_scenario,
)
from feeder.scenario.values import LARGEST

__all__ = [
    "CHOICE_POLICIES",
    "LARGEST",
    "Scenario",
    "load_scenario_table",
    "read_scenario",
]
