"""What differs between two plans: who changes community, who keeps whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from feeder.measures.disruption import relabelling
from feeder.measures.units import with_units
from feeder.network.graph import BoolArray, IntArray
from feeder.planning import Assignment

TOGETHER: Final = ("still_together", "newly_together", "newly_separated", "still_apart")
"""What becomes of two schools that exchange students."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Difference:
    """Two plans of one district; the first is what is left, the second what comes.

    Attributes
    ----------
    before, after
        The plans.
    match
        Shape (n_after,): community of ``before`` that each of ``after`` carries on; -1 is none.
    """

    before: Assignment
    after: Assignment
    match: IntArray

    @property
    def moved(self) -> BoolArray:
        """Shape (n_schools,): whether a school's community is not carried on by its new one."""
        carried = np.append(self.match, -2)[self.after.school_community]
        moved: BoolArray = carried != np.where(
            self.before.school_community >= 0, self.before.school_community, -2
        )
        return moved

    @property
    def schools(self) -> pd.DataFrame:
        """One row a school: where it was, where it comes, and whether that is another community."""
        plan = self.before
        table = plan.district.schools.loc[list(plan.network.graph.school_ids)]
        frame = pd.DataFrame(
            {
                "school_id": table.index,
                "school": table["name"].to_numpy(),
                "level": table["level"].to_numpy(),
                "enrollment": table["enrollment"].to_numpy(),
                "from_id": _named(self.before, self.before.community_ids),
                "from_name": _named(self.before, self.before.community_names),
                "to_id": _named(self.after, self.after.community_ids),
                "to_name": _named(self.after, self.after.community_names),
                "moved": self.moved,
            }
        )
        return with_units(
            frame, {name: "students" if name == "enrollment" else "" for name in frame.columns}
        )

    @property
    def communities(self) -> pd.DataFrame:
        """One row a community to come: what it carries on, and what it takes and gives."""
        own = self.schools
        rows = []
        for c, name in enumerate(self.after.community_names):
            inside = self.after.school_community == c
            was = int(self.match[c])
            left = (self.before.school_community == was) & (was >= 0) & ~inside
            takes = own[inside & self.moved]
            rows.append(
                {
                    "community": name,
                    "carries_on": "" if was < 0 else self.before.community_names[was],
                    "schools_in": len(takes),
                    "students_in": int(takes["enrollment"].sum()),
                    "schools_out": int(left.sum()),
                    "students_out": int(own.loc[left, "enrollment"].sum()),
                }
            )
        units = {"schools_in": "schools", "students_in": "students"}
        units |= {"schools_out": "schools", "students_out": "students"}
        return with_units(pd.DataFrame(rows), {"community": "", "carries_on": "", **units})

    @property
    def flows(self) -> pd.DataFrame:
        """One row a feeder flow: its students a year, its source, and what becomes of the two."""
        graph = self.before.network.graph
        now, then = (
            _together(plan.school_community, graph.flow_from, graph.flow_to)
            for plan in (self.before, self.after)
        )
        fate = np.select([now & then, ~now & then, now & ~then], TOGETHER[:3], TOGETHER[3])
        ids = np.array(graph.school_ids, dtype=object)
        frame = pd.DataFrame(
            {
                "from_id": ids[graph.flow_from],
                "to_id": ids[graph.flow_to],
                "students": graph.flow_students,
                "source": graph.flow_source.astype(object),
                "fate": fate.astype(object),
            }
        )
        units = {name: "students a year" if name == "students" else "" for name in frame.columns}
        return with_units(frame, units)

    @property
    def classmates(self) -> pd.DataFrame:
        """Students a year by what becomes of their school and the next; all who change school."""
        sums = self.flows.groupby("fate")["students"].sum().reindex(TOGETHER, fill_value=0.0)
        frame = pd.DataFrame({"fate": list(TOGETHER), "students": sums.to_numpy()})
        return with_units(frame, {"fate": "", "students": "students a year"})

    @property
    def companions(self) -> pd.DataFrame:
        """One row a school that moves: its students a year by who goes with it.

        ``with_it`` counts students it exchanges with schools it shares a community with before
        and after, ``left`` with those it leaves, ``joined`` with those it joins.
        """
        flows, own = self.flows, self.schools.set_index("school_id")
        moved = own.index[own["moved"]]
        fates = ("still_together", "newly_separated", "newly_together")
        columns = dict(zip(fates, ("with_it", "left", "joined"), strict=True))
        table = pd.DataFrame(0.0, index=moved, columns=list(columns.values()))
        for end in ("from_id", "to_id"):
            sums = flows.pivot_table(
                index=end, columns="fate", values="students", aggfunc="sum", fill_value=0.0
            ).reindex(index=moved, columns=list(columns), fill_value=0.0)
            table += sums.rename(columns=columns).fillna(0.0)
        names = own.loc[moved, ["school", "from_name", "to_name"]]
        frame = pd.concat([names, table], axis=1).reset_index(drop=True)
        texts = dict.fromkeys(("school", "from_name", "to_name"), "")
        return with_units(frame, texts | dict.fromkeys(columns.values(), "students a year"))


def plan_difference(before: Assignment, after: Assignment) -> Difference:
    """Match the communities of two plans so that most schools, then most students, stay.

    Both are plans on one network. Method: :func:`~feeder.measures.disruption.relabelling`.
    """
    shared = (before.school_community >= 0) & (after.school_community >= 0)
    match = np.full(after.n_communities, -1, dtype=np.int64)
    if shared.any():
        schools = before.district.schools.loc[list(before.network.graph.school_ids)]
        students = schools["enrollment"].to_numpy(np.float64)
        here, there = after.school_community[shared], before.school_community[shared]
        found = relabelling(here, there, students[shared])
        met = set(zip(here.tolist(), there.tolist(), strict=True))
        for community, label in enumerate(found.tolist()):
            if (community, label) in met:
                match[community] = label
    return Difference(before=before, after=after, match=match)


def _named(plan: Assignment, names: tuple[str, ...]) -> list[str]:
    return [names[c] if c >= 0 else "" for c in plan.school_community.tolist()]


def _together(home: IntArray, sender: IntArray, receiver: IntArray) -> BoolArray:
    same: BoolArray = (home[sender] >= 0) & (home[sender] == home[receiver])
    return same
