"""Linear programs: a world near the truth in which some counts have other values.

Each headline is a few rows. Continuity is one (students kept, less the told share of all who change
school); so is capacity. A deviation is that of the community it is told of, no other may be larger.
Continuity to graduation goes by its slope: whether it is told alike is looked at in the world that
comes out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import block_array, coo_array, csr_array, eye_array, hstack, identity
from scipy.sparse.linalg import spsolve

from feeder.measures.continuity import same_community, stay_probability
from feeder.network.graph import FloatArray
from feeder.planning.community_totals import totals
from feeder.publishing.audit.sides import Pattern, chosen
from feeder.publishing.audit.told import Division, PossibleWorld, WorldMaker
from feeder.publishing.audit.told import band as told_alike
from feeder.publishing.audit.unknowns import FLOW
from feeder.publishing.digits import Digits

CURVED: Final = "k12_continuity"
"""The figure that is no ratio of sums."""
_MOST_NODES: Final = 2_000
"""Branches of one program that are looked at: never the clock, so that every run finds the same."""
_STEEP: Final = 0.9
"""Share of what is told alike that the slope of a curved figure may use up."""


_MARGIN: Final = 1e-3
"""Share of what is told alike that is kept for the tolerance of the solver."""


def band(value: float, places: int) -> tuple[float, float]:
    """Return the ends of what is told alike, a little within, but so that the truth fits."""
    low, high = told_alike(value, places)
    margin = _MARGIN * (high - low)
    return min(low + margin, value), max(high - margin, value)


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A bound on a weighted sum of the unknowns: ``low <= weights @ values <= high``."""

    measure: str
    weights: FloatArray
    low: float
    high: float


class Rows:
    """The rows of every headline of some divisions, at the truth.

    The slope of a curved figure is that at ``near``, the values of some world; by default the
    truth's.
    """

    def __init__(
        self,
        worlds: WorldMaker,
        parts: Sequence[Division],
        digits: Digits,
        near: FloatArray | None = None,
    ) -> None:
        self.worlds, self.near = worlds, near
        self.truth = worlds.hidden.truth
        self.world = worlds.of(self.truth)
        self.rows = [row for one in parts for row in self._of(one, digits)]

    def _of(self, one: Division, digits: Digits) -> list[Row]:
        told = {
            name: (value, places)
            for name, value in self.worlds.headlines(self.world, one).items()
            if value is not None and (places := digits.get(name)) is not None
        }
        rows = []
        if "feeder_continuity" in told:
            rows += self._continuity(one, *told["feeder_continuity"])
        if "k12_continuity" in told:
            rows += self._to_graduation(one, *told["k12_continuity"])
        for name, weights in self._of_communities(one).items():
            if name in told and weights.any():
                rows += self._deviation(name, weights, one, *told[name])
        if "capacity_utilization" in told:
            rows += self._capacity(one, *told["capacity_utilization"])
        return [row for row in rows if row.weights.any()]

    def _flow_weights(self, by_row: FloatArray) -> FloatArray:
        """Return weights of the unknowns from weights of the rows of flows."""
        hidden = self.worlds.hidden
        weights = np.zeros(len(self.truth))
        rows = hidden.of(FLOW)
        weights[rows] = by_row[hidden.row[rows]] * hidden.is_measured[rows]
        return weights

    def _continuity(self, one: Division, value: float, places: int) -> list[Row]:
        kept = same_community(self.world.flows, one.school).astype(np.float64)
        students = self.world.flows.students
        low, high = band(value, places)
        rows = []
        for end, sides in ((low, (0.0, np.inf)), (high, (-np.inf, 0.0))):
            by_row = kept - end
            weights = self._flow_weights(by_row)
            rest = float(by_row @ students - weights @ self.truth)
            rows.append(Row("feeder_continuity", weights, sides[0] - rest, sides[1] - rest))
        return rows

    def _to_graduation(self, one: Division, value: float, places: int) -> list[Row]:
        there, values, steep, from_there = self.world, self.truth, _STEEP, value
        if self.near is not None:
            there, values, steep = self.worlds.of(self.near), self.near, 1.0
            from_there = float(self.worlds.headlines(there, one)[CURVED] or 0.0)
        weights = self._flow_weights(slope(there, one))
        at = float(weights @ values)
        low, high = (at + steep * (end - from_there) for end in band(value, places))
        return [Row(CURVED, weights, low, high)]

    def _of_communities(self, one: Division) -> dict[str, FloatArray]:
        """Return, by deviation, what each unknown adds to each community; shape (n, unknowns)."""
        hidden, order = self.worlds.hidden, self.worlds.order
        community = np.full(int(order.max()) + 1, -1, dtype=np.int64)
        community[order] = one.school
        found = {
            name: np.zeros((one.n, len(self.truth)))
            for name in ("enrollment_deviation", "need_deviation")
        }
        worth: Mapping[str, tuple[str, float]] = {"enrollment": ("enrollment_deviation", 1.0)} | {
            f"count {name}": ("need_deviation", float(weight))
            for name, weight in self.worlds.weights.items()
        }
        for kind, (name, weight) in worth.items():
            cells = hidden.of(kind)
            home = community[hidden.row[cells]]
            found[name][home[home >= 0], cells[home >= 0]] += weight
        return found

    def _deviation(
        self, name: str, weights: FloatArray, one: Division, value: float, places: int
    ) -> list[Row]:
        """Return rows that hold the largest deviation where it is, and all others below it."""
        amounts = (
            self.world.schools["enrollment"].to_numpy(np.float64)
            if name == "enrollment_deviation"
            else self.world.need
        )
        if amounts is None:
            return []
        sums = totals(amounts, one.school, one.n)
        largest = int(np.argmax(np.abs(sums / sums.mean() - 1.0)))
        sense = 1.0 if sums[largest] >= sums.mean() else -1.0
        low, high = band(value, places)
        mean, average = weights.mean(axis=0), float(sums.mean())
        rows = [
            self._row(
                name,
                weights[largest] - (1 + sense * end) * mean,
                sums[largest] - (1 + sense * end) * average,
                side,
            )
            for end, side in ((low, sense), (high, -sense))
        ]
        for other in np.flatnonzero(weights.any(axis=1)):
            if other != largest:
                rows += [
                    self._row(
                        name,
                        weights[other] - (1 + side * high) * mean,
                        sums[other] - (1 + side * high) * average,
                        -side,
                    )
                    for side in (1.0, -1.0)
                ]
        return rows

    def _row(self, name: str, weights: FloatArray, at_truth: float, side: float) -> Row:
        """Return a row that holds a linear figure above 0 (``side`` 1) or below."""
        bound = float(weights @ self.truth) - at_truth
        return Row(name, weights, *((bound, np.inf) if side > 0 else (-np.inf, bound)))

    def _capacity(self, one: Division, value: float, places: int) -> list[Row]:
        hidden, order = self.worlds.hidden, self.worlds.order
        room = self.world.schools["capacity"].to_numpy(np.float64)
        known = (room > 0) & (one.school >= 0)
        counts = np.zeros(int(order.max()) + 1, dtype=np.bool_)
        counts[order] = known
        cells = hidden.of("enrollment")
        weights = np.zeros(len(self.truth))
        weights[cells] = counts[hidden.row[cells]] / room[known].sum()
        at = float(weights @ self.truth)
        low, high = (at + end - value for end in band(value, places))
        return [Row("capacity_utilization", weights, low, high)]


def slope(world: PossibleWorld, one: Division) -> FloatArray:
    """Return what one more student of each flow adds to the continuity to graduation.

    The chances solve ``(I - Q) h = success``; with ``v`` the visits that solve ``(I - Q)' v =
    entering``, a move from i to j is worth ``v_i h_j`` (leavers stay what they are).
    """
    flows, schools = world.flows, world.schools
    chance = stay_probability(flows, one.school, schools)
    sent = totals(flows.students, flows.sender, len(schools))
    out = np.maximum(schools["leavers"].fillna(0.0).to_numpy(np.float64), sent)
    moves = same_community(flows, one.school) & (out[flows.sender] > 0) & (chance[flows.sender] < 1)
    share = np.divide(
        flows.students, out[flows.sender], out=np.zeros(len(sent[flows.sender])), where=moves
    )
    entering = schools["entering"].to_numpy(np.float64)
    total = max(float(entering.sum()), 1e-9)
    keeps = moves & (chance[flows.receiver] > 0)
    system = identity(len(sent)) - coo_array(
        (share[keeps], (flows.receiver[keeps], flows.sender[keeps])), shape=(len(sent), len(sent))
    )
    visits = spsolve(system.tocsc(), entering / total)
    gain = np.divide(
        visits[flows.sender] * chance[flows.receiver],
        out[flows.sender],
        out=np.zeros(len(share)),
        where=keeps,
    )
    return np.asarray(gain, dtype=np.float64)


def nearest(
    rows: Sequence[Row],
    worlds: WorldMaker,
    low: FloatArray,
    high: FloatArray,
    sides: Sequence[Pattern] = (),
) -> FloatArray | None:
    """Return a world within some ends that keeps every row and sum, near the truth; or None.

    The students that differ from the truth are as few as may be. ``sides`` are the patterns among
    which each sender's is chosen.
    """
    hidden = worlds.hidden
    n, extra = len(hidden.truth), len(sides)
    wide = 2 * n + extra
    matrix = np.array([row.weights for row in rows]).reshape(len(rows), n)
    constraints: list[LinearConstraint] = (
        [
            LinearConstraint(
                block_array([[csr_array(matrix), csr_array((len(rows), wide))]], format="csr"),
                [row.low for row in rows],
                [row.high for row in rows],
            )
        ]
        if len(rows)
        else []
    )
    known = hidden.sums @ hidden.truth
    if hidden.sums.shape[0]:
        sums = block_array([[hidden.sums, csr_array((hidden.sums.shape[0], wide))]], format="csr")
        constraints.append(LinearConstraint(sums, known, known))
    parted = hstack(
        [eye_array(n), -eye_array(n), eye_array(n), csr_array((n, extra))], format="csr"
    )
    constraints.append(LinearConstraint(parted, hidden.truth, hidden.truth))
    if sides:
        constraints += chosen(sides, low, (low < high) & ~hidden.is_whole)
    found = milp(
        np.concatenate([np.zeros(n), np.ones(2 * n), np.zeros(extra)]),
        constraints=constraints,
        bounds=Bounds(
            np.concatenate([low, np.zeros(wide)]),
            np.concatenate([high, np.full(2 * n, np.inf), np.ones(extra)]),
        ),
        integrality=np.concatenate(
            [hidden.is_whole.astype(np.int64), np.zeros(2 * n), np.ones(extra)]
        ),
        options={"node_limit": _MOST_NODES, "mip_rel_gap": 0.5},
    )
    if found.x is None:
        return None
    values = found.x[:n]
    return np.where(hidden.is_whole, np.round(values), values)
