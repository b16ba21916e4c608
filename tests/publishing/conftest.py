"""The toy district, a plan of it, and what may be known of it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from publication import published
from render.conftest import build_toy
from town import DISTRICT, write_town
from typer.testing import CliRunner

from feeder.cli import app
from feeder.planning import Assignment
from feeder.publishing.published import PublishedPlan
from feeder.publishing.worlds import Worlds, worlds_of

from .test_attacks import HIDDEN_FLOWS


@pytest.fixture(scope="session")
def toy() -> Assignment:
    """The toy as read, with its small cells.

    Its flows count whole students; of M14, of 7 students, 3 have free meals, and where it sends
    students or has them from was observed.
    """
    made = build_toy()
    columns = ["students", "students_low", "students_high"]
    flows = made.network.flows.copy()
    flows[columns] = flows[columns].round().clip(lower=1.0)
    of_few = (flows[["from_id", "to_id"]] == "M14").any(axis=1)
    flows.loc[of_few, "source"] = "observed"
    graph = replace(
        made.network.graph,
        flow_students=flows["students"].to_numpy(),
        flow_source=flows["source"].to_numpy(dtype=str),
    )
    statistics = made.district.statistics
    meals = statistics.counts.copy()
    meals.loc["M14", "meals"] = 3.0
    statistics = replace(statistics, counts=meals, need=meals["meals"])
    return replace(
        made,
        network=replace(made.network, graph=graph, flows=flows),
        district=replace(made.district, flows=flows, statistics=statistics),
    )


@pytest.fixture(scope="session")
def worlds(toy: Assignment) -> Worlds:
    """What may be known of the toy."""
    return worlds_of(toy)


@pytest.fixture(scope="session")
def public(toy: Assignment) -> PublishedPlan:
    """The toy as it is published."""
    return published(toy)


@pytest.fixture(scope="session")
def shuffled() -> Callable[[Assignment, int], Assignment]:
    """Return a function that gives every campus to a community drawn at random."""

    def shuffle(plan: Assignment, seed: int) -> Assignment:
        node = np.random.default_rng(seed).integers(0, 4, len(plan.node_community))
        return Assignment.of_nodes(
            plan.district,
            plan.network,
            plan.scenario,
            node,
            ids=plan.community_ids,
            names=plan.community_names,
        )

    return shuffle


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """A town and two plans of it, by two seeds."""
    base = tmp_path_factory.mktemp("towns")
    district = write_town(
        base / "town",
        {
            "flows.csv": HIDDEN_FLOWS,
            "district.toml": DISTRICT.replace(
                "enrollment_tolerance = 0.5", "enrollment_tolerance = 0.9"
            ),
        },
    )
    for seed in (1, 2):
        done = CliRunner().invoke(
            app,
            [
                "plan",
                str(district),
                "--out",
                str(base / f"out{seed}"),
                "--seed",
                str(seed),
                "--effort",
                "quick",
                "--best-effort",
            ],
        )
        assert done.exit_code == 0, done.output
    return {"town": district, "one": base / "out1", "two": base / "out2"}
