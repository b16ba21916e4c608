"""Fixtures shared by all tests."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browsing import chromium
from districts.built import BUILT
from fuzzing import profile
from hypothesis import settings
from sharing import made_once

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from xdist.remote import Producer
    from xdist.scheduler import Scheduling

ROOT = Path(__file__).resolve().parent.parent
EPOCH = "1700000000"
"""When plans shared by tests were made, in seconds."""
DATA = Path(os.environ.get("FEEDER_DATA", ROOT.parent / "shared" / "data"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--fuzz", type=int, default=1, metavar="N", help="draw N times the usual random examples"
    )


def pytest_configure(config: pytest.Config) -> None:
    settings.register_profile("feeder", profile(config.getoption("fuzz")))
    settings.load_profile("feeder")
    keep_bytecode()
    if config.getoption("numprocesses", None):
        compile_kernels()


def keep_bytecode() -> None:
    """Let this process and those it starts find modules compiled, whatever the environment says.

    Workers, kernels of notebooks and command lines would each compile a thousand modules anew,
    which takes longer than most of what they do.
    """
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def compile_kernels() -> None:
    """Compile what workers would each compile for themselves if they came first."""
    from feeder import prepare_district
    from feeder.partition.sampling.ground import make_ground
    from feeder.partition.sampling.walk import METHODS, Recipe, draw, first_position
    from feeder.partition.search import warm_up

    warm_up()
    problem = prepare_district(ROOT / "geodata").problem
    start = first_position(problem, Recipe(), 0)
    assert start is not None
    for method in METHODS:
        draw(make_ground(problem), start, Recipe(method=method, every=1), 1)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling | None:
    """Let a worker that has nothing left take over what waits for another."""
    from xdist.scheduler import WorkStealingScheduling

    return WorkStealingScheduling(config, log) if config.getoption("dist") == "load" else None


@pytest.fixture(scope="session")
def embedded() -> Path:
    """The embedded, invented district."""
    return ROOT / "geodata"


@pytest.fixture(scope="session")
def village() -> Path:
    """A district of thirteen schools to check by eye, whose ids need care in every format."""
    return ROOT / "tests" / "village"


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this run, the same for all its workers."""
    own = tmp_path_factory.getbasetemp()
    # A worker's folder lies in that of the run; a run without workers has but its own.
    return (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "shared"


@pytest.fixture(scope="session")
def district_folder(embedded: Path, shared_folder: Path) -> Callable[[str], Path]:
    """Find the folder of a real district, or skip the test and say why.

    Districts that come without a district.toml are written once a run from what is shared.
    """

    def shared(name: str, wanted: str) -> Path:
        if not (DATA / name / wanted).is_file():
            pytest.skip(f"no real district {name} under {DATA}: set FEEDER_DATA to where they lie")
        return DATA / name

    def find(name: str) -> Path:
        if name == "embedded":
            return embedded
        if name not in BUILT:
            return shared(name, "district.toml")
        source, build = BUILT[name]
        given = shared(source, "README.md")

        def write(folder: Path) -> None:
            folder.mkdir(exist_ok=True)
            build(given, folder)

        return made_once(shared_folder / "built" / name, write)

    return find


@pytest.fixture(scope="session")
def synthetic_folder(shared_folder: Path) -> Callable[[int, int], Path]:
    """Invent a district of so many schools from a seed, once a run, and return its folder."""

    def make(schools: int, seed: int) -> Path:
        from feeder.district.synthetic import write_synthetic

        return made_once(
            shared_folder / "synthetic" / f"{schools}-{seed}",
            lambda folder: write_synthetic(folder, schools=schools, seed=seed),
        )

    return make


@pytest.fixture(scope="session")
def planned_folder(
    district_folder: Callable[[str], Path], shared_folder: Path
) -> Callable[[str], Path]:
    """Plan a district once a run, with little effort, and return its output folder.

    Its date is :data:`EPOCH`, so that another run may be asked for the same bytes.
    """

    def make(name: str) -> Path:
        from feeder import plan_district

        source = district_folder(name)

        def write(folder: Path) -> None:
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("SOURCE_DATE_EPOCH", EPOCH)
                plan_district(source, effort="quick").write(folder)

        return made_once(shared_folder / "planned" / name, write)

    return make


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests of a worker; each opens a page with nothing in its past."""
    with chromium() as started:
        yield started
