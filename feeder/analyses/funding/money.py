"""Whole cents: shares of an amount that add up to it exactly, and floors that hold."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction


def exact(value: float) -> Fraction:
    """Return a number as it is written: 0.4 is two fifths, not the float next to it."""
    return Fraction(repr(float(value)))


def to_cents(dollars: float | Fraction) -> int:
    """Return dollars in cents, rounded to the nearest (a half to the even one)."""
    return round((dollars if isinstance(dollars, Fraction) else exact(dollars)) * 100)


def largest_remainder(amount: int, weights: Sequence[Fraction]) -> tuple[int, ...]:
    """Share whole cents in proportion to weights; the shares add up to the amount.

    Every share is its quota rounded down; the cents left over go one each to the largest
    remainders, and to whoever comes first where remainders are the same: Hamilton's method
    (Balinski and Young 1982).

    Parameters
    ----------
    amount
        Cents, 0 or more.
    weights
        Shape (n,): none negative.

    Raises
    ------
    ValueError
        Where there is something to share and nobody with a weight.
    """
    whole = sum(weights, Fraction(0))
    if not whole:
        if amount:
            raise ValueError("nobody has a weight to share by.")
        return (0,) * len(weights)
    quotas = [amount * weight / whole for weight in weights]
    shares = [int(quota) for quota in quotas]
    order = sorted(range(len(quotas)), key=lambda i: (shares[i] - quotas[i], i))
    for i in order[: amount - sum(shares)]:
        shares[i] += 1
    return tuple(shares)


def share_above_floors(
    amount: int, quotas: Sequence[Fraction], floors: Sequence[int]
) -> tuple[int, ...]:
    """Round quotas to whole cents, none below its floor; the outcome adds up to the amount.

    Quotas below their floor are raised to it. What that takes comes from the others, each giving
    up the same share of what it has above its own floor. So nobody who gives can fall below a
    floor, and one round is the fixed point.

    Parameters
    ----------
    amount
        Cents: the sum of the quotas, and no less than the sum of the floors.
    quotas, floors
        Shape (n,): cents.
    """
    above = [max(quota - floor, Fraction(0)) for quota, floor in zip(quotas, floors, strict=True)]
    shares = largest_remainder(amount - sum(floors), above)
    return tuple(floor + share for floor, share in zip(floors, shares, strict=True))
