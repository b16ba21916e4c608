"""The synthetic district as a folder: bytes, atomic writing, the embedded copy."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from feeder.district.read import read_district
from feeder.district.synthetic import SMALLEST, write_synthetic
from feeder.errors import OutputError
from feeder.writing import places, whole

EMBEDDED = Path(__file__).resolve().parents[2] / "geodata"
FILES = {
    "README.md",
    "areas_elementary.geojson",
    "areas_high.geojson",
    "areas_middle.geojson",
    "boundary.geojson",
    "district.toml",
    "existing_plan.csv",
    "flows.csv",
    "goals.csv",
    "needs.csv",
    "offices.csv",
    "budget.csv",
    "schools.csv",
}


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_the_embedded_district_is_what_the_generator_makes_today(tmp_path: Path) -> None:
    write_synthetic(tmp_path / "again")
    again = _bytes(tmp_path / "again")
    assert set(again) == FILES
    assert again == {name: (EMBEDDED / name).read_bytes() for name in FILES}


def test_the_embedded_district_is_small_and_says_that_it_is_invented() -> None:
    assert sum((EMBEDDED / name).stat().st_size for name in FILES) < 600_000
    manifest = (EMBEDDED / "district.toml").read_text(encoding="utf-8")
    assert manifest.startswith("# An invented district")
    table = tomllib.loads(manifest)
    assert table["synthetic"] is True
    assert "invented" in table["name"]
    assert "feeder synth --schools 130 --seed 0" in manifest
    assert "invented" in (EMBEDDED / "README.md").read_text(encoding="utf-8")


def test_reading_the_embedded_district_warns_of_the_planted_oddities_only() -> None:
    district = read_district(EMBEDDED)
    assert district.synthetic
    assert len(district.schools) == 130
    assert [warning.rule for warning in district.warnings] == ["unknown-id", "unassigned-today"]


def test_the_same_seed_gives_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    write_synthetic(tmp_path / "here", schools=24, seed=3)
    code = (
        "import sys; from pathlib import Path;"
        "from feeder.district.synthetic import write_synthetic;"
        "write_synthetic(Path(sys.argv[1]), schools=24, seed=3)"
    )
    subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "there")],
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "7"},
    )
    assert _bytes(tmp_path / "here") == _bytes(tmp_path / "there")


def test_another_seed_gives_another_district(tmp_path: Path) -> None:
    write_synthetic(tmp_path / "a", schools=24, seed=0)
    write_synthetic(tmp_path / "b", schools=24, seed=1)
    a, b = _bytes(tmp_path / "a"), _bytes(tmp_path / "b")
    assert set(a) == set(b) == FILES
    same = {name for name in FILES if a[name] == b[name]}
    assert not same


def test_a_folder_that_holds_something_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match="new or empty"):
        write_synthetic(tmp_path, schools=SMALLEST)
    assert _bytes(tmp_path) == {"notes.txt": b"mine"}


def test_an_empty_folder_is_filled_and_nothing_else_appears(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "er"
    folder.mkdir(parents=True)
    write_synthetic(folder, schools=SMALLEST)
    assert {path.name for path in folder.iterdir()} == FILES
    assert [path.name for path in folder.parent.iterdir()] == ["er"]


def test_a_write_that_fails_half_way_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(path: Path, content: bytes, *, mode: int = 0o666) -> None:
        if path.name == "flows.csv":
            raise OSError(28, "No space left on device")
        places.create(path, content, mode=mode)

    monkeypatch.setattr(whole, "create", full_disk)
    with pytest.raises(OutputError, match="No space left"):
        write_synthetic(tmp_path / "new", schools=SMALLEST)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("schools", "noise"), [(19, 0.1), (130, -0.1), (130, 1.1)])
def test_sizes_and_noise_out_of_range_are_refused(
    tmp_path: Path, schools: int, noise: float
) -> None:
    with pytest.raises(ValueError, match=re.escape(str(schools if schools < 20 else noise))):
        write_synthetic(tmp_path / "x", schools=schools, noise=noise)
    assert list(tmp_path.iterdir()) == []
