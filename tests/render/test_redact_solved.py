"""Somebody who has the page, a linear program and any plan in mind cannot pin a small cell down.

The unknowns are every true cell of the district; the equations are all that the published data say
of them. For each cell of few students the least and the greatest value that fit are sought: they
must lie as far apart as the limit.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from feeder.publishing.redact import redacted
from scipy.optimize import linprog

from feeder.district.model import GRADE_COLUMNS
from feeder.measures.score import score
from feeder.planning import Assignment

BELOW = 10


class Equations:
    """Linear equations over named cells; what is not named in any is free."""

    def __init__(self) -> None:
        self.place: dict[tuple[str, ...], int] = {}
        self.rows: list[tuple[dict[int, float], float, bool]] = []

    def cell(self, *name: str) -> int:
        return self.place.setdefault(name, len(self.place))

    def say(self, terms: dict[int, float], total: float, *, at_most: bool = False) -> None:
        self.rows.append((terms, total, at_most))

    def range_of(self, cell: int) -> tuple[float, float]:
        def matrix(rows: list[tuple[dict[int, float], float, bool]]) -> np.ndarray | None:
            if not rows:
                return None
            full = np.zeros((len(rows), len(self.place)))
            for row, (terms, _, _) in enumerate(rows):
                full[row, list(terms)] = list(terms.values())
            return full

        exact = [row for row in self.rows if not row[2]]
        loose = [row for row in self.rows if row[2]]
        found = []
        for sign in (1.0, -1.0):
            aim = np.zeros(len(self.place))
            aim[cell] = sign
            solved = linprog(
                aim,
                A_eq=matrix(exact),
                b_eq=[row[1] for row in exact] or None,
                A_ub=matrix(loose),
                b_ub=[row[1] for row in loose] or None,
            )
            assert solved.status in (0, 3), solved.message  # 3: as large as you like
            found.append(np.inf if solved.status == 3 else sign * solved.fun)
        return found[0], found[1]


def what_is_published(clean: Assignment, school: str) -> Equations:
    """Everything the page says about the cells of one school.

    Enrollment is the sum of the grades, of which kindergarten is told; counts leave a rest; flows
    come out of the leavers, which are the highest grade less what was left out.
    """
    said = Equations()
    row = clean.district.schools.loc[school]
    if row["enrollment"] > 0:
        total = {said.cell("grade", name): 1.0 for name in GRADE_COLUMNS}
        said.say(total, float(row["enrollment"]))
    if row["entering"] > 0:
        said.say({said.cell("grade", "K"): 1.0}, float(row["entering"]))
    counts = clean.district.statistics.counts
    for name in counts:
        with_it, without = said.cell("count", name), said.cell("rest", name)
        if row["enrollment"] > 0:
            said.say({with_it: 1.0, without: 1.0}, float(row["enrollment"]))
        value = float(counts.loc[school, name])
        if not np.isnan(value) and row["enrollment"] - value != BELOW:
            said.say({with_it: 1.0}, value)
        elif not np.isnan(value):  # as the page tells: at least so many
            said.say({with_it: -1.0}, -value, at_most=True)
    sent = clean.network.flows[clean.network.flows["from_id"] == school]
    counted = sent[sent["source"] != "estimated"]
    told, unseen = float(counted["students"].sum()), said.cell("unseen flow")
    nowhere = said.cell("goes nowhere told")
    if not row["leavers_estimated"] and row["leavers"] > 0:
        highest = said.cell("grade", str(row["grade_high"]) if row["grade_high"] else "K")
        said.say({highest: 1.0, unseen: -1.0, nowhere: -1.0}, told)
        if row["leavers"] > told:
            said.say({nowhere: 1.0}, float(row["leavers"]) - told)
    return said


def secrets(raw: Assignment, school: str) -> Iterator[tuple[str, ...]]:
    """Every cell of a school that counts a few students."""

    def few(students: float) -> bool:
        return 0 < students < BELOW

    grades = raw.district.grade_enrollment.loc[school]
    yield from (("grade", name) for name in GRADE_COLUMNS if few(grades[name]))
    enrollment = float(raw.district.schools.loc[school, "enrollment"])
    for name in raw.district.statistics.counts:
        value = float(raw.district.statistics.counts.loc[school, name])
        if few(value):
            yield "count", name
        if few(enrollment - value):
            yield "rest", name
    sent = raw.network.flows[raw.network.flows["from_id"] == school]
    counted = sent[sent["source"] != "estimated"]
    if any(few(students) for students in counted["students"]):
        yield ("unseen flow",)
    rest = float(raw.district.schools.loc[school, "leavers"]) - float(counted["students"].sum())
    if len(counted) and few(rest):
        yield ("goes nowhere told",)


def with_few_left(raw: Assignment, seed: int) -> Assignment:
    """Make counts of nearly all, and of few, students of a school; let a few leavers go away."""
    rng = np.random.default_rng(seed)
    counts = raw.district.statistics.counts.copy()
    enrollment = raw.district.schools["enrollment"].reindex(counts.index).to_numpy(np.float64)
    for name in counts:
        few = rng.integers(0, 14, size=len(counts))
        chosen = rng.random(len(counts))
        cells = np.where(chosen < 0.3, enrollment - few, counts[name])
        counts[name] = np.clip(np.where(chosen > 0.8, few, cells), 0.0, enrollment)
    measures = replace(raw.district.statistics, counts=counts)
    students = ["students", "students_low", "students_high"]
    flows = raw.network.flows.copy()
    fewer = np.where(flows["students"] > 40, rng.integers(0, 14, size=len(flows)), 0)
    flows[students] = flows[students].sub(fewer, axis=0)
    graph = replace(raw.network.graph, flow_students=flows["students"].to_numpy())
    return replace(
        raw,
        district=replace(raw.district, statistics=measures),
        network=replace(raw.network, flows=flows, graph=graph),
    )


@pytest.mark.parametrize("seed", range(4))
def test_no_cell_of_few_students_can_be_solved_for(
    build: Callable[[int], Assignment], seed: int
) -> None:
    raw = with_few_left(build(seed), seed)
    clean = redacted(raw, below=BELOW)
    tried = 0
    for school in raw.network.graph.school_ids:
        said = what_is_published(clean, school)
        for cell in secrets(raw, school):
            if cell not in said.place:
                continue
            low, high = said.range_of(said.cell(*cell))
            assert high - low >= BELOW - 1, (school, cell, low, high)
            tried += 1
    assert tried > 20


def test_moving_a_school_tells_its_published_cells_and_no_other(
    build: Callable[[int], Assignment],
) -> None:
    raw = with_few_left(build(5), 5)
    clean = redacted(raw, below=BELOW)
    before = score(clean).communities
    names = [*clean.district.statistics.counts, "enrollment"]
    cells = clean.district.statistics.counts.assign(enrollment=clean.district.schools["enrollment"])
    for school in (*clean.network.graph.school_ids[::9], "M14"):
        place = clean.network.graph.school_ids.index(school)
        home = clean.school_community.copy()
        home[place] = (home[place] + 1) % clean.n_communities
        after = score(replace(clean, school_community=home)).communities
        left = clean.community_ids[clean.school_community[place]]
        told = (before.loc[left, names] - after.loc[left, names]).astype(float)
        expected = cells.loc[school, names].astype(float).fillna(0.0)
        np.testing.assert_allclose(told, expected, atol=1e-9)
