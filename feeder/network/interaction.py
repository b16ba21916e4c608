"""Who goes where, from distances alone: a spatial interaction model with soft entry margins.

Arrays in, arrays out; the tables are :mod:`feeder.network.estimate`'s business. The model is of
the entropy-maximising family (Wilson 1971): flows fall off exponentially with distance, exits are
exact, and the entries (seats) are pulled towards with a strength between 0 (ignored: the
production-constrained model) and 1 (met: the doubly constrained model). Distances are measured
against each sender's own surroundings, so that one width serves a city block and a county's edge.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

EARTH_RADIUS_M: Final = 6_371_009.0
SMALLEST_DISTANCE_M: Final = 50.0
"""Two records on one site are 0 m apart; the floor keeps ratios of distances finite."""
SMALLEST_SCALE_M: Final = 200.0
SMALLEST_SHARE: Final = 0.02
"""Shares of a sender's leavers below this are dropped."""
TOLERANCE: Final = 1e-6
MOST_ROUNDS: Final = 200
LINE_COST: Final = 10.0
"""Natural logarithm of how much less likely a receiver is beyond a line drawn for a later step."""
_LOG_LIMIT: Final = 300.0
"""Bound on the logarithm of a balancing factor: products of two stay finite in float64."""

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


class Balanced(NamedTuple):
    """Flows of one balancing, with how it ended.

    Attributes
    ----------
    flows
        Shape (n_senders, n_receivers): students. Rows sum to the leavers.
    rounds
        Rounds taken.
    moved
        Largest change of the logarithm of a balancing factor in the last round; at most
        :data:`TOLERANCE` where they came to rest within :data:`MOST_ROUNDS`.
    """

    flows: FloatArray
    rounds: int
    moved: float


def great_circle_m(
    lat_a: FloatArray, lon_a: FloatArray, lat_b: FloatArray, lon_b: FloatArray
) -> FloatArray:
    """Return the great-circle distances between two lists of points, in metres.

    Parameters
    ----------
    lat_a, lon_a
        Shape (n,): degrees.
    lat_b, lon_b
        Shape (m,): degrees.

    Returns
    -------
    ndarray of shape (n, m)
        Haversine distances (Sinnott 1984) on a sphere, within 0.6 % of the ellipsoid.
    """
    phi_a, phi_b = np.radians(lat_a)[:, None], np.radians(lat_b)[None, :]
    half_dlon = (np.radians(lon_b)[None, :] - np.radians(lon_a)[:, None]) / 2
    chord = (
        np.sin((phi_b - phi_a) / 2) ** 2 + np.cos(phi_a) * np.cos(phi_b) * np.sin(half_dlon) ** 2
    )
    distances: FloatArray = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(chord, 0.0, 1.0)))
    return distances


def local_scale(distances_m: FloatArray) -> FloatArray:
    """Return each sender's local scale: the mean distance to its two nearest receivers.

    Parameters
    ----------
    distances_m
        Shape (n_senders, n_receivers), metres; at least one receiver.

    Returns
    -------
    ndarray of shape (n_senders,)
        Metres, at least :data:`SMALLEST_SCALE_M`. With one receiver, the distance to it.
    """
    nearest = np.sort(np.maximum(distances_m, SMALLEST_DISTANCE_M), axis=1)[:, :2]
    scale: FloatArray = np.maximum(nearest.mean(axis=1), SMALLEST_SCALE_M)
    return scale


def balance(
    distances_m: FloatArray,
    leavers: FloatArray,
    seats: FloatArray,
    scale_m: FloatArray,
    *,
    entry_pull: float,
    outside: BoolArray | None = None,
) -> Balanced:
    """Balance the flows between senders and receivers.

    Iterative proportional fitting (Deming and Stephan 1940) of a spatial interaction model (Wilson
    1971); a pull below 1 scales as unbalanced transport does (Chizat, Peyré, Schmitzer and Vialard
    2018).

    ``K_ij = exp(-(d_ij - min_k d_ik) / scale_i)``; repeat ``u_i = o_i / sum_j K_ij v_j`` and
    ``v_j = (e_j / sum_i K_ij u_i) ** entry_pull`` until ``v`` rests; ``flow_ij = u_i K_ij v_j``.
    Rounds are damped: the logarithm of ``v`` is averaged with its previous value.

    Parameters
    ----------
    distances_m
        Shape (n_senders, n_receivers), metres; distances under 50 m count as 50 m.
    leavers
        Shape (n_senders,): students, all positive.
    seats
        Shape (n_receivers,): students, all positive; scaled here to sum to the leavers.
    scale_m
        Shape (n_senders,): the distance over which a flow falls to 1/e, metres.
    entry_pull
        Between 0 (seats unknown) and 1 (seats met).
    outside
        Shape (n_senders, n_receivers): receivers that lie across a line which the district drew
        for a later step; their weight is ``exp(-LINE_COST)`` of what it would be.

    Notes
    -----
    Each column of ``K`` is divided by its maximum before ``exp``, and the factor is given back
    in the logarithm of ``v``: otherwise the column of a receiver far from every sender
    underflows to zeros. A round costs two matrix-vector products. With a pull ``p`` under 1 a
    round brings ``v`` to within ``(1 + p) / 2`` of its distance from rest; with a pull of 1 and
    receivers much nearer to some senders than their seats can hold, the entries are still short
    of the seats when the rounds are over.
    """
    distances = np.maximum(distances_m, SMALLEST_DISTANCE_M)
    cost = (distances - distances.min(axis=1, keepdims=True)) / scale_m[:, None]
    if outside is not None:
        cost = cost + LINE_COST * outside
    remote = cost.min(axis=0)
    kernel = np.exp(remote - cost)
    log_seats = np.log(seats * (leavers.sum() / seats.sum()))

    log_v = -remote
    moved, rounds = np.inf, 0
    while moved > TOLERANCE and rounds < MOST_ROUNDS:
        u = leavers / (kernel @ np.exp(log_v))
        target = entry_pull * (log_seats - np.log(u @ kernel) + remote) - remote
        damped = np.clip((log_v + target) / 2, -_LOG_LIMIT, _LOG_LIMIT)
        moved = float(np.abs(damped - log_v).max())
        log_v, rounds = damped, rounds + 1
    weights = kernel * np.exp(log_v)
    flows = weights * (leavers / weights.sum(axis=1))[:, None]
    return Balanced(flows, rounds, moved)


def drop_small_shares(flows: FloatArray) -> FloatArray:
    """Drop each sender's shares under :data:`SMALLEST_SHARE` and rescale the rest to its total.

    Parameters
    ----------
    flows
        Shape (n_senders, n_receivers): students, every row with a positive sum.

    Returns
    -------
    ndarray of the same shape
        Same row sums. A sender's largest flow always stays.
    """
    totals = flows.sum(axis=1, keepdims=True)
    least = np.minimum(SMALLEST_SHARE * totals, flows.max(axis=1, keepdims=True))
    kept = np.where(flows >= least, flows, 0.0)
    rescaled: FloatArray = kept * (totals / kept.sum(axis=1, keepdims=True))
    return rescaled
