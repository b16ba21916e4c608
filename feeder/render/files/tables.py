"""The output tables as text: CSV for spreadsheets, JSON for programs.

Every figure of the scorecard can be recomputed from these tables and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple
from typing import Any, Final

import numpy as np
import pandas as pd

from feeder.district.model import GRADE_COLUMNS
from feeder.district.schools.grades import grade_label, span_label
from feeder.district.settings.specs import COMMUNITY_COLUMNS
from feeder.measures.scorecard import Scorecard, Value
from feeder.opening.communities import COMMUNITIES_CSV
from feeder.planning import Assignment
from feeder.planning.constraints.judged import ConstraintResult
from feeder.planning.identity import Community
from feeder.telling.units import with_units
from feeder.writing.texts import csv_text, json_text

_COLUMNS: Final[Mapping[str, tuple[str, str]]] = {
    "n_schools": ("schools", "Schools of the community."),
    "n_elementary": ("schools", "Elementary schools of the community."),
    "n_middle": ("schools", "Middle schools of the community."),
    "n_high": ("schools", "High schools of the community."),
    "n_span": ("schools", "Schools of the community that span levels."),
    "n_other": ("schools", "Schools of the community of no level."),
    "enrollment": ("students", "Students of the community's schools."),
    "need": ("weighted students", "Weighted sum of the counts that make up need."),
    "capacity_utilization_numerator": ("students", "Students of the schools with a capacity."),
    "capacity_utilization_denominator": ("students", "Sum of the capacities of these schools."),
    "schools_without_capacity": ("schools", "Schools of the community without a capacity."),
    "pieces": ("pieces", "Separate pieces of the community's land without offshore parts."),
    "area_km2": ("square kilometres", "The community's land without offshore parts."),
    "schools_outside": ("schools", "Schools counted by schools_outside_their_community."),
}
"""Unit and definition of the columns of the communities that are no measure of a plan."""


def tables(assignment: Assignment, scorecard: Scorecard) -> dict[str, str]:
    """Return every output table by file name.

    Parameters
    ----------
    assignment
        The plan.
    scorecard
        Its scorecard.

    Returns
    -------
    ``plan.csv``, ``communities.csv``, ``schools.csv``, ``flows.csv``, ``contacts.csv``,
    ``scorecard.json``, ``scorecard.csv`` and, where flows are estimated, ``flow_variants.csv``.
    """
    texts = {
        "plan.csv": csv_text(assignment.plan_table()),
        COMMUNITIES_CSV: csv_text(identity_table(assignment.communities)),
        "schools.csv": csv_text(schools_table(assignment)),
        "flows.csv": csv_text(flows_table(assignment)),
        "contacts.csv": csv_text(contacts_table(assignment)),
        "scorecard.json": json_text(scorecard_record(scorecard)),
        "scorecard.csv": csv_text(scorecard_table(scorecard)),
    }
    variants = assignment.network.flow_variants
    if variants is not None and not variants.empty:
        texts["flow_variants.csv"] = csv_text(variants.reset_index())
    return texts


def identity_table(communities: Sequence[Community]) -> pd.DataFrame:
    """Return what each community goes by, one row a community: for the planner to edit."""
    rows = [astuple(one) for one in communities]
    return pd.DataFrame(rows, columns=list(COMMUNITY_COLUMNS))


def schools_table(assignment: Assignment) -> pd.DataFrame:
    """Return every school as used, its campus, today's community and, last, its community."""
    district, graph = assignment.district, assignment.network.graph
    schools = district.schools
    campus = pd.Series(
        [graph.node_ids[node] for node in graph.school_node], index=pd.Index(graph.school_ids)
    )
    first = ["name", "level", "grade_low", "grade_high", "lat", "lon", "enrollment"]
    table, system = schools[first].copy(), district.grade_system
    for name in ("grade_low", "grade_high"):
        table[name] = [grade_label(grade, system) for grade in schools[name].tolist()]
    table["grades"] = [
        span_label(mask, system) if mask else "" for mask in schools["grades"].tolist()
    ]
    table["campus_id"] = campus.reindex(schools.index, fill_value="")
    rest = [
        "region",
        "kind",
        "capacity",
        "office_capacity",
        "leavers",
        "leavers_estimated",
        "entering",
    ]
    parts = [table, schools[rest], _grade_enrollment(assignment), *_own_measures(assignment)]
    nested = assignment.scenario.nested_in
    if nested is not None and nested not in schools:
        parts.append(district.extra[[nested]])
    whole = pd.concat([part.reindex(schools.index) for part in parts], axis=1)
    if district.existing_plan is not None:
        whole["existing_community_id"] = district.existing_plan.reindex(schools.index)
    plan = assignment.plan_table().set_index("school_id")["community_id"]
    whole["community_id"] = plan
    return whole.rename_axis("school_id").reset_index()


def flows_table(assignment: Assignment) -> pd.DataFrame:
    """Return the flows as used: pair, students a year, source, and the range left open."""
    columns = ["from_id", "to_id", "students", "source", "students_low", "students_high"]
    return assignment.network.flows[columns]


def contacts_table(assignment: Assignment) -> pd.DataFrame:
    """Return the contacts as used, by the ids of campuses and vacant tiles."""
    graph = assignment.network.graph
    ids = np.array(graph.node_ids, dtype=object)
    return pd.DataFrame(
        {
            "a_id": ids[graph.contact_a],
            "b_id": ids[graph.contact_b],
            "border_m": graph.contact_border_m,
            "kind": graph.contact_kind.astype(object),
            "share": graph.contact_share,
        }
    )


def scorecard_record(scorecard: Scorecard) -> dict[str, Any]:
    """Return the scorecard as a JSON-ready record."""
    existing = scorecard.existing
    communities = scorecard.communities.reset_index().to_dict(orient="records")
    return {
        "plan": {name: value.value for name, value in scorecard.plan.items()},
        "existing": None
        if existing is None
        else {name: value.value for name, value in existing.items()},
        "details": {
            name: _detail(scorecard, name, value) for name, value in scorecard.plan.items()
        },
        "existing_details": None
        if existing is None
        else {name: _detail(scorecard, name, value) for name, value in existing.items()},
        "communities": communities,
        "constraints": [_constraint(constraint) for constraint in scorecard.constraints],
        "island_communities": scorecard.island_communities,
        "certificate": scorecard.certificate,
        "notes": scorecard.notes,
    }


def _constraint(constraint: ConstraintResult) -> dict[str, Any]:
    violations = [
        {
            "community_id": violation.community_id,
            "value": violation.value,
            "bound": violation.bound,
            "unit": violation.unit,
            "message": str(violation.message),
        }
        for violation in constraint.violations
    ]
    return {
        "name": constraint.name,
        "definition": str(constraint.definition),
        "satisfied": constraint.satisfied,
        "violations": violations,
    }


def scorecard_table(scorecard: Scorecard) -> pd.DataFrame:
    """Return the scorecard as tidy rows: one figure a row, with unit and definition."""
    rows = [*_scope_rows(scorecard, "plan", scorecard.plan)]
    if scorecard.existing is not None:
        rows += _scope_rows(scorecard, "existing", scorecard.existing)
    table = scorecard.communities
    numeric = [name for name in table if pd.api.types.is_numeric_dtype(table[name])]
    for community, values in zip(table.index, table[numeric].to_dict("records"), strict=True):
        for name, value in values.items():
            unit, definition = _column_facts(scorecard, str(name))
            rows.append(
                {
                    "scope": community,
                    "measure": name,
                    "value": value,
                    "unit": unit,
                    "definition": definition,
                }
            )
    columns = ["scope", "measure", "value", "unit", "sense", "numerator", "denominator"]
    return pd.DataFrame(rows, columns=[*columns, "low", "high", "reason", "definition"])


def communities_table(scorecard: Scorecard) -> pd.DataFrame:
    """Return one row a community, its columns with units (:mod:`feeder.telling.units`)."""
    table = scorecard.communities
    return with_units(table, {name: _unit(scorecard, name) for name in map(str, table)})


def _unit(scorecard: Scorecard, column: str) -> str:
    """Return the unit of a column; the district's own count students, or are shares of some."""
    table = scorecard.communities
    unit = _column_facts(scorecard, column)[0]
    if unit or not pd.api.types.is_numeric_dtype(table[column]):
        return unit
    return "share" if f"{column}_numerator" in table else "students"


def _detail(scorecard: Scorecard, name: str, value: Value) -> dict[str, Any]:
    measure = scorecard.definitions[name]
    return {
        "value": value.value,
        "unit": measure.unit,
        "sense": measure.sense,
        "definition": str(measure.definition),
        "numerator": value.numerator,
        "denominator": value.denominator,
        "low": value.low,
        "high": value.high,
        "reason": "" if value.reason is None else str(value.reason),
    }


def _scope_rows(
    scorecard: Scorecard, scope: str, values: Mapping[str, Value]
) -> Iterable[dict[str, Any]]:
    return [
        {"scope": scope, "measure": name, **_detail(scorecard, name, value)}
        for name, value in values.items()
    ]


def _column_facts(scorecard: Scorecard, column: str) -> tuple[str, str]:
    """Return unit and definition of a column of the communities."""
    if column in scorecard.definitions:
        measure = scorecard.definitions[column]
        return measure.unit, str(measure.definition)
    return _COLUMNS.get(column, ("", ""))


def _grade_enrollment(assignment: Assignment) -> pd.DataFrame:
    """Return the enrollment by grade; no columns where the district gives none."""
    by_grade = assignment.district.grade_enrollment
    if by_grade is None:
        return pd.DataFrame(index=assignment.district.schools.index)
    return by_grade[list(GRADE_COLUMNS)].add_prefix("enrollment_")


def _own_measures(assignment: Assignment) -> list[pd.DataFrame]:
    """Return the district's own need, counts, rates and ratings."""
    measures = assignment.district.statistics
    need = [] if measures.need is None else [measures.need.rename("need").to_frame()]
    return [*need, measures.counts, measures.rates, measures.ratings]
