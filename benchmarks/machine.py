"""How fast the machine is: a fixed loop, timed in CPU seconds, beside which figures can be read."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import numba
import numpy as np

STEPS = 200_000_000
Found = TypeVar("Found")


@numba.njit(cache=True)
def reference_loop(steps: int) -> int:
    """Draw ``steps`` numbers one after another (xorshift, Marsaglia 2003)."""
    state = np.uint64(88172645463325252)
    for _ in range(steps):
        state ^= state << np.uint64(13)
        state ^= state >> np.uint64(7)
        state ^= state << np.uint64(17)
    return state


def reference_nanoseconds() -> float:
    """Time one step of the reference loop: the quickest of five runs."""
    reference_loop(1)
    return min(timed(lambda: reference_loop(STEPS))[1] for _ in range(5)) / STEPS * 1e9


def timed(work: Callable[[], Found]) -> tuple[Found, float]:
    """Return what a piece of work gives, and the CPU seconds of all its threads."""
    started = time.process_time()
    found = work()
    return found, time.process_time() - started
