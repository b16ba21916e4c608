"""Where each office stands and how far schools have to go, by distance."""

import math

from recompute.export import Export, Plan

EQUATOR_M, FLATTENING = 6378137.0, 1 / 298.257223563
SAME = 1e-9


def point(export: Export, school: str) -> tuple[float, float, float]:
    """Metres from the middle of the earth."""
    lat, lon = (math.radians(export.schools.at[school, name]) for name in ("lat", "lon"))
    eccentric = FLATTENING * (2 - FLATTENING)
    normal = EQUATOR_M / math.sqrt(1 - eccentric * math.sin(lat) ** 2)
    return (
        normal * math.cos(lat) * math.cos(lon),
        normal * math.cos(lat) * math.sin(lon),
        normal * (1 - eccentric) * math.sin(lat),
    )


def office(plan: Plan, c: str) -> tuple[str, list[float]] | None:
    """Return the host of a community and the minutes of its schools; None without a host."""
    export, members = plan.export, plan.members[c]
    how = export.notes["travel"]
    points = {s: point(export, s) for s in members}
    best = None
    for host in members:
        capacity = export.schools.at[host, "office_capacity"]
        if capacity < len(members):
            continue
        km = [math.dist(points[s], points[host]) / 1000 for s in members]
        minutes = [60 * x * how["detour"] / how["speed_km_h"] for x in km]
        total = math.fsum(minutes)
        if best is None or total < best[0] - SAME * max(best[0], 1):
            best = (total, host, minutes)
    return None if best is None else best[1:]


def office_minutes(plan: Plan) -> dict[str, dict[str, float | None]]:
    names = ("office_minutes_mean", "office_minutes_max")
    found = [office(plan, c) for c, members in plan.members.items() if members]
    if None in found or not found:
        return {name: {"value": None} for name in names}
    minutes = [x for _, each in found for x in each]
    total = math.fsum(minutes)
    mean = {"value": total / len(minutes), "numerator": total, "denominator": len(minutes)}
    return dict(zip(names, (mean, {"value": max(minutes)}), strict=True))


def office_row(plan: Plan, c: str) -> dict[str, object]:
    found = office(plan, c) if plan.members[c] else None
    if found is None:
        return {"office": "", "office_minutes_mean": None, "office_minutes_max": None}
    host, minutes = found
    return {
        "office": plan.export.schools.at[host, "name"],
        "office_minutes_mean": math.fsum(minutes) / len(minutes),
        "office_minutes_max": max(minutes),
    }
