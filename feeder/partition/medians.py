"""The p-median: which ``p`` sites to open, and which of them serves each client, at the least cost.

Solved exactly by HiGHS. Each client first knows only its nearest sites and one that stands for all
farther ones, at the cost of the nearest of these: what is then best costs no more than the best of
all. Where nobody uses that site, it *is* the best of all; else those who do are shown twice as many
sites, and it is solved again (after García, Labbé and Marín 2011).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import scipy.sparse as sp
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp

from feeder.partition.problem import FloatArray, IntArray

NODE_LIMIT: Final = 1000
"""Branchings of one solve after which its best answer so far is taken: work, not time."""
FIRST_SHOWN: Final = 3.0
"""Sites that a client knows at first, in shares of clients by site."""
FEWEST_SHOWN: Final = 12
_HALF: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Medians:
    """Open sites, and who is served where.

    Attributes
    ----------
    site
        Shape (n_clients,): site that serves each client.
    cost
        What it costs.
    bound
        What no choice can cost less than.
    """

    site: IntArray
    cost: float
    bound: float

    @property
    def gap(self) -> float:
        """Share of the cost that a better choice could at most save; 0 is proven best."""
        return max(0.0, 1.0 - self.bound / self.cost) if self.cost > 0 else 0.0


def medians(
    cost: FloatArray,
    p: int,
    *,
    size: FloatArray | None = None,
    capacity: FloatArray | None = None,
) -> Medians | None:
    """Open ``p`` sites and serve each client from one of them, at the least cost.

    The p-median (Hakimi 1964), the nearest sites first (García, Labbé and Marín 2011).

    Parameters
    ----------
    cost
        Shape (n_clients, n_sites): what it costs to serve a client from a site; finite.
    p
        Sites to open, 1 to n_sites.
    size
        Shape (n_clients,): what each client takes of a capacity; None is 1.
    capacity
        Shape (n_sites,): what each site can hold; NaN is any amount, and None that of all.

    Returns
    -------
    Medians or None
        None where no choice holds the capacities, or none was found in NODE_LIMIT branchings.
    """
    n, m = cost.shape
    problem = _Problem(
        cost=cost,
        p=p,
        order=np.argsort(cost, axis=1, kind="stable"),
        size=np.ones(n) if size is None else size,
        room=np.full(m, np.nan) if capacity is None else capacity,
    )
    shown = np.full(n, min(m, max(FEWEST_SHOWN, int(FIRST_SHOWN * n / p))))
    while True:
        served, bound = problem.solve(shown)
        if (served >= 0).all():
            spent = float(cost[np.arange(n), served].sum())
            return Medians(site=served, cost=spent, bound=min(spent, bound))
        if (shown == m).all():
            return None
        far = served < 0
        shown[far] = np.minimum(m, 2 * shown[far])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Problem:
    """As :func:`medians` takes it; ``order`` holds the sites of each client, cheapest first."""

    cost: FloatArray
    p: int
    order: IntArray
    size: FloatArray
    room: FloatArray

    def solve(self, shown: IntArray) -> tuple[IntArray, float]:
        """Solve with as many sites of each client as are shown.

        Returns
        -------
        The site of each client (-1: none that is shown to it), and what no choice costs less than.
        """
        n, m = self.cost.shape
        client = np.repeat(np.arange(n), shown)
        rank = np.arange(len(client)) - np.repeat(np.cumsum(shown) - shown, shown)
        site = self.order[client, rank]
        found = self._found(client, site, shown)
        served = np.full(n, -1, dtype=np.int64)
        if found.x is None:
            return served, 0.0
        if np.isnan(self.room).all():
            used = np.flatnonzero(found.x[site] > _HALF)  # open; the nearest serves
        else:
            used = np.flatnonzero(found.x[m : m + len(site)] > _HALF)
        served[client[used[::-1]]] = site[used[::-1]]
        return served, float(found.mip_dual_bound)

    def _found(self, client: IntArray, site: IntArray, shown: IntArray) -> OptimizeResult:
        """Return HiGHS' answer: is each site open, each pair used, each client served from afar."""
        (n, m), k = self.cost.shape, len(client)
        next_best = self.order[np.arange(n), np.minimum(shown, m - 1)]
        afar = self.cost[np.arange(n), next_best]
        limited = np.flatnonzero(~np.isnan(self.room))
        pair, one = np.arange(k), np.ones(k)
        opens = sp.csr_array((one, (pair, site)), shape=(k, m))
        serves = sp.csr_array((one, (client, pair)), shape=(n, k))
        fills = sp.csr_array((self.size[client], (site, pair)), shape=(m, k))[limited]
        holds = sp.diags_array(np.nan_to_num(self.room), format="csr")[limited]
        nobody = sp.csr_array((k, n))
        rows = [
            LinearConstraint(sp.hstack([sp.csr_array((n, m)), serves, sp.eye_array(n)]), 1, 1),
            LinearConstraint(sp.hstack([-opens, sp.eye_array(k), nobody]), -np.inf, 0),
            LinearConstraint(np.repeat([1.0, 0.0], [m, k + n])[None], self.p, self.p),
        ]
        if len(limited):
            nowhere = sp.csr_array((len(limited), n))
            rows.append(LinearConstraint(sp.hstack([-holds, fills, nowhere]), -np.inf, 0))
        return milp(
            np.concatenate([np.zeros(m), self.cost[client, site], afar]),
            constraints=rows,
            integrality=np.repeat([1, int(len(limited) > 0), 0], [m, k, n]),
            bounds=Bounds(0, np.concatenate([np.ones(m + k), shown < m])),
            options={"node_limit": NODE_LIMIT, "mip_rel_gap": 0.0},
        )
