"""Regions as tables and sentences."""

from __future__ import annotations

import numpy as np
import pandas as pd

from feeder.analyses.regions.grouped import Regions
from feeder.language import Message
from feeder.planning.land import pieces
from feeder.telling.sections import Section, Shown
from feeder.telling.units import TEXT, with_units


def regions_table(regions: Regions) -> pd.DataFrame:
    """Return one row a region: size, balance, headquarters and the way to it.

    Columns: ``region_id``, ``name``, ``n_communities``, ``n_schools``, ``enrollment`` (students),
    ``deviation`` (share of the mean region), ``one_piece``, ``headquarters_name``,
    ``headquarters_id``, ``way_mean`` and ``way_longest`` from its schools to the
    headquarters.
    """
    plan = regions.assignment
    graph = plan.network.graph
    table = plan.district.schools.loc[list(graph.school_ids)]
    home, node = regions.school_region, regions.node_region
    n = len(regions.ids)
    students = np.bincount(
        home[home >= 0], table["enrollment"].to_numpy(np.float64)[home >= 0], minlength=n
    )
    mean = students.mean()
    part = pieces(graph, node)
    way = [
        plan.network.travel.minutes(np.flatnonzero(home == one), np.array([host]))
        for one, host in enumerate(regions.headquarters.tolist())
    ]
    frame = pd.DataFrame(
        {
            "region_id": regions.ids,
            "name": regions.names,
            "n_communities": np.bincount(regions.region, minlength=n),
            "n_schools": np.bincount(home[home >= 0], minlength=n),
            "enrollment": students.astype(np.int64),
            "deviation": students / mean - 1 if mean > 0 else np.nan,
            "one_piece": [
                len(set(part[(node == one) & graph.has_land].tolist())) <= 1 for one in range(n)
            ],
            "headquarters_name": table["name"].to_numpy()[regions.headquarters],
            "headquarters_id": table.index[regions.headquarters],
            "way_mean": [float(minutes.mean()) for minutes in way],
            "way_longest": [float(minutes.max()) for minutes in way],
        }
    )
    return with_units(
        frame,
        {
            "region_id": TEXT,
            "name": TEXT,
            "n_communities": "communities",
            "n_schools": "schools",
            "enrollment": "students",
            "deviation": "share of the mean",
            "one_piece": TEXT,
            "headquarters_name": TEXT,
            "headquarters_id": TEXT,
            "way_mean": "minutes",
            "way_longest": "minutes",
        },
    )


def regions_section(regions: Regions, *, title: str = "regions.title") -> Section:
    """Return what a reader is told of regions."""
    plan = regions.assignment
    table = regions_table(regions)
    names = plan.community_names
    largest = float(table["deviation"].abs().max())
    split = (
        Message(
            "regions.split", {"community": names[one], "region": regions.names[own], "n": elsewhere}
        )
        for one, own, elsewhere in regions.split
    )
    bridged = (
        Message("regions.bridged", {"one": names[one], "other": names[other]})
        for one, other in regions.bridged
    )
    return Section(
        title=Message(title),
        sentences=(
            Message("regions.balance", {"n": len(regions.ids), "deviation": largest}),
            *split,
            *bridged,
            Message("regions.headquarters"),
            Message(f"regions.travel_{plan.network.travel.source}"),
        ),
        tables=(Shown(Message("regions.caption"), table),),
    )
