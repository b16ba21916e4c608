"""A fixed sample of hostile columns ends as the page of judged outcomes says, and none is silent.

Every hostile column is in the sample once, and every column of every table at least once. The
whole is a command of its own: ``PYTHONPATH=tests python -m hostile``.
"""

import pytest
from hostile.base import TABLES
from hostile.columns import COLUMNS
from hostile.judging import NO_WAY_OUT, SILENT, outcome
from hostile.page import PAGE, Case, cases, kept

PLACES = [(file, column) for file in TABLES for column in TABLES[file]]
JUDGED = kept(PAGE.read_text(encoding="utf-8"))


def sample() -> list[Case]:
    """Pair the n-th hostile column with the n-th column, round and round."""
    return [(*PLACES[n % len(PLACES)], name) for n, name in enumerate(COLUMNS)]


@pytest.mark.parametrize("case", sample(), ids=":".join)
def test_a_hostile_column_ends_as_was_judged(case: Case) -> None:
    found, judged = outcome(*case), JUDGED[case]
    assert (found.kind, found.rules) == (judged.kind, judged.rules), found.first


def test_every_case_was_judged_and_none_is_silent_or_without_a_way_out() -> None:
    assert set(JUDGED) == set(cases())
    wrong = [case for case, one in JUDGED.items() if one.kind in {SILENT, NO_WAY_OUT}]
    assert wrong == []
