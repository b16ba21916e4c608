"""The embedded district, ready to be sampled, and one small ensemble of it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from feeder import build_network, ensemble, read_district
from feeder.analyses.ensemble.run import Ensemble
from feeder.ensembles.scores import Scorer
from feeder.ensembles.store import Store, data_hash
from feeder.partition.sampling.walk import Recipe
from feeder.partition.search import warm_up
from feeder.planning.prepared import Prepared, prepare


@pytest.fixture(scope="session")
def prepared(embedded: Path) -> Prepared:
    warm_up()
    district = read_district(embedded)
    return prepare(district, build_network(district), district.scenario)


@pytest.fixture(scope="session")
def scorer(prepared: Prepared) -> Scorer:
    return Scorer.of(prepared, prepared.assignment(np.zeros(prepared.problem.n_units, dtype=int)))


@pytest.fixture(scope="session")
def make_store(prepared: Prepared, scorer: Scorer) -> Callable[..., Store]:
    """Make a store of a recipe in a folder."""

    def make(folder: Path, recipe: Recipe) -> Store:
        units = tuple(prepared.network.graph.node_ids[node] for node in prepared.kept)
        return Store(folder=folder, recipe=recipe, data=data_hash(scorer), units=units)

    return make


@pytest.fixture(scope="session")
def sampled(embedded: Path, tmp_path_factory: pytest.TempPathFactory) -> Ensemble:
    """1,200 plans in two chains, today's plan placed twice: as today and as a candidate."""
    return ensemble(
        embedded,
        out=tmp_path_factory.mktemp("sampled") / "ensemble",
        plans=1_200,
        chains=2,
        candidate=embedded / "existing_plan.csv",
        workers=2,
    )
