"""How the loops are compiled, said once.

A kernel takes its arrays in two named tuples. Counting references to some forty arrays at every
call would cost sixty times the work itself (7 ns against 440 ns for a proposal), so kernels are
compiled without reference counting: they allocate nothing, return numbers only, and work on
arrays that their Python caller keeps alive.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba

Loop = TypeVar("Loop", bound=Callable[..., object])


def entry(loop: Loop) -> Loop:
    """Compile a loop that Python calls; threads run it side by side."""
    return cast("Loop", numba.njit(cache=True, nogil=True)(loop))


def kernel(loop: Loop) -> Loop:
    """Compile what those loops call."""
    compile_loop = numba.njit(cache=True, nogil=True, forceinline=True, _nrt=False)  # type: ignore[call-overload]  # numba's stubs leave out _nrt
    return cast("Loop", compile_loop(loop))
