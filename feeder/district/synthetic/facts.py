"""What the README tells about the tables: the oddities of real files, by name."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from feeder.district.synthetic.drawing import Drawing
from feeder.district.synthetic.names import Labels
from feeder.district.synthetic.places import Places
from feeder.district.synthetic.roster import LAST_MIDDLE, Roster
from feeder.district.synthetic.students import GRADES, Students
from feeder.district.synthetic.terrain import BoolArray, IntArray

SHOWN: Final = 6
"""Names in a list before it is cut short."""
SPLIT: Final = 0.1
"""Share of the leavers that makes a second receiver a split."""
SMALL_TENTHS: Final = 100
"""Tenths of a student below which a flow is a small cell."""


def facts(
    roster: Roster,
    places: Places,
    students: Students,
    labels: Labels,
    drawing: Drawing,
    today: IntArray,
) -> dict[str, str]:
    """Return one line of text a fact, by its heading."""
    name = np.array(labels.name)
    plain = roster.role == "elementary"
    k = roster.n_communities
    shares = students.flows.assign(
        share=students.flows["tenths"] / students.flows.groupby("sender")["tenths"].transform("sum")
    )
    split = int((shares[shares["share"] >= SPLIT].groupby("sender").size() > 1).sum())
    small = int((students.flows["tenths"] < SMALL_TENTHS).sum())
    islands = [area for area, shape in drawing.elementary.items() if shape.geom_type != "Polygon"]
    served = _served(roster, today)
    return {
        "Schools": f"{roster.n:,} with {students.enrollment.sum():,} students, "
        f"in {k} planted communities and {roster.region_of.max() + 1} regions",
        "K-8 schools": _list(name[plain & (roster.high == LAST_MIDDLE)]),
        "Grades 6 to 12": _list(name[roster.spans_to_high]),
        "Paired K-2 and 3-5 schools on one area": _list(
            name[plain & (_spans(roster, (0, 2), (3, 5)))]
        ),
        "Areas in two pieces": _list(name[np.isin(roster.area, islands) & plain]),
        "Vacant areas": f"{_list(np.array(labels.closed_name))}; closed, not in `schools.csv`",
        "Shared campuses": _list(
            np.array(
                [" with ".join(name[places.campus == c]) for c in range(places.campus.max() + 1)]
            )
        ),
        "Schools without an area": ", ".join(
            f"{int((roster.kind == kind).sum())} {kind}"
            for kind in ("magnet", "charter", "alternative")
        ),
        "Pre-kindergarten": f"in {int((students.pre_k > 0).sum())} schools; "
        f"{int((students.ungraded > 0).sum())} schools have a few ungraded pupils",
        "Flows": f"{len(students.flows):,}, {small:,} of them under 10 students; "
        f"{split:,} schools send a tenth or more of their leavers to each of several schools",
        "Today's plan": f"communities that lack a grade: {int((served < GRADES).sum())} of {k}; "
        f"new schools that are in none of them: {int((today < 0).sum())}",
    }


def _spans(roster: Roster, *spans: tuple[int, int]) -> BoolArray:
    """Tell the schools whose first and last grade are one of the pairs."""
    matches = [(roster.low == low) & (roster.high == high) for low, high in spans]
    return np.asarray(np.any(matches, axis=0))


def _served(roster: Roster, today: IntArray) -> IntArray:
    """Return the number of grades that each of today's communities serves."""
    grades = np.arange(GRADES)
    serves = (roster.low[:, None] <= grades) & (grades <= roster.high[:, None])
    return np.array([serves[today == c].any(axis=0).sum() for c in range(roster.n_communities)])


def _list(names: npt.NDArray[np.str_]) -> str:
    """Join names, cut short where there are many."""
    shown = ", ".join(names[:SHOWN])
    return shown if len(names) <= SHOWN else f"{shown} and {len(names) - SHOWN} more"
