"""Which files are for the desk alone: whoever writes them may read them, nobody else.

What may be published is made of the published plan. What names no count of students at all, such
as a plan, may lie open too. All else holds counts that may be small.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Final

from feeder.language import ENGLISH

DESK: Final = "not_for_publication"
"""Folder of the tables of an analysis that tell money, need, goals or students by school."""
README: Final = "README.txt"
_PUBLISHED: Final = frozenset({".html", ".pdf", ".svg"})
"""Endings of what is made of the published plan alone."""
_WITHOUT_COUNTS: Final = frozenset(
    {"communities.csv", "communities.geojson", "consensus.csv", "contacts.csv", "plan.csv"}
    | {"regions.csv", "tiles.geojson", README}
)
_PLANS: Final = "plan_"
"""Beginning of the names of plans that an analysis makes."""


def is_private(name: str) -> bool:
    """Return whether a file, by its path in an output folder, is for the desk alone."""
    path = PurePosixPath(name)
    if path.parent.name == DESK:
        return True
    is_plan = path.name.startswith(_PLANS) and path.suffix == ".csv"
    return not (path.suffix in _PUBLISHED or path.name in _WITHOUT_COUNTS or is_plan)


def set_apart(tables: Mapping[str, str], desk: Iterable[str]) -> dict[str, str]:
    """Return tables by their path in an output folder, those for the desk in a folder of theirs.

    Parameters
    ----------
    tables
        Texts by the name of the table.
    desk
        Names of those that may never be published.
    """
    apart = set(desk)
    files = {
        f"{DESK}/{name}.csv" if name in apart else f"{name}.csv": text
        for name, text in tables.items()
    }
    if apart & set(tables):
        files[f"{DESK}/{README}"] = f"{ENGLISH('desk.readme')}\n"
    return files
