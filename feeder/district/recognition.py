"""Which school a cell means: by its id, by an id that a spreadsheet has changed, or by its name."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import Final

import pandas as pd

from feeder.district.names import Names
from feeder.district.roster import Place, Roster
from feeder.errors import Findings
from feeder.wording import counted, listed, shown, warn_grouped

BY_ID: Final = "id"
BY_NAME: Final = "name"
_SCIENTIFIC: Final = re.compile(r"[+-]?\d(?:[.,]\d+)?e\+?\d+", re.IGNORECASE)
_EXPONENT: Final = re.compile(r"\d+e\d{1,2}", re.IGNORECASE)
_WHOLE: Final = re.compile(r"\d+(?:\.0+)?")
_LISTS: Final = re.compile(r"\s*(?:[/;,|&+\n]|\band\b)\s*")
"""What parts several ids in one cell."""
_AS_TEXT: Final = "Take the table from its source again, and import the column of ids as text."


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

    A text that means no school for sure stays as it is; it becomes blank where its doubt is told
    here: a name that several schools have, an id that a spreadsheet has cut.

    Parameters
    ----------
    cells
        Ids or names, trimmed.
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
    lost = _cut_by_spreadsheet(strange, known)
    if lost:
        told = listed([f"{text}, which was {was}" if was else text for text, was in lost.items()])
        message = f"{counted(len(lost), 'id')} turned into numbers by a spreadsheet: {told}."
        findings.errors.append(
            place.table.problem("ids-lost", message, _AS_TEXT, column=place.column)
        )
    zeros = _with_zeros(texts, known)
    warn_grouped(
        findings,
        rule="zeros-restored",
        before=f"{counted(len(zeros), 'id')} without the zeros that a spreadsheet drops, which "
        "were put back",
        examples=[f"{text} is {one}" for text, one in zeros.items()],
        file=place.table.file,
        column=place.column,
    )
    return cells.map({text: text for text in texts} | {"": ""} | zeros | dict.fromkeys(lost, ""))


def zeros_in_doubt(ids: Iterable[str], roster: Roster) -> str:
    """Return a sentence on ids of a whole list that may stand for others; empty where none do.

    A list that names 12, yet not 012, though both are schools, may have lost its zeros.
    """
    named = set(ids)
    if any(one.startswith("0") for one in named):
        return ""
    doubts = [
        f"{one.lstrip('0')} may be {one}"
        for one in roster.members
        if one.startswith("0") and one.lstrip("0") in named
    ]
    if not doubts:
        return ""
    return f"A spreadsheet may have dropped zeros: {listed(doubts)}. {_AS_TEXT}"


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


def _cut_by_spreadsheet(strange: list[str], known: set[str]) -> dict[str, str]:
    """Return texts that a spreadsheet wrote as numbers, and the id where that is known."""
    numbers = {str(int(float(one))): one for one in sorted(known) if _EXPONENT.fullmatch(one)}
    return {
        text: shown(numbers.get(text.removesuffix(".0"), ""))
        for text in strange
        if _SCIENTIFIC.fullmatch(text) or text.removesuffix(".0") in numbers
    }


def _with_zeros(texts: list[str], known: set[str]) -> dict[str, str]:
    """Return texts that are one id without its leading zeros, or with a ``.0``, and that id.

    An id that is there as it should be, or that two texts may be, leaves a doubt.
    """
    strange = [text for text in texts if text not in known]
    whole: dict[str, list[str]] = defaultdict(list)
    for one in sorted(known):
        if one.isdecimal():
            whole[one.lstrip("0")].append(one)
    plain = {text: text.split(".")[0].lstrip("0") for text in strange if _WHOLE.fullmatch(text)}
    found = {text: whole[bare][0] for text, bare in plain.items() if len(whole[bare]) == 1}
    meant = Counter([*texts, *found.values()])
    return {text: one for text, one in found.items() if meant[one] == 1}
