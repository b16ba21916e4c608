"""What a reader is told of the offices of a plan."""

from __future__ import annotations

import pandas as pd

from feeder.language import Said
from feeder.measures.office_plan import OfficePlan
from feeder.measures.units import units_of, with_units
from feeder.render.sections import Section, Shown


def offices_section(found: OfficePlan) -> Section:
    """Return the tables of the offices, and what their figures rest on."""
    tables = [
        Shown(
            Said("offices.caption.communities"),
            _without(found.communities, "community_id"),
        ),
        Shown(Said("offices.caption.ways"), found.ways),
    ]
    if found.headquarters is not None:
        own = found.headquarters
        if (own["region"] == "").all():  # a plan that is not nested
            own = _without(own, "region")
        tables.append(Shown(Said("offices.caption.headquarters"), own))
    return Section(Said("offices.title"), _sentences(found), tuple(tables))


def _without(table: pd.DataFrame, column: str) -> pd.DataFrame:
    units = {name: unit for name, unit in units_of(table).items() if name != column}
    return with_units(table[list(units)], units)


def _sentences(found: OfficePlan) -> tuple[Said, ...]:
    wishes = found.wishes
    told = [
        Said(f"offices.weigh.{wishes.weigh}"),
        Said("offices.figures", {"visits": _visits(found)}),
        Said(f"offices.source.{found.source}"),
        *found.proofs,
    ]
    if found.most is not None:
        told.insert(1, Said("offices.limit", {"minutes": found.most}))
    if wishes.hosts:
        told.append(Said("offices.hosts", {"levels": _levels(found)}))
    if found.without_host:
        told.append(Said("offices.without_host", {"communities": found.without_host}))
    return tuple(told)


def _visits(found: OfficePlan) -> Said:
    """Say how many visits a school gets, or the fewest and the most."""
    least, most = (
        int(one) if one.is_integer() else one
        for one in (float(found.wishes.visits.min()), float(found.wishes.visits.max()))
    )
    if least == most:
        return Said("offices.visits", {"visits": least})
    return Said("offices.visits_range", {"least": least, "most": most})


def _levels(found: OfficePlan) -> tuple[Said, ...]:
    return tuple(Said(f"level.{level}", {"n": 2}) for level in found.wishes.hosts)
