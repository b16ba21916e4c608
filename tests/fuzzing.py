"""Examples drawn at random: the same few in every run, or many new ones where asked for."""

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
    return settings(
        deadline=None, derandomize=times == 1, print_blob=True, max_examples=USUAL * times
    )


def examples(usual: int, **others: Any) -> settings:
    """Return settings with so many examples; ``--fuzz`` multiplies them."""
    return settings(max_examples=usual * settings.default.max_examples // USUAL, **others)


def in_pieces(
    strategy: SearchStrategy[Any], *, usual: int, pieces: int
) -> Callable[[Callable[[Any], None]], Callable[[int], None]]:
    """Make of a test of one value as many as there are pieces, each with examples of its own.

    Parameters
    ----------
    strategy
        What the value is drawn from.
    usual
        Examples of all pieces together.
    pieces
        Tests that they are spread over, so that workers share them.
    """

    def cut(test: Callable[[Any], None]) -> Callable[[int], None]:
        @pytest.mark.parametrize("piece", range(pieces))
        @wraps(test, assigned=("__module__", "__name__", "__qualname__", "__doc__"))
        def run(piece: int) -> None:
            drawn = examples(usual // pieces)(given(strategy)(test))
            (seed(piece)(drawn) if settings.default.derandomize else drawn)()

        del run.__wrapped__  # pytest would look for the value as a fixture
        return run

    return cut
