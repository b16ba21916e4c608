"""A community's figures beside the district's, in words."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely

from feeder.network.graph import BoolArray, FloatArray
from feeder.render.packet.data import PacketData
from feeder.render.packet.lettering import typed
from feeder.telling.figures import community_figures, community_shares
from feeder.terms import TERMS

MOST_OWN: Final = 9
"""Counts and rates of the district's own shown on a community's page."""


def beside_district(data: PacketData, community: int) -> list[tuple[str, str, str]]:
    """Return a community's figures: what it is, the community's, the district's."""
    words, card = data.words, data.card
    columns = community_figures(data.plan, card, words)
    table = card.communities.reindex(list(data.plan.community_ids))

    def mean(column: str) -> str:
        return words("packet.mean", text=words.number(float(table[column].mean()), ",.0f"))

    def share(name: str) -> tuple[str, str, str]:
        value, of_flows = card.plan[name].value, TERMS[name].rests_on_flows
        here = columns[name][community]
        whole = data.percent(float("nan") if value is None else value, of_flows=of_flows)
        return words(TERMS[name].short), data.about(here) if of_flows else here, whole

    tolerance = words.number(data.plan.scenario.enrollment_tolerance, ".0%")
    return [
        (words("packet.schools"), str(columns["schools"][community]), mean("n_schools")),
        (words("packet.students"), columns["enrollment"][community], mean("enrollment")),
        (
            words("packet.deviation"),
            columns["deviation"][community],
            words("packet.band", text=tolerance),
        ),
        *map(share, community_shares(card)),
        (words("packet.land"), land(data, community, columns["land"][community]), ""),
        *_own(data, community),
    ]


def land(data: PacketData, community: int, told: str) -> str:
    """Return what is told of a community's land; that it has none where it has none."""
    nowhere = shapely.is_empty(data.ground.land[community])
    return data.words("packet.no_land") if nowhere else told


def _own(data: PacketData, community: int) -> list[tuple[str, str, str]]:
    """Return the district's own counts as shares of enrollment, and its rates."""
    measures, plan = data.plan.district.statistics, data.plan
    ids = list(plan.network.graph.school_ids)
    here, placed = plan.school_community == community, plan.school_community >= 0
    students = data.schools["enrollment"].to_numpy(np.float64)
    found = [
        (name, measures.counts[name].loc[ids].to_numpy(np.float64), students)
        for name in map(str, measures.counts)
    ]
    for name in map(str, measures.rates):
        if f"{name}_denominator" in measures.rates:
            whole = measures.rates[f"{name}_denominator"].loc[ids].to_numpy(np.float64)
            found.append((name, measures.rates[name].loc[ids].to_numpy(np.float64) * whole, whole))
    return [
        (
            typed(name.replace("_", " ")),
            data.percent(_share(part, whole, here)),
            data.percent(_share(part, whole, placed)),
        )
        for name, part, whole in found[:MOST_OWN]
    ]


def _share(part: FloatArray, whole: FloatArray, here: BoolArray) -> float:
    """Return the share over the schools whose part and whole are published."""
    known = here & np.isfinite(part) & np.isfinite(whole)
    total = whole[known].sum()
    return float(part[known].sum() / total) if total > 0 else float("nan")
