"""How the loops are compiled, said once.

A kernel takes its arrays in two named tuples. Counting references to some forty arrays at every
call would cost sixty times the work itself (7 ns against 440 ns for a proposal), so kernels are
compiled without reference counting: they allocate nothing, return numbers only, and work on
arrays that their Python caller keeps alive.

numba keeps compiled code until the file of the compiled function changes, and takes no notice of
the other files it was compiled from. So every compiled function here carries a hash of all kernels
in its closure, which numba does look at: a change to any kernel compiles all of them anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import update_wrapper
from pathlib import Path
from types import CellType, FunctionType
from typing import Any, Final, TypeVar, cast

import numba

Loop = TypeVar("Loop", bound=Callable[..., object])


def _hash_of_sources() -> str:
    """Hash every kernel's source, line ends apart."""
    sources = [
        path.read_text(encoding="utf-8") for path in sorted(Path(__file__).parent.glob("*.py"))
    ]
    return hashlib.sha256("\0".join(sources).encode()).hexdigest()


SOURCES: Final = _hash_of_sources()


def entry(loop: Loop) -> Loop:
    """Compile a loop that Python calls; threads run it side by side."""
    return cast("Loop", numba.njit(cache=True, nogil=True)(with_closure(loop, SOURCES)))


def kernel(loop: Loop) -> Loop:
    """Compile what those loops call."""
    compile_loop = numba.njit(cache=True, nogil=True, forceinline=True, _nrt=False)  # type: ignore[call-overload]  # numba's stubs leave out _nrt
    return cast("Loop", compile_loop(with_closure(loop, SOURCES)))


def cold_kernel(loop: Loop) -> Loop:
    """Compile what is called so seldom that its code would only be in the way of the rest."""
    compile_loop = numba.njit(cache=True, nogil=True, _nrt=False)  # type: ignore[call-overload]  # numba's stubs leave out _nrt
    return cast("Loop", compile_loop(with_closure(loop, SOURCES)))


def with_closure(loop: Callable[..., Any], value: str) -> FunctionType:
    """Return a copy of a plain function with ``value`` in its closure, which it does not read."""
    plain = cast("FunctionType", loop)
    copy = FunctionType(
        plain.__code__.replace(co_freevars=("sources",)),
        plain.__globals__,
        plain.__name__,
        plain.__defaults__,
        (CellType(value),),
    )
    return cast("FunctionType", update_wrapper(copy, plain))
