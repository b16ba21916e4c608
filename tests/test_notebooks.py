"""The notebooks run from top to bottom, on real districts too where they are present."""

import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
DATA = Path(os.environ.get("FEEDER_DATA", ROOT.parent / "shared" / "data"))

SITE = os.environ.get("FEEDER_NOTEBOOKS", "")
"""Folder for the executed notebooks, which the site shows; none are kept where it is not named."""


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # the notebook kernel's own libraries
def test_a_notebook_runs(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FEEDER_DATA", str(DATA))
    notebook = nbformat.read(path, as_version=4)
    assert any(cell["cell_type"] == "code" for cell in notebook["cells"])
    client = NotebookClient(
        notebook,
        timeout=300,
        resources={"metadata": {"path": str(tmp_path)}},
        kernel_name="python3",
    )
    client.execute()
    if SITE:
        Path(SITE).mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, Path(SITE) / path.name)


def test_there_is_a_notebook_without_stored_output() -> None:
    assert NOTEBOOKS
    for path in NOTEBOOKS:
        cells = nbformat.read(path, as_version=4)["cells"]
        assert not any(cell.get("outputs") for cell in cells), f"clear the outputs of {path.name}"
