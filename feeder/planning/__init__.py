"""From a network and a scenario to a plan: into arrays for the search, and back."""

from feeder.planning.assignment import Assignment as Assignment
