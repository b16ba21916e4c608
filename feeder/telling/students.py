"""Students a year as they are told at the desk: about where they are rough, small counts named."""

from __future__ import annotations

from typing import Any, Final

import numpy.typing as npt

from feeder.language import Message

FEW: Final = 10
"""Students below which a count is for the desk, not for publishing."""
NOTHING: Final = 0.5
"""Students a year below which an exchange is not worth a name."""


def students_said(
    students: float, low: float | None = None, high: float | None = None, *, rough: bool = False
) -> Message:
    """Return a number of students: about where it is rough, its range where it is open."""
    if low is not None and high is not None and low < high:
        return Message("people.range", {"students": float(students), "low": low, "high": high})
    return Message("people.about" if rough else "people.students", {"students": float(students)})


def partner(school: str, students: float, *, rough: bool) -> Message:
    """Return a school and the students that are exchanged with it."""
    return Message(
        "people.partner", {"school": school, "students": students_said(students, rough=rough)}
    )


def desk(counts: npt.NDArray[Any]) -> list[Message]:
    """Return the sentence that keeps small counts at the desk where there are any."""
    few = ((counts > 0) & (counts < FEW)).any()
    return [Message("people.desk")] if few else []
