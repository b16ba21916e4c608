"""Regional headquarters: the schools from which the offices of communities are best reached."""

from __future__ import annotations

import numpy as np
import pandas as pd

from feeder.errors import InfeasibleError
from feeder.measures.inputs import MeasureInputs
from feeder.network.graph import FloatArray, IntArray
from feeder.partition.medians import medians
from feeder.telling.units import TEXT, with_units


def some_headquarters(inputs: MeasureInputs, office: IntArray, p: int, sites: IntArray) -> IntArray:
    """Return the headquarters of each office: ``p`` schools, at the fewest minutes from all.

    A p-median (Hakimi 1964).

    Parameters
    ----------
    inputs
        Schools and travel.
    office
        Shape (n_offices,): the school at which each office stands.
    p
        Number of headquarters.
    sites
        The schools at which a headquarters may stand.

    Raises
    ------
    InfeasibleError
        Where there are fewer such schools.
    """
    found = None
    if 0 < p <= len(sites):
        found = medians(inputs.travel.minutes(office, sites), p)
    if found is None:
        reason = f"{p} headquarters are asked for, and {len(sites)} schools may hold one."
        raise InfeasibleError([reason])
    return sites[found.site]


def one_a_region(
    inputs: MeasureInputs, office: IntArray, region: list[str], home: list[str], sites: IntArray
) -> IntArray:
    """Return the headquarters of each office: the school of its region with the fewest minutes.

    Parameters
    ----------
    inputs
        Schools and travel.
    office
        Shape (n_offices,): the school at which each office stands.
    region
        Shape (n_offices,): region of each office's community.
    home
        Shape (n_schools,): region of each school.
    sites
        The schools at which a headquarters may stand.

    Raises
    ------
    InfeasibleError
        Where no school of a region may hold one.
    """
    headquarters = np.empty(len(office), dtype=np.int64)
    without = []
    for one in sorted(set(region)):
        own = np.array([name == one for name in region])
        inside = np.array([site for site in sites.tolist() if home[site] == one], dtype=np.int64)
        if not len(inside):
            without.append(f"No school of {one} may hold a headquarters.")
            continue
        total = inputs.travel.minutes(office[own], inside).sum(axis=0)
        headquarters[own] = inside[total.argmin()]
    if without:
        raise InfeasibleError(without)
    return headquarters


def headquarters_table(
    inputs: MeasureInputs,
    office: IntArray,
    headquarters: IntArray,
    names: list[str],
    regions: list[str],
) -> pd.DataFrame:
    """Return one row a headquarters, as ``OfficePlan.headquarters`` is."""
    rows = []
    for site in np.unique(headquarters).tolist():
        own = np.flatnonzero(headquarters == site)
        minutes: FloatArray = inputs.travel.minutes(office[own], np.array([site]))[:, 0]
        rows.append(
            {
                "headquarters": str(inputs.schools["name"].iloc[site]),
                "region": ", ".join(sorted({regions[one] for one in own} - {""})),
                "serves": "; ".join(names[one] for one in own),
                "n_offices": len(own),
                "minutes_mean": float(minutes.mean()),
                "minutes_max": float(minutes.max()),
            }
        )
    table = pd.DataFrame(rows).sort_values("headquarters", kind="stable", ignore_index=True)
    texts = dict.fromkeys(("headquarters", "region", "serves"), TEXT)
    minutes_units = dict.fromkeys(("minutes_mean", "minutes_max"), "minutes")
    return with_units(table, {**texts, "n_offices": "offices", **minutes_units})
