"""A community's figures beside the district's, in words."""

from __future__ import annotations

from typing import Final

import shapely

from feeder.render.packet.data import PacketData
from feeder.render.packet.lettering import typed
from feeder.telling.figures import community_figures, community_shares, figures, range_text
from feeder.terms import TERMS

MOST_OWN: Final = 9
"""Counts and rates of the district's own shown on a community's page."""


def beside_district(data: PacketData, community: int) -> list[tuple[str, str, str]]:
    """Return a community's figures: what it is, the community's, the district's."""
    words, card = data.words, data.card
    columns = community_figures(data.plan, card, words)
    told = {entry["name"]: entry["text"] for entry in figures(data.plan, card, words)}

    def mean(column: str) -> str:
        low, high = (float(end.mean()) for end in card.ends(column))
        return words("packet.mean", text=range_text(low, high, ",.0f", words))

    def share(name: str) -> tuple[str, str, str]:
        here, whole = columns[name][community], told.get(name, words("figure.none"))
        if TERMS[name].rests_on_flows:
            here = data.about(here)
        return words(TERMS[name].short), here, whole

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
    rows = []
    for name, (low, high) in [*data.own.items()][:MOST_OWN]:
        here, everywhere = (
            range_text(float(low[k]), float(high[k]), ".1%", data.words) for k in (community, -1)
        )
        rows.append((typed(name.replace("_", " ")), here, everywhere))
    return rows
