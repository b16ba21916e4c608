"""Fixtures shared by all tests."""

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from districts.built import BUILT
from hypothesis import settings

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
def district_folder(
    embedded: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Path]:
    """Find the folder of a real district, or skip the test and say why.

    Districts that come without a district.toml are written once a session from what is shared.
    """

    def shared(name: str, wanted: str) -> Path:
        if not (DATA / name / wanted).is_file():
            pytest.skip(f"no real district {name} under {DATA}: set FEEDER_DATA to where they lie")
        return DATA / name

    @cache
    def find(name: str) -> Path:
        if name == "embedded":
            return embedded
        if name not in BUILT:
            return shared(name, "district.toml")
        source, build = BUILT[name]
        folder = tmp_path_factory.mktemp("built") / name
        folder.mkdir()
        return build(shared(source, "README.md"), folder)

    return find


@pytest.fixture(scope="session")
def planned_folder(
    district_folder: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Path]:
    """Plan a district once a session and return its output folder."""

    @cache
    def make(name: str) -> Path:
        from feeder import plan_district

        plan = plan_district(district_folder(name))
        return plan.write(tmp_path_factory.mktemp("planned") / name)

    return make
