"""A community's figures beside the district's, in words."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely

from feeder.network.graph import FloatArray
from feeder.publishing.ranges import share_range
from feeder.render.packet.data import PacketData
from feeder.render.packet.lettering import typed
from feeder.telling.figures import community_figures, community_shares, range_text
from feeder.terms import TERMS

MOST_OWN: Final = 9
"""Counts and rates of the district's own shown on a community's page."""


def beside_district(data: PacketData, community: int) -> list[tuple[str, str, str]]:
    """Return a community's figures: what it is, the community's, the district's."""
    words, card = data.words, data.card
    columns = community_figures(data.plan, card, words)

    def mean(column: str) -> str:
        low, high = (float(end.mean()) for end in card.ends(column))
        return words("packet.mean", text=range_text(low, high, ",.0f", words))

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
    home = data.plan.school_community
    return [
        (
            typed(name.replace("_", " ")),
            _share(data, part[:, home == community], whole[:, home == community]),
            _share(data, part[:, home >= 0], whole[:, home >= 0]),
        )
        for name, part, whole in _statistics(data)[:MOST_OWN]
    ]


def _statistics(data: PacketData) -> list[tuple[str, FloatArray, FloatArray]]:
    """Return name, students and of how many, by school: arrays of shape (2, n_schools).

    The first row is in the least of what may be known, the second in the most.
    """
    ids = list(data.plan.network.graph.school_ids)
    ends = [world.district for world in (data.worlds.least, data.worlds.most)]
    students = np.stack([end.schools["enrollment"].loc[ids].to_numpy(np.float64) for end in ends])

    def both(table: str, name: str) -> FloatArray:
        tables = [getattr(end.statistics, table)[name].loc[ids] for end in ends]
        return np.stack([one.to_numpy(np.float64) for one in tables])

    measures = data.plan.district.statistics
    found = [(name, both("counts", name), students) for name in map(str, measures.counts)]
    for name in map(str, measures.rates):
        if f"{name}_denominator" in measures.rates:
            whole = both("rates", f"{name}_denominator")
            found.append((name, both("rates", name) * whole, whole))
    return found


def _share(data: PacketData, part: FloatArray, whole: FloatArray) -> str:
    """Return the share over the schools whose figures are known."""
    known = np.isfinite(part).all(axis=0) & np.isfinite(whole).all(axis=0)
    low, high = share_range(*(of[:, known].sum(axis=1, keepdims=True) for of in (part, whole)))
    return range_text(float(low[0]), float(high[0]), ".1%", data.words)
