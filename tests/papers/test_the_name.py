"""The distribution is ``feeder-plan``: ``feeder`` on PyPI is another project's package."""

import re
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

import feeder
from feeder.cli import app
from feeder.version import DISTRIBUTION

ROOT = Path(__file__).resolve().parents[2]
STRANGER = re.compile(
    r"pip[ \t\w./-]*?install[^\n`|&;]*?[ \t\"'=]feeder(?![\w/-]|\.\w)", re.IGNORECASE
)
"""A command that would install the package of another project, with extras or without."""
TEXTS = {".py", ".md", ".toml", ".json", ".ipynb", ".mjs", ".html", ".cff", ".yml", ".sh", ".j2"}
SKIPPED = {".git", ".venv", "build", "dist", "__pycache__", "_build", ".nox"}


def texts() -> list[Path]:
    """Return every file of the repository that a reader may take a command from."""
    return [
        path
        for path in ROOT.rglob("*")
        if (path.suffix in TEXTS or path == ROOT / ".ci" / "run")
        and not SKIPPED & {*path.relative_to(ROOT).parts}
        and path != Path(__file__)
    ]


@pytest.mark.parametrize(
    "told",
    [
        "pip install 'feeder[ensemble]'.",
        'pip install "feeder[proof]"',
        "pip install feeder",
        "pip install -q feeder[dev]",
        "python -m pip install --upgrade feeder.",
        "uv pip install feeder==0.1",
    ],
)
def test_a_command_that_fetches_a_strangers_package_is_known(told: str) -> None:
    assert STRANGER.search(told)


@pytest.mark.parametrize(
    "told",
    [
        "pip install feeder-plan",
        "pip install -q . && feeder plan",
        "pip install joblib arviz",
    ],
)
def test_other_commands_are_fine(told: str) -> None:
    assert not STRANGER.search(told)


def test_no_text_tells_anyone_to_install_a_strangers_package() -> None:
    found = {
        str(path.relative_to(ROOT)): STRANGER.findall(path.read_text(encoding="utf-8"))
        for path in texts()
    }
    assert len(found) > 400, "the search looks past the repository"
    assert not {path: told for path, told in found.items() if told}


def test_the_version_stands_in_one_place() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["name"] == DISTRIBUTION == "feeder-plan"
    assert feeder.__version__ == project["version"]
    told = CliRunner().invoke(app, ["--version"])
    assert (told.exit_code, told.stdout.strip()) == (0, project["version"])
