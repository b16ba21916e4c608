"""The list of broken inputs as a page to read: what was broken, and what the planner is told."""

import re
import tempfile
from hashlib import sha256
from pathlib import Path

from broken import land, limits, manifest, tables
from broken.case import Broken
from town import write_town

from feeder.opening.validate import Report, validate_district

PAGE = Path(__file__).with_name("broken_inputs.md")
CHAPTERS = {
    "The folder and district.toml": manifest.CASES,
    "Files of tables": tables.FILES,
    "Schools": tables.SCHOOL_ROWS,
    "Flows": tables.FLOW_ROWS,
    "Measures, today's plan, offices": tables.OTHER_ROWS,
    "Goals": tables.GOAL_ROWS,
    "Files of layers": land.FILES,
    "Where layers lie": land.PLACES,
    "Shapes": land.SHAPES,
    "The scenario's values": limits.VALUES,
    "Limits against each other": limits.LIMITS,
}
CASES = [case for chapter in CHAPTERS.values() for case in chapter]
FOREWORD = """\
# Broken inputs, and what the planner is told about each

Each line breaks the small town of `tests/town.py` in one way. Lines with **bold** rules cannot be
planned; the others are told as warnings. What a library says in its own words stands as (...).

Made by `PYTHONPATH=tests python -m broken`; a test holds every line to what is told today.
"""
_LIBRARIES = {"manifest-unreadable", "layer-unreadable", "quotes", "layer-notes", "not-json"}


def tried(case: Broken, folder: Path) -> Report:
    """Break a fresh town in ``folder``, and return what is told; no file may change."""
    town = write_town(folder / "town")
    for change in case.changes:
        change(town)
    before = fingerprint(folder)
    report = validate_district(town)
    assert fingerprint(folder) == before, "reading has changed the folder"
    return report


def fingerprint(folder: Path) -> dict[str, str]:
    """Return what every file and link under a folder holds."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            found[str(path)] = f"link to {path.readlink()}"
        elif path.is_file():
            found[str(path)] = sha256(path.read_bytes()).hexdigest()
    return found


def row(case: Broken, report: Report) -> str:
    """Return the line of a case."""
    told = report.warnings if case.still_usable else report.problems
    mark = "" if case.still_usable else "**"
    rules = "<br>".join(f"{mark}{problem.rule}{mark}" for problem in told)
    words = "<br>".join(_cell(str(problem), problem.rule) for problem in told)
    return f"| {_cell(case.what)} | {rules} | {words} |"


def page() -> str:
    """Try every case and return the whole page."""
    lines = [FOREWORD]
    for title, cases in CHAPTERS.items():
        lines += [
            f"## {title}\n",
            "| what is broken | rule | what is told |",
            "| --- | --- | --- |",
        ]
        for case in cases:
            with tempfile.TemporaryDirectory() as folder:
                lines.append(row(case, tried(case, Path(folder))))
        lines.append("")
    return "\n".join(lines)


def _cell(text: str, rule: str = "") -> str:
    """Keep a text inside its cell, and leave out what differs between machines."""
    if rule in _LIBRARIES:
        text = re.sub(r"\(.*\)", "(...)", text)
        text = re.sub(r"(with remarks: ).*", r"\1(...)", text)
    text = re.sub(r"the district folder \S+", "the district folder DISTRICT", text)
    for mark, instead in (("|", "\\|"), ("<", "&lt;"), ("*", "\\*"), ("`", "\\`"), ("\n", " ")):
        text = text.replace(mark, instead)
    return text
