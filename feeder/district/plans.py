"""The existing plan (which community each school belongs to today) and the offices."""

from __future__ import annotations

import pandas as pd

from feeder.district.roster import Place, Roster
from feeder.district.specs import TableSpec
from feeder.district.tables import (
    Table,
    drop_repeats,
    read_ids,
    require_columns,
    resolve_columns,
    select,
)
from feeder.district.wording import counted, warn_grouped
from feeder.errors import Findings


def read_plan(
    table: Table, spec: TableSpec, roster: Roster, findings: Findings
) -> pd.Series[str] | None:
    """Read today's community of each school.

    Returns
    -------
    Series or None
        ``school_id`` (sorted) to community id; schools without one are left out and told.
    """
    columns = resolve_columns(table, spec, ["school_id", "community_id"], [], findings)
    chosen = select(table, spec, findings)
    if len(columns) < 2:  # noqa: PLR2004 - the two needed
        return None
    ids = read_ids(chosen, columns["school_id"], findings)
    place = Place(chosen, columns["school_id"])
    roster.tell_unheard(ids.to_frame(), place, noun="row", fate="left out", findings=findings)
    plan = pd.DataFrame({"school_id": ids, "community": chosen.text(columns["community_id"])})
    plan = plan[roster.are_members(ids.to_frame()) & (plan["community"] != "")]
    plan = drop_repeats(plan, chosen, columns["school_id"], findings)
    assigned = set(plan["school_id"])
    free = [school_id for school_id in roster.members if school_id not in assigned]
    warn_grouped(
        findings,
        rule="unassigned-today",
        before=f"{counted(len(free), 'school')} unassigned in the existing plan",
        examples=roster.names(free),
        file=table.file,
        column=columns["community_id"],
    )
    by_school = plan.set_index("school_id")["community"].sort_index()
    return by_school.rename("community_id")


def read_offices(table: Table, spec: TableSpec, findings: Findings) -> pd.DataFrame:
    """Return the offices as text, their mapped columns under our names."""
    require_columns(table, spec.columns.values(), spec.section, findings)
    chosen = select(table, spec, findings)
    ours = {theirs: name for name, theirs in spec.columns.items()}
    text = chosen.frame.apply(lambda cells: cells.str.strip())
    offices: pd.DataFrame = text.rename(columns=ours).reset_index(drop=True)
    return offices
