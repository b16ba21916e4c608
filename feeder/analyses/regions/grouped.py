"""Regions: groups of a plan's communities, each with one headquarters."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from feeder.analyses.contract import Result
from feeder.analyses.regions.problem import regions_problem
from feeder.errors import InputError, Problem
from feeder.network.graph import IntArray
from feeder.partition.cooling import Effort
from feeder.partition.problem import PartitionProblem
from feeder.partition.search import search
from feeder.planning.assignment import Assignment
from feeder.planning.naming import name_communities
from feeder.planning.zones import columns_to_group_by
from feeder.scenario import Scenario
from feeder.telling.sections import Section
from feeder.wording import counted, listed, nearest

COMMUNITIES_PER_REGION: Final = 6
EFFORT: Final = Effort(steps_per_unit=4_000, chains=6, rounds=1)
"""A few dozen units: more finds nothing better."""
TIGHTER: Final = 1e-6
"""Part of the mean by which each search must beat the one before it."""
EXACT: Final = 9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Regions(Result):
    """A plan's communities in regions.

    Attributes
    ----------
    assignment
        The plan of the communities.
    region
        Shape (n_communities,): index of the region of each community.
    ids, names
        Shape (n_regions,).
    headquarters
        Shape (n_regions,): index of the school that hosts the headquarters of each.
    split
        Communities with schools in other regions too, where regions were given: community,
        its region, and how many of its schools lie in others.
    bridged
        Pairs of communities that were taken for neighbors though no land joins them.
    """

    assignment: Assignment
    region: IntArray
    ids: tuple[str, ...]
    names: tuple[str, ...]
    headquarters: IntArray
    split: tuple[tuple[int, int, int], ...] = ()
    bridged: tuple[tuple[int, int], ...] = ()

    @property
    def school_region(self) -> IntArray:
        """Shape (n_schools,): index of the region of each school; -1 is none."""
        return _within(self.region, self.assignment.school_community)

    @property
    def node_region(self) -> IntArray:
        """Shape (n_nodes,): index of the region of each campus or vacant tile; -1 is none."""
        return _within(self.region, self.assignment.node_community)

    def as_plan(self) -> Assignment:
        """Return the regions as a plan of fewer, larger parts, which seeks balance alone."""
        own = self.assignment.scenario
        scenario = Scenario(
            communities=len(self.ids),
            schools=(1, max(1, len(self.school_region))),
            enrollment_tolerance=own.enrollment_tolerance,
            weights=own.weights,
            choice_schools=own.choice_schools,
            virtual_schools=own.virtual_schools,
            seed=own.seed,
        )
        plan = replace(
            self.assignment,
            scenario=scenario,
            school_community=self.school_region,
            node_community=self.node_region,
        )
        return plan.renamed(self.ids, self.names)

    @property
    def about(self) -> Assignment:
        """The plan of the communities."""
        return self.assignment

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """``regions``, one row a community, and ``region_figures``, one row a region."""
        from feeder.analyses.regions.sections import regions_table

        return {"regions": self.table, "region_figures": regions_table(self)}

    @property
    def sections(self) -> tuple[Section, ...]:
        """What a reader is told."""
        from feeder.analyses.regions.sections import regions_section

        return (regions_section(self),)

    @property
    def pages(self) -> dict[str, str | bytes]:
        """``regions.html``: a map that switches between the communities and the regions."""
        from feeder.analyses.regions.page import regions_page

        return {"regions.html": regions_page(self)}

    @property
    def table(self) -> pd.DataFrame:
        """``community_id``, ``region_id`` and ``headquarters_id`` of every community."""
        schools = self.assignment.network.graph.school_ids
        return pd.DataFrame(
            {
                "community_id": self.assignment.community_ids,
                "region_id": [self.ids[r] for r in self.region],
                "headquarters_id": [schools[self.headquarters[r]] for r in self.region],
            }
        )


def usual_number(n_communities: int) -> int:
    """Return how many regions are made where none is asked for: one per 6 communities, 2 at least.

    A plan of one community is one region.
    """
    return min(n_communities, max(2, round(n_communities / COMMUNITIES_PER_REGION)))


def make_regions(plan: Assignment, number: int, *, seed: int) -> Regions:
    """Group communities into contiguous regions as even in enrollment as can be found.

    A partition problem whose units are communities: two are neighbors where their land is. After
    each search the limit is set below the deviation it found, until none is found.

    Parameters
    ----------
    plan
        The communities.
    number
        How many regions.
    seed
        Of the search.

    Raises
    ------
    InputError
        Where there are fewer communities than regions.
    """
    if not 1 <= number <= plan.n_communities:
        raise InputError([_too_many(plan, number)])
    problem, bridged = regions_problem(plan, number)
    if number in (1, plan.n_communities):  # no choice to search for
        labels = np.arange(plan.n_communities) % number
    else:
        labels = _most_even(problem, seed)
    return replace(_named(plan, labels), bridged=bridged)


def _most_even(problem: PartitionProblem, seed: int) -> IntArray:
    """Search under ever tighter limits, until nothing is found."""
    found = search(problem, seed=seed, effort=EFFORT)
    while True:
        labels = found.labels
        total = np.bincount(labels, weights=problem.totals[0], minlength=problem.n_communities)
        mean = problem.totals[0].sum() / problem.n_communities
        allowed = float(np.abs(total - mean).max()) - TIGHTER * mean
        if allowed <= 0:
            return labels
        tighter = replace(
            problem,
            totals_low=np.array([mean - allowed]),
            totals_high=np.array([mean + allowed]),
        )
        found = search(tighter, seed=seed, effort=EFFORT)
        if not found.feasible:
            return labels


def keep_regions(plan: Assignment, column: str) -> Regions:
    """Give each community to the region of a column where most of its students are.

    Parameters
    ----------
    plan
        The communities.
    column
        Column of the schools table; blank cells do not count.

    Raises
    ------
    InputError
        Where there is no such column, or a community has no school with a region.
    """
    value = _column(plan, column)
    schools = plan.district.schools.loc[list(plan.network.graph.school_ids)]
    frame = pd.DataFrame(
        {
            "community": plan.school_community,
            "region": value,
            "students": schools["enrollment"].to_numpy(np.float64),
        }
    )
    frame = frame[(frame["community"] >= 0) & (frame["region"] != "")]
    held = frame.groupby(["community", "region"])["students"].agg(["sum", "size"]).reset_index()
    held = held.sort_values(["community", "sum", "region"], ascending=[True, False, True])
    first = held.drop_duplicates("community").set_index("community")
    absent = sorted(set(range(plan.n_communities)) - set(first.index))
    if absent:
        problem = Problem(
            rule="no-region",
            message="no school of "
            f"{listed(plan.community_names[one] for one in absent)} has a {column}.",
            fix="Fill the column, or let feeder make regions with --regions.",
            column=column,
        )
        raise InputError([problem])
    names = tuple(sorted(set(first["region"])))
    region = np.array([names.index(first["region"][k]) for k in range(plan.n_communities)])
    schools_of = held.groupby("community")["size"].sum()
    split = tuple(
        (k, int(region[k]), int(schools_of[k] - first["size"][k]))
        for k in range(plan.n_communities)
        if schools_of[k] > first["size"][k]
    )
    region = region.astype(np.int64)
    return Regions(
        assignment=plan,
        region=region,
        ids=names,
        names=names,
        headquarters=headquarters(plan, region, len(names)),
        split=split,
    )


def headquarters(plan: Assignment, region: IntArray, number: int) -> IntArray:
    """Return the member school of each region to which its schools have the least way in all.

    Sites that can hold no office are not asked where another can; of equals the first id hosts.

    Parameters
    ----------
    plan
        The communities.
    region
        Shape (n_communities,): index of each one's region.
    number
        How many regions.

    Returns
    -------
    Shape (number,): school indices.
    """
    home = _within(region, plan.school_community)
    table = plan.district.schools.loc[list(plan.network.graph.school_ids)]
    can = table["office_capacity"].to_numpy(np.float64) != 0
    found = []
    for one in range(number):
        members = np.flatnonzero(home == one)
        hosts = members[can[members]] if can[members].any() else members
        minutes = plan.network.travel.minutes(members, hosts)
        found.append(int(hosts[np.round(minutes.sum(axis=0), EXACT).argmin()]))
    return np.array(found, dtype=np.int64)


def _too_many(plan: Assignment, number: int) -> Problem:
    return Problem(
        rule="regions",
        message=f"{counted(plan.n_communities, 'community', 'communities')} do not make "
        f"{counted(number, 'region')}.",
        fix=f"Ask for 1 to {plan.n_communities}.",
    )


def _within(region: IntArray, community: IntArray) -> IntArray:
    """Return the region of each community index; -1 stays -1."""
    return np.append(region, -1)[community]


def _named(plan: Assignment, labels: IntArray) -> Regions:
    """Return the regions, numbered in the order of their names: that of the largest high school."""
    number = int(labels.max()) + 1
    node = _within(labels, plan.node_community)
    names = name_communities(plan.district, plan.network.graph, node, number)
    order = sorted(range(number), key=lambda one: names[one])
    position = np.empty(number, dtype=np.int64)
    position[order] = np.arange(number)
    region = position[labels]
    return Regions(
        assignment=plan,
        region=region,
        ids=tuple(f"R{one}" for one in range(1, number + 1)),
        names=tuple(names[one] for one in order),
        headquarters=headquarters(plan, region, number),
    )


def _column(plan: Assignment, column: str) -> npt.NDArray[np.object_]:
    """Shape (n_schools,): the trimmed text of a column of the schools table."""
    columns = columns_to_group_by(plan.district)
    if column not in columns:
        problem = Problem(
            rule="unknown-column",
            message=f"the schools table has no column {column!r} to keep regions by.",
            fix=nearest(column, columns),
            column=column,
        )
        raise InputError([problem])
    cells = columns[column].reindex(list(plan.network.graph.school_ids)).fillna("")
    return cells.str.strip().to_numpy(dtype=object)
