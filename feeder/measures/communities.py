"""One row a community: what it has, and its share in every measure."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
import shapely

from feeder.district.grade_systems import GradeSystem
from feeder.district.grades import span_label
from feeder.district.model import LEVELS
from feeder.measures.capacity import capacity_columns
from feeder.measures.continuity import continuity_by_community, stay_probability
from feeder.measures.grouping import Grouping
from feeder.measures.hosts import hosts_of, office_columns
from feeder.measures.inputs import MeasureInputs
from feeder.measures.shape import (
    Land,
    diameters_km,
    outside,
    pieces,
    polsby_popper,
)
from feeder.network.graph import FloatArray
from feeder.planning import Assignment
from feeder.planning.community_totals import deviations, totals
from feeder.planning.constraints.nested import nesting

_SQUARE_METRES: Final = 1e6


def community_table(
    assignment: Assignment, inputs: MeasureInputs, grouping: Grouping, land: Land
) -> pd.DataFrame:
    """Return one row a community, indexed by ``community_id``.

    Counts add up over the rows; every rate stands with its numerator and denominator, which do
    too. Unknown figures are NaN.
    """
    n, home = grouping.n, grouping.school
    enrollment = totals(inputs.enrollment, home, n)
    columns: dict[str, object] = {"name": list(assignment.community_names)}
    if (regions := nesting(assignment)) is not None:
        columns["region"] = [", ".join(sorted(set(regions[home == c]))) for c in range(n)]
    columns["n_schools"] = np.bincount(home[home >= 0], minlength=n)
    for level in LEVELS:
        inside = (inputs.schools["level"] == level).to_numpy() & (home >= 0)
        columns[f"n_{level}"] = np.bincount(home[inside], minlength=n)
    columns["grades"] = _grades(inputs, grouping, assignment.district.grade_system)
    columns["enrollment"] = enrollment.astype(np.int64)
    columns["enrollment_deviation"] = _deviation(enrollment)
    if inputs.need is not None:
        need = totals(inputs.need, home, n)
        columns["need"] = need
        columns["need_deviation"] = _deviation(need)
    columns |= capacity_columns(inputs.enrollment, inputs.capacity, home, n)
    columns |= _flow_columns(inputs, grouping)
    columns |= _land_columns(inputs, grouping, land)
    columns |= office_columns(
        inputs, grouping, hosts_of(inputs, grouping, assignment.scenario.max_office_minutes)
    )
    index = pd.Index(grouping.ids, name="community_id")
    table = pd.DataFrame(columns, index=index)
    return pd.concat([table, _measure_columns(assignment, grouping)], axis=1)


def _grades(inputs: MeasureInputs, grouping: Grouping, system: GradeSystem) -> list[str]:
    masks = inputs.schools["grades"].to_numpy(np.int64)
    return [
        span_label(int(np.bitwise_or.reduce(masks[grouping.school == c])), system)
        for c in range(grouping.n)
    ]


def _deviation(sums: FloatArray) -> FloatArray:
    relative = deviations(sums)
    return np.full(len(sums), np.nan) if relative is None else relative


def _rate(name: str, part: FloatArray, whole: FloatArray) -> dict[str, FloatArray]:
    value = np.full(len(part), np.nan)
    np.divide(part, whole, out=value, where=whole > 0)
    return {name: value, f"{name}_numerator": part, f"{name}_denominator": whole}


def _flow_columns(inputs: MeasureInputs, grouping: Grouping) -> dict[str, FloatArray]:
    used, home = inputs.flows[0], grouping.school
    kept, changing = continuity_by_community(used, home, grouping.n)
    entering = inputs.schools["entering"].to_numpy(np.float64)
    staying = entering * stay_probability(used, home, inputs.schools)
    return {
        **_rate("feeder_continuity", kept, changing),
        **_rate(
            "k12_continuity",
            totals(staying, home, grouping.n),
            totals(entering, home, grouping.n),
        ),
    }


def _land_columns(inputs: MeasureInputs, grouping: Grouping, land: Land) -> dict[str, object]:
    away = outside(inputs.points, grouping.school, land.whole)
    return {
        "polsby_popper": polsby_popper(land.onshore),
        "diameter_km": diameters_km(inputs.schools, grouping.school, grouping.n),
        "pieces": pieces(land.onshore),
        "area_km2": shapely.area(land.onshore) / _SQUARE_METRES,
        "schools_outside": np.bincount(grouping.school[away], minlength=grouping.n),
    }


def _measure_columns(assignment: Assignment, grouping: Grouping) -> pd.DataFrame:
    """Sum the district's own counts, and the numerators and denominators of its rates."""
    measures = assignment.district.statistics
    ids = list(assignment.network.graph.school_ids)
    summed = {name: measures.counts[name].loc[ids] for name in measures.counts}
    names = [name for name in map(str, measures.rates) if not name.endswith("_denominator")]
    for name in names:
        share = measures.rates[name].loc[ids]
        whole = measures.rates[f"{name}_denominator"].loc[ids].where(share.notna())
        summed[f"{name}_numerator"] = share * whole
        summed[f"{name}_denominator"] = whole.where(summed[f"{name}_numerator"].notna())
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
