"""``--out`` of a command that writes a folder takes no name of a file."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from feeder import OutputError, open_plan
from feeder.analyses.ensemble.run import check_ensemble_folder
from feeder.analyses.table import ANALYSES
from feeder.cli import app

runner = CliRunner()
MORE = {"explain": ["000001"], "price": ["--of", "enrollment_tolerance", "--steps", "0.1"]}
"""What some commands ask for besides a district and a plan."""
OF_A_DISTRICT = {"candidates", "models", "plan", "price"}
OF_FILES = ("x.html", "x.JSON", "x.geojson", "x.xlsx", "x.gpkg")
FOLDERS = [
    *((command, name) for command in ("plan", "score", "synth") for name in ("x.csv", *OF_FILES)),
    *((one.command, name) for one in ANALYSES for name in OF_FILES),  # .csv is the first table
]


@pytest.mark.parametrize(("command", "name"), FOLDERS)
def test_a_folder_is_not_called_like_a_file(
    command: str, name: str, village: Path, tmp_path: Path
) -> None:
    plan = [] if command in OF_A_DISTRICT else [str(village / "plan.csv")]
    subject = [] if command == "synth" else [str(village), *plan]
    out = tmp_path / name
    result = runner.invoke(app, [command, *subject, *MORE.get(command, []), "--out", str(out)])
    assert result.exit_code == 1, result.output
    assert f"such as {tmp_path / 'x'}." in " ".join(result.stderr.split())
    assert not out.exists()


def test_a_folder_that_is_there_may_be_called_anything(village: Path, tmp_path: Path) -> None:
    out = tmp_path / "x.csv"
    out.mkdir()
    assert open_plan(village, village / "plan.csv").write(out) == out


def test_an_ensemble_is_a_folder_too(village: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="the name of a file"):
        check_ensemble_folder(tmp_path / "x.parquet", source=village)
