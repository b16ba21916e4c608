"""Flow tables and the ways they may be read: suppressed cells, variants of an estimate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from feeder.district.model import MODELED
from feeder.measures.scorecard import Value
from feeder.network.graph import FloatArray, IntArray
from feeder.network.model import Network
from feeder.terms import SUM_SLACK


@dataclass(frozen=True, slots=True, eq=False)
class Flows:
    """One reading of the flow table; row ``i`` moves students from one school to another.

    Attributes
    ----------
    sender, receiver
        Shape (n_flows,): school indices.
    students, low, high
        Shape (n_flows,): students a year and the range that suppressed cells leave open.
    """

    sender: IntArray
    receiver: IntArray
    students: FloatArray
    low: FloatArray
    high: FloatArray

    @property
    def is_open(self) -> bool:
        """Whether some row is known as a range only."""
        return bool((self.low < self.high).any())


def as_used(network: Network) -> Flows:
    """Return the network's flows; rows that a method gives as if they were certain."""
    graph = network.graph
    certain = np.isin(graph.flow_source, sorted(MODELED))
    students = graph.flow_students
    low, high = (
        np.where(certain, students, network.flows[name].to_numpy(np.float64))
        for name in ("students_low", "students_high")
    )
    return Flows(graph.flow_from, graph.flow_to, students, low, high)


def flow_variants(network: Network) -> tuple[Flows, ...]:
    """Return the flows as used, then once for each variant of the methods that gave some.

    A variant's rows take the place of the rows that a method gave; those of a table stay.
    """
    used = as_used(network)
    variants = network.flow_variants
    if variants is None or variants.empty:
        return (used,)
    ids = pd.Index(network.graph.school_ids)
    pairs = variants.index
    sender = ids.get_indexer(pairs.get_level_values("from_id")).astype(np.int64)
    receiver = ids.get_indexer(pairs.get_level_values("to_id")).astype(np.int64)
    known = ~np.isin(network.graph.flow_source, sorted(MODELED))

    def joined(own: FloatArray, students: FloatArray) -> FloatArray:
        return np.concatenate([own[known], students])

    tables = [
        variants.iloc[:, i].fillna(0.0).to_numpy(np.float64) for i in range(variants.shape[1])
    ]
    return (
        used,
        *(
            Flows(
                np.concatenate([used.sender[known], sender]),
                np.concatenate([used.receiver[known], receiver]),
                joined(used.students, table),
                joined(used.low, table),
                joined(used.high, table),
            )
            for table in tables
        ),
    )


def across(measure: Callable[[Flows], Value], tables: tuple[Flows, ...]) -> Value:
    """Return a measure of the flows as used, with its range over all readings.

    Parameters
    ----------
    measure
        Gives the value of one reading, with ``low`` and ``high`` from suppressed cells.
    tables
        The flows as used first.
    """
    values = [measure(flows) for flows in tables]
    used = values[0]
    known = [value for value in values if value.value is not None]
    if used.value is None or not known:
        return used
    low = min(_least(value.low, value.value) for value in known)
    high = max(_least(value.high, value.value) for value in known)
    if high - low <= SUM_SLACK:
        return replace(used, low=None, high=None)
    return replace(used, low=low, high=high)


def _least(bound: float | None, value: float | None) -> float:
    """Return the bound where there is one, else the value itself."""
    chosen = value if bound is None else bound
    if chosen is None:
        raise ValueError("a measure without a value has no range")
    return chosen
