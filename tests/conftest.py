"""Fixtures shared by all tests."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browsing import chromium
from districts.built import BUILT
from hypothesis import settings
from sharing import made_once

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("FEEDER_DATA", ROOT.parent / "shared" / "data"))

settings.register_profile("feeder", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("feeder")


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
def planned_folder(
    district_folder: Callable[[str], Path], shared_folder: Path
) -> Callable[[str], Path]:
    """Plan a district once a run, with little effort, and return its output folder."""

    def make(name: str) -> Path:
        from feeder import plan_district

        source = district_folder(name)
        return made_once(
            shared_folder / "planned" / name,
            lambda folder: plan_district(source, effort="quick").write(folder),
        )

    return make


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests of a worker; each opens a page with nothing in its past."""
    with chromium() as started:
        yield started
