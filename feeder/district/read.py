"""From a district folder to a District: the order of reading, and one report of all problems."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from feeder.district.figures.funding import read_funding
from feeder.district.figures.goals import read_goals
from feeder.district.figures.statistics import no_measures, read_measures
from feeder.district.files.folder import Folder
from feeder.district.flows.shapes import read_flow_table
from feeder.district.land.afield import warn_afield
from feeder.district.land.areas import read_areas, read_boundary
from feeder.district.land.context import read_context
from feeder.district.land.residents import read_residents
from feeder.district.model import (
    STREET_FORMATS,
    CommunityRows,
    District,
    Funding,
    Goal,
    InputFile,
    Statistics,
)
from feeder.district.plans.communities import read_communities
from feeder.district.plans.existing import read_offices
from feeder.district.plans.shapes import read_plan_table
from feeder.district.schools.points import with_points
from feeder.district.schools.stand_in import anybody
from feeder.district.schools.table import Schools, read_schools
from feeder.district.settings.manifest import parse_manifest
from feeder.district.settings.specs import MANIFEST, Manifest, TableSpec
from feeder.district.tables.table import Table
from feeder.errors import Findings, InputError, Problem
from feeder.wording import nearest, shown


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """All that was found in a district folder.

    Attributes
    ----------
    district
        None where the folder cannot be used.
    problems
        Why it cannot be used; empty where it can.
    warnings
        What was repaired, left out or looks odd.
    """

    district: District | None
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def read_district(folder: Path) -> District:
    """Read, check and repair a district folder.

    Parameters
    ----------
    folder
        A folder with a ``district.toml``.

    Returns
    -------
    District
        What was repaired, left out or looks odd is in its ``warnings``.

    Raises
    ------
    InputError
        With every problem found, not only the first.

    Examples
    --------
    >>> read_district(embedded_district())
    District('Cormorant Bay Unified (invented district)', 130 schools, 76,295 students)
    """
    reading = survey_district(folder)
    if reading.district is None:
        raise InputError(reading.problems)
    return reading.district


def survey_district(folder: Path) -> Reading:
    """Read, check and repair a district folder, and tell what was found either way.

    Parameters
    ----------
    folder
        A folder with a ``district.toml``.
    """
    findings = Findings()
    district = None
    try:
        district = _read(Folder(Path(folder), findings), findings)
    except InputError as error:
        findings.errors.extend(error.problems)
    return Reading(
        None if findings.errors else district, tuple(findings.errors), tuple(findings.warnings)
    )


def _read(files: Folder, findings: Findings) -> District | None:
    """Return the district as far as it could be read; None without schools."""
    manifest = parse_manifest(files.manifest(), files.root.name, findings)
    schools = _schools(manifest, files, findings)
    if schools is None:
        found = Findings()
        schools = anybody(_naming_schools(manifest, files), manifest.system)
        _district(manifest, schools, files, found)
        findings.errors.extend(found.errors)
        return None
    _check_nesting(manifest, schools, findings)
    return _district(manifest, schools, files, findings)


def _district(manifest: Manifest, schools: Schools, files: Folder, findings: Findings) -> District:
    """Read every table but the schools."""
    frame, roster = schools.frame, schools.roster
    areas = read_areas(manifest.areas, files, frame, roster, findings)
    warn_afield(areas, frame, schools.file, findings)
    boundary = read_boundary(manifest.boundary, files, frame, findings)
    flows = _flows(manifest, schools, files, findings)
    residents = read_residents(manifest.residents, files, frame, findings)
    measures = _measures(manifest, schools, files, findings)
    goals = _goals(manifest, schools, files, findings)
    existing_plan = _existing_plan(manifest, schools, files, findings)
    communities = _communities(manifest, files, findings)
    offices = _offices(manifest, schools, existing_plan, files, findings)
    funding = _funding(manifest, schools, measures, files, findings)
    context = read_context(manifest.context, files, frame, findings)
    streets = _streets(manifest, files, findings)
    return District(
        name=manifest.name,
        year=manifest.year,
        folder=files.root,
        synthetic=manifest.synthetic,
        schools=frame,
        extra=schools.extra,
        grade_enrollment=schools.grade_enrollment,
        areas=areas,
        boundary=boundary,
        flows=flows,
        flow_ways=manifest.flow_ways,
        residents=residents,
        statistics=measures,
        existing_plan=existing_plan,
        communities=communities,
        offices=offices,
        context=context,
        background=manifest.background,
        access=manifest.access,
        streets=streets,
        goals=goals,
        funding=funding,
        grade_system=manifest.system,
        earlier=manifest.earlier,
        scenario=manifest.scenario,
        warnings=tuple(findings.warnings),
        inputs=files.inputs,
    )


def _schools(manifest: Manifest, files: Folder, findings: Findings) -> Schools | None:
    spec = manifest.schools
    table = files.table(spec.table) if spec else None
    if spec is None or table is None:
        return None
    ours = {"lat", "lon"}
    if not table.has_lines and not ours & {*spec.table.columns, *table.frame.columns}:
        layer = files.layer(spec.table)
        table = table if layer is None else with_points(table, layer, findings)
    return read_schools(table, spec, findings)


def _flows(
    manifest: Manifest, schools: Schools, files: Folder, findings: Findings
) -> pd.DataFrame | None:
    spec = manifest.flows
    table = files.table(spec.table) if spec else None
    if spec is None or table is None:
        return None
    return read_flow_table(table, spec, schools.frame, schools.roster, findings)


def _measures(
    manifest: Manifest, schools: Schools, files: Folder, findings: Findings
) -> Statistics:
    spec = manifest.measures
    table = files.table(spec.table) if spec else None
    if spec is None or table is None:
        return no_measures(schools.frame.index)
    return read_measures(table, spec, schools, findings)


def _goals(
    manifest: Manifest, schools: Schools, files: Folder, findings: Findings
) -> tuple[Goal, ...] | None:
    spec = manifest.goals
    table = files.table(spec.table) if spec else None
    return read_goals(table, spec, schools, findings) if spec and table else None


def _existing_plan(
    manifest: Manifest, schools: Schools, files: Folder, findings: Findings
) -> pd.Series[str] | None:
    spec = manifest.existing_plan
    table = files.table(spec) if spec else None
    if spec is None or table is None:
        return None
    return read_plan_table(table, spec, schools, manifest.scenario.communities, findings)


def _communities(manifest: Manifest, files: Folder, findings: Findings) -> CommunityRows | None:
    spec = manifest.communities
    table = files.table(spec) if spec else None
    return read_communities(table, spec, findings) if spec and table else None


def _offices(
    manifest: Manifest,
    schools: Schools,
    today: pd.Series[str] | None,
    files: Folder,
    findings: Findings,
) -> pd.DataFrame | None:
    spec = manifest.offices
    table = files.table(spec) if spec else None
    if spec is None or table is None:
        return None
    return read_offices(table, spec, schools.frame, today, findings)


def _streets(manifest: Manifest, files: Folder, findings: Findings) -> InputFile | None:
    spec = manifest.streets
    found = files.include(spec) if spec else None
    if found is None or Path(found.path).suffix.lower() in STREET_FORMATS:
        return found
    message = f"[streets] names {shown(found.path)}, a format that is not read."
    fix = f"Give the streets as {', '.join(STREET_FORMATS)}; feeder streets downloads them."
    problem = Problem(
        rule="unknown-format", message=message, fix=fix, file=MANIFEST, value=found.path
    )
    findings.errors.append(problem)
    return None


def _funding(
    manifest: Manifest, schools: Schools, measures: Statistics, files: Folder, findings: Findings
) -> Funding | None:
    spec = manifest.funding
    if spec is None:
        return None
    table = files.table(spec.table) if spec.table else None
    return read_funding(table, spec, schools, measures, findings)


def _naming_schools(manifest: Manifest, files: Folder) -> Iterator[tuple[Table, TableSpec]]:
    """Yield every table that names schools and can be read, with its section."""
    inner = (manifest.schools, manifest.flows, manifest.measures, manifest.goals, manifest.funding)
    bare = (manifest.existing_plan, manifest.offices)
    for spec in (*(one.table for one in (*inner, *manifest.areas) if one), *bare):
        table = files.table(spec) if spec else None
        if spec is not None and table is not None:
            yield table, spec


def _check_nesting(manifest: Manifest, schools: Schools, findings: Findings) -> None:
    """Report a ``nested_in`` that no column answers, and schools where it is blank."""
    column = manifest.scenario.nested_in
    if column is None or manifest.schools is None:
        return
    own = schools.frame[["region", "campus_id", "kind"]]
    texts = own if column in own else schools.extra
    if column not in texts:
        ours = [name for name, theirs in manifest.schools.table.columns.items() if theirs == column]
        fix = f'Write nested_in = "{ours[0]}".' if ours else nearest(column, [*own, *schools.extra])
        message = f"nested_in names {column}, which is no column of the schools."
        problem = Problem(rule="nested-in", message=message, fix=fix, file=MANIFEST, value=column)
        findings.errors.append(problem)
        return
    for school_id in texts.index[texts[column] == ""]:
        message = f"{schools.roster.name(school_id)} has no {column}, in which communities nest."
        fix = "Fill it in, or leave nested_in out."
        file = manifest.schools.table.path
        findings.errors.append(
            Problem(rule="blank-region", message=message, fix=fix, file=file, column=column)
        )
