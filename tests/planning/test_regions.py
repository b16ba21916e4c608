"""Regions against all regions there are, headquarters by hand, and given regions kept."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from town import DISTRICT, SCHOOLS, write_town

from feeder import build_network, plan_of, read_district
from feeder.analyses.regions.grouped import keep_regions, make_regions, usual_number
from feeder.analyses.regions.problem import regions_problem
from feeder.analyses.regions.sections import regions_section, regions_table
from feeder.errors import InputError
from feeder.language import ENGLISH
from feeder.opening.reading import read_plan
from feeder.planning import Assignment

EIGHT = {
    **{f"e{n}": f"A{n}" for n in range(1, 9)},
    "h1": "A6",
    "m1": "A1",
    "h2": "A8",
    "m2": "A3",
    "k8": "A7",
    "p": "A2",
}
"""A community for every tile of the town; students by hand in ``STUDENTS``."""
STUDENTS = (240 + 480, 300 + 60, 180 + 500, 360, 300, 240 + 700, 300 + 270, 240 + 680)
SIDES = nx.Graph([(k, k + 1) for k in (0, 1, 2, 4, 5, 6)] + [(k, k + 4) for k in range(4)])


def plan_from(
    folder: Path, homes: Mapping[str, str], changed: Mapping[str, str | None] | None = None
) -> Assignment:
    district = read_district(write_town(folder, changed))
    return plan_of(homes, district, build_network(district))


@pytest.fixture
def eight(tmp_path: Path) -> Assignment:
    return plan_from(tmp_path / "town", EIGHT)


def divisions(n: int, number: int) -> Iterator[list[int]]:
    """Every division of n things into so many groups, each once."""

    def grow(labels: list[int], used: int) -> Iterator[list[int]]:
        if len(labels) == n:
            if used == number:
                yield labels
            return
        for label in range(min(used + 1, number)):
            yield from grow([*labels, label], max(used, label + 1))

    yield from grow([], 0)


def deviation(labels: list[int], number: int) -> float:
    total = np.bincount(labels, weights=STUDENTS, minlength=number)
    return float(np.abs(total / total.mean() - 1).max())


def whole(labels: list[int], number: int) -> bool:
    return all(
        nx.is_connected(SIDES.subgraph([k for k in range(8) if labels[k] == one]))
        for one in range(number)
    )


@pytest.mark.parametrize("number", [1, 2, 3, 4, 8])
def test_regions_are_the_most_even_of_all(eight: Assignment, number: int) -> None:
    """Eight communities, two rows of four: every contiguous grouping is tried."""
    ways = [labels for labels in divisions(8, number) if whole(labels, number)]
    best = min(deviation(labels, number) for labels in ways)
    found = make_regions(eight, number, seed=0)
    assert whole(found.region.tolist(), number)
    assert deviation(found.region.tolist(), number) == pytest.approx(best, abs=1e-9)
    table = regions_table(found)
    assert table["enrollment"].sum() == sum(STUDENTS)
    assert table["deviation"].abs().max() == pytest.approx(best)
    assert table["one_piece"].all()


def test_neighbors_and_students_are_those_of_the_town(eight: Assignment) -> None:
    problem, bridged = regions_problem(eight, 2)
    assert bridged == ()
    assert problem.totals[0].tolist() == list(STUDENTS)
    near = np.repeat(np.arange(8), np.diff(problem.land.start))
    met = {(a, b) for a, b in zip(near.tolist(), problem.land.to.tolist(), strict=True) if a < b}
    assert met == {tuple(sorted(side)) for side in SIDES.edges}
    assert problem.flow_total == pytest.approx(
        eight.network.graph.flow_students.sum()
    )  # every school is placed


def test_the_same_seed_makes_the_same_regions(eight: Assignment) -> None:
    once, again = (make_regions(eight, 3, seed=5) for _ in range(2))
    assert once.table.equals(again.table)
    assert list(once.table.columns) == ["community_id", "region_id", "headquarters_id"]


def test_the_middle_of_a_row_is_the_headquarters(tmp_path: Path) -> None:
    """e1 to e3 stand in a row, 850 m apart: from e2 the way is 2 steps in all, from the ends 3.

    At 30 km an hour and a detour of 1.3, one step takes 0.853 * 1.3 / 30 * 60 = 2.2 minutes.
    """
    homes = {"e1": "A", "e2": "A", "e3": "A"}
    plan = plan_from(tmp_path / "town", homes)
    found = make_regions(plan, 1, seed=0)
    table = regions_table(found)
    assert table["headquarters_id"].tolist() == ["e2"]
    step = 0.01 * 111.32 * np.cos(np.radians(40.005)) * 1.3 / 30 * 60
    assert table["way_longest"].tolist() == pytest.approx([step], rel=5e-3)
    assert table["way_mean"].tolist() == pytest.approx([2 / 3 * step], rel=5e-3)


def test_a_site_without_room_hosts_nothing(tmp_path: Path) -> None:
    """Of e1 and e3, as far from all, the first id hosts."""
    header, *rows = SCHOOLS.splitlines()
    lines = [f"{header},office_capacity", *(f"{row},{int(row[:2] != 'e2') * 9}" for row in rows)]
    changed = {"schools.csv": "\n".join(lines) + "\n"}
    plan = plan_from(tmp_path / "town", {"e1": "A", "e2": "A", "e3": "A"}, changed)
    assert plan.district.schools.loc["e2", "office_capacity"] == 0
    assert make_regions(plan, 1, seed=0).table["headquarters_id"].tolist() == ["e1"]


def test_given_regions_are_kept_and_split_communities_named(tmp_path: Path) -> None:
    """B holds e2 of the West (300 students) and 2,530 in the East."""
    homes = {**dict.fromkeys(("e1", "e5", "e6", "h1", "m1", "p"), "A")}
    homes |= dict.fromkeys(("e2", "e3", "e4", "e7", "e8", "h2", "k8", "m2"), "B")
    found = keep_regions(plan_from(tmp_path / "town", homes), "region")
    assert found.ids == ("East", "West")
    assert found.region.tolist() == [1, 0]
    assert found.split == ((1, 0, 1),)
    said = [ENGLISH.say(sentence) for sentence in regions_section(found).sentences]
    told = "belongs to region East; 1 of its schools lies in another region today."
    assert sum(told in sentence for sentence in said) == 1


def test_a_column_that_is_not_there_is_told(eight: Assignment) -> None:
    with pytest.raises(InputError, match=r"no column 'regoin'.*Did you mean region"):
        keep_regions(eight, "regoin")


def test_a_community_without_any_region_is_told(tmp_path: Path) -> None:
    schools = SCHOOLS.replace("K-5,West", "K-5,")
    plan = plan_from(tmp_path / "town", EIGHT, {"schools.csv": schools})
    with pytest.raises(InputError, match="no school of Elm has a region"):
        keep_regions(plan, "region")


@pytest.mark.parametrize("number", [0, 9])
def test_more_regions_than_communities_are_refused(eight: Assignment, number: int) -> None:
    with pytest.raises(InputError, match="8 communities do not make"):
        make_regions(eight, number, seed=0)


def test_communities_that_no_land_joins_are_bridged(tmp_path: Path) -> None:
    """The plan is cut short: nothing between e1 and e4, which is nearer to it than e8."""
    plan = plan_from(tmp_path / "town", {"e1": "A", "e4": "B", "e8": "C"})
    one, two = (make_regions(plan, number, seed=0) for number in (1, 2))
    assert one.bridged == ((0, 1),)
    assert regions_table(one)["one_piece"].tolist() == [False]
    assert two.bridged == ()
    assert regions_table(two)["one_piece"].tolist() == [True, True]


def test_usual_numbers() -> None:
    assert [usual_number(n) for n in (1, 2, 7, 12, 43)] == [1, 2, 2, 2, 7]


def test_todays_plan_of_the_town_makes_two_regions(tmp_path: Path) -> None:
    folder = write_town(tmp_path / "town")
    district = read_district(folder)
    plan = read_plan(folder / "plan.csv", district, build_network(district))
    found = make_regions(plan, 2, seed=0)
    assert found.names == ("East", "West")
    assert found.as_plan().n_communities == 2
    assert "[measures]" in DISTRICT
