"""Identity: the number, name and color by which a community goes, in every product."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Final

import networkx as nx
import numpy as np

from feeder.district.model import District
from feeder.network.graph import FloatArray, IntArray
from feeder.network.model import Network
from feeder.planning.colors import border_graph, colored, has_dashes, ink_on
from feeder.planning.matching import one_to_one
from feeder.planning.today import read_today

NO_NUMBER: Final = 0
"""Of a community whose number is still to be given."""


@dataclass(frozen=True, slots=True)
class Community:
    """What a community goes by, fixed when its plan is made.

    Attributes
    ----------
    id
        Stable id: ``C01`` ... or a locked one.
    number, name, color
        On maps and in tables; the color is ``#RRGGBB``. In a plan no two share a number or a name.
    office_school_id
        School that holds its office; empty where the best is chosen.
    contact_name, contact_email, contact_phone
        Whom to ask; empty where nobody said.

    Examples
    --------
    >>> plan.assignment.communities[0].label
    '1 Alder'
    """

    id: str
    number: int = NO_NUMBER
    name: str = ""
    color: str = ""
    office_school_id: str = ""
    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""

    @property
    def label(self) -> str:
        """Number and name."""
        return f"{self.number} {self.name}"

    @property
    def dashed(self) -> bool:
        """Whether a dashed line inside its border tells it from others of its lightness."""
        return has_dashes(self.color)

    @property
    def ink(self) -> str:
        """Color in which its number is read on its color."""
        return ink_on(self.color)


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Where communities lie, and who lives in them.

    Attributes
    ----------
    district, network
        What is planned.
    school
        Shape (n_schools,): community of each school of the network; -1 is none.
    node
        Shape (n_nodes,): community of each campus or vacant tile; -1 is none.
    """

    district: District
    network: Network
    school: IntArray
    node: IntArray

    @property
    def students(self) -> FloatArray:
        """Shape (n_schools,): students of each school of the network."""
        ids = list(self.network.graph.school_ids)
        return self.district.schools.loc[ids, "enrollment"].to_numpy(np.float64)


def identified(ground: Ground, ids: Sequence[str], names: Sequence[str]) -> tuple[Community, ...]:
    """Return the identities of a new plan's communities: numbers 1 to n, and colors."""
    given = [Community(*one) for one in zip(ids, range(1, len(ids) + 1), names, strict=True)]
    return completed(ground, given)


def completed(
    ground: Ground,
    given: Sequence[Community],
    *,
    names: Sequence[str] = (),
    numbers: Collection[int] = (),
) -> tuple[Community, ...]:
    """Fill in what the identities of a plan's communities leave open.

    A number is the lowest that is free; a name that is taken gets one; colors differ within sight,
    and from those of today's communities that nothing of the plan shares the color of.

    Parameters
    ----------
    ground
        Where the communities lie.
    given
        Shape (n_communities,): identities with blanks (:data:`NO_NUMBER`, empty texts).
    names
        Shape (n_communities,): names for blank ones; the ids by default.
    numbers
        Numbers that are taken elsewhere.
    """
    colors = _colors(ground, given)
    free = _free({*numbers, *(one.number for one in given)})
    taken = {one.name for one in given}
    found = []
    for k, one in enumerate(given):
        name = one.name or free_name((names or [c.id for c in given])[k], taken)
        taken.add(name)
        number = one.number or next(free)
        found.append(replace(one, number=number, name=name, color=colors[k]))
    return tuple(found)


def free_name(wanted: str, taken: Collection[str]) -> str:
    """Return a name that is not taken: the one wanted, or that with a number."""
    numbered = (f"{wanted} {number}" for number in count(2))
    return wanted if wanted not in taken else next(n for n in numbered if n not in taken)


def matched(ground: Ground, other: Ground, shape: tuple[int, int]) -> IntArray:
    """Match the communities of two plans of a network one to one, by the students they share."""
    return one_to_one(ground.school, other.school, ground.students, shape)


def _free(taken: Collection[int]) -> Iterator[int]:
    return (number for number in count(1) if number not in taken)


def _colors(ground: Ground, given: Sequence[Community]) -> Mapping[int, str]:
    """Return a color for each community; those that have one keep it."""
    fixed = {k: one.color for k, one in enumerate(given) if one.color}
    if len(fixed) == len(given):
        return fixed
    borders = border_graph(ground.network.graph, ground.node, len(given))
    return colored(_with_today(borders, ground), fixed)


def _with_today(borders: nx.Graph[int], ground: Ground) -> nx.Graph[int]:
    """Add today's borders, so that today's plan can be drawn in the same colors."""
    today = read_today(ground.district, ground.network)
    if today is None:
        return borders
    n, m = borders.number_of_nodes(), len(today.ids)
    match = one_to_one(ground.school, today.school, ground.students, (n, m)).tolist()
    same = {there: here for here, there in enumerate(match) if there >= 0}
    place = {there: same.get(there, n + there) for there in range(m)}
    theirs = border_graph(ground.network.graph, today.node, m)
    return nx.compose(borders, nx.relabel_nodes(theirs, place))
