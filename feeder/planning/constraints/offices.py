"""Every school within the longest way to the office of its community (``max_office_minutes``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from feeder.language import Fact, Message
from feeder.network.model import Network
from feeder.partition import problem
from feeder.planning.constraints.asked import Asked
from feeder.planning.constraints.contract import Constraint, communities
from feeder.planning.constraints.judged import ConstraintResult, Judged, Violation, result
from feeder.planning.zones import Zones
from feeder.terms import SLACK


class OfficeMinutes(Constraint):
    """A longest way to the office."""

    def reasons(self, asked: Asked, zones: Zones) -> Iterator[Message]:
        """Tell that too few campuses may hold an office, where every community must reach one."""
        del zones
        if asked.scenario.max_office_minutes is None:
            return
        fewest = asked.scenario.schools[0]
        capacity = asked.table["office_capacity"]
        may = (capacity.isna() | (capacity >= fewest)).to_numpy()
        hosts = len(np.unique(asked.graph.school_node[may]))
        if hosts < asked.n:
            facts = {"communities": communities(asked.n), "possible": communities(max(1, hosts))}
            yield Message("cannot.offices", {**facts, "n": hosts, "schools": fewest})

    def fields(self, asked: Asked, network: Network) -> Mapping[str, Any]:
        """Give the way to offices, where the scenario bounds or weighs it."""
        return {"offices": _unit_offices(asked, network)}

    def check(self, plan: Judged) -> Iterator[ConstraintResult]:
        """Find schools too far from their office, and communities that can have none."""
        most = plan.scenario.max_office_minutes
        if most is not None:
            yield result("max_office_minutes", _far(plan, most), {"minutes": most})

    def facts(self, plan: Judged) -> Mapping[str, Any]:
        """Give the minutes."""
        return {"max_office_minutes": plan.scenario.max_office_minutes}


def _unit_offices(asked: Asked, network: Network) -> problem.Offices | None:
    """Return the way to an office on any node; None where nothing asks for it.

    The way to a campus of several schools is the mean of the ways to those that may hold an office,
    but for the limit, which counts the longest: what keeps it here keeps it to any of them.
    """
    scenario, graph = asked.scenario, asked.graph
    if scenario.max_office_minutes is None and not scenario.weights.get("office_minutes_mean"):
        return None
    place = {school: i for i, school in enumerate(network.graph.school_ids)}
    places = np.array([place[school] for school in graph.school_ids], dtype=np.int64)
    minutes = network.travel.minutes(places, places)
    capacity = asked.table["office_capacity"].to_numpy(np.float64)
    hosts = np.where(np.isnan(capacity), np.inf, capacity)
    may = np.flatnonzero(hosts > 0)
    node, n = graph.school_node, graph.n_nodes
    number = np.maximum(1, np.bincount(node[may], minlength=n))
    most = scenario.max_office_minutes
    total, farthest = np.zeros((n, n)), np.zeros((len(node), n))
    for host in may:
        np.add.at(total[:, node[host]], node, minutes[:, host])
        farthest[:, node[host]] = np.maximum(farthest[:, node[host]], minutes[:, host])
    beyond = np.zeros((n, n))
    if most is not None:
        np.add.at(beyond, node, np.maximum(farthest - most, 0.0))
    largest = np.zeros(n)
    np.maximum.at(largest, node[may], hosts[may])
    return problem.Offices(travel=total / number, beyond=beyond, hosts=largest, most=most)


def _far(plan: Judged, most: float) -> Iterator[Violation]:
    hosts = plan.measured.offices(most)
    for c, members in plan.members():
        if not len(members):
            continue
        if hosts.host[c] < 0:
            yield plan.broken(c, "none", most, "minutes", "no_host")
            continue
        far = members[hosts.minutes[members] > most * (1 + SLACK)]
        if len(far):
            longest = float(hosts.minutes[far].max())
            office = str(plan.schools["name"].iloc[hosts.host[c]])
            told: dict[str, Fact] = {"schools": plan.schools_named(far), "office": office}
            told |= {"minutes": longest, "most": most}
            yield plan.broken(c, longest, most, "minutes", "max_office_minutes", **told)
