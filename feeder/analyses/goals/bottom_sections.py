"""What readers are told of the schools at the bottom of the ratings."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from feeder.analyses.goals.performance import Performance
from feeder.analyses.goals.sections import titled
from feeder.language import Message
from feeder.telling.adding_up import SHARE_DECIMALS, adding_up
from feeder.telling.sections import Section, Shown
from feeder.telling.units import units_of, with_units


def performance_section(found: Performance) -> Section:
    """Tell where the schools at the bottom are, beside a balanced share of them.

    Schools are listed by name: their ratings are public.
    """
    by = {"by": found.by.replace("_", " ")}
    ratings = found.ratings.assign(rating=found.ratings["rating"].map(titled))
    tables = [
        Shown(Message("performance.ratings"), with_units(ratings, units_of(found.ratings))),
        Shown(Message("performance.by_community"), _named(_parts(found.communities), "name")),
    ]
    if len(found.groups):
        tables.append(
            Shown(Message("performance.by_group", by), _named(_parts(found.groups), "name"))
        )
    tables.append(Shown(Message("performance.schools", by), _named(found.schools, "community")))
    return Section(
        title=Message("performance.title"),
        sentences=(*_told(found), Message("performance.rest")),
        tables=tuple(tables),
    )


def _parts(table: pd.DataFrame) -> pd.DataFrame:
    """Round shares of one whole so that they add up to it as they are shown."""
    shown = {
        column: pd.Series(adding_up(table[column], SHARE_DECIMALS), table.index)
        for column in ("share_of_bottom", "balanced_share")
        if column in table
    }
    return with_units(table.assign(**shown), units_of(table))


def _named(table: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return a table in which schools without a community or a group are told as such."""
    names: list[object] = [name or Message("goals.in_none") for name in table[column]]
    shown = table.assign(**{column: pd.Series(names, dtype=object)})
    return with_units(shown, units_of(table))


def _told(found: Performance) -> Iterator[Message]:
    for row in found.ratings.to_dict("records"):
        facts = {
            "rating": titled(row["rating"]),
            "n": row["schools_at_bottom"],
            "rated": row["schools_rated"],
            "unrated": row["schools_unrated"],
            "grade": f"{row['at_most']:g}",
        }
        lowest = row["at_most"] == row["lowest"]
        yield Message("performance.lowest" if lowest else "performance.low", facts)
    if len(found.ratings) > 1:
        every = int(found.communities["schools_at_every_bottom"].sum())
        yield Message("performance.any_all", {"n": len(found.schools), "every": every})
    most = _parts(found.communities).iloc[int(found.communities["over_balance"].argmax())]
    if most["name"] and most["over_balance"] > 0:
        facts = {
            "community": most["name"],
            "n": int(most["schools_at_bottom"]),
            "share": float(most["share_of_bottom"]),
            "balanced": float(most["balanced_share"]),
        }
        yield Message("performance.most", facts)
