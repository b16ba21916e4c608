"""When the search engine is compiled, rather than read from the cache of an earlier compilation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from numba.core import event

from feeder.partition import kernels

_COMPILE: Final = "numba:compile"
"""What numba says as it compiles a function: of one that its cache holds it says nothing."""


@contextmanager
def first_compilation(tell: Callable[[], None]) -> Iterator[None]:
    """Call ``tell`` when a kernel is compiled, once, as the work begins; never where none is."""
    with event.install_listener(_COMPILE, _First(tell)):
        yield


class _First(event.Listener):
    """Listens to what numba compiles."""

    def __init__(self, tell: Callable[[], None]) -> None:
        self._tell = tell
        self._told = False

    def on_start(self, event: event.Event) -> None:
        """Tell of the first kernel; other functions are compiled in a moment."""
        module = event.data["dispatcher"].py_func.__module__
        if not self._told and module.startswith(f"{kernels.__name__}."):
            self._told = True
            self._tell()

    def on_end(self, event: event.Event) -> None:
        """Nothing is told of the end."""
