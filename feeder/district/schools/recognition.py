"""Which school a cell means: by its id or by its name, one school or several."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

import pandas as pd

from feeder.district.schools.names import Names
from feeder.district.schools.roster import Place, Roster
from feeder.district.tables.ids import read_ids
from feeder.district.tables.table import Table
from feeder.errors import Findings
from feeder.wording import counted, warn_grouped

BY_ID: Final = "id"
BY_NAME: Final = "name"
_LISTS: Final = re.compile(r"\s*(?:[/;,|&+\n]|\band\b)\s*")
"""What parts several ids in one cell."""


def read_schools(
    table: Table, columns: Mapping[str, str], match: str, roster: Roster, findings: Findings
) -> pd.DataFrame:
    """Return columns of ids or names without what is no part of them.

    Ids are those of the schools table as far as there is no doubt (:meth:`Roster.read`).
    """
    if match == BY_NAME:
        return pd.DataFrame(
            {ours: read_ids(table, theirs, findings) for ours, theirs in columns.items()}
        )
    return roster.read(table, columns, findings)


def recognised(
    cells: pd.Series[str],
    place: Place,
    match: str,
    roster: Roster,
    names: Names,
    findings: Findings,
    *,
    level: str = "",
) -> pd.Series[str]:
    """Return the id of the school that each cell means.

    A text that means no school stays as it is; a name that several schools have is told here, and
    blank.

    Parameters
    ----------
    cells
        Ids or names, as :func:`read_schools` gives them.
    place
        Where they stand.
    match
        ``id`` or ``name``. Under ``id``, names are taken all the same where each cell is the
        whole name of one school and none is an id.
    roster, names
        Who is in the district, and what the schools are called.
    findings
        Collects what was taken and what is in doubt.
    level
        Schools of this level are meant first.
    """
    texts = [text for text in dict.fromkeys(cells) if text]
    known = {*roster.members, *roster.left_out}
    if match == BY_NAME:
        return _by_name(cells, texts, place, roster, names, findings, level)
    strange = [text for text in texts if text not in known]
    if strange and len(strange) == len(texts):
        whole = {text: names.whole(text, level) for text in texts}
        if all(len(ids) == 1 for ids in whole.values()):
            message = f"{counted(len(texts), 'school')} named by their names, which were taken."
            findings.warnings.append(
                place.table.problem("names-as-ids", message, column=place.column)
            )
            return cells.map({text: ids[0] for text, ids in whole.items()} | {"": ""})
    return cells


def parted(
    cells: pd.Series[str], separator: str | None, knows: Callable[[str], bool]
) -> pd.Series[str]:
    """Return cells with each of several schools on a row of its own, under the same index label.

    With a separator, cells are parted there; without one, where a cell is no school itself, but
    every part between slashes, commas and the like is one.
    """
    parts: dict[str, list[str]] = {}
    for text in dict.fromkeys(cells):
        if separator is not None:
            pieces = [piece.strip() for piece in text.split(separator)]
        else:
            pieces = [] if knows(text) else _LISTS.split(text)
            if len(pieces) == 1:  # a list that stood on several lines stands on one by now
                pieces = text.split()
        pieces = [piece for piece in dict.fromkeys(pieces) if piece]
        sure = separator is not None or (len(pieces) > 1 and all(map(knows, pieces)))
        parts[text] = (pieces if sure else [text]) or [""]
    return cells.map(parts).explode().astype(str)


def _by_name(
    cells: pd.Series[str],
    texts: list[str],
    place: Place,
    roster: Roster,
    names: Names,
    findings: Findings,
    level: str,
) -> pd.Series[str]:
    """Return the school that each name means; what is left to a guess is told and blank."""
    found = {text: names.find(text, level) for text in texts}
    vague = {text: ids for text, ids in found.items() if len(ids) > 1}
    loose = {
        text: ids[0]
        for text, ids in found.items()
        if len(ids) == 1 and not names.whole(text, level)
    }
    warn_grouped(
        findings,
        rule="name-of-several",
        before=f"{counted(len(vague), 'name')} of several schools, left out",
        examples=[f"{text}: {' or '.join(map(roster.name, ids))}" for text, ids in vague.items()],
        after="Give the ids of these schools, or their whole names.",
        file=place.table.file,
        column=place.column,
    )
    warn_grouped(
        findings,
        rule="name-shortened",
        before=f"{counted(len(loose), 'name')} taken though words such as Elementary differ",
        examples=[f"{text} is {roster.name(one)}" for text, one in loose.items()],
        file=place.table.file,
        column=place.column,
    )
    sure = {text: ids[0] for text, ids in found.items() if len(ids) == 1}
    return cells.map({text: text for text in texts} | {"": ""} | sure | dict.fromkeys(vague, ""))
