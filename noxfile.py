"""Lanes beside ``.ci/run``: other interpreters, the lowest versions allowed, long runs.

``nox -l`` lists them, ``nox -s lowest`` runs one; what follows ``--`` goes to pytest. Interpreters
are found on the path; one that is missing is skipped and says so.
"""

from __future__ import annotations

import nox

PYTHONS = ("3.11", "3.12", "3.13")
QUICK = ("tests/language", "tests/measures", "tests/district", "tests/network")
FUZZ = (
    "tests/district/test_folder_fuzz.py",
    "tests/district/test_reader_fuzz.py",
    "tests/planning/test_reading_fuzz.py",
)

nox.options.sessions = ["lint", "tests"]
nox.options.reuse_venv = "yes"
nox.needs_version = ">=2025.2"


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """Run every test on one version of Python."""
    session.install("-e", ".[exchange,test]")
    session.run("feeder", "--version")
    session.run("pytest", "-q", "-n", "2", *session.posargs)


@nox.session(python=PYTHONS[0], venv_backend="uv")
def lowest(session: nox.Session) -> None:
    """Run the tests on the lowest versions of the libraries that ``pyproject.toml`` allows."""
    session.install("--resolution", "lowest-direct", "-e", ".[test]")
    session.run("feeder", "--version")
    session.run("pytest", "-q", "-n", "2", *session.posargs)


@nox.session(python=PYTHONS)
def smoke(session: nox.Session) -> None:
    """Import, ask for help, and run the quick tests on one version of Python."""
    session.install("-e", ".[test]")
    session.run("feeder", "--help", silent=True)
    session.run("pytest", "-q", "-n", "2", *(session.posargs or QUICK))


@nox.session(python=PYTHONS[0])
def docs(session: nox.Session) -> None:
    """Build the site into ``build/site`` and run what notebooks the tests did not; no warnings."""
    session.install("-e", ".[docs,ensemble]")
    session.run("sphinx-build", "-W", "-n", "--keep-going", "-q", "docs", "build/site")


@nox.session(python=PYTHONS[0])
def lint(session: nox.Session) -> None:
    """Check form, habits, the order of imports, and types."""
    session.install("-e", ".[exchange,lint,test]")
    session.run("ruff", "format", "--check", ".")
    session.run("ruff", "check", ".")
    session.run("lint-imports")
    session.run("mypy")


@nox.session(python=PYTHONS[0])
def fuzz(session: nox.Session) -> None:
    """Draw twenty times the usual random examples: broken folders, and plans in any form."""
    session.install("-e", ".[test]")
    session.run("pytest", "-q", "-n", "2", "--fuzz", "20", *(session.posargs or FUZZ))
