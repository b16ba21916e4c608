"""Plans as files say them: every format becomes one table of ids and communities.

What may be read:

- **CSV and workbooks**: ``school_id,community_id``, or what Districtr, Dave's Redistricting and
  GerryChain write.
- **Layers** (GeoJSON, GeoPackage, Shapefile, GeoParquet): points of schools by id; polygons of
  tiles or attendance areas by id; polygons of communities, which take the schools inside them.
- **Graphs** (GerryChain's JSON, GraphML): nodes that are campuses and vacant tiles.
- **Districtr's JSON**: the ``assignment`` of each unit.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pandas as pd

from feeder.district.files.csvfile import parse_csv
from feeder.district.files.formats import GEODATABASE, KNOWN, TEXT, WORKBOOK
from feeder.district.files.layout import Sought, table_of
from feeder.district.files.workbook import read_sheet
from feeder.district.model import District
from feeder.district.tables.table import Table
from feeder.errors import Findings, InputError, Problem
from feeder.opening.plan_graphs import graphml_nodes, json_nodes, node_table
from feeder.opening.plan_layers import layer_rows
from feeder.opening.plan_tables import PlanRows, table_rows
from feeder.wording import shown

LAYERS: Final = KNOWN - TEXT - WORKBOOK - {".json", GEODATABASE}
_ASSIGNMENT: Final = "assignment"


def read_rows(path: Path, layer: str | None, district: District, findings: Findings) -> PlanRows:
    """Read a plan file of any format.

    Parameters
    ----------
    path
        The file; its ending tells the format.
    layer
        The layer that is named; None where the file should know.
    district
        Whose schools stand where, for polygons of communities.
    findings
        Collects what was repaired and what is wrong.

    Raises
    ------
    InputError
        Where the file cannot be read at all.
    """
    suffix, file = path.suffix.lower(), path.name
    if suffix in TEXT:
        return table_rows(parse_csv(_bytes(path), file, findings), findings)
    if suffix in WORKBOOK:
        sheet = table_of(read_sheet(_bytes(path), file, findings), Sought(), findings)
        return table_rows(sheet, findings)
    if suffix == ".graphml":
        return PlanRows(node_table(graphml_nodes(_bytes(path), file), file), "id", "community")
    record = _json(_bytes(path), file) if suffix == ".json" else {}
    if "nodes" in record:
        nodes = json_nodes(record, file)
        plain = not any("schools" in node for node in nodes)
        return PlanRows(node_table(nodes, file), "id", "community", by_land=plain)
    if isinstance(record.get(_ASSIGNMENT), dict):
        return _of_districtr(record, file)
    if suffix in LAYERS or record.get("type") == "FeatureCollection":
        return layer_rows(path, layer, _bytes(path), district, findings)
    fix = "Give a CSV file, a workbook (.xlsx), GeoJSON, GeoPackage, GraphML, or the JSON of "
    fix += "GerryChain or Districtr."
    raise InputError([_wrong(file, "plan-format", "the file is no plan that can be read.", fix)])


def _of_districtr(record: dict[str, Any], file: str) -> PlanRows:
    """Read the assignment of Districtr's own file; parts count from 0, null is none.

    Its units are pieces of land, with which schools go that have none.
    """
    problem = record.get("problem")
    parts = problem.get("numberOfParts") if isinstance(problem, dict) else None
    rows = [(str(unit), _part(value)) for unit, value in record[_ASSIGNMENT].items()]
    frame = pd.DataFrame(rows, columns=["id", "community"], dtype=str)
    table = Table(file, frame.set_axis(pd.RangeIndex(1, len(frame) + 1)), has_lines=False)
    count = parts if isinstance(parts, int) else None
    return PlanRows(table, "id", "community", parts=count, by_land=True)


def _part(value: object) -> str:
    """Return a part as text; Districtr lists it where a unit may be in several."""
    if isinstance(value, list):
        return _part(value[0]) if len(value) == 1 else ""
    return "" if value is None else str(value)


def _json(content: bytes, file: str) -> dict[str, Any]:
    try:
        record = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        fix = "Save it again as UTF-8 JSON."
        message = f"the file is no JSON ({shown(str(error))})."
        raise InputError([_wrong(file, "plan-format", message, fix)]) from error
    return record if isinstance(record, dict) else {}


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        message = f"the plan cannot be read ({error})."
        raise InputError([_wrong(path.name, "plan-unreadable", message, "")]) from error


def _wrong(file: str, rule: str, message: str, fix: str) -> Problem:
    return Problem(rule=rule, message=message, fix=fix, file=file)
