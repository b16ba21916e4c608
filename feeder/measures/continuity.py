"""How far children stay in their community: from one school to the next, and to graduation."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from scipy.sparse import coo_array, identity
from scipy.sparse.linalg import spsolve

from feeder.district.model import K12_MASK
from feeder.language import Message
from feeder.measures.flow_variants import Flows
from feeder.measures.scorecard import Value
from feeder.network.graph import BoolArray, FloatArray, IntArray
from feeder.planning.community_totals import totals
from feeder.terms import SUM_SLACK

_SETTLED: Final = 1e-14
_MAX_ROUNDS: Final = 10_000


def same_community(flows: Flows, community: IntArray) -> BoolArray:
    """Shape (n_flows,): whether both schools of a row lie in one community."""
    here = community[flows.sender]
    kept: BoolArray = (here >= 0) & (here == community[flows.receiver])
    return kept


def feeder_continuity(flows: Flows, community: IntArray) -> Value:
    """Return the share of students who change school and stay in their community.

    Its range puts every kept row at its least and every lost row at its most, and the reverse:
    the true extremes, since the ratio grows with each kept row and falls with each lost one.
    """
    kept = same_community(flows, community)
    stay, go = flows.students[kept].sum(), flows.students[~kept].sum()
    if stay + go == 0:
        return Value(None, Message("missing.nobody_changes"), 0.0, 0.0)
    value = float(stay / (stay + go))
    return Value(
        value,
        numerator=float(stay),
        denominator=float(stay + go),
        low=_share(flows.low[kept].sum(), flows.high[~kept].sum(), value),
        high=_share(flows.high[kept].sum(), flows.low[~kept].sum(), value),
    )


def continuity_by_community(
    flows: Flows, community: IntArray, n: int
) -> tuple[FloatArray, FloatArray]:
    """Return students kept and all students who change school, by community of the sender.

    Two arrays of shape (n,).
    """
    home = community[flows.sender]
    kept = flows.students * same_community(flows, community)
    return totals(kept, home, n), totals(flows.students, home, n)


def k12_continuity(flows: Flows, community: IntArray, schools: pd.DataFrame) -> Value:
    """Return the share of entering kindergartners who stay to the district's last grade.

    Parameters
    ----------
    flows
        One reading of the flow table.
    community
        Shape (n_schools,): community index, -1 is none.
    schools
        The schools in the order of ``community``: ``grades``, ``leavers``, ``entering``.
    """
    entering = schools["entering"].to_numpy(np.float64)
    total = float(entering.sum())
    if total == 0:
        return Value(None, Message("missing.nobody_enters"), 0.0, 0.0)
    stay = float(entering @ stay_probability(flows, community, schools))
    if not flows.is_open:
        return Value(stay / total, numerator=stay, denominator=total)
    low, high = (
        float(entering @ _extreme_stay(flows, community, schools, best=best)) / total
        for best in (False, True)
    )
    value = stay / total
    return Value(
        value, numerator=stay, denominator=total, low=min(low, value), high=max(high, value)
    )


def k12_range(
    flows: Flows, community: IntArray, n: int, least: pd.DataFrame, most: pd.DataFrame
) -> tuple[FloatArray, FloatArray]:
    """Return the least and the greatest K-12 continuity of each community, of shape (n,) each.

    Parameters
    ----------
    flows
        One reading of the flow table, with its ranges.
    community
        Shape (n_schools,): community index, -1 is none.
    n
        Number of communities.
    least, most
        The schools in the order of ``community`` with the least and the most ``entering`` and
        ``leavers`` they may have.
    """
    entering = [schools["entering"].to_numpy(np.float64) for schools in (least, most)]
    found = []
    for schools, best in ((most, False), (least, True)):
        chance = _extreme_stay(flows, community, schools, best=best)
        means = np.full(n, np.nan)
        for one in range(n):
            here = community == one
            low, high = entering[0][here], entering[1][here]
            if high.sum() > 0:
                means[one] = _extreme_mean(chance[here], low, high, 0.0, best=best)
        found.append(means)
    low, high = found
    return low, np.where(high - low > SUM_SLACK, high, low)


def stay_probability(flows: Flows, community: IntArray, schools: pd.DataFrame) -> FloatArray:
    """Return the chance that a child of each school reaches the last grade in its community.

    An absorbing Markov chain (Kemeny and Snell 1960): states are the schools of one community,
    success is a school that serves the district's last grade, everything else (another community,
    no next step, leaving the district) is failure. With ``Q`` the moves that stay, the chances
    solve ``(I - Q) h = success``.

    Returns
    -------
    Array of shape (n_schools,), 0 to 1.
    """
    success = _serves_last_grade(schools) & (community >= 0)
    use = same_community(flows, community) & ~success[flows.sender] & (flows.students > 0)
    sender, receiver, students = flows.sender[use], flows.receiver[use], flows.students[use]
    # Schools that cannot reach success would make the system singular where they form a ring.
    live = _reaching(success, sender, receiver)
    chance = np.zeros(len(community))
    if not live.any():
        return chance
    state = np.cumsum(live) - 1
    inner = live[sender] & live[receiver]
    out = _leaving(flows, schools)
    moves = coo_array(
        (
            students[inner] / out[sender[inner]],
            (state[sender[inner]], state[receiver[inner]]),
        ),
        shape=(int(live.sum()), int(live.sum())),
    )
    system = (identity(int(live.sum()), format="csc") - moves).tocsc()
    chance[live] = np.clip(spsolve(system, success[live].astype(np.float64)), 0.0, 1.0)
    return chance


def _share(part: float, rest: float, value: float) -> float:
    return float(part / (part + rest)) if part + rest > 0 else value


def _serves_last_grade(schools: pd.DataFrame) -> BoolArray:
    """Shape (n_schools,): whether a school serves the highest K-12 grade of the district."""
    grades = schools["grades"].to_numpy(np.int64) & K12_MASK
    last = int(np.bitwise_or.reduce(grades)).bit_length() - 1 if len(grades) else 0
    serves: BoolArray = (grades >> max(last, 0)) & 1 == 1
    return serves


def _leaving(flows: Flows, schools: pd.DataFrame) -> FloatArray:
    """Shape (n_schools,): leavers, or the students of a school's flows where these are more."""
    leavers = schools["leavers"].fillna(0.0).to_numpy(np.float64)
    sent = totals(flows.students, flows.sender, len(leavers))
    most: FloatArray = np.maximum(leavers, sent)
    return most


def _reaching(success: BoolArray, sender: IntArray, receiver: IntArray) -> BoolArray:
    """Shape (n_schools,): schools from which the moves lead to a success."""
    live = success.copy()
    while (new := live[receiver] & ~live[sender]).any():
        live[sender[new]] = True
    return live


def _extreme_stay(
    flows: Flows, community: IntArray, schools: pd.DataFrame, *, best: bool
) -> FloatArray:
    """Return the least or greatest stay probability that the rows' ranges allow.

    A Markov chain whose rows are known up to intervals (Givan, Leach and Dean 2000), school by
    school on its own: the extremes obey the same recursion with the extreme taken at every school,
    which value iteration from below reaches (in as many rounds as there are steps from K to 12).
    """
    success = _serves_last_grade(schools) & (community >= 0)
    inside = same_community(flows, community)
    leavers = schools["leavers"].fillna(0.0).to_numpy(np.float64)
    order = np.argsort(flows.sender, kind="stable")
    senders, starts = np.unique(flows.sender[order], return_index=True)
    groups = [
        (school, rows)
        for school, rows in zip(senders, np.split(order, starts)[1:], strict=True)
        if not success[school]
    ]
    chance = success.astype(np.float64)
    for _ in range(_MAX_ROUNDS):
        new = chance.copy()
        for school, rows in groups:
            worth = np.where(inside[rows], chance[flows.receiver[rows]], 0.0)
            new[school] = _extreme_mean(
                worth, flows.low[rows], flows.high[rows], leavers[school], best=best
            )
        moved = float(np.abs(new - chance).max(initial=0.0))
        chance = new
        if moved < _SETTLED:
            break
    return chance


def _extreme_mean(
    worth: FloatArray, low: FloatArray, high: FloatArray, leavers: float, *, best: bool
) -> float:
    """Return the extreme of ``sum(x * worth) / max(leavers, sum(x))`` over ``low <= x <= high``.

    The extreme raises rows from low to high in order of worth (greatest first for the greatest
    value, least first for the least) up to some row, or until the rows make up the leavers.
    """
    order = np.argsort(-worth if best else worth, kind="stable")
    step = np.concatenate([[0.0], (high - low)[order]])
    total = low.sum() + np.cumsum(step)
    gain = low @ worth + np.cumsum(step * np.concatenate([[0.0], worth[order]]))
    size = np.maximum(leavers, total)
    ratios = np.divide(gain, size, out=np.zeros_like(gain), where=size > 0)
    if not best:
        return float(ratios.min())
    filled = int(np.searchsorted(total, leavers))
    at_leavers = 0.0
    if 0 < filled < len(total) and leavers > 0:
        at_leavers = (
            gain[filled - 1] + (leavers - total[filled - 1]) * worth[order[filled - 1]]
        ) / leavers
    return float(max(ratios.max(), at_leavers))
