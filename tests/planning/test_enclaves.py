"""Enclaves of a region: named by their schools, or counted with the region around them."""

from pathlib import Path

import pytest
from town import write_town

from feeder.district import read_district
from feeder.network.build import build_network
from feeder.opening.runs import open_district
from feeder.opening.validate import validate_district


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Nest the town's plan in regions, of which one has a school inside the other."""
    town = write_town(tmp_path / "town")
    schools = (town / "schools.csv").read_text(encoding="utf-8")
    west = schools.replace("240,K-5,East,,40\nh1", "240,K-5,West,,40\nh1")
    assert west != schools
    (town / "schools.csv").write_text(west, encoding="utf-8")
    with (town / "district.toml").open("a", encoding="utf-8") as toml:
        toml.write('nested_in = "region"\n')
    return town


def test_an_enclave_is_named_by_its_school_with_the_way_out(folder: Path) -> None:
    (problem,) = validate_district(folder).problems
    assert "West (piece 2 of 2: Hazel (e8))" in problem.message
    assert 'enclaves = "absorb"' in problem.message


def test_the_region_around_takes_it_and_says_so(folder: Path) -> None:
    with (folder / "district.toml").open("a", encoding="utf-8") as toml:
        toml.write('enclaves = "absorb"\n')
    found = open_district(folder, timings={}, progress=lambda *_: None)
    assert found.district.schools["region"]["e8"] == "East"
    assert found.district.schools["region"]["e1"] == "West"
    (told,) = [one for one in found.district.warnings if one.rule == "enclave-absorbed"]
    assert told.message == "Hazel (e8): an enclave of West, counted with East around it."
    report = validate_district(folder)
    assert not report.problems
    assert told in report.warnings


def test_without_an_enclave_nothing_changes(folder: Path) -> None:
    schools = (folder / "schools.csv").read_text(encoding="utf-8")
    (folder / "schools.csv").write_text(
        schools.replace("240,K-5,West,,40\nh1", "240,K-5,East,,40\nh1"), encoding="utf-8"
    )
    with (folder / "district.toml").open("a", encoding="utf-8") as toml:
        toml.write('enclaves = "absorb"\n')
    found = open_district(folder, timings={}, progress=lambda *_: None)
    own = read_district(folder)
    assert found.district.schools["region"].equals(own.schools["region"])
    assert build_network(own).graph.school_ids == found.network.graph.school_ids
