"""The existing plan (which community each school belongs to today) and the offices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from feeder.district.schools.names import Names
from feeder.district.schools.places import FAR_M, distance_m, is_place, misread
from feeder.district.schools.recognition import read_schools, recognised
from feeder.district.schools.roster import Place
from feeder.district.schools.table import Schools
from feeder.district.settings.specs import OFFICE_COLUMNS, TableSpec
from feeder.district.tables.nobody import without_nobody
from feeder.district.tables.numbers import read_all
from feeder.district.tables.numerals import Kind
from feeder.district.tables.table import (
    Table,
    drop_repeats,
    resolve_columns,
    select,
)
from feeder.errors import Findings
from feeder.wording import counted, shown, warn_grouped

_DEGREES: Final = ("lat", "lon")


def read_plan(
    table: Table, spec: TableSpec, schools: Schools, asked: int | None, findings: Findings
) -> pd.Series[str] | None:
    """Read today's community of each school.

    Parameters
    ----------
    table, spec
        The table, and what ``[existing_plan]`` says of it.
    schools
        The schools of the district.
    asked
        The number of communities that the scenario asks for; None where it does not say.
    findings
        Collects what is wrong, and what was taken for no community.

    Returns
    -------
    Series or None
        ``school_id`` (sorted) to community id; schools without one are left out and told.
    """
    columns = resolve_columns(table, spec, ["school_id", "community_id"], [], findings)
    chosen = select(table, spec, findings)
    if len(columns) < 2:  # noqa: PLR2004 - the two needed
        return None
    roster, theirs = schools.roster, columns["school_id"]
    ids = read_schools(chosen, {"school_id": theirs}, spec.match, roster, findings)
    place = Place(chosen, theirs, spec.section)
    names = Names(roster, schools.frame["level"])
    ids["school_id"] = recognised(ids["school_id"], place, spec.match, roster, names, findings)
    roster.tell_unheard(ids, place, noun="row", fate="left out", findings=findings)
    plan = ids.assign(community=chosen.text(columns["community_id"]))
    plan["community"] = plan["community"].mask(plan["community"].isin(list(chosen.missing)), "")
    plan = plan[roster.are_members(ids) & (plan["community"] != "")]
    plan = drop_repeats(plan, chosen, theirs, findings)
    homes = without_nobody(
        plan.set_index("school_id")["community"],
        schools.frame,
        asked,
        chosen,
        columns["community_id"],
        findings,
    )
    homes = homes[homes != ""]
    free = [school_id for school_id in roster.members if school_id not in homes.index]
    warn_grouped(
        findings,
        rule="unassigned-today",
        before=f"{counted(len(free), 'school')} unassigned in the existing plan",
        examples=roster.names(free),
        file=table.file,
        column=columns["community_id"],
    )
    return homes.sort_index().rename("community_id")


def read_offices(
    table: Table,
    spec: TableSpec,
    schools: pd.DataFrame,
    today: pd.Series[str] | None,
    findings: Findings,
) -> pd.DataFrame:
    """Read today's offices: where each stands and whom it serves.

    Parameters
    ----------
    table, spec
        The table, and what its columns are called.
    schools
        The schools of the district, by ``school_id``.
    today
        Community of each school today; None without an existing plan.
    findings
        Collects what is wrong.

    Returns
    -------
    DataFrame
        ``office_id``, ``name``, ``school_id``, ``community_id``, ``region`` (text, "" where not
        said), ``lat``, ``lon`` (degrees, those of its school where it has none of its own) and
        the other columns as text; rows in the order of the file.
    """
    columns = resolve_columns(table, spec, [], OFFICE_COLUMNS, findings)
    chosen = select(table, spec, findings)
    blank = pd.Series("", chosen.frame.index)
    offices = pd.DataFrame(
        {
            name: chosen.text(columns[name]) if name in columns else blank
            for name in OFFICE_COLUMNS
            if name not in _DEGREES
        }
    )
    degrees = {columns[name]: Kind.DEGREES for name in _DEGREES if name in columns}
    read = read_all(chosen, degrees, findings)
    for name in _DEGREES:
        offices[name] = read[columns[name]].found if name in columns else np.nan
    reader = _Offices(chosen, columns, findings)
    reader.check_ids(offices, schools, today)
    reader.check_places(offices, schools)
    for name in _DEGREES:
        offices[name] = offices[name].fillna(offices["school_id"].map(schools[name]))
    called = offices["school_id"].map(schools["name"]).fillna(offices["office_id"])
    offices["name"] = offices["name"].where(offices["name"] != "", called)
    rest = [name for name in chosen.frame if name not in {*columns.values(), *offices}]
    others = chosen.frame[rest].apply(lambda cells: cells.str.strip())
    whole: pd.DataFrame = pd.concat([offices, others], axis=1).reset_index(drop=True)
    return whole


@dataclass(frozen=True, slots=True, eq=False)
class _Offices:
    """The rows of the offices' table, and what is found wrong with them."""

    table: Table
    columns: Mapping[str, str]
    findings: Findings

    def check_ids(
        self, offices: pd.DataFrame, schools: pd.DataFrame, today: pd.Series[str] | None
    ) -> None:
        """Report repeated offices, and schools and communities that nobody knows."""
        again = offices["office_id"].duplicated() & (offices["office_id"] != "")
        self._tell(
            offices.loc[again, "office_id"],
            "duplicate-id",
            "the office {} stands twice.",
            "Give each office a row and an id of its own.",
        )
        strange = ~offices["school_id"].isin(["", *schools.index])
        self._tell(
            offices.loc[strange, "school_id"],
            "unknown-id",
            "the office stands at {}, which is no school of the district.",
            "Correct the id, or leave it blank and give lat and lon.",
        )
        known = [] if today is None else today.unique().tolist()
        strange = ~offices["community_id"].isin(["", *known])
        self._tell(
            offices.loc[strange, "community_id"],
            "unknown-community",
            "the office serves {}, a community that no school has today.",
            "Correct the id, or leave it blank."
            if today is not None
            else "Name today's communities in [existing_plan], or leave the column out.",
        )

    def check_places(self, offices: pd.DataFrame, schools: pd.DataFrame) -> None:
        """Report offices that stand nowhere, or nowhere near the schools."""
        lat, lon = offices["lat"], offices["lon"]
        told = {error.row for error in self.findings.errors if error.file == self.table.file}
        if None in told:  # a column is missing: no row is to blame
            return
        middle = (np.array([schools[name].median()]) for name in _DEGREES)
        with np.errstate(invalid="ignore"):
            away = distance_m(lat.to_numpy(), lon.to_numpy(), *middle)
        nowhere = (lat.isna() | lon.isna()) & (offices["school_id"] == "")
        half = (lat.isna() != lon.isna()) & ~nowhere
        located = lat.notna() & lon.notna() & (misread(schools["lat"], schools["lon"]) is None)
        astray = located & (~is_place(lat, lon) | (away > FAR_M))
        fix = "Give lat and lon, or the school_id of the school at which it stands."
        for wrong, rule, what in (
            (nowhere | half, "no-place", "the office has no place."),
            (astray, "far-away", "the office stands far from the schools of the district."),
        ):
            for row in offices.index[wrong & ~offices.index.isin(list(told))]:
                self.findings.errors.append(self.table.problem(rule, what, fix, row=row))

    def _tell(self, cells: pd.Series[str], rule: str, what: str, fix: str) -> None:
        column = self.columns.get(str(cells.name), str(cells.name))
        for row, cell in cells.items():
            self.findings.errors.append(
                self.table.problem(
                    rule, what.format(shown(cell)), fix, row=row, column=column, value=cell
                )
            )
