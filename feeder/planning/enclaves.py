"""Enclaves: small pieces of a region apart from the rest of it, given to the one around them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from feeder.district.model import District
from feeder.errors import Problem
from feeder.network.graph import FeederGraph, IntArray
from feeder.planning.zones import Zones, make_zones
from feeder.scenario import Scenario
from feeder.wording import listed

ABSORB: Final = "absorb"


def absorb_enclaves(district: District, graph: FeederGraph, scenario: Scenario) -> District:
    """Return the district with its enclaves in the regions around them, where that is asked for.

    An enclave is a piece of a region, not its largest, with fewer schools than a community may
    have. It goes to the region with which it shares the longest border; where no other region
    borders on it, it stays. Each is told in a warning.

    Raises
    ------
    InputError
        Where the column of regions is unknown, or blank for some school.
    """
    column = scenario.nested_in
    if column is None or scenario.enclaves != ABSORB:
        return district
    zones = make_zones(district, graph, column)
    schools = np.bincount(graph.school_node, minlength=graph.n_nodes)
    node_region = np.array([*zones.regions, ""], dtype=object)[zones.node_zone]
    moved: dict[str, str] = {}
    warnings = []
    for zone in _enclaves(zones, schools, scenario.schools[0]):
        inside = zones.node_zone == zone
        taker = _around(graph, node_region, inside)
        if not taker:
            continue
        node_region[inside] = taker
        ids = [graph.school_ids[i] for i in np.flatnonzero(inside[graph.school_node])]
        moved |= dict.fromkeys(ids, taker)
        names = listed([f"{district.schools['name'][one]} ({one})" for one in ids])
        message = f"{names}: an enclave of {zones.regions[zone]}, counted with {taker} around it."
        warnings.append(Problem(rule="enclave-absorbed", message=message, column=column))
    if not moved:
        return district
    name = "schools" if column in district.schools else "extra"
    table = getattr(district, name).copy()
    table.loc[list(moved), column] = list(moved.values())
    return replace(district, **{name: table}, warnings=(*district.warnings, *warnings))


def _enclaves(zones: Zones, schools: IntArray, fewest: int) -> list[int]:
    """Return the pieces with too few schools that are not the largest of their region."""
    size = np.array([schools[zones.node_zone == zone].sum() for zone in range(len(zones.names))])
    regions = np.array(zones.regions, dtype=object)
    largest = {region: np.flatnonzero(regions == region)[size[regions == region].argmax()]
               for region in dict.fromkeys(zones.regions)}  # fmt: skip
    return [
        zone
        for zone in np.argsort(size, kind="stable").tolist()
        if size[zone] < fewest and largest[zones.regions[zone]] != zone
    ]


def _around(graph: FeederGraph, node_region: np.ndarray, inside: np.ndarray) -> str:
    """Return the region with the longest border to an enclave; empty where there is none."""
    land = graph.is_land_contact
    a, b = graph.contact_a[land], graph.contact_b[land]
    own, other = np.concatenate([a, b]), np.concatenate([b, a])
    metres = np.tile(graph.contact_border_m[land], 2)
    across = inside[own] & ~inside[other] & (node_region[other] != "")
    across &= node_region[other] != node_region[own]
    borders: dict[str, float] = {}
    for region, length in zip(node_region[other[across]], metres[across], strict=True):
        borders[region] = borders.get(region, 0.0) + float(length)
    return max(sorted(borders), key=lambda region: borders[region], default="")
