"""The tables of an output folder as they are read: schools, flows, tiles, plans."""

import json
import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

TEXT = [
    *("school_id", "name", "level", "grade_low", "grade_high", "grades", "campus_id", "region"),
    *("kind", "community_id", "community", "existing_community_id"),
    *("from_id", "to_id", "source", "a_id", "b_id"),
]
PLACES = ["PK", "K", *map(str, range(1, 13))]

Row = tuple[str, str, float, float, float]
"""Sender, receiver, students, fewest and most students."""
Homes = dict[str, str]


def read_csv(path: Path, text: Iterable[str] = ()) -> pd.DataFrame:
    """Read a table; an apostrophe before a formula sign is a spreadsheet's guard."""
    table = pd.read_csv(
        path, dtype=dict.fromkeys([*TEXT, *text], str), keep_default_na=False, na_values={}
    )
    for name in table:
        if name in TEXT or name in text:
            table[name] = table[name].str.replace(r"^'(?=[=+\-@])", "", regex=True)
        elif name != "leavers_estimated":
            table[name] = pd.to_numeric(table[name].replace("", np.nan))
    return table


def grades_of(text: str) -> set[str]:
    """Read ``K-2 6`` as K, 1, 2, 6."""
    served: set[str] = set()
    for run in text.split():
        low, _, high = run.partition("-")
        served.update(PLACES[PLACES.index(low) : PLACES.index(high or low) + 1])
    return served


@dataclass
class Export:
    """The tables of one output folder."""

    folder: Path

    @cached_property
    def notes(self) -> dict[str, Any]:
        return json.loads((self.folder / "scorecard.json").read_text(encoding="utf-8"))["notes"]

    @cached_property
    def all_schools(self) -> pd.DataFrame:
        nested = self.notes["scenario"].get("nested_in")
        table = read_csv(self.folder / "schools.csv", [nested] if nested else [])
        return table.set_index("school_id")

    @cached_property
    def schools(self) -> pd.DataFrame:
        """The schools of the network: those with a campus."""
        return self.all_schools[self.all_schools["campus_id"] != ""]

    @cached_property
    def k12(self) -> dict[str, set[str]]:
        return {s: grades_of(text) - {"PK"} for s, text in self.schools["grades"].items()}

    @cached_property
    def contacts(self) -> pd.DataFrame:
        return read_csv(self.folder / "contacts.csv")

    @cached_property
    def land_contacts(self) -> pd.DataFrame:
        return self.contacts[self.contacts["kind"].isin(["border", "bridge"])]

    @cached_property
    def flow_variants(self) -> list[list[Row]]:
        """The flows as used, and once with each variant of the estimate."""
        table = read_csv(self.folder / "flows.csv")
        guess = table["source"].str.startswith(("estimated", "zoned_by"))
        for name in ("students_low", "students_high"):
            table.loc[guess, name] = table.loc[guess, "students"]
        columns = ["from_id", "to_id", "students", "students_low", "students_high"]
        found = [list(table[columns].itertuples(index=False, name=None))]
        known = list(table.loc[~guess, columns].itertuples(index=False, name=None))
        path = self.folder / "flow_variants.csv"
        if path.exists():
            variants = read_csv(path)
            for name in variants.columns[2:]:
                rows = zip(
                    variants["from_id"], variants["to_id"], variants[name].fillna(0), strict=True
                )
                found.append(known + [(a, b, x, x, x) for a, b, x in rows])
        return found

    @cached_property
    def tiles(self) -> pd.DataFrame:
        """Each tile by its node (campus or vacant tile), in metres, with its onshore part."""
        move = Transformer.from_crs("EPSG:4326", self.notes["crs"], always_xy=True)
        rows = []
        text = (self.folder / "tiles.geojson").read_text(encoding="utf-8")
        for feature in json.loads(text)["features"]:
            facts = feature["properties"]
            whole = shapely.transform(
                shapely.geometry.shape(feature["geometry"]),
                lambda xy: np.column_stack(move.transform(xy[:, 0], xy[:, 1])),
            )
            parts = [
                part
                for i, part in enumerate(shapely.get_parts(whole))
                if i not in facts["offshore_parts"]
            ]
            rows.append(
                {
                    "node": facts["school_id"] or facts["tile_id"],
                    "community_id": facts["community_id"] or "",
                    "whole": whole,
                    "parts": parts,
                }
            )
        return pd.DataFrame(rows).set_index("node")

    @cached_property
    def points(self) -> dict[str, shapely.Point]:
        move = Transformer.from_crs("EPSG:4326", self.notes["crs"], always_xy=True)
        s = self.schools
        x, y = move.transform(s["lon"].to_numpy(), s["lat"].to_numpy())
        return dict(zip(s.index, shapely.points(x, y), strict=True))


@dataclass
class Plan:
    """One division of an export: school to community, node to community; empty is none."""

    export: Export
    school: Homes
    node: Homes
    names: list[str]
    land_known: bool = True
    members: dict[str, list[str]] = field(init=False)

    def __post_init__(self) -> None:
        self.members = {
            c: [s for s in self.export.schools.index if self.school[s] == c] for c in self.names
        }

    @cached_property
    def land(self) -> dict[str, tuple[shapely.Geometry, shapely.Geometry]]:
        """Whole and onshore land of each community."""
        found = {}
        for c in self.names:
            own = [n for n in self.export.tiles.index if self.node.get(n, "") == c]
            tiles = self.export.tiles.loc[own]
            parts = [part for parts in tiles["parts"] for part in parts]
            found[c] = (shapely.unary_union(list(tiles["whole"])), shapely.unary_union(parts))
        return found


def plan_of(export: Export, names: list[str]) -> Plan:
    school = export.schools["community_id"].to_dict()
    node = export.tiles["community_id"].to_dict()
    node |= first_placed(export, school)
    return Plan(export, school, node, names)


def first_placed(export: Export, school: Homes) -> Homes:
    """Each campus goes with the first of its schools that has a community."""
    node: Homes = {}
    for s, campus in export.schools["campus_id"].items():
        node[campus] = node.get(campus) or school[s]
    return node


def carried(export: Export, node: Homes, names: list[str]) -> None:
    """A campus without land that touches too little gets the free tile it leans on most."""
    loose = export.contacts.drop(export.land_contacts.index)
    leans = {
        a: dict(zip(own["b_id"], own["share"], strict=True)) for a, own in loose.groupby("a_id")
    }
    while True:
        votes: dict[str, list[str]] = defaultdict(list)
        for a, shares in leans.items():
            touched = math.fsum(s for b, s in shares.items() if node.get(b) == node[a])
            free = {b: s for b, s in shares.items() if not node.get(b)}
            if node[a] and free and touched < export.notes["min_overlap"] - 1e-10:
                votes[max(free, key=lambda b: free[b])].append(node[a])
        if not votes:
            return
        for tile, wishes in votes.items():
            node[tile] = max(names, key=wishes.count)


def joined(export: Export, node: Homes, names: list[str], order: list[str]) -> None:
    """While free tiles can join two pieces of a community, the fewest that do become its own."""
    whole = nx.Graph()
    whole.add_nodes_from(n for n in order if n in export.tiles.index)
    whole.add_edges_from(export.land_contacts[["a_id", "b_id"]].itertuples(index=False, name=None))
    while True:
        ways = []
        for c in names:
            own = [n for n in whole if node.get(n) == c]
            parts = list(nx.connected_components(whole.subgraph(own)))
            for part in sorted(parts, key=lambda p: min(map(order.index, p)))[:-1]:
                ways += [(c, w) for w in [way_out(whole, order, node, c, part)] if w]
        if not ways:
            return
        c, tiles = min(ways, key=lambda way: len(way[1]))
        node |= dict.fromkeys(tiles, c)


def way_out(whole: nx.Graph, order: list[str], node: Homes, c: str, part: set[str]) -> list[str]:
    """Search breadth first, in the order of nodes, for another piece of the community."""
    ways: dict[str, list[str]] = {n: [] for n in sorted(part, key=order.index)}
    for at in (queue := list(ways)):
        for near in sorted(whole[at], key=order.index):
            if near in ways:
                continue
            if node.get(near) == c:
                return ways[at]
            if not node.get(near):
                ways[near] = [*ways[at], near]
                queue.append(near)
    return []


def today_of(export: Export) -> Plan:
    """Today's plan; tiles without a community join pieces, then the longest border by rings."""
    school = export.schools["existing_community_id"].to_dict()
    node = first_placed(export, school)
    names = sorted(set(school.values()) - {""})
    landed = [n for n in export.tiles.index if n in set(export.schools["campus_id"])]
    blank = [n for n in landed if not node.get(n)]
    known = len(blank) <= export.notes["partial_land"] * len(landed)
    order = [
        *sorted(set(export.schools["campus_id"])),
        *sorted(set(export.tiles.index) - set(landed)),
    ]
    borders = defaultdict(list)
    for a, b, metres in export.land_contacts[["a_id", "b_id", "border_m"]].itertuples(index=False):
        borders[a].append((-metres, order.index(b), b))
        borders[b].append((-metres, order.index(a), a))
    carried(export, node, names)
    joined(export, node, names, order)
    while True:
        ring = {
            n: min(near)[2]
            for n in export.tiles.index
            if not node.get(n) and (near := [x for x in borders[n] if node.get(x[2])])
        }
        if not ring:
            break
        node |= {n: node[other] for n, other in ring.items()}
    return Plan(export, school, node, names, known)
