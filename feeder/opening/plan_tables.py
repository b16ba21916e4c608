"""A plan as a table of ids and communities: which columns hold them, whoever wrote the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

import pandas as pd

from feeder.district.tables.table import Table
from feeder.errors import Findings, InputError
from feeder.wording import counted, listed, warn_grouped

ID_COLUMNS: Final = ("school_id", "id", "geo_id", "geoid", "geoid20", "node", "node_id")
COMMUNITY_COLUMNS: Final = ("community_id", "community_", "community", "assignment")
"""Headers that are understood, best first; a Shapefile keeps ten characters."""
PART_COLUMNS: Final = ("zone", "district")
"""What other programs call a part; in a wide table it may be something else."""
NAME_COLUMN: Final = "community"
_PAIR: Final = 2
_HOW: Final = (
    "Name the columns school_id and community_id (or, as in Districtr, id and assignment)."
)
_NONE: Final[Mapping[str, Any]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, eq=False)
class PlanRows:
    """What a file says about a plan.

    Attributes
    ----------
    table
        One row a statement.
    ids, communities
        Headers of the columns of ids (schools, or vacant tiles) and of communities.
    by_land
        Whether the ids name land: schools that are not named then go with the tile they
        stand on.
    beside
        Under ``by_land``, the communities of schools that have no land of their own, by id.
    parts
        The number of communities that the file asks for; None where it does not say.
    names
        Names of communities by what stands in the column of communities; empty where the file
        has none beside the ids.
    """

    table: Table
    ids: str
    communities: str
    by_land: bool = False
    beside: Mapping[str, str] = field(default_factory=lambda: _NONE)
    parts: int | None = None
    names: Mapping[str, str] = field(default_factory=lambda: _NONE)


def table_rows(table: Table, findings: Findings) -> PlanRows:
    """Find the columns of a table of ids and communities.

    Raises
    ------
    InputError
        Where there are none.
    """
    headers = [str(name) for name in table.frame.columns]
    ids = header(headers, ID_COLUMNS) or _districtr_id(headers)
    communities = community_header(headers)
    if ids is None or communities is None:
        what = "ids of schools" if ids is None else "communities"
        message = f"there is no column of {what}; the file has: {listed(headers, limit=12)}."
        raise InputError([table.problem("plan-columns", message, _HOW)])
    names = community_names(table, ids, communities, findings)
    return PlanRows(table, ids, communities, names=names)


def header(headers: list[str], known: tuple[str, ...]) -> str | None:
    """Return the first header that is known, whatever its case."""
    by_name = {header.casefold(): header for header in reversed(headers)}
    return next((by_name[name] for name in known if name in by_name), None)


def community_header(headers: list[str]) -> str | None:
    """Return the header of the communities."""
    known = COMMUNITY_COLUMNS + (PART_COLUMNS if len(headers) == _PAIR else ())
    return header(headers, known)


def community_names(
    table: Table, ids: str, communities: str, findings: Findings
) -> Mapping[str, str]:
    """Return the name of each community: the one that most of its rows have.

    Warns of rows that have the id of one community and the name of another. One of the two was
    edited; the id counts.
    """
    named = header([str(name) for name in table.frame.columns], (NAME_COLUMN,))
    if named is None or named == communities:
        return _NONE
    frame = pd.DataFrame({"home": table.text(communities), "name": table.text(named)})
    frame = frame[(frame["home"] != "") & (frame["name"] != "")]
    most = frame.groupby("home")["name"].agg(lambda names: names.mode().iloc[0])
    other = frame["name"].isin(set(most)) & (frame["name"] != frame["home"].map(most))
    odd = frame.index[other]
    warn_grouped(
        findings,
        rule="community-names",
        before=f"{counted(len(odd), 'row')} with the id of one community and the name of another; "
        "the id was taken",
        examples=[
            f"{table.text(ids)[row]} ({frame['home'][row]}, {frame['name'][row]})" for row in odd
        ],
        file=table.file,
        column=communities,
    )
    return {str(home): str(name) for home, name in most.items()}


def _districtr_id(headers: list[str]) -> str | None:
    """Return Districtr's first header, ``id-<place>-<units>-<parts>``."""
    return headers[0] if headers and headers[0].startswith("id-") else None
