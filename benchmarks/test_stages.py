"""How long each stage takes: ``pytest benchmarks``. Compare figures within one run only."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from feeder import Plan, plan_district
from feeder.district.model import District
from feeder.district.read import read_district
from feeder.measures.score import score
from feeder.network.build import build_network
from feeder.network.model import Network
from feeder.partition.search import warm_up
from feeder.planning.make import make_plan

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("FEEDER_DATA", ROOT.parent / "shared" / "data"))
FOLDERS = {"embedded": ROOT / "geodata", "fairfax_va": DATA / "fairfax_va", "lausd": DATA / "lausd"}

Timed = TypeVar("Timed")


@pytest.fixture(scope="module", params=FOLDERS)
def folder(request: pytest.FixtureRequest) -> Path:
    found = FOLDERS[request.param]
    if not (found / "district.toml").is_file():
        pytest.skip(f"no district under {found}: set FEEDER_DATA to where the real ones lie")
    return found


@pytest.fixture(scope="module")
def district(folder: Path) -> District:
    return read_district(folder)


@pytest.fixture(scope="module")
def network(district: District) -> Network:
    return build_network(district)


@pytest.fixture(scope="module")
def plan(folder: Path) -> Plan:
    return plan_district(folder)


def rounds(benchmark: BenchmarkFixture, work: Callable[[], Timed], count: int = 3) -> Timed:
    timed: Timed = benchmark.pedantic(work, rounds=count, warmup_rounds=1)
    return timed


def test_read(benchmark: BenchmarkFixture, folder: Path) -> None:
    assert len(rounds(benchmark, lambda: read_district(folder)).schools)


def test_network(benchmark: BenchmarkFixture, district: District) -> None:
    assert rounds(benchmark, lambda: build_network(district)).graph.n_nodes


def test_search(benchmark: BenchmarkFixture, district: District, network: Network) -> None:
    warm_up()
    found = rounds(benchmark, lambda: make_plan(district, network, district.scenario))
    assert found.feasible


def test_score(benchmark: BenchmarkFixture, plan: Plan) -> None:
    assert rounds(benchmark, lambda: score(plan.assignment)).satisfied


def test_write(benchmark: BenchmarkFixture, plan: Plan, tmp_path: Path) -> None:
    assert rounds(benchmark, lambda: plan.write(tmp_path / "out")).is_dir()


def test_whole_run(benchmark: BenchmarkFixture, folder: Path, tmp_path: Path) -> None:
    work = lambda: plan_district(folder).write(tmp_path / "out")  # noqa: E731 - timed as one
    assert rounds(benchmark, work).is_dir()


@pytest.mark.benchmark(group="help")
@pytest.mark.parametrize("code", ["import typer", "import feeder.__main__"])
def test_help(benchmark: BenchmarkFixture, code: str) -> None:
    """``feeder --help`` takes no more than three times ``import typer``: compare the two rows."""
    command = [sys.executable, "-c", f"import sys; sys.argv = ['feeder', '--help']\n{code}"]
    done = rounds(benchmark, lambda: subprocess.run(command, capture_output=True, check=False), 5)
    assert done.returncode == 0
