"""Whatever is done to a folder, a report or a plan comes of it; never a crash, never a change."""

import tempfile
from pathlib import Path

from broken.book import fingerprint
from fuzzing import in_pieces
from mutations import CHANGES, MILD, Change, damaged

from feeder import Plan, plan_district
from feeder.errors import FeederError
from feeder.opening.validate import validate_district


@in_pieces(CHANGES, usual=100, pieces=4)
def test_any_folder_is_read_or_told_about(changes: list[Change]) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = damaged(Path(place) / "town", changes)
        before = fingerprint(folder)
        report = validate_district(folder)
        assert fingerprint(folder) == before
    for problem in (*report.problems, *report.warnings):
        assert problem.rule
        assert problem.message
        assert len(str(problem)) < 5000


@in_pieces(MILD, usual=20, pieces=4)
def test_any_folder_is_planned_or_told_about(changes: list[Change]) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = damaged(Path(place) / "town", changes)
        usable = validate_district(folder).usable
        before = fingerprint(folder)
        plan = _planned(folder)
        assert (plan is not None) == usable
        if plan is not None:
            assert (plan.write(Path(place) / "out") / "run.json").is_file()
        assert fingerprint(folder) == before


def _planned(folder: Path) -> Plan | None:
    """Return the plan, or None where the planner is told why there is none."""
    try:
        return plan_district(folder, effort="quick", best_effort=True)
    except FeederError:
        return None
