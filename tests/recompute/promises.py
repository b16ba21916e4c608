"""Figures of each community, and whether each promise is kept."""

import math
from collections import defaultdict
from typing import Any

import networkx as nx
import pandas as pd
from recompute.export import Plan, grades_of
from recompute.flows import stays
from recompute.land import (
    away,
    compactness,
    count_pieces,
    deviation,
    diameter,
    fullness,
    largest,
    sums,
)
from recompute.offices import office_row

LEVELS = ("elementary", "middle", "high", "span", "other")


def community_row(
    plan: Plan, c: str, rate_names: list[str], chance: dict[str, float]
) -> dict[str, Any]:
    export = plan.export
    own = export.schools.loc[plan.members[c]]
    rows = [r for r in export.flow_variants[0] if plan.school[r[0]] == c]
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
        **office_row(plan, c),
        "grades": set().union(*(grades_of(text) for text in own["grades"])),
    }
    if "need" in own:
        need = sums(plan, "need")
        row |= {"need": need[at], "need_deviation": deviation(need)[at] if sum(need) else None}
    if (export.schools["capacity"] > 0).any():
        full = fullness(plan, plan.members[c])
        row |= {
            "capacity_utilization": full["students"] / full["places"] if full["known"] else None,
            "capacity_utilization_numerator": full["students"],
            "capacity_utilization_denominator": full["places"],
            "schools_over_capacity": full["over"],
            "schools_under_capacity": full["under"],
            "schools_without_capacity": full["unknown"],
        }
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
