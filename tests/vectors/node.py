"""The page's arithmetic, run by node."""

import json
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from feeder.planning import Assignment
from feeder.publishing.facts import facts
from feeder.publishing.worlds import Worlds

NODE = shutil.which("node")
MISSING = "there is no node: the page's arithmetic is not run (install nodejs, 20 or newer)"
PAGE_TESTS = Path(__file__).resolve().parent.parent / "page"
LAND = ("polsby_popper", "area_km2")
"""From rounded borders, so close but not equal."""


def page_scorecards(
    assignment: Assignment, worlds: Worlds, plans: Iterable[np.ndarray]
) -> tuple[list[dict[str, Any]], list[float]]:
    """Return the page's scorecards of plans, given by school, and the milliseconds of each."""
    told = {
        "facts": facts(assignment, worlds),
        "plans": [
            {
                "ids": assignment.community_ids,
                "names": assignment.community_names,
                "school": school.tolist(),
            }
            for school in plans
        ],
    }
    done = subprocess.run(
        [str(NODE), str(PAGE_TESTS / "score.mjs")],
        input=json.dumps(told),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    *cards, times = map(json.loads, done.stdout.rstrip("\n").split("\n"))
    return cards, times


def differences(page: Any, python: Any, at: str = "") -> list[str]:
    """Name every place where two scorecards differ."""
    if isinstance(python, dict) and isinstance(page, dict):
        lacking = [f"{at}.{key}: only one has it" for key in page.keys() ^ python.keys()]
        both = [key for key in python if key in page]
        return lacking + [
            found for key in both for found in differences(page[key], python[key], f"{at}.{key}")
        ]
    if isinstance(python, list) and isinstance(page, list):
        if len(python) != len(page):
            return [f"{at}: {len(page)} in the page, {len(python)} in Python"]
        pairs = enumerate(zip(page, python, strict=True))
        return [found for i, pair in pairs for found in differences(*pair, f"{at}[{i}]")]
    if not isinstance(python, int | float) or not isinstance(page, int | float):
        return [] if page == python else [f"{at}: {page!r} in the page, {python!r} in Python"]
    if isinstance(python, int) and isinstance(page, int):
        close = page == python
    else:
        slack = 1e-6 if any(name in at for name in LAND) else 1e-9
        close = abs(page - python) <= slack * max(abs(page), abs(python))
    return [] if close else [f"{at}: {page!r} in the page, {python!r} in Python"]
