"""The stages of a run, and how their progress is told and timed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

STAGES: Final = ("read", "network", "prepare", "search", "draw", "prove", "score", "write")
"""Stages of a run in order; what a planner sees of each is the text ``stage.NAME``."""
Progress = Callable[[str, float], None]
"""Called with a stage's name and the share of it that is done, 0 to 1."""


@contextmanager
def timed(stage: str, timings: dict[str, float], report: Progress) -> Iterator[None]:
    """Time a stage of a run into ``timings``, and tell when it begins and ends."""
    report(stage, 0.0)
    started = time.perf_counter()
    yield
    timings[stage] = time.perf_counter() - started
    report(stage, 1.0)


def quiet(_stage: str, _share: float) -> None:
    """Report nothing."""
