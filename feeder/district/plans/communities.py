"""What communities go by, as a planner writes it down: ``communities.csv``, read as text.

Which communities there are, a plan says; so ids, members and blanks are looked at when a plan is
opened (:mod:`feeder.opening.communities`).
"""

from __future__ import annotations

import pandas as pd

from feeder.district.model import CommunityRows
from feeder.district.settings.specs import COMMUNITY_COLUMNS, TableSpec
from feeder.district.tables.table import Table, resolve_columns, select
from feeder.errors import Findings


def read_communities(table: Table, spec: TableSpec, findings: Findings) -> CommunityRows | None:
    """Read a table of communities as text; None where it has no ids.

    Parameters
    ----------
    table, spec
        The table, and what ``[communities]`` says of it.
    findings
        Collects what is wrong.
    """
    needed, *optional = COMMUNITY_COLUMNS
    columns = resolve_columns(table, spec, [needed], optional, findings)
    chosen = select(table, spec, findings)
    if needed not in columns:
        return None
    blank = pd.Series("", chosen.frame.index, dtype=str)
    texts = {
        name: chosen.text(columns[name]) if name in columns else blank for name in COMMUNITY_COLUMNS
    }
    return CommunityRows(file=table.file, columns=columns, rows=pd.DataFrame(texts))
