"""Parts add up to their total as they are shown, and a figure has the digits of its unit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.language import ENGLISH
from feeder.telling.adding_up import adding_up
from feeder.telling.figures import number_text
from feeder.telling.sections import cell
from feeder.terms import DECIMALS, TERMS


@given(
    st.lists(st.floats(0, 1e6, allow_nan=False), min_size=1, max_size=12),
    st.integers(0, 3),
)
def test_what_is_shown_adds_up(parts: list[float], decimals: int) -> None:
    shown = adding_up(parts, decimals)
    unit = 10.0**-decimals
    assert shown.sum() == pytest.approx(round(sum(parts), decimals), abs=1e-6)
    assert (np.abs(shown - parts) < unit + 1e-6).all()
    assert np.round(shown, decimals) == pytest.approx(shown, abs=1e-9)


def test_largest_remainders_by_hand() -> None:
    """Rounded one by one these would be 33, 33 and 33; and 17, 17, 17, 50 is 101."""
    assert adding_up([1 / 3] * 3, 2).tolist() == [0.34, 0.33, 0.33]
    assert adding_up([16.6, 16.6, 16.8, 50.0], 0).tolist() == [17.0, 16.0, 17.0, 50.0]
    assert np.isnan(adding_up([0.5, np.nan, 0.5], 0)[1])


@pytest.mark.parametrize("name", TERMS)
@pytest.mark.parametrize("value", [0.0, 0.12345, 2.5, 21.897, 44.0, 1234.56])
def test_a_figure_has_the_same_digits_in_figures_and_in_tables(name: str, value: float) -> None:
    unit = TERMS[name].unit
    told = number_text(value, unit, ENGLISH)
    assert told == cell(value, unit).text
    if unit in DECIMALS:
        assert len(told.rstrip("%").partition(".")[2]) == DECIMALS[unit]
