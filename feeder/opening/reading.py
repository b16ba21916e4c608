"""Any plan of a district, read back: made by hand, cut short, or from another program."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from feeder.district.model import District, InputFile
from feeder.district.schools.names import Names
from feeder.district.schools.recognition import BY_ID, read_schools, recognised
from feeder.district.schools.roster import Place, Roster
from feeder.district.tables.nobody import without_nobody
from feeder.district.tables.table import drop_repeats
from feeder.errors import Findings, InputError, Problem
from feeder.network.graph import FeederGraph
from feeder.network.model import Network
from feeder.network.virtual import outside
from feeder.opening.communities import (
    COMMUNITIES_CSV,
    communities_beside,
    on_one_line,
    told_communities,
)
from feeder.opening.plan_files import read_rows
from feeder.opening.plan_layers import split_layer
from feeder.opening.plan_tables import PlanRows
from feeder.planning.assignment import Assignment
from feeder.planning.feasible import check_scenario
from feeder.planning.identity import free_name
from feeder.planning.land import lead_nodes
from feeder.planning.members import members
from feeder.planning.naming import name_communities
from feeder.planning.zones import make_zones
from feeder.scenario import Scenario
from feeder.wording import counted, warn_grouped

IntArray = npt.NDArray[np.int64]
PLAN_CSV: Final = "plan.csv"
TODAY: Final = "existing"
"""What today's plan is called beside others."""
_NO_NAMES: Final[Mapping[str, str]] = MappingProxyType({})
_DIGITS: Final = re.compile(r"(\d+)")


def read_plan(
    path: Path | str, district: District, network: Network, *, scenario: Scenario | None = None
) -> Assignment:
    """Read a plan of any kind: whole or cut short, good or broken.

    Parameters
    ----------
    path
        CSV (``school_id,community_id`` or Districtr's ``id,assignment``), GeoJSON and other
        layers with a community field, the JSON of GerryChain or Districtr, GraphML; or a folder
        with ``plan.csv``. A layer of a GeoPackage is named behind it: ``plan.gpkg/tiles``.
    district, network
        What the plan is a plan of.
    scenario
        The promises to hold it against; the district's own by default. Where it asks for no
        number of communities, the plan's own number stands.

    Returns
    -------
    Assignment
        Schools the plan does not place are in no community; vacant tiles it does not place go
        where they keep the land whole. Its district tells the plan file among its ``inputs``
        and what was odd in it among its ``warnings``.

    Raises
    ------
    InputError
        Where the file cannot be read, contradicts itself or is about other schools, and where
        the scenario names what is not there.
    """
    file, layer = split_layer(Path(path))
    file = _file(file)
    findings = Findings()
    rows = read_rows(file, layer, district, findings)
    told = communities_beside(file, findings) or district.communities
    asked = rows.parts or (scenario or district.scenario).communities
    homes = _homes(rows, district, network.graph, asked, findings)
    homes = _without_virtual(homes, rows, district, network, findings)
    findings.raise_if_any()
    plan = plan_of(homes, district, network, scenario=scenario, names=rows.names)
    plan = plan if told is None else told_communities(plan, told, findings)
    findings.raise_if_any()
    own = told is not None and told is not district.communities
    known = replace(
        district,
        warnings=(*district.warnings, *findings.warnings),
        inputs=(*district.inputs, *map(_input, [file, file.with_name(COMMUNITIES_CSV)][: 1 + own])),
    )
    return replace(plan, district=known)


def plan_of(
    homes: Mapping[str, str],
    district: District,
    network: Network,
    *,
    scenario: Scenario | None = None,
    names: Mapping[str, str] = _NO_NAMES,
) -> Assignment:
    """Make a plan of any kind from the community of each school.

    Parameters
    ----------
    homes
        Community by school id, and by tile id for vacant tiles where it matters; schools that
        are missing or blank are in no community. Communities take their text as it is, on one
        line.
    district, network, scenario
        As for :func:`read_plan`.
    names
        Name by community, of those that have one; others are named as plans made here.

    Raises
    ------
    InputError
        Where the scenario names what is not there.

    Examples
    --------
    >>> homes = dict.fromkeys(district.schools.index, "One")
    >>> plan_of(homes, district, plan.network).community_ids
    ('One',)
    """
    tidy = {one: on_one_line(community) for one, community in homes.items()}
    ids = tuple(sorted(set(tidy.values()) - {""}, key=natural))
    code = {community: index for index, community in enumerate(ids)}
    graph = network.graph

    def codes(wanted: tuple[str, ...]) -> IntArray:
        return np.array([code.get(tidy.get(one, ""), -1) for one in wanted], dtype=np.int64)

    plan = Assignment.of_schools(
        district,
        network,
        resolved(scenario or district.scenario, district, network, len(ids)),
        codes(graph.school_ids),
        vacant=codes(graph.node_ids[graph.n_campuses :]),
        ids=ids,
        names=ids,
    )
    given = {on_one_line(one): on_one_line(name) for one, name in names.items()}
    return plan.called(_names(plan, given))


def _names(plan: Assignment, given: Mapping[str, str]) -> list[str]:
    """Return a readable name for each community: the one given, else one of its own.

    Where every id is one of today's, the ids are the names that people know; elsewhere names come
    from the schools, as for plans that are made here.
    """
    today = plan.district.existing_plan
    ids = plan.community_ids
    if set(ids) <= set(given):
        own: Sequence[str] = ids
    elif today is not None and set(ids) <= set(today):
        own = ids
    else:
        graph, node = plan.network.graph, plan.node_community
        own = name_communities(plan.district, graph, node, plan.n_communities)
    found: list[str] = []
    for one, name in zip(ids, own, strict=True):
        found.append(free_name(given.get(one) or name, found))
    return found


def plan_names(plans: Sequence[Path | str]) -> list[str]:
    """Return what to call each of several plan files, all different.

    A file goes by its name without ending, a ``plan.csv`` and its folder by the folder's; where
    two would share a name, those go by their whole paths, and by a number where even these agree.
    """
    paths = [Path(plan) for plan in plans]
    files = [split_layer(path)[0] for path in paths]
    shorts = [file.parent.name if file.name == PLAN_CSV else file.stem for file in files]
    shorts = [short or str(path) for short, path in zip(shorts, paths, strict=True)]
    names: list[str] = []
    for short, path in zip(shorts, paths, strict=True):
        name = str(path) if shorts.count(short) > 1 or short == TODAY else short
        again = sum(1 for other in names if other == name or other.startswith(f"{name} ("))
        names.append(f"{name} ({again + 1})" if again else name)
    return names


def natural(text: str) -> tuple[tuple[int, str], ...]:
    """Return a key that sorts ``2`` before ``10`` and ``C9`` before ``C10``."""
    parts = _DIGITS.split(text)
    return tuple((len(p.lstrip("0")) if p.isdecimal() else 0, p) for p in parts)


def _file(path: Path) -> Path:
    """Return the plan file; of an output folder its ``plan.csv``."""
    file = path / PLAN_CSV if path.is_dir() else path
    if not file.is_file():
        problem = Problem(
            rule="no-plan",
            message=f"there is no plan at {file}."
            if not file.exists()
            else f"{file} is no file, but a pipe, a device or a folder.",
            fix=f"Name a plan file, or an output folder with its {PLAN_CSV}.",
        )
        raise InputError([problem])
    return file


def _input(file: Path) -> InputFile:
    return InputFile(file.name, hashlib.sha256(file.read_bytes()).hexdigest())


def resolved(scenario: Scenario, district: District, network: Network, n: int) -> Scenario:
    """Check what the scenario names and fill in its defaults for a plan of ``n`` communities."""
    graph, _ = members(network.graph)
    check_scenario(district, graph, scenario)
    make_zones(district, graph, scenario.nested_in)
    asked = replace(scenario, communities=scenario.communities or n)
    return asked.resolved(
        n_schools=len(graph.school_ids), estimated_flows=network.graph.is_mostly_estimated
    )


def _homes(
    told: PlanRows,
    district: District,
    graph: FeederGraph,
    asked: int | None,
    findings: Findings,
) -> dict[str, str]:
    """Return the community of each school and vacant tile that the file names; blank is none."""
    names = {str(school): str(name) for school, name in district.schools["name"].items()}
    vacant = {tile: f"the vacant area {tile}" for tile in graph.node_ids[graph.n_campuses :]}
    roster = Roster(members={**vacant, **names}, left_out={})
    told = _by_number(told, roster, graph, findings)
    ids = read_schools(told.table, {"school_id": told.ids}, BY_ID, roster, findings)
    place = Place(told.table, told.ids)
    called = Names(roster, district.schools["level"])
    ids["school_id"] = recognised(ids["school_id"], place, BY_ID, roster, called, findings)
    roster.tell_unheard(ids, place, noun="row", fate="left out", findings=findings)
    community = told.table.text(told.communities)
    rows = ids.assign(community=[on_one_line(text) for text in community])
    rows = rows[roster.are_members(ids)]
    rows = drop_repeats(rows, told.table, told.ids, findings).set_index("school_id")
    placed = without_nobody(
        rows["community"],
        district.schools,
        asked,
        told.table,
        told.communities,
        findings,
        known=() if district.existing_plan is None else set(district.existing_plan),
    )
    homes: dict[str, str] = {str(one): home for one, home in placed.items()}
    if told.by_land:
        homes = _by_land(homes, told.beside, graph)
    if not any(homes.get(school) for school in graph.school_ids) and not findings.errors:
        problem = told.table.problem(
            "empty-plan",
            "the plan places no school of this district.",
            "Give the community of each school.",
            column=told.communities,
        )
        findings.errors.append(problem)
    may_stay = graph.is_apart[graph.school_node].tolist()
    missing = [
        school
        for school, apart in zip(graph.school_ids, may_stay, strict=True)
        if school not in homes and not apart
    ]
    warn_grouped(
        findings,
        rule="not-in-plan",
        before=f"{counted(len(missing), 'school')} not in the plan, so in no community",
        examples=roster.names(missing),
        file=told.table.file,
        column=told.ids,
    )
    return homes


def _without_virtual(
    homes: Mapping[str, str],
    told: PlanRows,
    district: District,
    network: Network,
    findings: Findings,
) -> dict[str, str]:
    """Take virtual schools that stay outside every community out of theirs."""
    virtual = sorted(one for one in outside(district, network) if homes.get(one))
    warn_grouped(
        findings,
        rule="virtual-in-plan",
        before=f"{counted(len(virtual), 'virtual school')} with a community in the plan, left "
        "outside every community",
        examples=[f"{district.schools['name'][one]} ({one})" for one in virtual],
        fix='Set virtual_schools = "place" to plan them where they stand.',
        file=told.table.file,
        column=told.communities,
    )
    return {one: "" if one in virtual else home for one, home in homes.items()}


def _by_number(told: PlanRows, roster: Roster, graph: FeederGraph, findings: Findings) -> PlanRows:
    """Read nodes that are numbered from 0 as those of the graph that is written for GerryChain."""
    tiles = [graph.node_ids[node] for node in np.flatnonzero(graph.has_land)]
    cells = told.table.text(told.ids)
    numbers = [str(number) for number in range(len(tiles))]
    if sorted(cells) != sorted(numbers) or cells.isin([*roster.members]).any():
        return told
    message = f"the rows are numbered 0 to {len(tiles) - 1}: read as the nodes of feeder's graph."
    findings.warnings.append(told.table.problem("nodes-by-number", message, column=told.ids))
    frame = told.table.frame.assign(**{told.ids: cells.map(dict(zip(numbers, tiles, strict=True)))})
    return replace(told, table=replace(told.table, frame=frame), by_land=True)


def _by_land(
    homes: Mapping[str, str], beside: Mapping[str, str], graph: FeederGraph
) -> dict[str, str]:
    """Let schools that are not named go with the tile they stand on or lean on.

    Of these, a school without land goes where ``beside`` has it.
    """
    of_node = {node: homes[one] for node, one in enumerate(graph.node_ids) if one in homes}
    for school, node in zip(graph.school_ids, graph.school_node.tolist(), strict=True):
        if school in homes:
            of_node.setdefault(node, homes[school])
    lead = lead_nodes(graph)[graph.school_node].tolist()
    led = {
        school: of_node[node]
        for school, node in zip(graph.school_ids, lead, strict=True)
        if node in of_node
    }
    landless = {
        school: beside[school]
        for school, node in zip(graph.school_ids, graph.school_node.tolist(), strict=True)
        if school in beside and not graph.has_land[node]
    }
    return {**led, **landless, **homes}
