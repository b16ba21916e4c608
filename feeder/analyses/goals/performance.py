"""The schools at the bottom of ordered ratings: where they are, beside a balanced share.

A rating is a grade, such as a color from 1 (lowest) to 5; grades are never averaged. The schools
at the bottom are counted in each group, and its share of them is held against its share of all
schools that are rated: that many it would have if they were spread evenly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from feeder.errors import InputError, Problem
from feeder.opening.reading import natural
from feeder.planning import Assignment
from feeder.telling.units import TEXT, with_units
from feeder.terms import SUM_SLACK
from feeder.wording import nearest

_COUNTS: Final[Mapping[str, str]] = {
    "schools_rated": "schools",
    "schools_unrated": "schools",
    "schools_at_bottom": "schools",
    "schools_at_every_bottom": "schools",
    "share_of_bottom": "share",
    "balanced_share": "share",
    "over_balance": "schools",
}
_RATINGS: Final[Mapping[str, str]] = {
    "rating": TEXT,
    "lowest": "grade",
    "highest": "grade",
    "at_most": "grade",
    "schools_rated": "schools",
    "schools_unrated": "schools",
    "schools_at_bottom": "schools",
}
_OWN_TEXTS: Final = ("region", "kind", "campus_id")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Performance:
    """The schools at the bottom of a district's ratings; every table has units.

    A school is at the bottom where it is at that of any rating, at every bottom where it is at
    that of all ratings of the district.

    Attributes
    ----------
    by
        Column of the schools table by which they are listed beside the communities.
    ratings
        One row a rating: ``rating``, the ``lowest`` and the ``highest`` grade that occur, the
        grade up to which it is the bottom (``at_most``), and schools rated, unrated and at the
        bottom.
    communities
        One row a community: ``community_id``, ``name``, schools with any rating and with none, at
        the bottom, at every bottom, ``share_of_bottom`` (of all schools at the bottom; NaN where
        there are none), ``balanced_share`` (of all schools rated) and ``over_balance`` (schools
        more than that share would be). Schools in no community are a last row without a name.
    groups
        The same for each value of ``by``, with its ``name`` only; no rows where it is blank for
        all schools.
    schools
        One row a school at the bottom, by community and name: ``community``, ``school``,
        ``school_id``, ``group`` (its value of ``by``), ``ratings`` (its grades in words) and
        ``at_every_bottom``.
    """

    by: str
    ratings: pd.DataFrame
    communities: pd.DataFrame
    groups: pd.DataFrame
    schools: pd.DataFrame


def performance(
    assignment: Assignment, *, bottom: float | None = None, by: str = "region"
) -> Performance | None:
    """Find the schools at the bottom of the ratings; None where no school has a rating.

    Parameters
    ----------
    assignment
        The plan.
    bottom
        Share of the rated schools that are the bottom, above 0 and 1 at most: the lowest grades
        that together hold as many. No grade is divided, so they may be more. None: the lowest
        grade that occurs.
    by
        Column of the schools table, such as that of the board districts.

    Raises
    ------
    InputError
        Where the schools have no such column, or the share is out of range.
    """
    of_group = _asked_column(assignment, bottom, by)
    ratings = assignment.district.statistics.ratings
    ratings = ratings.loc[:, ratings.notna().any()]
    if ratings.empty or not len(ratings.columns):
        return None
    at_most = {str(name): _at_most(ratings[name], bottom) for name in ratings}
    below = ratings <= pd.Series(at_most)
    home = assignment.plan_table().set_index("school_id")["community_id"]
    names = dict(zip(assignment.community_ids, assignment.community_names, strict=True))
    others = {name: name for name in sorted(set(of_group) - {""}, key=natural)}
    return Performance(
        by=by,
        ratings=_told_ratings(ratings, below, at_most),
        communities=_counted(ratings, below, home, names, key="community_id"),
        groups=_counted(ratings, below, of_group, others),
        schools=_listed(assignment, ratings, below, home.map({**names, "": ""}), of_group),
    )


def _asked_column(assignment: Assignment, bottom: float | None, by: str) -> pd.Series[str]:
    """Return each school's value of the column asked for; both options are checked at once."""
    district = assignment.district
    own = district.schools[list(_OWN_TEXTS)]
    texts = own if by in own else district.extra
    problems = []
    if by not in texts:
        known = [*own, *map(str, district.extra)]
        message = f"{by} is no column of the schools."
        problems.append(Problem(rule="by", message=message, fix=nearest(by, known), value=by))
    if bottom is not None and not 0 < bottom <= 1:
        message = f"the bottom is a share of the schools, not {bottom:g}."
        fix = "Give more than 0 and 1 at most: 0.05 for a twentieth."
        problems.append(Problem(rule="bottom", message=message, fix=fix, value=f"{bottom:g}"))
    if problems:
        raise InputError(problems)
    return texts[by].reindex(district.schools.index)


def _at_most(grades: pd.Series[float], bottom: float | None) -> float:
    """Return the highest grade of the bottom."""
    given = np.sort(grades.dropna().to_numpy(np.float64))
    share = 0.0 if bottom is None else bottom
    return float(given[max(int(np.ceil(share * len(given) - SUM_SLACK)), 1) - 1])


def _told_ratings(
    ratings: pd.DataFrame, below: pd.DataFrame, at_most: Mapping[str, float]
) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "rating": list(at_most),
            "lowest": list(ratings.min()),
            "highest": list(ratings.max()),
            "at_most": list(at_most.values()),
            "schools_rated": list(ratings.notna().sum()),
            "schools_unrated": list(ratings.isna().sum()),
            "schools_at_bottom": list(below.sum()),
        }
    )
    return with_units(table, _RATINGS)


def _counted(
    ratings: pd.DataFrame,
    below: pd.DataFrame,
    of_school: pd.Series[str],
    names: Mapping[str, str],
    *,
    key: str = "",
) -> pd.DataFrame:
    """Count the schools at the bottom in each group; ``key`` names the column of its id, if any."""
    schools = pd.DataFrame(
        {
            "schools_rated": ratings.notna().any(axis=1),
            "schools_unrated": ratings.isna().all(axis=1),
            "schools_at_bottom": below.any(axis=1),
            "schools_at_every_bottom": below.all(axis=1),
        }
    ).astype(np.int64)
    placed = of_school.reindex(schools.index)
    some = [""] if names and (placed == "").any() else []
    table = schools.groupby(placed).sum().reindex([*names, *some], fill_value=0)
    at_bottom = int(schools["schools_at_bottom"].sum())
    balanced = table["schools_rated"] / int(schools["schools_rated"].sum())
    table = table.assign(
        share_of_bottom=table["schools_at_bottom"] / at_bottom,
        balanced_share=balanced,
        over_balance=table["schools_at_bottom"] - balanced * at_bottom,
    )
    heads = {**({key: list(table.index)} if key else {}), "name": [*names.values(), *some]}
    for place, (head, texts) in enumerate(heads.items()):
        table.insert(place, head, texts)
    return with_units(table.reset_index(drop=True), dict.fromkeys(heads, TEXT) | dict(_COUNTS))


def _listed(
    assignment: Assignment,
    ratings: pd.DataFrame,
    below: pd.DataFrame,
    community: pd.Series[str],
    of_group: pd.Series[str],
) -> pd.DataFrame:
    """List the schools at the bottom; those in no community come last."""
    here = below.index[below.any(axis=1)]
    place = {name: rank for rank, name in enumerate([*assignment.community_names, ""])}
    table = pd.DataFrame(
        {
            "community": list(community[here]),
            "school": list(assignment.district.schools["name"][here]),
            "school_id": list(here),
            "group": list(of_group[here]),
            "ratings": [_grades(ratings.loc[school]) for school in here],
            "at_every_bottom": [bool(one) for one in below.loc[here].all(axis=1)],
        }
    )
    order = table.assign(place=table["community"].map(place))
    told = table.loc[order.sort_values(["place", "school", "school_id"]).index]
    return with_units(told.reset_index(drop=True), dict.fromkeys(map(str, table), TEXT))


def _grades(ratings: pd.Series[float]) -> str:
    """Return the grades of a school in words, without those it lacks."""
    return ", ".join(
        f"{str(name).replace('_', ' ')} {grade:g}" for name, grade in ratings.dropna().items()
    )
