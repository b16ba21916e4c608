"""A district's feeder flows with their sources: its own table, or the estimate in its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from feeder.district.model import K12_MASK, SOURCES, District
from feeder.errors import Problem
from feeder.network.estimate import WIDTH, Estimate, estimate_flows
from feeder.network.receivers import kind_is_usable
from feeder.network.virtual import without_virtual

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
        somewhere in the district, and send nobody. ``estimate``: the report of
        :func:`feeder.network.estimate.estimate_flows`, or None.
    variants
        As :attr:`feeder.network.estimate.Estimate.variants`; None where nothing is estimated.
    warnings
        What the planner should know before trusting the flows.
    """

    flows: pd.DataFrame
    report: dict[str, Any]
    variants: pd.DataFrame | None
    warnings: tuple[Problem, ...]


def network_flows(district: District, *, width: float = WIDTH) -> FlowTable:
    """Return the district's flows: its own table as it stands, or an estimate where it has none.

    A table is never completed by estimates: schools without a row in it are named.

    Parameters
    ----------
    district
        A district as read.
    width
        Width of the estimate; see :func:`feeder.network.estimate.estimate_flows`.
    """
    schools = without_virtual(district)
    if district.flows is not None:
        estimate = None
        flows = district.flows
    else:
        estimate = estimate_flows(schools, district.grade_enrollment, width=width)
        flows = estimate.flows
    flows = flows.loc[:, list(COLUMNS)].sort_values(["from_id", "to_id"], ignore_index=True)

    silent = _without_flow(schools, flows)
    report = {
        "sources": _sources(flows),
        "schools_without_flow": {
            str(school): round(float(leavers), 1) for school, leavers in silent.items()
        },
        "estimate": None if estimate is None else estimate.report,
    }
    warnings = [] if estimate is None else _estimate_warnings(schools, estimate)
    if len(silent) and len(flows):
        warnings.append(_silent_warning(schools, silent, estimated=estimate is not None))
    return FlowTable(
        flows, report, None if estimate is None else estimate.variants, tuple(warnings)
    )


def _sources(flows: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Return rows and students of each source that occurs, with the interval where there is one."""
    sources: dict[str, dict[str, float]] = {}
    for source in SOURCES:
        rows = flows[flows["source"] == source]
        if len(rows):
            sums = rows[["students", "students_low", "students_high"]].sum()
            sources[source] = {"rows": len(rows), "students": round(float(sums["students"]), 1)}
            if source != "estimated" and sums["students_low"] < sums["students_high"]:
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


def _silent_warning(schools: pd.DataFrame, silent: pd.Series[float], *, estimated: bool) -> Problem:
    ids = silent.sort_values(ascending=False, kind="stable").index.tolist()
    count = "1 school" if len(ids) == 1 else f"{len(ids)} schools"
    reason = "near enough opens after their last grade" if estimated else "is in the flow table"
    return Problem(
        rule="school-without-flow",
        message=(
            f"{count} of {len(schools)} should have a next school, but none {reason} "
            f"({silent.sum():,.0f} leavers a year, in no figure about flows): "
            f"{_listed(schools, ids)}."
        ),
        fix=(
            "Halves of a pair can share a campus_id."
            if estimated
            else "Add rows for those whose pupils do go on to a school of the district."
        ),
    )


def _estimate_warnings(schools: pd.DataFrame, estimate: Estimate) -> list[Problem]:
    report = estimate.report
    counts = report["certainty_counts"]
    pull = report["parameters"]["entry_pull"]
    warnings = [
        Problem(
            rule="flows-estimated",
            message=(
                "There is no flow table: flows are estimated from locations, grades and "
                f"enrollment. The main next school is sure for {counts['sure']} schools, likely "
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
