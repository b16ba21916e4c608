"""Split feeders and small feeds: how pupils fan out and trickle in."""

from __future__ import annotations

import numpy as np
import pandas as pd

from feeder.measures.flow_variants import Flows
from feeder.measures.scorecard import Value
from feeder.network.graph import BoolArray, FloatArray, IntArray
from feeder.planning.community_totals import totals
from feeder.terms import SLACK, SMALL_FEED_THRESHOLD, SPLIT_THRESHOLD


def branches(flows: Flows, students: FloatArray, schools: pd.DataFrame) -> BoolArray:
    """Shape (n_flows,): rows with at least the split threshold of their sender's leavers.

    Where a sender's leavers are unknown or 0, the students of its flows take their place.
    """
    leavers = schools["leavers"].fillna(0.0).to_numpy(np.float64)
    sent = totals(flows.students, flows.sender, len(leavers))
    base = np.where(leavers > 0, leavers, sent)[flows.sender]
    return (students > 0) & (students >= SPLIT_THRESHOLD * base * (1 - SLACK))


def split_feeders(flows: Flows, schools: pd.DataFrame) -> Value:
    """Return the number of schools with two or more branches, of those that send students on."""
    counts = [
        int(_is_split(flows, branches(flows, students, schools), len(schools)).sum())
        for students in (flows.students, flows.low, flows.high)
    ]
    sending = len(np.unique(flows.sender[flows.students > 0]))
    return Value(
        counts[0],
        numerator=counts[0],
        denominator=sending,
        low=min(counts),
        high=max(counts),
    )


def split_across_communities(flows: Flows, community: IntArray, schools: pd.DataFrame) -> Value:
    """Return the number of split feeders whose branches lie in two or more communities."""
    counts = [
        int(_is_torn(flows, branches(flows, students, schools), community).sum())
        for students in (flows.students, flows.low, flows.high)
    ]
    split = int(_is_split(flows, branches(flows, flows.students, schools), len(schools)).sum())
    return Value(
        counts[0], numerator=counts[0], denominator=split, low=min(counts), high=max(counts)
    )


def small_feeds(flows: Flows, n_schools: int) -> Value:
    """Return the number of flows below the small feed threshold of their receiver's intake.

    Its range counts each row on its own: small in every reading of the suppressed cells, and
    small in some.
    """
    used = flows.students > 0

    def small(own: FloatArray, others: FloatArray) -> int:
        rest = totals(others, flows.receiver, n_schools)[flows.receiver] - others
        return int((used & (own < SMALL_FEED_THRESHOLD * (rest + own) * (1 - SLACK))).sum())

    count = small(flows.students, flows.students)
    return Value(
        count,
        numerator=count,
        denominator=int(used.sum()),
        low=small(flows.high, flows.low),
        high=small(flows.low, flows.high),
    )


def _is_split(flows: Flows, branch: BoolArray, n_schools: int) -> BoolArray:
    """Shape (n_schools,): whether a school has two or more branches."""
    return np.bincount(flows.sender[branch], minlength=n_schools) > 1


def _is_torn(flows: Flows, branch: BoolArray, community: IntArray) -> BoolArray:
    """Shape (n_schools,): whether a school's branches lie in two or more communities."""
    there = community[flows.receiver]
    use = branch & (there >= 0)
    pairs = np.unique(np.column_stack([flows.sender[use], there[use]]), axis=0)
    return np.bincount(pairs[:, 0], minlength=len(community)) > 1
