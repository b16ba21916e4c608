"""Every figure of a scorecard, worked out again from the exported tables and nothing else.

pandas, networkx, shapely, pyproj and scipy's linear programming; none of feeder's own code
between reading the tables and comparing.
"""

import json
import math
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Geod, Transformer
from scipy.optimize import linprog

from feeder.measures.score import score
from feeder.planning import Assignment
from feeder.render.gis import layers
from feeder.render.tables import tables

TEXT = [
    *("school_id", "name", "level", "grade_low", "grade_high", "grades", "campus_id", "region"),
    *("kind", "community_id", "existing_community_id"),
    *("from_id", "to_id", "source", "a_id", "b_id"),
]
PLACES = ["PK", "K", *map(str, range(1, 13))]
GEOMETRY = ("polsby_popper", "area_km2")
LEVELS = ("elementary", "middle", "high", "span", "other")

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
    def readings(self) -> list[list[Row]]:
        """The flows as used, and once with each variant of the estimate."""
        table = read_csv(self.folder / "flows.csv")
        guess = table["source"] == "estimated"
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


# ---------------------------------------------------------------- flows


def stays(plan: Plan, sender: str, receiver: str) -> bool:
    return plan.school[sender] != "" and plan.school[sender] == plan.school[receiver]


def continuity(plan: Plan, rows: list[Row]) -> dict[str, float | None]:
    kept = [row for row in rows if stays(plan, row[0], row[1])]
    lost = [row for row in rows if not stays(plan, row[0], row[1])]
    part, whole = math.fsum(r[2] for r in kept), math.fsum(r[2] for r in rows)
    if not whole:
        return {"value": None, "numerator": 0.0, "denominator": 0.0}
    low = math.fsum(r[3] for r in kept), math.fsum(r[4] for r in lost)
    high = math.fsum(r[4] for r in kept), math.fsum(r[3] for r in lost)
    value = part / whole
    return {
        "value": value,
        "numerator": part,
        "denominator": whole,
        "low": low[0] / sum(low) if sum(low) else value,
        "high": high[0] / sum(high) if sum(high) else value,
    }


def chances(plan: Plan, rows: list[Row], best: bool | None = None) -> dict[str, float]:
    """Chance of reaching the last grade inside the community, school by school from the top.

    ``best`` asks for the greatest or least chance that the ranges allow.
    """
    export = plan.export
    last = max((PLACES.index(g) for served in export.k12.values() for g in served), default=0)
    out = defaultdict(list)
    for row in rows:
        out[row[0]].append(row)
    top = {
        s: max((PLACES.index(g) for g in served), default=-1) for s, served in export.k12.items()
    }
    chance: dict[str, float] = {}
    for s in sorted(top, key=lambda s: -top[s]):
        if not plan.school[s]:
            chance[s] = 0.0
        elif top[s] == last:
            chance[s] = 1.0
        else:
            worth = [chance[r[1]] if stays(plan, s, r[1]) else 0.0 for r in out[s]]
            leavers = export.schools.loc[s, "leavers"]
            chance[s] = mean_chance(out[s], worth, 0.0 if math.isnan(leavers) else leavers, best)
    return chance


def mean_chance(rows: list[Row], worth: list[float], leavers: float, best: bool | None) -> float:
    """Mean worth over max(leavers, students sent), or its extreme by linear programming.

    With ``t = 1 / max(leavers, sum(x))`` and ``y = x t`` the greatest mean is a linear program;
    the least is the smaller of two: by leavers, and by students sent.
    """
    size = max(leavers, math.fsum(r[2] for r in rows))
    if not size:
        return 0.0
    if best is None or all(r[3] == r[4] for r in rows):
        return math.fsum(r[2] * w for r, w in zip(rows, worth, strict=True)) / size
    n = len(rows)
    inside = np.zeros((2 * n + 2, n + 1))
    for i, row in enumerate(rows):
        inside[2 * i, [i, n]] = -1.0, row[3]
        inside[2 * i + 1, [i, n]] = 1.0, -row[4]
    inside[2 * n, :n], inside[2 * n + 1, n] = 1.0, leavers
    limit = np.array([0.0] * (2 * n) + [1.0, 1.0])
    if best:
        found = linprog([-w for w in worth] + [0.0], A_ub=inside, b_ub=limit)
        return float(-found.fun)
    sent = linprog(
        [*worth, 0.0],
        A_ub=inside[: 2 * n],
        b_ub=limit[: 2 * n],
        A_eq=[[1.0] * n + [0.0]],
        b_eq=[1.0],
    )
    by_leavers = math.fsum(r[3] * w for r, w in zip(rows, worth, strict=True))
    return float(min(by_leavers / leavers if leavers else math.inf, sent.fun))


def k12(plan: Plan, rows: list[Row]) -> dict[str, float | None]:
    entering = plan.export.schools["entering"].to_dict()
    whole = math.fsum(entering.values())
    if not whole:
        return {"value": None, "numerator": 0.0, "denominator": 0.0}

    def staying(best: bool | None) -> float:
        chance = chances(plan, rows, best)
        return math.fsum(entering[s] * chance[s] for s in chance)

    part = staying(None)
    found = {"value": part / whole, "numerator": part, "denominator": whole}
    if any(r[3] < r[4] for r in rows):
        found |= {"low": staying(best=False) / whole, "high": staying(best=True) / whole}
    return found


def feeders(plan: Plan, rows: list[Row]) -> dict[str, dict[str, float | None]]:
    notes, leavers = plan.export.notes, plan.export.schools["leavers"].to_dict()
    tie = 1 - notes["threshold_tie"]
    sent = defaultdict(float)
    for row in rows:
        sent[row[0]] += row[2]
    split, torn = [], []
    for column in (2, 3, 4):
        branches = defaultdict(list)
        for row in rows:
            base = leavers[row[0]] if leavers[row[0]] > 0 else sent[row[0]]
            if row[column] > 0 and row[column] >= notes["split_threshold"] * base * tie:
                branches[row[0]].append(plan.school[row[1]])
        split.append(sum(len(to) > 1 for to in branches.values()))
        torn.append(sum(len(set(to) - {""}) > 1 for to in branches.values()))
    into = defaultdict(list)
    for row in rows:
        into[row[1]].append(row)

    def small(own: int, others: int) -> int:
        count = 0
        for row in rows:
            intake = row[own] + math.fsum(r[others] for r in into[row[1]] if r[0] != row[0])
            count += row[2] > 0 and row[own] < notes["small_feed_threshold"] * intake * tie
        return count

    def counted(count: list[int], whole: int) -> dict[str, float | None]:
        value = count[0]
        ends = {"low": min(count), "high": max(count)}
        return {"value": value, "numerator": value, "denominator": whole, **ends}

    return {
        "split_feeders": counted(split, len({r[0] for r in rows if r[2] > 0})),
        "split_across_communities": counted(torn, split[0]),
        "small_feeds": counted(
            [small(2, 2), small(4, 3), small(3, 4)], sum(r[2] > 0 for r in rows)
        ),
    }


def over_readings(
    measure: Callable[[list[Row]], dict[str, float | None]], readings: list[list[Row]]
) -> dict[str, float | None]:
    found = [measure(rows) for rows in readings]
    known = [f for f in found if f["value"] is not None]
    used = found[0]
    if used["value"] is None:
        return used
    low = min(f.get("low", f["value"]) for f in known)
    high = max(f.get("high", f["value"]) for f in known)
    return {**used, "low": low if low < high else None, "high": high if low < high else None}


# ---------------------------------------------------------------- land, balance, disruption


def sums(plan: Plan, column: str) -> list[float]:
    """Add up a column of the schools by community."""
    return [float(plan.export.schools.loc[m, column].sum()) for m in plan.members.values()]


def deviation(sums: list[float]) -> list[float] | None:
    mean = math.fsum(sums) / len(sums)
    return [x / mean - 1 for x in sums] if mean else None


def largest(values: Iterable[float] | None) -> dict[str, float | None]:
    return {"value": None if values is None else max(abs(v) for v in values)}


def compactness(land: shapely.Geometry) -> float | None:
    return None if land.is_empty else 4 * math.pi * land.area / land.length**2


def count_pieces(land: shapely.Geometry) -> int:
    return 0 if land.is_empty else len(shapely.get_parts(land))


def diameter(export: Export, members: list[str]) -> float | None:
    ends = list(combinations(members, 2))
    if not ends:
        return 0.0 if members else None
    s = export.schools
    one, other = ([e[k] for e in ends] for k in (0, 1))
    columns = [s.loc[side, name].to_numpy() for side in (one, other) for name in ("lon", "lat")]
    return float(max(Geod(ellps="WGS84").inv(*columns)[2])) / 1000


def away(plan: Plan, members: list[str], community: str) -> int:
    limit = plan.export.notes["outside_m"]
    whole = plan.land[community][0]
    return sum(
        whole.is_empty or shapely.distance(plan.export.points[s], whole) > limit for s in members
    )


def land(plan: Plan) -> dict[str, dict[str, float | None]]:
    if not plan.land_known:
        return {
            name: {"value": None}
            for name in ("polsby_popper", "cut_contacts", "schools_outside_their_community")
        }
    shapes = [p for c in plan.names if (p := compactness(plan.land[c][1])) is not None]
    ends = [
        (plan.node.get(a, ""), plan.node.get(b, ""))
        for a, b in plan.export.land_contacts[["a_id", "b_id"]].itertuples(index=False)
    ]
    placed = [(a, b) for a, b in ends if a and b]
    cut = sum(a != b for a, b in placed)
    out = sum(away(plan, plan.members[c], c) for c in plan.names)
    return {
        "polsby_popper": {"value": math.fsum(shapes) / len(shapes)},
        "cut_contacts": {
            "value": cut / len(placed) if placed else None,
            "numerator": cut,
            "denominator": len(placed),
        },
        "schools_outside_their_community": {
            "value": out,
            "numerator": out,
            "denominator": sum(len(m) for m in plan.members.values()),
        },
    }


def disruption(plan: Plan, today: Plan) -> dict[str, dict[str, float | None]]:
    size = plan.export.schools["enrollment"].to_dict()
    both = [s for s in size if plan.school[s] and today.school[s]]
    students = sum(size[s] for s in both)
    found: dict[str, dict[str, float | None]] = {
        "schools_moved": {"value": None},
        "students_moved": {"value": None},
    }
    if len(plan.names) == len(today.names):
        graph = nx.Graph()
        for s in both:
            a, b = ("plan", plan.school[s]), ("today", today.school[s])
            weight = graph.get_edge_data(a, b, {"weight": 0})["weight"]
            graph.add_edge(a, b, weight=int(weight + students + 1 + size[s]))
        match = {}
        for a, b in nx.max_weight_matching(graph):
            match |= {a: b, b: a}
        moved = [
            s for s in both if match.get(("plan", plan.school[s])) != ("today", today.school[s])
        ]
        gone = sum(size[s] for s in moved)
        found = {
            "schools_moved": {
                "value": len(moved),
                "numerator": len(moved),
                "denominator": len(both),
            },
            "students_moved": {"value": gone, "numerator": gone, "denominator": students},
        }
    together = parted = 0
    for s, t in combinations(both, 2):
        if today.school[s] == today.school[t]:
            together += size[s] * size[t]
            parted += size[s] * size[t] * (plan.school[s] != plan.school[t])
    cells, rows, columns = defaultdict(float), defaultdict(float), defaultdict(float)
    for s in both:
        share = size[s] / students
        cells[plan.school[s], today.school[s]] += share
        rows[plan.school[s]] += share
        columns[today.school[s]] += share
    information = -math.fsum(
        p * (math.log(p / rows[a]) + math.log(p / columns[b])) for (a, b), p in cells.items() if p
    )
    return found | {
        "variation_of_information": {"value": information},
        "students_separated": {
            "value": parted / together,
            "numerator": parted,
            "denominator": together,
        },
    }


def measures(plan: Plan, today: Plan | None) -> dict[str, dict[str, float | None]]:
    export = plan.export
    size = sums(plan, "enrollment")
    need = None
    if "need" in export.schools:
        need = deviation(sums(plan, "need"))
    reach = [d for m in plan.members.values() if (d := diameter(export, m)) is not None]
    found: dict[str, dict[str, float | None]] = {
        "feeder_continuity": over_readings(lambda r: continuity(plan, r), export.readings),
        "k12_continuity": over_readings(lambda r: k12(plan, r), export.readings),
        **{
            name: over_readings(lambda r, name=name: feeders(plan, r)[name], export.readings)
            for name in ("split_feeders", "split_across_communities", "small_feeds")
        },
        "enrollment_deviation": largest(deviation(size)),
        "need_deviation": largest(need),
        "diameter_km": {"value": max(reach)},
        **land(plan),
        "office_minutes_mean": {"value": None},
        "office_minutes_max": {"value": None},
    }
    if today is None:
        names = "schools_moved students_moved variation_of_information students_separated"
        return found | {name: {"value": None} for name in names.split()}
    return found | disruption(plan, today)


# ---------------------------------------------------------------- communities and promises


def community_row(
    plan: Plan, c: str, rate_names: list[str], chance: dict[str, float]
) -> dict[str, Any]:
    export = plan.export
    own = export.schools.loc[plan.members[c]]
    rows = [r for r in export.readings[0] if plan.school[r[0]] == c]
    kept = math.fsum(r[2] for r in rows if stays(plan, r[0], r[1]))
    total = math.fsum(r[2] for r in rows)
    staying = math.fsum(own.loc[s, "entering"] * chance[s] for s in own.index)
    entering = float(own["entering"].sum())
    onshore = plan.land[c][1]
    size = sums(plan, "enrollment")
    at = plan.names.index(c)
    row: dict[str, Any] = {
        "community_id": c,
        "n_schools": len(own),
        **{f"n_{level}": int((own["level"] == level).sum()) for level in LEVELS},
        "enrollment": size[at],
        "enrollment_deviation": None if not sum(size) else deviation(size)[at],
        "feeder_continuity": kept / total if total else None,
        "feeder_continuity_numerator": kept,
        "feeder_continuity_denominator": total,
        "k12_continuity": staying / entering if entering else None,
        "k12_continuity_numerator": staying,
        "k12_continuity_denominator": entering,
        "polsby_popper": compactness(onshore),
        "diameter_km": diameter(export, list(own.index)),
        "pieces": count_pieces(onshore),
        "area_km2": onshore.area / 1e6,
        "schools_outside": away(plan, list(own.index), c),
        "grades": set().union(*(grades_of(text) for text in own["grades"])),
    }
    if "need" in own:
        need = sums(plan, "need")
        row |= {"need": need[at], "need_deviation": deviation(need)[at] if sum(need) else None}
    nested = export.notes["scenario"].get("nested_in")
    if nested:
        row["region"] = ", ".join(sorted(set(own[nested])))
    for name in rate_names:
        known = own[[name, f"{name}_denominator"]].dropna()
        part = (known[name] * known[f"{name}_denominator"]).sum(min_count=1)
        whole = known[f"{name}_denominator"].sum(min_count=1)
        row |= {f"{name}_numerator": part, f"{name}_denominator": whole}
        row[name] = part / whole if whole else None
    return row


def connected(nodes: list[str], contacts: pd.DataFrame) -> bool:
    graph = nx.Graph()
    graph.add_nodes_from(nodes)
    inner = contacts[contacts["a_id"].isin(nodes) & contacts["b_id"].isin(nodes)]
    graph.add_edges_from(inner[["a_id", "b_id"]].itertuples(index=False, name=None))
    return bool(nodes) and nx.is_connected(graph)


def contiguous(plan: Plan) -> bool:
    export = plan.export
    landed = {c: [n for n in export.tiles.index if plan.node.get(n, "") == c] for c in plan.names}
    if not all(connected(nodes, export.land_contacts) for nodes in landed.values()):
        return False
    touch = defaultdict(float)
    loose = export.contacts.drop(export.land_contacts.index)
    for a, b, share in loose[["a_id", "b_id", "share"]].itertuples(index=False):
        touch[a, plan.node.get(b, "")] += share
    campus = export.schools["campus_id"]
    landless = [s for s in campus.index if campus[s] not in export.tiles.index and plan.school[s]]
    least = export.notes["min_overlap"] - 1e-9
    return all(touch[campus[s], plan.school[s]] >= least for s in landless)


def promises(plan: Plan) -> dict[str, bool]:
    export, scenario = plan.export, plan.export.notes["scenario"]
    schools, sizes = export.schools, [len(m) for m in plan.members.values()]
    least, most = scenario["schools"]
    every = set().union(*export.k12.values())
    rooted = {*export.tiles.index, *export.contacts["a_id"]}
    found = {
        "communities": len(plan.names) == scenario["communities"],
        "no_empty_community": min(sizes) > 0,
        "schools": all(least <= n <= most for n in sizes),
        "k12_coverage": all(
            set().union(*(export.k12[s] for s in m)) == every for m in plan.members.values()
        ),
        "contiguity": contiguous(plan),
        "every_school_placed": all(plan.node.get(n) for n in export.tiles.index)
        and all(
            (plan.school[s] != "") == (campus in rooted)
            for s, campus in schools["campus_id"].items()
        ),
        "campus_whole": all(
            len({plan.school[s] for s in own} - {""}) < 2
            for own in schools.groupby("campus_id").groups.values()
        ),
    }
    for name, column in (("enrollment_tolerance", "enrollment"), ("need_tolerance", "need")):
        if name in scenario:
            relative = deviation(sums(plan, column))
            found[name] = relative is None or largest(relative)["value"] <= scenario[name] + 1e-9
    if "nested_in" in scenario:
        values = schools[scenario["nested_in"]]
        found["nested_in"] = all(values[m].nunique() < 2 for m in plan.members.values())
    homes = [
        [plan.school[s] for s in group if s in plan.school] for group in scenario["keep_together"]
    ]
    apart = [
        [plan.school[s] for s in group if plan.school.get(s)] for group in scenario["keep_apart"]
    ]
    if homes:
        found["keep_together"] = all(len(set(group)) < 2 for group in homes)
    if apart:
        found["keep_apart"] = all(len(set(group)) == len(group) for group in apart)
    if scenario["locked"]:
        locked = {s: c for s, c in scenario["locked"].items() if s in plan.school}
        found["locked"] = all(plan.school[s] == c for s, c in locked.items())
    return found


def islands(plan: Plan) -> dict[str, int]:
    export = plan.export
    found = {}
    for c in plan.names:
        own = [n for n in export.tiles.index if plan.node.get(n, "") == c]
        torn = any(len(parts) > 1 for parts in export.tiles.loc[own, "parts"])
        bridges = export.contacts[export.contacts["kind"] == "bridge"]
        joined = (bridges["a_id"].isin(own) & bridges["b_id"].isin(own)).any()
        parts = count_pieces(plan.land[c][1])
        if parts > 1 and (torn or joined):
            found[c] = parts
    return found


# ---------------------------------------------------------------- comparison


def agree(name: str, mine: object, theirs: object) -> bool:
    """Whether two figures are the same: 1e-6 for figures of land, else 1e-9, relative."""
    if mine is None or theirs is None or isinstance(mine, str):
        return mine is theirs or mine == theirs
    if isinstance(mine, float) and math.isnan(mine):
        return theirs is None
    relative = 1e-6 if name in GEOMETRY else 1e-9
    return math.isclose(mine, theirs, rel_tol=relative, abs_tol=1e-12)


def compared(where: str, name: str, mine: object, theirs: object) -> list[str]:
    return [] if agree(name, mine, theirs) else [f"{where} {name}: {mine!r} != {theirs!r}"]


def check_measures(
    scope: str, mine: dict[str, dict[str, float | None]], written: dict[str, Any]
) -> list[str]:
    wrong = []
    if set(mine) != set(written["details"]):
        wrong.append(f"{scope}: other measures {set(mine) ^ set(written['details'])}")
    details = written["details" if scope == "plan" else "existing_details"]
    for name, figures in mine.items():
        wrong += compared(scope, name, figures["value"], written[scope][name])
        wrong += compared(f"{scope} details", name, figures["value"], details[name]["value"])
        for part in ("numerator", "denominator", "low", "high"):
            if part in figures or details[name][part] is not None:
                both = figures.get(part), details[name][part]
                wrong += compared(f"{scope} {part}", name, *both)
        if figures["value"] is None and not details[name]["reason"]:
            wrong.append(f"{scope} {name}: null without a reason")
    return wrong


def check_communities(plan: Plan, written: list[dict[str, Any]]) -> list[str]:
    wrong = []
    schools = plan.export.schools
    skipped = {"name", "grades"}
    rate_names = [n[: -len("_denominator")] for n in schools if n.endswith("_denominator")]
    chance = chances(plan, plan.export.readings[0])
    for theirs in written:
        mine = community_row(plan, theirs["community_id"], rate_names, chance)
        if mine["grades"] != grades_of(theirs["grades"].replace("no grades", "")):
            wrong.append(f"{theirs['community_id']} grades {theirs['grades']}")
        for name in theirs.keys() - mine.keys() - skipped:
            total = schools.loc[plan.members[theirs["community_id"]], name].sum(min_count=1)
            mine[name] = float(total)
        for name in sorted(mine.keys() - skipped):
            wrong += compared(theirs["community_id"], name, mine[name], theirs[name])
    return wrong


def differences(folder: Path) -> list[str]:
    """Recompute every figure of a folder's scorecard; return what differs."""
    written = json.loads((folder / "scorecard.json").read_text(encoding="utf-8"))
    export = Export(folder)
    names = [row["community_id"] for row in written["communities"]]
    plan = plan_of(export, names)
    today = None if written["existing"] is None else today_of(export)
    mine = measures(plan, today)
    wrong = check_measures("plan", mine, written)
    if today is not None:
        wrong += check_measures("existing", measures(today, today), written)
    wrong += check_communities(plan, written["communities"])
    weights = export.notes["scenario"]["weights"]
    objective = sum(
        sign * weights[name] * (mine[name]["value"] or 0.0)
        for name, sign in (("feeder_continuity", 1), ("cut_contacts", -1))
    )
    wrong += compared("certificate", "objective", objective, written["certificate"]["objective"])
    kept = {c["name"]: c["satisfied"] for c in written["constraints"]}
    if kept != promises(plan):
        wrong.append(f"promises: {promises(plan)} != {kept}")
    named = {c["community_id"]: c["pieces"] for c in written["island_communities"]}
    if named != islands(plan):
        wrong.append(f"islands: {islands(plan)} != {named}")
    assigned = read_csv(folder / "plan.csv").set_index("school_id")["community_id"]
    if assigned.to_dict() != export.all_schools["community_id"].to_dict():
        wrong.append("plan.csv and schools.csv assign differently")
    return wrong


def write(assignment: Assignment, folder: Path) -> Path:
    card = score(assignment)
    for name, text in {**tables(assignment, card), **layers(assignment, card)}.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return folder


@pytest.mark.parametrize("name", ["grid", "island", "suppressed", "estimated"])
def test_hand_made_districts(name: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    assert differences(write(request.getfixturevalue(name), tmp_path)) == []


@pytest.mark.parametrize(
    "homes",
    [{"e4": "E"}, {"h2": "E"}, {"m1": ""}, {"e8": "E", "v9": "W"}],
    ids=["in parts", "no high school", "school in none", "land swapped"],
)
def test_plans_that_break_promises(
    homes: dict[str, str], moved: Callable[..., Assignment], tmp_path: Path
) -> None:
    assert differences(write(moved(**homes), tmp_path)) == []


def test_a_wrong_figure_is_noticed(grid: Assignment, tmp_path: Path) -> None:
    folder = write(grid, tmp_path)
    path = folder / "scorecard.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    record["plan"]["k12_continuity"] += 1e-6
    record["communities"][0]["feeder_continuity_numerator"] += 1
    record["constraints"][0]["satisfied"] = False
    path.write_text(json.dumps(record), encoding="utf-8")
    assert len(differences(folder)) == 3


@pytest.mark.parametrize("name", ["embedded", "fairfax_va", "lausd"])
def test_planned_districts(name: str, planned_folder: Callable[[str], Path]) -> None:
    assert differences(planned_folder(name)) == []
