"""What differs between two plans: who changes community, who keeps whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from feeder.analyses.contract import Result
from feeder.measures.disruption import relabelling
from feeder.measures.flow_variants import flow_variants
from feeder.network.graph import BoolArray, FloatArray, IntArray
from feeder.planning import Assignment
from feeder.telling.sections import Section
from feeder.telling.units import with_units

TOGETHER: Final = ("still_together", "newly_together", "newly_separated", "still_apart")
"""What becomes of two schools that exchange students."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Difference(Result):
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
    def about(self) -> Assignment:
        """The plan that comes."""
        return self.after

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """``schools``, ``communities``, ``classmates``, ``companions`` and ``phasing``."""
        from feeder.analyses.difference.phasing import phase_in

        return {
            "schools": self.schools,
            "communities": self.communities,
            "classmates": self.classmates,
            "companions": self.companions,
            "phasing": phase_in(self),
        }

    @property
    def desk(self) -> frozenset[str]:
        """All but who comes where: they tell students."""
        return frozenset(self.tables) - {"schools"}

    @property
    def sections(self) -> tuple[Section, ...]:
        """What a reader is told."""
        from feeder.analyses.difference.sections import difference_sections

        return difference_sections(self)

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
        """One row a community to come, then one for each that nothing carries on.

        Columns: ``community`` (name; blank where it ends), ``carries_on`` (name; blank where it is
        new), and the schools and students that come to it or leave it, those in no community
        before or after among them.
        """
        ended = np.setdiff1d(np.arange(self.before.n_communities), self.match)
        rows = []
        for now, was in [*enumerate(self.match.tolist()), *((-1, int(was)) for was in ended)]:
            comes = self.moved & (self.after.school_community == now) & (now >= 0)
            goes = self.moved & (self.before.school_community == was) & (was >= 0)
            students = self.schools["enrollment"].to_numpy()
            rows.append(
                {
                    "community": self.after.community_names[now] if now >= 0 else "",
                    "carries_on": self.before.community_names[was] if was >= 0 else "",
                    "schools_in": int(comes.sum()),
                    "students_in": int(students[comes].sum()),
                    "schools_out": int(goes.sum()),
                    "students_out": int(students[goes].sum()),
                }
            )
        units = {"schools_in": "schools", "students_in": "students"}
        units |= {"schools_out": "schools", "students_out": "students"}
        return with_units(pd.DataFrame(rows), {"community": "", "carries_on": "", **units})

    @property
    def flows(self) -> pd.DataFrame:
        """One row a feeder flow: its students a year, its source, and what becomes of the two.

        ``students_low`` and ``students_high`` are the range that a suppressed cell leaves open.
        """
        network = self.before.network
        graph, range_ = network.graph, network.flows[["students_low", "students_high"]]
        ids = np.array(graph.school_ids, dtype=object)
        frame = pd.DataFrame(
            {
                "from_id": ids[graph.flow_from],
                "to_id": ids[graph.flow_to],
                "students": graph.flow_students,
                "students_low": range_["students_low"].to_numpy(np.float64),
                "students_high": range_["students_high"].to_numpy(np.float64),
                "source": graph.flow_source.astype(object),
                "fate": self._fates(graph.flow_from, graph.flow_to),
            }
        )
        units = dict.fromkeys(("students", "students_low", "students_high"), "students a year")
        return with_units(frame, {name: units.get(name, "") for name in frame.columns})

    @property
    def classmates(self) -> pd.DataFrame:
        """Students a year by what becomes of their school and the next: all who change school.

        Columns: ``fate``, ``students``, and ``low`` and ``high``, what suppressed cells and other
        settings of an estimate leave open (the same as ``students`` where nothing is).
        """
        sums = [
            [
                pd.Series(students).groupby(fate).sum().reindex(TOGETHER, fill_value=0.0)
                for students in (flows.students, flows.low, flows.high)
            ]
            for flows in flow_variants(self.before.network)
            for fate in (self._fates(flows.sender, flows.receiver),)
        ]
        every: FloatArray = np.array(sums, dtype=np.float64)  # by reading, figure and fate
        frame = pd.DataFrame(
            {
                "fate": list(TOGETHER),
                "students": every[0, 0],
                "low": every.min(axis=(0, 1)),
                "high": every.max(axis=(0, 1)),
            }
        )
        units = dict.fromkeys(("students", "low", "high"), "students a year")
        return with_units(frame, {"fate": "", **units})

    @property
    def partners(self) -> pd.DataFrame:
        """One row a school that moves and a school it exchanges students with, by size.

        Columns: ``school_id``, ``partner_id``, ``students`` (a year, both ways) and ``fate``: with
        those ``still_together`` it goes, those ``newly_separated`` it leaves, those
        ``newly_together`` it joins.
        """
        flows, own = self.flows, self.schools
        ways = (("from_id", "to_id"), ("to_id", "from_id"))
        both = pd.concat(
            flows[[one, other, "students", "fate"]].set_axis(
                ["school_id", "partner_id", "students", "fate"], axis=1
            )
            for one, other in ways
        )
        both = both[both["school_id"].isin(own.loc[own["moved"], "school_id"])]
        keys = ["school_id", "partner_id", "fate"]
        table: pd.DataFrame = both.groupby(keys)[["students"]].sum().reset_index()
        table["first"] = -table["students"]
        table = table.sort_values(["school_id", "first", "partner_id"], ignore_index=True)
        units = {"school_id": "", "partner_id": "", "students": "students a year", "fate": ""}
        return with_units(table[list(units)], units)

    @property
    def companions(self) -> pd.DataFrame:
        """One row a school that moves: its students a year by who goes with it.

        ``with_it`` counts students it exchanges with schools it shares a community with before
        and after, ``left`` with those it leaves, ``joined`` with those it joins.
        """
        columns = {
            "still_together": "with_it",
            "newly_separated": "left",
            "newly_together": "joined",
        }
        own = self.schools[self.moved]
        sums = self.partners.pivot_table(
            index="school_id", columns="fate", values="students", aggfunc="sum"
        ).reindex(index=own["school_id"], columns=list(columns))
        table = sums.fillna(0.0).astype(float).rename(columns=columns).reset_index(drop=True)
        names = own[["school_id", "school", "from_name", "to_name"]].reset_index(drop=True)
        frame = pd.concat([names, table], axis=1)
        texts = dict.fromkeys(names.columns, "")
        return with_units(frame, texts | dict.fromkeys(columns.values(), "students a year"))

    def _fates(self, sender: IntArray, receiver: IntArray) -> npt.NDArray[np.object_]:
        """Shape (n_flows,): what becomes of each pair of schools, of :data:`TOGETHER`."""
        now, then = (
            together(plan.school_community, sender, receiver) for plan in (self.before, self.after)
        )
        fate = np.select([now & then, ~now & then, now & ~then], TOGETHER[:3], TOGETHER[3])
        return fate.astype(object)


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


def together(home: IntArray, sender: IntArray, receiver: IntArray) -> BoolArray:
    """Shape (n_flows,): whether both schools of a flow are in one community (-1 is none)."""
    same: BoolArray = (home[sender] >= 0) & (home[sender] == home[receiver])
    return same
