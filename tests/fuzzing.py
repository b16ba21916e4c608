"""Examples drawn at random, in pieces that workers share and as many times as are asked for."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import pytest
from hypothesis import given, seed, settings
from hypothesis.strategies import SearchStrategy

USUAL = 100
"""Examples of a test that asks for no number, where nothing is asked for on the command line."""


def profile(times: int) -> settings:
    """Return the settings of a run that draws so many times the usual examples."""
    return settings(deadline=None, derandomize=True, print_blob=True, max_examples=USUAL * times)


def in_pieces(
    strategy: SearchStrategy[Any], *, examples: int, pieces: int
) -> Callable[[Callable[[Any], None]], Callable[[int], None]]:
    """Make of a test of one value as many as there are pieces, each of examples of its own.

    Parameters
    ----------
    strategy
        What the value is drawn from.
    examples
        Of all pieces together; ``--fuzz`` multiplies them.
    pieces
        Tests that they are spread over.
    """
    each = examples * settings.default.max_examples // (USUAL * pieces)

    def cut(test: Callable[[Any], None]) -> Callable[[int], None]:
        @pytest.mark.parametrize("piece", range(pieces))
        @wraps(test, assigned=("__module__", "__name__", "__qualname__", "__doc__"))
        def run(piece: int) -> None:
            seed(piece)(settings(max_examples=each)(given(strategy)(test)))()

        del run.__wrapped__  # pytest would look for the value as a fixture
        return run

    return cut
