"""Whole cents: nothing is lost, floors hold, and who is first is settled by order alone."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.analyses.funding.money import exact, largest_remainder, share_above_floors, to_cents

WEIGHTS = st.lists(
    st.fractions(min_value=0, max_value=10**6, max_denominator=1000), min_size=1, max_size=30
)


def test_by_hand() -> None:
    """10 cents by 1, 1 and 1: three each, the cent left over to the first; by 1, 2: 3 1/3, 6 2/3.

    So the second takes the cent left over.
    """
    assert largest_remainder(10, [Fraction(1)] * 3) == (4, 3, 3)
    assert largest_remainder(10, [Fraction(1), Fraction(2)]) == (3, 7)
    assert largest_remainder(0, [Fraction(0)] * 2) == (0, 0)
    with pytest.raises(ValueError, match="nobody"):
        largest_remainder(1, [Fraction(0)])


def test_a_decimal_is_what_it_says() -> None:
    assert exact(0.1) * 3 == Fraction(3, 10)
    assert to_cents(1e12) == 10**14
    assert to_cents(2.675) == 268  # the float lies below, the text is a half: to the even cent


@given(st.integers(0, 10**12), WEIGHTS)
def test_shares_add_up_and_stay_within_a_cent_of_their_quota(
    amount: int, weights: list[Fraction]
) -> None:
    if not sum(weights):
        weights[0] = Fraction(1)
    shares = largest_remainder(amount, weights)
    assert sum(shares) == amount
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - amount * weight / sum(weights)) < 1


@given(WEIGHTS, st.data())
def test_floors_hold_and_whoever_gives_gives_the_same_share_of_what_it_has_above(
    quotas: list[Fraction], data: st.DataObject
) -> None:
    amount = int(sum(quotas))
    if not amount:
        return
    quotas = [quota * amount / sum(quotas) for quota in quotas]
    floors, left = [], amount
    for _ in quotas:
        floors.append(data.draw(st.integers(0, left)))
        left -= floors[-1]
    final = share_above_floors(amount, quotas, floors)
    assert sum(final) == amount
    assert all(end >= floor for end, floor in zip(final, floors, strict=True))
    above = [max(quota - floor, 0) for quota, floor in zip(quotas, floors, strict=True)]
    kept = Fraction(amount - sum(floors)) / sum(above) if sum(above) else 0
    assert kept <= 1
    for end, floor, own in zip(final, floors, above, strict=True):
        assert abs(end - floor - kept * own) < 1
