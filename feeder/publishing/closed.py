"""Figures of communities that rest on told counts alone: true to the digits that are shown.

A page counts modeled students in eighths (:mod:`feeder.publishing.worlds`), which may turn the last
digit of a share. Where nothing is open of it, the true one is told.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from feeder.measures.scorecard import Scorecard
from feeder.network.graph import BoolArray
from feeder.publishing.digits import SHARE_DECIMALS, WHOLE_PERCENT, told_as
from feeder.terms import OF_COMMUNITIES, OF_FLOWS

COLUMNS: Final = ("enrollment_deviation", *OF_COMMUNITIES)
"""Shares of a community that pages show."""


def is_closed(card: Scorecard, column: str) -> BoolArray:
    """Shape (n_communities,): where a figure is known, and not as a range."""
    low, high = (end.to_numpy(np.float64) for end in card.ends(column))
    return np.asarray(np.isfinite(low) & (low == high), dtype=np.bool_)


def shown_shares(card: Scorecard, *, rough: bool) -> dict[str, list[float | None]]:
    """Return the shares that are no ranges, by column, rounded as they are shown; else None."""
    found = {}
    for name in _columns(card):
        decimals, closed = _decimals(name, rough=rough), is_closed(card, name)
        values = card.communities[name].tolist()
        found[name] = [
            told_as(value, decimals) if sure else None
            for value, sure in zip(values, closed.tolist(), strict=True)
        ]
    return found


def with_true_shares(card: Scorecard, full: Scorecard, *, rough: bool) -> Scorecard:
    """Return a published scorecard whose shares are the true ones where nothing is open of them.

    Parameters
    ----------
    card
        As it is drawn, with what is open of it.
    full
        The scorecard of the whole data.
    rough
        Whether figures of flows are told in whole percents.
    """
    communities = card.communities.copy()
    ends = [None if end is None else end.copy() for end in (card.least, card.most)]
    for name in _columns(card):
        decimals = _decimals(name, rough=rough)
        true = full.communities[name].reindex(communities.index)
        for row in np.flatnonzero(is_closed(card, name) & true.notna().to_numpy()).tolist():
            share, drawn = (
                told_as(float(of.iloc[row]), decimals) for of in (true, communities[name])
            )
            for table in (communities, *ends):
                if share != drawn and table is not None and name in table:
                    table.loc[table.index[row], name] = share
    return replace(card, communities=communities, least=ends[0], most=ends[1])


def _columns(card: Scorecard) -> list[str]:
    table: pd.DataFrame = card.communities
    return [name for name in COLUMNS if name in table]


def _decimals(name: str, *, rough: bool) -> int:
    return WHOLE_PERCENT if rough and name in OF_FLOWS else SHARE_DECIMALS
