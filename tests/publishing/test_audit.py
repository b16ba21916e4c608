"""The audit of headlines against brute force: every whole world of a small town."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from town import FLOWS, MEASURES, write_town

from feeder.district.model import District
from feeder.district.read import read_district
from feeder.network.build import build_network
from feeder.network.model import Network
from feeder.planning import Assignment
from feeder.publishing.audit import Verdict, audited
from feeder.publishing.audit.told import AUDITED
from feeder.publishing.cells import Told, told_cells

SPLIT = FLOWS.replace("e3,m2,27", "e3,m1,6\ne3,m2,21").replace("e7,m2,46", "e7,m1,4\ne7,m2,42")
"""Two hidden flows, 6 and 4, across the line."""
TODAY = {"e1": 0, "e2": 0, "e5": 0, "e6": 0, "h1": 0, "m1": 0, "p": 0}
"""Schools of the first community; all others are of the second."""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> tuple[District, Network]:
    folder = write_town(tmp_path_factory.mktemp("town"), {"flows.csv": SPLIT})
    district = read_district(folder)
    return district, build_network(district)


def plan(town: tuple[District, Network], first: Mapping[str, int]) -> Assignment:
    district, network = town
    graph = network.graph
    return Assignment.of_schools(
        district,
        network,
        district.scenario,
        np.array([first.get(school, 1) for school in graph.school_ids]),
        vacant=np.full(graph.n_nodes - graph.n_campuses, -1),
        ids=("A", "B"),
        names=("A", "B"),
    )


def continuity(students: pd.Series, home: Mapping[str, int]) -> float:
    """Students who stay, counted by hand."""
    kept = sum(
        value for (one, other), value in students.items() if home.get(one, 1) == home.get(other, 1)
    )
    return kept / students.sum()


def worlds(network: Network, told: Told) -> Iterator[pd.Series]:
    """Every whole world within the ranges in which each sender sends as many as it does."""
    flows = network.flows.set_index(["from_id", "to_id"])["students"]
    low, high = (end["students"].set_axis(flows.index) for end in (told.flows.low, told.flows.high))
    for one, other in product(range(1, 10), repeat=2):
        world = flows.copy()
        world["e3", "m1"], world["e7", "m1"] = one, other
        world["e3", "m2"], world["e7", "m2"] = 27 - one, 46 - other
        if ((world >= low) & (world <= high)).all():
            yield world


def possible(
    town: tuple[District, Network], plans: list[Mapping[str, int]], places: int
) -> dict[tuple[str, str], set[int]]:
    """The values each hidden flow can have where the continuity of some plans is told."""
    told = told_cells(*town)
    flows = town[1].flows.set_index(["from_id", "to_id"])["students"]
    true = [round(continuity(flows, home), places) for home in plans]
    found: dict[tuple[str, str], set[int]] = {("e3", "m1"): set(), ("e7", "m1"): set()}
    for world in worlds(town[1], told):
        if all(
            abs(continuity(world, home) - value) < 0.5 * 10.0**-places
            for home, value in zip(plans, true, strict=True)
        ):
            for pair, values in found.items():
                values.add(int(world[pair]))
    return found


def verdict(
    town: tuple[District, Network], plans: list[Mapping[str, int]], digits: Mapping[str, int]
) -> Verdict:
    told = told_cells(*town)
    return audited(told, [(plan(town, home), None) for home in plans], digits=digits)


def test_ranges_alone_narrow_nothing(town: tuple[District, Network]) -> None:
    """Each hidden flow has a partner; without headlines all of 1 to 9 is possible."""
    found = possible(town, [], 3)
    assert all(values >= set(range(1, 10)) for values in found.values())
    assert verdict(town, [TODAY], {}).coarsen == ()


def test_a_headline_that_two_hidden_flows_can_share_is_told(
    town: tuple[District, Network],
) -> None:
    """Whole percents of 661 students leave the two flows their freedom: proven, not coarsened."""
    assert all(v >= set(range(1, 10)) for v in possible(town, [TODAY], 1).values())
    found = verdict(town, [TODAY], {"feeder_continuity": 1})
    assert found.coarsen == ()
    assert (found.counts, found.tried) == (3, 27)  # the two flows, and a count of learners


@pytest.mark.parametrize("places", [2, 3])
def test_the_audit_agrees_with_every_world(town: tuple[District, Network], places: int) -> None:
    """It coarsens exactly where some value is in no world, for one plan and for two."""
    other = {**TODAY, "e3": 0}
    for plans in ([TODAY], [TODAY, other]):
        every = [TODAY, *plans[1:]]
        narrowed = any(
            not values >= set(range(1, 10)) for values in possible(town, every, places).values()
        )
        found = verdict(town, plans, {"feeder_continuity": places})
        assert bool(found.coarsen) == narrowed, (plans, found)


def test_what_is_coarsened_is_harmless(town: tuple[District, Network]) -> None:
    """Told as the verdict says, every value is in some world."""
    plans = [TODAY, {**TODAY, "e3": 0}, {**TODAY, "e7": 0}]
    found = verdict(town, plans, {"feeder_continuity": 3})
    [coarsened] = found.coarsen
    assert coarsened.measure == "feeder_continuity"
    assert found.holds
    if coarsened.digits is not None:
        left = possible(town, plans, coarsened.digits)
        assert all(values >= set(range(1, 10)) for values in left.values())


def test_where_no_single_headline_is_enough_several_give_up_digits(
    town: tuple[District, Network],
) -> None:
    """Split schools and continuity hold the two flows together; nothing narrowed is told."""
    found = verdict(town, [{**TODAY, "e3": 0}], AUDITED)
    assert len(found.coarsen) > 1
    assert found.narrowed == ()
    again = verdict(
        town,
        [{**TODAY, "e3": 0}],
        {**AUDITED, **{one.measure: one.digits for one in found.coarsen}},
    )
    assert again.coarsen == ()


def test_need_of_one_hidden_school_is_not_told_to_the_tenth(tmp_path: Path) -> None:
    """5 learners of the nursery; need is the learners alone, so its deviation gives them away."""
    district = read_district(write_town(tmp_path, {"measures.csv": MEASURES}))
    town = district, build_network(district)
    assert told_cells(*town).counts.is_open.to_numpy().sum() == 1
    exact = verdict(town, [TODAY], {"need_deviation": 9})
    assert [one.measure for one in exact.coarsen] == ["need_deviation"]
