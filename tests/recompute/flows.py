"""Figures about flows: continuity, split feeders, small feeds, and their ranges."""

import math
from collections import defaultdict
from collections.abc import Callable

import numpy as np
from recompute.export import PLACES, Plan, Row
from scipy.optimize import linprog


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
    if not size or not any(worth):  # nobody leaves, or nobody who leaves stays: no program needed
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
