"""Every figure of a scorecard, worked out again from the exported tables and nothing else.

pandas, networkx, shapely, pyproj and scipy's linear programming; none of feeder's own code.
"""

import json
import math
from pathlib import Path
from typing import Any

from recompute.export import (
    Export,
    Plan,
    grades_of,
    plan_of,
    read_csv,
    today_of,
)
from recompute.flows import chances
from recompute.land import measures
from recompute.promises import community_row, islands, promises

GEOMETRY = ("polsby_popper", "area_km2")


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
    chance = chances(plan, plan.export.flow_variants[0])
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


def weighed(name: str, figures: dict[str, float | None]) -> float:
    """What a measure counts for in the objective; students moved as a share."""
    if name == "students_moved":
        return (figures["numerator"] or 0.0) / (figures["denominator"] or 1.0)
    if name == "feeder_continuity" and figures["value"] is None:
        return 1.0  # nobody leaves
    return figures["value"] or 0.0


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
        (1 if name == "feeder_continuity" else -1) * weight * weighed(name, mine[name])
        for name, weight in weights.items()
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
