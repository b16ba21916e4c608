"""What differs between two plans: who changes community, who keeps whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from feeder.analyses.contract import Result
from feeder.measures.disruption import carried_on, moved, placed_by_both
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
    """

    before: Assignment
    after: Assignment

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
        """Shape (n_schools,): who changes (:func:`~feeder.measures.disruption.moved`)."""
        return moved(self.after.school_community, self.before.school_community, self._students)

    @property
    def placed(self) -> BoolArray:
        """Shape (n_schools,): whether a school has a community before and after."""
        return placed_by_both(self.after.school_community, self.before.school_community)

    @property
    def carried_on(self) -> IntArray:
        """Shape (n_before,): community of ``after`` that carries on each of ``before``.

        -1 is none (:func:`~feeder.measures.disruption.carried_on`).
        """
        found = np.full(self.before.n_communities, -1, dtype=np.int64)
        here, there = self.after.school_community, self.before.school_community
        carried = carried_on(here, there, self._students)
        found[: len(carried)] = carried
        return found

    @property
    def _students(self) -> FloatArray:
        schools = self.before.district.schools.loc[list(self.before.network.graph.school_ids)]
        return schools["enrollment"].to_numpy(np.float64)

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
        """One row a community to come.

        Columns: ``community`` (name), ``carries_on`` (names of the communities before that it
        carries on, by commas; blank where it is new), and the schools and students that come to it
        from others, or leave the communities that it carries on for others. What comes and what
        leaves are the same schools, so either column adds up to all that move.
        """
        carried, students, change = self.carried_on, self._students, self.moved
        heir = np.append(carried, -1)[self.before.school_community]
        rows = []
        for now, name in enumerate(self.after.community_names):
            comes = change & (self.after.school_community == now)
            goes = change & (heir == now)
            own = [self.before.community_names[was] for was in np.flatnonzero(carried == now)]
            rows.append(
                {
                    "community": name,
                    "carries_on": ", ".join(own),
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
    """Put two plans on one network beside each other, the one that is left first."""
    return Difference(before=before, after=after)


def _named(plan: Assignment, names: tuple[str, ...]) -> list[str]:
    return [names[c] if c >= 0 else "" for c in plan.school_community.tolist()]


def together(home: IntArray, sender: IntArray, receiver: IntArray) -> BoolArray:
    """Shape (n_flows,): whether both schools of a flow are in one community (-1 is none)."""
    same: BoolArray = (home[sender] >= 0) & (home[sender] == home[receiver])
    return same
