"""Figures about land, balance and disruption, and all measures together."""

import math
from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations

import shapely
from pyproj import Geod
from recompute.export import Export, Plan
from recompute.flows import continuity, feeders, k12, over_readings
from recompute.offices import office_minutes


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
    # Of each community of today: what each new one holds of it, as students and schools.
    held: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for s in both:
        cell = held[today.school[s]][plan.school[s]]
        cell[0] += int(size[s])
        cell[1] += 1
    carrier = {old: max(sorted(cells), key=cells.__getitem__) for old, cells in held.items()}
    moved = [s for s in both if plan.school[s] != carrier[today.school[s]]]
    gone = sum(size[s] for s in moved)
    found: dict[str, dict[str, float | None]] = {
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


def fullness(plan: Plan, members: Iterable[str]) -> dict[str, float]:
    """Students and places of schools with a capacity; how many are too full, how many too empty."""
    notes = plan.export.notes
    table = plan.export.schools.loc[list(members), ["enrollment", "capacity"]]
    known = table[table["capacity"] > 0]
    share = known["enrollment"] / known["capacity"]
    return {
        "students": float(known["enrollment"].sum()),
        "places": float(known["capacity"].sum()),
        "over": int((share > notes["over_capacity_threshold"] + 1e-9).sum()),
        "under": int((share < notes["under_capacity_threshold"] - 1e-9).sum()),
        "known": len(known),
        "unknown": len(table) - len(known),
    }


def capacity(plan: Plan) -> dict[str, dict[str, float | None]]:
    every = fullness(plan, [s for members in plan.members.values() for s in members])
    names = "capacity_utilization capacity_deviation schools_over_capacity schools_under_capacity"
    if not every["known"]:
        return {name: {"value": None} for name in names.split()}
    whole = every["students"] / every["places"]
    parts = [fullness(plan, members) for members in plan.members.values()]
    off = [abs(one["students"] / one["places"] / whole - 1) for one in parts if one["known"]]
    return {
        "capacity_utilization": {
            "value": whole,
            "numerator": every["students"],
            "denominator": every["places"],
        },
        "capacity_deviation": {"value": max(off)},
        **{
            f"schools_{side}_capacity": {
                "value": every[side],
                "numerator": every[side],
                "denominator": every["known"],
            }
            for side in ("over", "under")
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
        "feeder_continuity": over_readings(lambda r: continuity(plan, r), export.flow_variants),
        "k12_continuity": over_readings(lambda r: k12(plan, r), export.flow_variants),
        **{
            name: over_readings(lambda r, name=name: feeders(plan, r)[name], export.flow_variants)
            for name in ("split_feeders", "split_across_communities", "small_feeds")
        },
        "enrollment_deviation": largest(deviation(size)),
        "need_deviation": largest(need),
        "diameter_km": {"value": max(reach)},
        **land(plan),
        **office_minutes(plan),
        **capacity(plan),
    }
    if today is None or today is plan:
        names = "schools_moved students_moved variation_of_information students_separated"
        return found | {name: {"value": None} for name in names.split()}
    return found | disruption(plan, today)
