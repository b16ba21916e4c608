"""A plan as a notebook shows it, in any language."""

from pathlib import Path

import pytest

from feeder import Plan, open_plan
from feeder.language import words
from feeder.telling.notebook import plan_html


@pytest.fixture(scope="module")
def today(village: Path) -> Plan:
    return open_plan(village, village / "plan.csv")


def test_headings_and_promises_are_in_the_language_asked_for(today: Plan) -> None:
    told = plan_html(today.assignment, today.scorecard, words("es"))
    for heading in (
        "Comunidad",
        "Escuelas",
        "Estudiantes",
        "del promedio",
        "Siguiente escuela dentro",
    ):
        assert f"<th>{heading}</th>" in told
    assert ("Promesas incumplidas:" in told) != ("Se cumplen todas las promesas." in told)
    for english in (
        "Community",
        "Students",
        "Next school inside",
        "Promises broken",
        "Every promise",
    ):
        assert english not in told


def test_a_notebook_shows_english(today: Plan) -> None:
    assert "<th>Next school inside</th><th>Land</th>" in today._repr_html_()
