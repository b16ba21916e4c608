"""Whether chains have mixed: R-hat and effective sample size of every measure."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import reduce
from typing import Any, Final, cast

import numpy as np
import pandas as pd

from feeder.ensembles.drawing import need
from feeder.language import Fact, Message

MOST_RHAT: Final = 1.05
"""Chains whose R-hat is above have not mixed (1.01 is asked of published estimates)."""
LEAST_ESS: Final = 100
"""Effective plans of each chain that figures should rest on."""
LEAST_DRAWS: Final = 4
"""Plans of a chain, or of half of a single one, below which nothing can be told."""
NEVER_MOVED: Final = Message("ensemble.never_moved")
_Diagnostic = Callable[[Any], Any]


def diagnose(scores: pd.DataFrame) -> pd.DataFrame:
    """Return what the chains say of each other, one row a measure.

    Rank-normalised split R-hat and bulk effective sample size (Vehtari and others 2021), from
    arviz. A single chain is compared with itself, half against half. Measures without a value are
    left out; one that never changes is as mixed as can be.

    Parameters
    ----------
    scores
        ``chain``, ``draw`` and a column a measure, as
        :meth:`~feeder.ensembles.store.Store.scores` returns them; chains of equal length.

    Returns
    -------
    Indexed by measure: ``rhat``, ``ess``, and ``mixed``; the first two are NaN where there are too
    few plans to tell.
    """
    need("arviz")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # arviz announces its next version at every import
        import arviz
    rhat_of, ess_of = cast("_Diagnostic", arviz.rhat), cast("_Diagnostic", arviz.ess)
    chains = scores["chain"].nunique()
    rows = {}
    for name in scores.columns.drop(["chain", "draw"]):
        values = scores[name].to_numpy(np.float64).reshape(chains, -1)
        if np.isnan(values).any():
            continue
        constant = bool((values == values[0, 0]).all())
        half = values.shape[1] // 2
        parts = values if chains > 1 else values[:, : 2 * half].reshape(2, half)
        rhat, ess = (1.0, float(values.size)) if constant else (np.nan, np.nan)
        if not constant and parts.shape[1] >= LEAST_DRAWS:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")  # of chains that stand still, each elsewhere
                rhat, ess = float(rhat_of(parts)), float(ess_of(values))
        mixed = constant or (rhat <= MOST_RHAT and ess >= LEAST_ESS * chains)
        rows[name] = {"rhat": rhat, "ess": ess, "mixed": mixed}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("measure")


def mixing_told(rhat: float, ess: float) -> Message:
    """Return the diagnostics of one measure in words."""
    if np.isnan(rhat) or np.isnan(ess):
        return Message("ensemble.too_few")
    return Message("ensemble.mixing", {"rhat": rhat, "ess": ess})


def mixing_warning(diagnostics: pd.DataFrame, chains: int) -> Message | None:
    """Return the warning of chains that have not mixed; None where they have."""
    bad = diagnostics[~diagnostics["mixed"].astype(bool)]
    if bad.empty:
        return None
    told = [
        Message(
            "ensemble.mixing_of",
            {"measure": str(name), "mixing": mixing_told(row["rhat"], row["ess"])},
        )
        for name, row in bad.iterrows()
    ]
    worst = reduce(lambda one, other: Message("list.comma", {"told": one, "last": other}), told)
    facts: dict[str, Fact] = {"worst": worst, "most": MOST_RHAT, "least": LEAST_ESS * chains}
    return Message("ensemble.unmixed", facts)
