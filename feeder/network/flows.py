"""A district's feeder flows with their sources: its own table, its areas, an estimate."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pandas as pd

from feeder.district.model import K12_MASK, MODELED, SOURCES, ZONED_BY_AREAS, District
from feeder.errors import Problem
from feeder.network.choice import choice_schools
from feeder.network.estimate import WIDTH, Estimate, estimate_flows
from feeder.network.ground import Ground, home_zones
from feeder.network.receivers import kind_is_usable
from feeder.network.virtual import virtual_schools, without_virtual
from feeder.network.zoned import Zoned, zoned_flows
from feeder.wording import counted

COLUMNS: Final = ("from_id", "to_id", "students", "students_low", "students_high", "source")
EXAMPLES: Final = 5
"""Schools named in a warning; the report names all."""


@dataclass(frozen=True, slots=True, eq=False)
class FlowTable:
    """Feeder flows, where they come from, and what is missing.

    Attributes
    ----------
    flows
        COLUMNS, sorted by ``from_id``, ``to_id``; students a year. ``students_low`` and
        ``students_high`` enclose a suppressed cell, or are the range of an estimate's variants.
    report
        JSON-ready. ``sources``: source to rows and students. ``schools_without_flow``: id to
        leavers of the schools that end before grade 12, though their next grade is taught
        somewhere in the district, and send nobody. ``zoned`` and ``estimate``: the reports of
        :func:`feeder.network.zoned.zoned_flows` and
        :func:`feeder.network.estimate.estimate_flows`, or None.
    variants
        Students of the pairs (MultiIndex ``from_id``, ``to_id``) that a method gives, under each
        variant of it; None where a table gives all.
    warnings
        What the planner should know before trusting the flows.
    """

    flows: pd.DataFrame
    report: dict[str, Any]
    variants: pd.DataFrame | None
    warnings: tuple[Problem, ...]


def network_flows(
    district: District, ground: Ground | None = None, *, width: float = WIDTH
) -> FlowTable:
    """Return the district's flows: for each sender by the first way that speaks for it.

    The ways are those of ``district.flow_ways``: its own table, its attendance areas, an
    estimate. A table without rows says that nobody changes school.

    Parameters
    ----------
    district
        A district as read.
    ground
        Its attendance areas in metres; None where it has none.
    width
        Width of the estimate; see :func:`feeder.network.estimate.estimate_flows`.
    """
    schools, table = without_virtual(district), district.flows
    placed = ~virtual_schools(district)
    zoned: Zoned | None = None
    estimate: Estimate | None = None
    ways = district.flow_ways
    if table is not None and table.empty and "table" in ways:
        ways = ("table",)
    flows = pd.DataFrame({name: pd.Series(dtype=object) for name in COLUMNS})
    for way in ways:
        if way == "table" and table is not None:
            flows = _joined(flows, table)
        elif way == "areas" and ground is not None:
            unknown = ~schools.index.isin(flows["from_id"]) & ~choice_schools(district) & placed
            zoned = zoned_flows(schools, ground, unknown)
            flows = _joined(flows, zoned.flows)
        elif way == "estimate":
            elsewhere = [] if zoned is None else zoned.report["elsewhere"]
            estimate = estimate_flows(
                schools,
                district.grade_enrollment,
                width=width,
                known=flows,
                senders=~schools.index.isin([*flows["from_id"], *elsewhere]) & placed,
                home=None if ground is None else home_zones(schools, ground),
            )
            flows = _joined(flows, estimate.flows)
    flows = flows.loc[:, list(COLUMNS)].sort_values(["from_id", "to_id"], ignore_index=True)

    silent = _without_flow(schools, flows)
    report = {
        "sources": _sources(flows),
        "schools_without_flow": {
            str(school): round(float(leavers), 1) for school, leavers in silent.items()
        },
        "zoned": None if zoned is None else zoned.report,
        "estimate": None if estimate is None else estimate.report,
    }
    guessed = bool((flows["source"] == "estimated").any())
    warnings = [*_served(flows), *([] if zoned is None else _zoned_warnings(schools, zoned, flows))]
    if estimate is not None and guessed:
        warnings += _estimate_warnings(
            schools, estimate, alone=bool((flows["source"] == "estimated").all())
        )
    told = [] if zoned is None else zoned.report["elsewhere"]
    untold = silent[~silent.index.isin(told)]
    if len(untold) and len(flows):
        warnings.append(_silent_warning(schools, untold))
    return FlowTable(flows, report, _variants(flows, zoned, estimate), tuple(warnings))


def _joined(known: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    """Return flows with more of them, of the senders that were not known."""
    more = more[~more["from_id"].isin(known["from_id"])]
    return more if known.empty else pd.concat([known, more], ignore_index=True)


def _variants(
    flows: pd.DataFrame, zoned: Zoned | None, estimate: Estimate | None
) -> pd.DataFrame | None:
    """Return students under each variant of each method; the other method's rows as they are."""
    used = flows[flows["source"].isin(MODELED)].set_index(["from_id", "to_id"])
    given = [
        one.variants[one.variants.index.get_level_values("from_id").isin(flows["from_id"])]
        for one in (zoned, estimate)
        if one is not None and not one.variants.empty
    ]
    if used.empty or not given:
        return None
    pairs = given[0].index
    for one in given[1:]:
        pairs = pairs.union(one.index)
    tables = []
    for one in given:
        theirs = pairs.get_level_values("from_id").isin(one.index.get_level_values("from_id"))
        rest = used["students"].reindex(pairs).fillna(0.0).to_numpy()
        table = one.reindex(pairs).fillna(0.0)
        students = np.where(theirs[:, None], table.to_numpy(), rest[:, None])
        tables.append(pd.DataFrame(students, index=pairs, columns=table.columns))
    return pd.concat(tables, axis=1).sort_index()


def _sources(flows: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Return rows and students of each source that occurs, with the interval where there is one."""
    sources: dict[str, dict[str, float]] = {}
    for source in SOURCES:
        rows = flows[flows["source"] == source]
        if len(rows):
            sums = rows[["students", "students_low", "students_high"]].sum()
            sources[source] = {"rows": len(rows), "students": round(float(sums["students"]), 1)}
            if source not in MODELED and sums["students_low"] < sums["students_high"]:
                sources[source] |= {
                    name: round(float(sums[name]), 1) for name in ("students_low", "students_high")
                }
    return sources


def _without_flow(schools: pd.DataFrame, flows: pd.DataFrame) -> pd.Series[float]:
    """Return the leavers of the schools that should have a next school but have no flow."""
    masks = schools["grades"].to_numpy(dtype=np.int64) & K12_MASK
    district_mask = int(np.bitwise_or.reduce(masks, initial=0))
    next_grade = np.array([mask.bit_length() for mask in masks.tolist()], dtype=np.int64)
    expected = (masks != 0) & ((district_mask >> next_grade) & 1 == 1)
    leavers = schools["leavers"]
    silent: pd.Series[float] = leavers[
        expected & (leavers > 0) & ~schools.index.isin(flows["from_id"])
    ]
    return silent


def _listed(schools: pd.DataFrame, ids: list[str], *, most: int = EXAMPLES) -> str:
    """Name some schools with their ids, and say how many more there are."""
    named = [f"{schools['name'][school]} ({school})" for school in ids[:most]]
    more = len(ids) - len(named)
    return ", ".join(named) + (f" and {more} more" if more else "")


def _silent_warning(schools: pd.DataFrame, silent: pd.Series[float]) -> Problem:
    ids = silent.sort_values(ascending=False, kind="stable").index.tolist()
    count = "1 school" if len(ids) == 1 else f"{len(ids)} schools"
    return Problem(
        rule="school-without-flow",
        message=(
            f"{count} of {len(schools)} should have a next school, but none is known or opens near "
            f"enough ({silent.sum():,.0f} leavers a year, in no figure about flows): "
            f"{_listed(schools, ids)}."
        ),
        fix="Halves of a pair can share a campus_id; else add rows to [flows] for those whose "
        "pupils go on to a school of the district.",
    )


_SAID: Final = MappingProxyType(
    {
        "observed": "by counts",
        "zoned": "by the table of zones",
        "zoned_by_residents": "by where residents are zoned for",
        "zoned_by_land": "by the land that is zoned for a school",
        "estimated": "by an estimate",
    }
)
"""How each source serves a sender, as a message says it."""


def _served(flows: pd.DataFrame) -> list[Problem]:
    """Tell how many senders and students each source serves, where it is not one table alone."""
    present = set(flows["source"])
    if not present & MODELED or present == {"estimated"}:
        return []
    parts = []
    for source in SOURCES:
        rows = flows[flows["source"] == source]
        if len(rows):
            senders, students = rows["from_id"].nunique(), rows["students"].sum()
            parts.append(f"{counted(senders, 'school')} ({students:,.0f} students) {_SAID[source]}")
    zoned = flows["source"].isin(ZONED_BY_AREAS).any()
    where = " Areas say where a child is zoned for, not where she goes." if zoned else ""
    return [
        Problem(
            rule="flow-sources", message=f"Next schools are known for {'; '.join(parts)}.{where}"
        )
    ]


def _zoned_warnings(schools: pd.DataFrame, zoned: Zoned, flows: pd.DataFrame) -> list[Problem]:
    """Name the schools that areas leave to an estimate, and those zoned by where they stand."""
    warnings = []
    estimated = set(flows.loc[flows["source"] == "estimated", "from_id"])
    if uncovered := [school for school in zoned.report["uncovered"] if school in estimated]:
        warnings.append(
            Problem(
                rule="areas-silent",
                message=f"{counted(len(uncovered), 'school')} with an area, but in no area of the "
                f"next grade (or less than half in one), estimated: {_listed(schools, uncovered)}.",
                fix="Give the areas of that level, or rows of [flows] for these schools.",
            )
        )
    known = set(flows["from_id"])
    if elsewhere := [school for school in zoned.report["elsewhere"] if school not in known]:
        warnings.append(
            Problem(
                rule="zoned-elsewhere",
                message=f"{counted(len(elsewhere), 'school')} zoned for schools that the table of "
                f"schools lacks, so that no flow is known: {_listed(schools, elsewhere)}.",
                fix="Add these next schools to the table, or rows of [flows].",
            )
        )
    if by_point := list(zoned.report["by_point"]):
        warnings.append(
            Problem(
                rule="zoned-by-point",
                message=f"{counted(len(by_point), 'school')} without an area of their own go by "
                f"the area that they stand in: {_listed(schools, by_point)}.",
            )
        )
    return warnings


def _estimate_warnings(schools: pd.DataFrame, estimate: Estimate, *, alone: bool) -> list[Problem]:
    report = estimate.report
    counts = report["certainty_counts"]
    pull = report["parameters"]["entry_pull"]
    which = "There is no flow table: flows are" if alone else "The flows of the other schools are"
    warnings = [
        Problem(
            rule="flows-estimated",
            message=(
                f"{which} estimated from locations, grades and enrollment. The main next school "
                f"is sure for {counts['sure']} schools, likely "
                f"for {counts['likely']}, open for {counts['open']}."
            ),
            fix="Any real figure is better: name a table of flows under [flows].",
        )
    ]
    if not kind_is_usable(schools["kind"]):
        warnings.append(
            Problem(
                rule="kind-unknown",
                message=(
                    "No school has a kind, so schools that take no neighborhood (alternative, "
                    f"continuation, charter) may receive estimated flows; seats pull with {pull:g}."
                ),
                fix="Map a column to kind under [schools].",
            )
        )
    left_out = report["receivers_left_out"]
    if left_out:
        warnings.append(
            Problem(
                rule="receivers-left-out",
                message=(
                    f"{len(left_out)} schools receive no estimated flow, by their kind or for "
                    f"want of seats: {_listed(schools, list(left_out))}."
                ),
            )
        )
    return warnings
