"""Figures in words: the district's, and each community's beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from feeder.measures.scorecard import Value
from feeder.network.graph import FloatArray
from feeder.render.packet.lettering import typed
from feeder.render.packet.matter import Matter
from feeder.render.packet.told import Told

HEADLINES: Final = (
    "feeder_continuity",
    "k12_continuity",
    "enrollment_deviation",
    "need_deviation",
    "split_across_communities",
    "schools_moved",
    "students_moved",
)
"""Measures on the district's page, in order; how many communities hang together comes second."""
_SHARES: Final = ("share", "share of the mean")
_OF_FLOWS: Final = ("feeder_continuity", "k12_continuity")
_MOST: Final = 9
"""Counts and rates of the district's own shown on a community's page."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what it is, its value, today's, and what it leaves open."""

    label: str
    text: str
    today: str = ""
    range: str = ""


def headlines(told: Told) -> list[Figure]:
    """Return the plan's main figures; a measure without a value is left out."""
    card = told.card
    found = [_headline(told, name) for name in HEADLINES if card.plan[name].value is not None]
    found.insert(1 if card.plan["feeder_continuity"].value is not None else 0, _whole(told))
    return found


def promises(told: Told) -> list[tuple[bool, str, tuple[str, ...]]]:
    """Return every promise: whether it is kept, its sentence, and where it is broken."""
    say = told.words.say
    return [
        (one.satisfied, say(one.said), tuple(say(violation.said) for violation in one.violations))
        for one in told.card.constraints
    ]


def table(told: Told) -> list[list[str]]:
    """Return one row of texts a community: schools, students, distance, stays, to the end, land."""
    rows, words = told.card.communities.reindex(list(told.plan.community_ids)), told.words
    return [
        [
            words.number(int(row["n_schools"])),
            words.number(int(row["enrollment"])),
            _signed(told, row["enrollment_deviation"]),
            told.percent(_number(row["feeder_continuity"]), of_flows=True),
            told.percent(_number(row["k12_continuity"]), of_flows=True),
            land(told, k),
        ]
        for k, (_, row) in enumerate(rows.iterrows())
    ]


def beside_district(matter: Matter, community: int) -> list[tuple[str, str, str]]:
    """Return a community's figures: what it is, the community's, the district's."""
    words, card, plan = matter.words, matter.card, matter.plan
    rows = card.communities.reindex(list(plan.community_ids))
    row = rows.iloc[community]
    found = [
        _totals(matter, rows, community, "n_schools", "packet.schools"),
        _totals(matter, rows, community, "enrollment", "packet.students"),
        (words("packet.deviation"), _signed(matter, row["enrollment_deviation"]), _band(matter)),
    ]
    for name in _OF_FLOWS:
        whole = card.plan[name].value
        found.append(
            (
                words(f"packet.{name}"),
                matter.percent(_number(row[name]), of_flows=True),
                matter.percent(_number(whole), of_flows=True),
            )
        )
    found.append((words("packet.land"), land(matter, community), ""))
    return [*found, *_own(matter, community)]


def land(told: Told, community: int) -> str:
    """Return whether a community's land is whole."""
    words, one = told.words, told.plan.community_ids[community]
    torn = {
        violation.community_id
        for promise in told.card.constraints
        if promise.name == "contiguity"
        for violation in promise.violations
    }
    if not told.plan.network.graph.has_land[told.plan.node_community == community].any():
        return words("packet.no_land")
    if one in torn:
        return words("packet.land_broken")
    pieces = [row["pieces"] for row in told.card.island_communities if row["community_id"] == one]
    return words("packet.pieces", n=int(pieces[0])) if pieces else words("packet.land_whole")


def _headline(told: Told, name: str) -> Figure:
    card = told.card
    value, unit = card.plan[name], card.definitions[name].unit
    today = None if card.existing is None else card.existing.get(name)
    bounds = ""
    if value.low is not None and value.high is not None and value.low != value.high:
        low, high = (_valued(told, name, unit, bound) for bound in (value.low, value.high))
        bounds = told.words("packet.range", low=low, high=high)
    return Figure(
        label=told.words(f"packet.{name}_of_plan"),
        text=_worded(told, name, unit, value),
        today=""
        if today is None or today.value is None or name.endswith("_moved")
        else _worded(told, name, unit, today),
        range=bounds,
    )


def _whole(told: Told) -> Figure:
    """Return how many communities hang together: continuity never stands without it."""
    promise = next(one for one in told.card.constraints if one.name == "contiguity")
    torn = {violation.community_id for violation in promise.violations}
    n = told.plan.n_communities
    text = told.words("packet.of", n=n - len(torn), whole=n)
    return Figure(label=told.words("packet.contiguity_of_plan"), text=text)


def _worded(told: Told, name: str, unit: str, value: Value) -> str:
    text = _valued(told, name, unit, value.value)
    if unit in _SHARES or value.denominator is None or value.value is None:
        return text
    return told.words("packet.of", n=round(value.value), whole=round(value.denominator))


def _valued(told: Told, name: str, unit: str, value: float | None) -> str:
    if value is None:
        return told.words("packet.unknown")
    if unit in _SHARES:
        return told.percent(value, of_flows=name in _OF_FLOWS)
    return told.words.number(value, ",.0f")


def _totals(
    matter: Matter, rows: pd.DataFrame, community: int, column: str, key: str
) -> tuple[str, str, str]:
    words = matter.words
    mean = words.number(float(rows[column].mean()), ",.0f")
    value = words.number(int(rows[column].iloc[community]))
    return words(key), value, words("packet.mean", text=mean)


def _band(matter: Matter) -> str:
    tolerance = matter.plan.scenario.enrollment_tolerance
    return matter.words("packet.band", text=matter.words.number(tolerance, ".0%"))


def _own(matter: Matter, community: int) -> list[tuple[str, str, str]]:
    """Return the district's own counts as shares of enrollment, and its rates."""
    measures, plan = matter.plan.district.measures, matter.plan
    ids = list(plan.network.graph.school_ids)
    here = plan.school_community == community
    placed = plan.school_community >= 0
    students = matter.schools["enrollment"].to_numpy(np.float64)
    found = []
    for name in map(str, measures.counts):
        count = measures.counts[name].loc[ids].to_numpy(np.float64)
        found.append((name, count, students))
    for name in map(str, measures.rates):
        if f"{name}_denominator" in measures.rates:
            whole = measures.rates[f"{name}_denominator"].loc[ids].to_numpy(np.float64)
            found.append((name, measures.rates[name].loc[ids].to_numpy(np.float64) * whole, whole))
    return [
        (
            typed(name.replace("_", " ")),
            matter.percent(_share(part, whole, here)),
            matter.percent(_share(part, whole, placed)),
        )
        for name, part, whole in found[:_MOST]
    ]


def _share(part: FloatArray, whole: FloatArray, here: np.ndarray) -> float:
    """Return the share over the schools whose part and whole are published."""
    known = here & np.isfinite(part) & np.isfinite(whole)
    total = whole[known].sum()
    return float(part[known].sum() / total) if total > 0 else float("nan")


def _signed(told: Told, share: float) -> str:
    if not np.isfinite(share):
        return told.words("packet.unknown")
    return told.words.number(float(share), "+.1%")


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)
