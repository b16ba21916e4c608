"""One row a community: its schools, what every family of measures tells of it, its own counts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from feeder.district.model import LEVELS
from feeder.district.schools.grade_systems import GradeSystem
from feeder.district.schools.grades import span_label
from feeder.measures.families import Subject, community_columns, counted_columns
from feeder.measures.grouping import Grouping
from feeder.measures.inputs import MeasureInputs
from feeder.planning import Assignment
from feeder.planning.constraints.nested import nesting


def community_table(subject: Subject) -> pd.DataFrame:
    """Return one row a community, indexed by ``community_id``.

    Counts add up over the rows; every rate stands with its numerator and denominator, which do
    too. Unknown figures are NaN.
    """
    assignment, grouping, inputs = subject.assignment, subject.grouping, subject.inputs
    n, home = grouping.n, grouping.school
    columns: dict[str, object] = {"name": list(assignment.community_names)}
    if (regions := nesting(assignment)) is not None:
        columns["region"] = [", ".join(sorted(set(regions[home == c]))) for c in range(n)]
    columns["n_schools"] = np.bincount(home[home >= 0], minlength=n)
    for level in LEVELS:
        inside = (inputs.schools["level"] == level).to_numpy() & (home >= 0)
        columns[f"n_{level}"] = np.bincount(home[inside], minlength=n)
    columns["grades"] = _grades(inputs, grouping, assignment.district.grade_system)
    columns |= community_columns(subject)
    index = pd.Index(grouping.ids, name="community_id")
    table = pd.DataFrame(columns, index=index)
    return pd.concat([table, _measure_columns(assignment, grouping)], axis=1)


def counted_table(subject: Subject) -> pd.DataFrame:
    """Return the columns of the table that rest on counts of students."""
    index = pd.Index(subject.grouping.ids, name="community_id")
    table = pd.DataFrame(counted_columns(subject), index=index)
    return pd.concat([table, _measure_columns(subject.assignment, subject.grouping)], axis=1)


def _grades(inputs: MeasureInputs, grouping: Grouping, system: GradeSystem) -> list[str]:
    masks = inputs.schools["grades"].to_numpy(np.int64)
    return [
        span_label(int(np.bitwise_or.reduce(masks[grouping.school == c])), system)
        for c in range(grouping.n)
    ]


def _measure_columns(assignment: Assignment, grouping: Grouping) -> pd.DataFrame:
    """Sum the district's own counts, and the numerators and denominators of its rates."""
    measures = assignment.district.statistics
    ids = list(assignment.network.graph.school_ids)
    counts, rates = measures.counts.loc[ids], measures.rates.loc[ids]
    summed = {name: counts[name].to_numpy() for name in counts}
    names = [name for name in map(str, rates) if not name.endswith("_denominator")]
    for name in names:
        whole = rates[f"{name}_denominator"].to_numpy()
        part = rates[name].to_numpy() * whole
        summed[f"{name}_numerator"] = part
        summed[f"{name}_denominator"] = np.where(np.isnan(part), np.nan, whole)
    codes = pd.Series(grouping.school, index=ids)
    table = (
        pd.DataFrame(summed, index=pd.Index(ids))
        .groupby(codes)
        .sum(min_count=1)
        .reindex(range(grouping.n))
    )
    table.index = pd.Index(grouping.ids, name="community_id")
    for name in names:
        rate = table[f"{name}_numerator"] / table[f"{name}_denominator"].where(lambda d: d > 0)
        table.insert(list(table.columns).index(f"{name}_numerator"), name, rate)
    return table
