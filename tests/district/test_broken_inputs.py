"""Every broken folder is told about as the page of broken inputs says, and none is changed."""

from pathlib import Path

import pytest
from broken.book import CASES, CHAPTERS, PAGE, row, tried
from broken.case import Broken

HOW_IN_MESSAGE = ("infeasible", "scenario-value")
LINES = PAGE.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_what_is_told(case: Broken, tmp_path: Path) -> None:
    report = tried(case, tmp_path)
    told = report.warnings if case.still_usable else report.problems
    assert sorted(problem.rule for problem in told) == sorted(case.rules.split())
    assert report.usable == case.still_usable
    assert row(case, report) in LINES
    for problem in report.problems:  # the way out is a sentence of its own, or part of the message
        assert problem.fix or "expected" in problem.message or problem.rule in HOW_IN_MESSAGE


def test_the_page_has_one_line_a_case() -> None:
    names = [case.what for case in CASES]
    assert len(names) == len(set(names))
    assert sum(line.startswith("| ") for line in LINES) == len(CASES) + 2 * len(CHAPTERS)
