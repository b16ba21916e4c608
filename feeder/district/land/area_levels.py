"""Of which level an area is: by a word of its layer, or by the grades of its school."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import pandas as pd

from feeder.district.model import K12_MASK
from feeder.district.schools.grade_systems import AMERICAN, GradeSystem
from feeder.district.schools.grade_words import parse_grades
from feeder.district.schools.grades import level_of, lowest
from feeder.district.schools.levels import level_named
from feeder.district.schools.roster import Roster
from feeder.district.settings.specs import AreasSpec
from feeder.district.tables.nobody import means_nobody
from feeder.district.tables.table import Table
from feeder.errors import Findings
from feeder.wording import counted, listed, shown, warn_grouped

LEVELS: Final = ("elementary", "middle", "high")
_WORDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("e", "es", "el", "elem", "elementary", "primary", "1"), "elementary"),
    **dict.fromkeys(("m", "ms", "mid", "middle", "intermediate", "is", "2"), "middle"),
    **dict.fromkeys(("jh", "jhs", "jr", "jr high", "junior", "junior high"), "middle"),
    **dict.fromkeys(("h", "hs", "high", "secondary", "senior", "senior high", "shs", "3"), "high"),
}
"""Words and codes of levels; 1, 2 and 3 are those of the School Attendance Boundary Survey."""
_ENDING: Final = re.compile(r"\s*(?:schools?|level|grades?|zones?|areas?|boundar(?:y|ies))$")
_VAGUE: Final = frozenset({"unknown", "other", "combined", "mixed", "span", "varies", "various"})
"""Words, in lower case, of a column of levels that leave the level open."""
_MIDDLE_FROM: Final = 5
_FEWEST: Final = 3
"""Areas of one other level before a layer is refused: a school may take in another's grades."""
_MIXED: Final = 0.2
"""Share of areas of other levels from which on a layer is not what ``level`` says."""
_OTHER: Final = 0.9
"""Share from which on it is a layer of another level."""


def level_of_word(word: str, system: GradeSystem = AMERICAN) -> str | None:
    """Return the level that a word, a code or a span of grades stands for; None if it is none.

    The district's own words for its levels and grades go first. A span is of the level of its
    lowest grade: ``K-8`` elementary, ``6-12`` middle.
    """
    plain = word.strip().casefold().replace(".", "")
    while (bare := _ENDING.sub("", plain)) not in {"", plain}:
        plain = bare
    own = level_named(word, system) or level_named(plain, system)
    for level in system.levels:
        if level.name == own:
            return level_of_grades(level.mask, system)
    if system is AMERICAN and plain in _WORDS:
        return _WORDS[plain]
    try:
        mask = parse_grades(word, system).mask
    except ValueError:
        return None if plain.isdecimal() else _WORDS.get(plain)
    return level_of_grades(mask, system)


def level_of_grades(mask: int, system: GradeSystem = AMERICAN) -> str | None:
    """Return the level of a school's areas: its own, or that of its lowest grade where it spans."""
    level = level_of(mask, system)
    if level == "other":
        return None
    if level != "span":
        return level
    first = lowest(mask & K12_MASK)
    if system.levels:
        roles = [system.role(one) for one in system.levels if one.mask >> first & 1]
        return next((role for role in roles if role in LEVELS), "elementary")
    return "elementary" if first < _MIDDLE_FROM else "middle"


def levels_by_word(
    words: pd.Series[str],
    by_school: pd.Series[str],
    spec: AreasSpec,
    table: Table,
    findings: Findings,
) -> pd.Series[str]:
    """Return the level of each area by the words of a column; blank where nothing tells it.

    What ``levels`` says goes first. Words that say that nobody knows leave it to the school's own
    level (``by_school``, blank where it tells none). Others that tell no level are reported with
    the line to write.
    """
    column = spec.level_column
    meant = {
        word: spec.levels.get(word) or level_of_word(word, spec.system) for word in words.unique()
    }
    vague = means_nobody(words) | words.str.casefold().isin(_VAGUE)
    vague &= (by_school != "") & words.map(meant).isna()
    warn_grouped(
        findings,
        rule="level-by-school",
        before=f"{counted(int(vague.sum()), 'area')} of an unknown level, taken as their schools'",
        examples=[f"{n:,} {level}" for level, n in by_school[vague].value_counts().items()],
        file=table.file,
        column=column,
    )
    found = words.map({word: level or "" for word, level in meant.items()}).mask(vague, by_school)
    odd = words[found == ""]
    if odd.empty:
        return found
    named = [f"{shown(str(word)) or 'blank'} ({n:,})" for word, n in odd.value_counts().items()]
    line = f'levels = {{ "{shown(odd.iloc[0])}" = "elementary" }}'
    if len(odd) == len(words):
        message = f"no word of this column tells a level: {listed(named)}."
        findings.errors.append(
            table.problem("level-unknown", message, f"Say which they are: {line}.", column=column)
        )
        return found
    warn_grouped(
        findings,
        rule="level-unknown",
        before=f"{counted(len(odd), 'area')} of no level that is known, left out",
        examples=named,
        after=f"If they are of one, say so: {line}.",
        file=table.file,
        column=column,
    )
    return found


def check_levels(
    owners: pd.Series[str],
    schools: pd.DataFrame,
    roster: Roster,
    level: str,
    table: Table,
    findings: Findings,
    *,
    system: GradeSystem,
) -> None:
    """Report a layer whose areas are of schools of another level than is said.

    Parameters
    ----------
    owners
        The school of each area with a member; the index counts features.
    schools
        The schools, with their ``level``.
    roster
        Names of the schools.
    level
        The level that is said.
    table
        The layer.
    findings
        Collects an error where a good part of the areas is such, else a warning.
    system
        What the district calls its grades and levels.
    """
    if level not in LEVELS or owners.empty:
        return
    levels = owners.map(schools["level"])
    other = levels.isin(LEVELS) & (levels != level)
    n, wrong = len(owners), int(other.sum())
    if not wrong:
        return
    kinds = [kind for kind in LEVELS if (levels[other] == kind).any()]
    most = str(levels[other].mode().iloc[0])
    are = "is" if wrong == 1 else "are"
    what = f"{wrong:,} of {counted(n, 'area')} {are} of {' and '.join(kinds)} schools"
    if wrong > 1 and (levels == most).sum() >= _OTHER * n:
        message = f'{what}, yet level = "{level}": {listed(roster.names(list(owners[other])))}.'
        fix = f'Write level = "{most}", or name another file; were two layers exchanged?'
        findings.errors.append(table.problem("levels-exchanged", message, fix))
    elif wrong >= _MIXED * n and (wrong >= _FEWEST or len(kinds) > 1):
        message = f'{what}, yet level = "{level}": {listed(roster.names(list(owners[other])))}.'
        findings.errors.append(
            table.problem("levels-mixed", message, _way_out(levels, table, level, system))
        )
    else:
        warn_grouped(
            findings,
            rule="level-of-area",
            before=f"{what}, though they stand among those of {level} schools",
            examples=roster.names(list(owners[other])),
            after="If they do not belong here, leave them out with where.",
            file=table.file,
        )


def _way_out(levels: pd.Series[str], table: Table, level: str, system: GradeSystem) -> str:
    """Return the line that tells the levels of a layer apart."""
    known = levels[levels.isin(LEVELS)]
    for column in table.frame.columns:
        words = table.text(column).loc[known.index.unique()]
        meant = {word: level_of_word(word, system) or "" for word in words.unique()}
        told = words.map(meant)
        alike = told.loc[known.index] == known
        if len(set(told)) > 1 and alike.mean() >= _OTHER:
            mine = [word for word, of in meant.items() if of == level]
            return (
                f'Write level_column = "{column}" instead of level, or where = '
                f"{{ {column} = {[shown(word) for word in mine[:5]]} }}.".replace("'", '"')
            )
    return (
        "Leave the key level out, and each area takes the level of its school; or keep the rows "
        "of this level with where."
    )
