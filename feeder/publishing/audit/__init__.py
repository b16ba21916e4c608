"""The audit: whether the headlines of the plans in some files narrow a count of few students.

Everything else that is published follows from the ranges of :mod:`feeder.publishing.cells`. For
every hidden count and every value of 1 to 9 that it might have, a *witness* is sought: a world with
that value, the same sums that anyone knows, and the same headlines of every plan, to every digit
told.
Headlines for which there is none are told with fewer digits.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from feeder.measures.scorecard import Scorecard
from feeder.planning import Assignment
from feeder.publishing.audit.search import Search, Target, gentlest
from feeder.publishing.audit.told import AUDITED, WorldMaker, divisions
from feeder.publishing.audit.unknowns import unknowns
from feeder.publishing.audit.verdict import Coarsened, Narrowed, Verdict
from feeder.publishing.cells import Told
from feeder.publishing.digits import Digits

__all__ = ["Coarsened", "Narrowed", "Verdict", "audited"]


def audited(
    cells: Told,
    plans: Sequence[tuple[Assignment, Scorecard | None]],
    *,
    digits: Digits = AUDITED,
) -> Verdict:
    """Find which headlines of some plans must be told with fewer digits.

    Parameters
    ----------
    cells
        What is told of every count.
    plans
        Every plan whose headlines stand in the files, with its scorecard, which is not looked at:
        figures are measured anew. All of one network.
    digits
        Decimals of each headline that is told; one that is missing is not told.
    """
    started = time.perf_counter()
    first = plans[0][0]
    hidden = unknowns(cells, first.district, first.network)
    worlds = WorldMaker(first, hidden)
    parts = divisions(plan for plan, _ in plans)
    told, left, narrowed, made = digits, list(hidden.targets), list[Target](), 0
    while left:
        search = Search(worlds, parts, told)
        left, failed = search.unproven(left)
        made += search.n_worlds
        if failed is None:
            break
        fewer = gentlest(worlds, parts, told, failed)
        if fewer is None:
            narrowed.append(failed)
            left.remove(failed)
        else:
            told = fewer
    return Verdict(
        coarsen=tuple(Coarsened(name, told[name]) for name in digits if told[name] != digits[name]),
        narrowed=tuple(Narrowed(hidden.kind[at], int(hidden.row[at]), v) for at, v in narrowed),
        plans=len(parts),
        counts=len({at for at, _ in hidden.targets}),
        tried=len(hidden.targets),
        worlds=made,
        seconds=time.perf_counter() - started,
    )
