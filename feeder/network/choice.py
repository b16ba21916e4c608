"""Schools of choice: which schools they are, and how a plan may treat them.

A school of choice takes pupils from anywhere, so the land around it says little about the
community it belongs to. Three policies: it belongs where its point lies (``place``), where its
pupils come from or go (``flow``), or to no community at all (``apart``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from feeder.district.model import District
from feeder.errors import InputError, Problem
from feeder.network.campuses import Campuses
from feeder.network.contacts import Contacts
from feeder.network.graph import FEED, BoolArray, IntArray
from feeder.network.receivers import NO_NEIGHBOURHOOD
from feeder.scenario import CHOICE_POLICIES
from feeder.terms import LEAST_SHARE
from feeder.wording import counted, listed

CHOICE_WORDS: Final = NO_NEIGHBOURHOOD | {
    *("choice", "citywide", "contract", "lottery", "magnet", "online", "option", "optional"),
    *("opportunity", "pcs", "selective", "technical", "virtual", "vocational"),
}
"""Words of ``kind`` that name a school of choice."""
NEIGHBORHOOD_WORDS: Final = frozenset(
    {"neighborhood", "neighbourhood", "no", "non", "not", "regular", "traditional", "zoned"}
)
"""Words of ``kind`` that take it back: ``non-charter``, ``neighborhood school with a magnet``."""


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """Campuses that hold nothing but schools of choice, as a policy treats them.

    Attributes
    ----------
    apart
        Shape (n_campuses,): in no community.
    by_flow
        Shape (n_campuses,): without land, tied to where their pupils come from or go.
    exchange
        ``campus``, ``partner`` (indices of two different campuses), ``students`` a year who
        change from either to the other; every pair stands twice, once from each side.
    warnings
        Which schools stay apart, and which could not be treated as the policy says.
    """

    apart: BoolArray
    by_flow: BoolArray
    exchange: pd.DataFrame
    warnings: tuple[Problem, ...] = ()

    @property
    def loose(self) -> BoolArray:
        """Shape (n_campuses,): campuses that neither hold land nor lie on it."""
        return self.apart | self.by_flow


def names_choice(kind: str) -> bool:
    """Return whether a school's ``kind`` names a school of choice.

    Whole words decide, in any case, singular or plural: ``Charter school``, ``Magnets`` and
    ``alternative`` do; ``District``, ``regular``, ``non-charter`` and an empty text do not.
    """
    words = set(re.findall(r"[a-z]+", kind.casefold()))
    named = words | {word.removesuffix("s") for word in words}
    return bool(named & CHOICE_WORDS) and not words & NEIGHBORHOOD_WORDS


def choice_schools(district: District) -> BoolArray:
    """Shape (n_schools,): whether each school of the district is a school of choice.

    Its ``kind`` names one, and it has no attendance area of its own: a magnet with an area is a
    neighborhood school.
    """
    named = np.array([names_choice(kind) for kind in district.schools["kind"]], dtype=np.bool_)
    return named & ~_has_area(district)


def settle_choice(
    district: District,
    campuses: Campuses,
    flows: pd.DataFrame,
    policy: str,
    virtual: BoolArray,
) -> Choice:
    """Decide which campuses a policy treats otherwise than where they stand.

    Schools on one campus never part, so a school of choice that shares its campus with a
    neighborhood school stays with it, and under ``flow`` a campus that exchanges less than
    LEAST_SHARE of its pupils with neighborhood schools stays where it stands. Both are told.

    Parameters
    ----------
    district
        Uses ``schools`` and ``areas``.
    campuses
        The schools grouped by site.
    flows
        ``from_id``, ``to_id``, ``students``.
    policy
        ``place``, ``flow`` or ``apart``.
    virtual
        Shape (n_schools,): virtual schools that stay apart whatever the policy.

    Raises
    ------
    InputError
        Where nothing but schools that stay apart is there to plan.
    ValueError
        Where there is no such policy.
    """
    if policy not in CHOICE_POLICIES:
        raise ValueError(f"choice_schools is one of {', '.join(CHOICE_POLICIES)}, not {policy!r}.")
    none = np.zeros(len(campuses.ids), dtype=np.bool_)
    gone = np.bincount(campuses.of_school, weights=~virtual) == 0
    if gone.all():
        raise InputError([_NOTHING_LEFT])
    exchange = _exchange(district, campuses, flows)
    if policy == "place":
        return Choice(gone, none, exchange)
    schools = choice_schools(district) & ~virtual
    campus = np.bincount(campuses.of_school, weights=~schools) == 0
    warnings = [*_unknown_kinds(district, schools), *_shared(district, campuses, schools, campus)]
    if policy == "apart":
        if (campus | gone).all():
            raise InputError([_NOTHING_LEFT])
        warnings += _stay_apart(district, campus[campuses.of_school])
        return Choice(campus | gone, none, exchange, tuple(warnings))
    tied = campus & _has_neighbors(exchange, campus)
    warnings += _without_pupils(district, (campus & ~tied)[campuses.of_school])
    return Choice(gone, tied, exchange, tuple(warnings))


def _has_neighbors(exchange: pd.DataFrame, campus: BoolArray) -> BoolArray:
    """Shape (n_campuses,): enough pupils exchanged with campuses that are not of choice."""
    pupils = exchange["students"].to_numpy(np.float64)
    near = np.where(campus[exchange["partner"]], 0.0, pupils)
    everyone, neighbors = (
        np.bincount(exchange["campus"], weights, minlength=len(campus))
        for weights in (pupils, near)
    )
    return (neighbors > 0) & (neighbors >= LEAST_SHARE * everyone)


def feed_contacts(choice: Choice) -> Contacts:
    """Tie each campus ``by_flow`` to the placed campuses it exchanges pupils with.

    A contact's share is

        pupils exchanged / min(all pupils exchanged, those of the strongest contact / LEAST_SHARE)

    so a campus belongs to a community from or to which a tenth of its pupils come or go. Where
    they are spread so thin that no campus has a tenth, the strongest contact alone suffices.
    Pupils exchanged with another campus ``by_flow``, or with one that stays apart, count among all,
    but make no contact.
    """
    rows = choice.exchange[choice.by_flow[choice.exchange["campus"]]]
    n = len(choice.by_flow)
    everyone = np.bincount(rows["campus"], rows["students"], minlength=n)
    rows = rows[~choice.loose[rows["partner"]] & (rows["students"] > 0)]
    pairs = rows[["campus", "partner"]].to_numpy(np.int64)
    students = rows["students"].to_numpy(np.float64)
    strongest = np.zeros(n)
    np.maximum.at(strongest, pairs[:, 0], students)
    base = np.minimum(everyone, strongest / LEAST_SHARE)[pairs[:, 0]]
    return Contacts.of_kind(FEED, pairs, border_m=np.nan, share=students / base)


def _has_area(district: District) -> BoolArray:
    areas = district.areas
    owners = [] if areas is None else areas["school_id"].dropna().tolist()
    return np.asarray(district.schools.index.isin(owners), dtype=np.bool_)


def _exchange(district: District, campuses: Campuses, flows: pd.DataFrame) -> pd.DataFrame:
    ids = district.schools.index
    ends = [
        campuses.of_school[ids.get_indexer(pd.Index(flows[name]))] for name in ("from_id", "to_id")
    ]
    students = flows["students"].to_numpy(np.float64)
    both = pd.DataFrame(
        {
            "campus": np.concatenate(ends),
            "partner": np.concatenate(ends[::-1]),
            "students": np.concatenate([students, students]),
        }
    )
    between = both[both["campus"] != both["partner"]]
    return between.groupby(["campus", "partner"])["students"].sum().reset_index()


_NOTHING_LEFT: Final = Problem(
    rule="choice-schools",
    message="every campus holds nothing but schools of choice or virtual schools that stay outside "
    "every community: no school is left to plan.",
    fix='Use choice_schools = "place" or "flow", virtual_schools = "place", or correct the kind of '
    "the schools.",
    column="choice_schools",
)


def _unknown_kinds(district: District, schools: BoolArray) -> list[Problem]:
    """Tell of kinds that name no choice, and where there is no school of choice at all."""
    kinds = district.schools["kind"]
    others = sorted({kind for kind in kinds if kind and not names_choice(kind)})
    if schools.any() and not others:
        return []
    also = f"; not taken for a kind of choice: {listed(others)}" if others else ""
    return [
        Problem(
            rule="choice-kinds",
            message="schools whose kind names a school of choice and that have no attendance area: "
            f"{int(schools.sum())}{also}.",
            fix="A kind names a school of choice by a word such as charter, magnet or alternative.",
            column="kind",
        )
    ]


def _shared(
    district: District, campuses: Campuses, schools: BoolArray, campus: BoolArray
) -> list[Problem]:
    stuck = schools & ~campus[campuses.of_school]
    return _about(
        district,
        stuck,
        "choice-shares-campus",
        "of choice kept with the neighborhood school on the same campus",
        "Give them a campus_id of their own only where they stand on another site.",
    )


def _stay_apart(district: District, schools: BoolArray) -> list[Problem]:
    return _about(district, schools, "choice-apart", "of choice left outside every community", "")


def _without_pupils(district: District, schools: BoolArray) -> list[Problem]:
    return _about(
        district,
        schools,
        "choice-without-flow",
        "of choice placed by location, which exchange few pupils or none with neighborhood schools",
        "Add their flows where they are known.",
    )


def _about(district: District, schools: BoolArray, rule: str, what: str, fix: str) -> list[Problem]:
    """Tell something of some schools by name; nothing where there are none."""
    rows: IntArray = np.flatnonzero(schools)
    if not len(rows):
        return []
    names = district.schools["name"].iloc[rows]
    shown = listed(f"{name} ({school})" for school, name in names.items())
    count = counted(len(rows), "school")
    return [Problem(rule=rule, message=f"{count} {what}: {shown}.", fix=fix)]
