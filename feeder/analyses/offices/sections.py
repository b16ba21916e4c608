"""What a reader is told of the offices of a plan."""

from __future__ import annotations

import pandas as pd

from feeder.analyses.offices.office_plan import OfficePlan
from feeder.language import Message
from feeder.telling.sections import Section, Shown
from feeder.telling.units import units_of, with_units


def offices_section(found: OfficePlan) -> Section:
    """Return the tables of the offices, and what their figures rest on."""
    tables = [
        Shown(
            Message("offices.caption.communities"),
            _without(found.communities, "community_id"),
        ),
        Shown(Message("offices.caption.ways"), found.ways),
    ]
    if found.headquarters is not None:
        own = found.headquarters
        if (own["region"] == "").all():  # a plan that is not nested
            own = _without(own, "region")
        tables.append(Shown(Message("offices.caption.headquarters"), own))
    return Section(Message("offices.title"), _sentences(found), tuple(tables))


def _without(table: pd.DataFrame, column: str) -> pd.DataFrame:
    units = {name: unit for name, unit in units_of(table).items() if name != column}
    return with_units(table[list(units)], units)


def _sentences(found: OfficePlan) -> tuple[Message, ...]:
    options = found.options
    told = [
        Message(f"offices.weigh.{options.weigh}"),
        Message("offices.figures", {"visits": _visits(found)}),
        Message(f"offices.source.{found.source}"),
        *found.proofs,
    ]
    if found.most is not None:
        told.insert(1, Message("offices.limit", {"minutes": found.most}))
    if options.hosts:
        told.append(Message("offices.hosts", {"levels": _levels(found)}))
    if found.without_host:
        told.append(Message("offices.without_host", {"communities": found.without_host}))
    return tuple(told)


def _visits(found: OfficePlan) -> Message:
    """Say how many visits a school gets, or the fewest and the most."""
    least, most = (
        int(one) if one.is_integer() else one
        for one in (float(found.options.visits.min()), float(found.options.visits.max()))
    )
    if least == most:
        return Message("offices.visits", {"visits": least})
    return Message("offices.visits_range", {"least": least, "most": most})


def _levels(found: OfficePlan) -> tuple[Message, ...]:
    return tuple(Message(f"level.{level}", {"n": 2}) for level in found.options.hosts)
