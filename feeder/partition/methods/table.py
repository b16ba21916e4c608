"""The comparators by name, and what a planner should know of each before trying it.

Nothing heavy is imported until a comparator runs, so that help answers at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from feeder.partition.methods.ground import Cluster

SEARCH: Final = "anneal"
"""The name of the search itself, which is no comparator: it keeps every promise or says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A comparator.

    Attributes
    ----------
    name
        Its name, and that of its module.
    does, breaks
        What it does, and which promises it tends to break; each the half of a sentence.
    """

    name: str
    does: str
    breaks: str

    @property
    def cluster(self) -> Cluster:
        """Its function."""
        module = import_module(f"feeder.partition.methods.{self.name}")
        function: Cluster = module.cluster
        return function


METHODS: Final[Mapping[str, Method]] = MappingProxyType(
    {
        method.name: method
        for method in (
            Method(
                name="anchored",
                does="each high school with the schools that lead to it",
                breaks="sizes follow the high schools, and a far feeder leaves its land in pieces",
            ),
            Method(
                name="ward",
                does="neighbors with like places and like partners merge first",
                breaks="sizes and grades are left to chance",
            ),
            Method(
                name="spectral",
                does="smooth waves over flows and contacts tell groups apart",
                breaks="sizes and grades are left to chance, and land may lie in pieces",
            ),
            Method(
                name="kmeans",
                does="every school to the nearest of as many centers",
                breaks="knows neither flows nor borders: land in pieces, sizes, grades",
            ),
            Method(
                name="louvain",
                does="groups with more flows and contacts inside than chance would give",
                breaks="sizes vary widely, and land may lie in pieces",
            ),
        )
    }
)
