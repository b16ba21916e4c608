"""Estimated feeder flows, for senders that have neither counted flows nor attendance areas.

For each grade at which schools end, one balanced matrix from the schools that end there to the
schools that open after it (:mod:`feeder.network.receivers`, :mod:`feeder.network.interaction`).
How far to trust it is computed with it: the same matrix under eighteen settings of the method,
and how often they agree.

On districts whose flows are known the estimate sends about four students in five to the right
school where schools are zoned, three in five where families choose. Of the senders whose main
receiver all settings agree on, seven to nine in ten were right; of the others, where families
choose or districts draw by hand, about four in ten.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from feeder.network.interaction import (
    SMALLEST_DISTANCE_M,
    SMALLEST_SHARE,
    balance,
    drop_small_shares,
    local_scale,
)
from feeder.network.receivers import Step, grade_steps, kind_is_usable

WIDTH: Final = 0.15
ENTRY_PULL: Final = 0.9
ENTRY_PULL_WITHOUT_KIND: Final = 0.7
SEAT_SHARE_OPEN: Final = 0.05
LIKELY_SHARE: Final = 2 / 3
CLOSE_CALL: Final = 1.25
"""Second nearest receiver under 1.25 times as far as the nearest: the main receiver was right for
about half of such senders, against nine in ten where it is over 3 times as far."""
SETTLED: Final = 1e-3
"""A balancing whose factors moved less in the last round is within about 2 % of rest."""
DECIMALS: Final = 6
"""Students are rounded to a millionth, which hides the last bits in which machines differ."""

FloatArray = npt.NDArray[np.float64]


class Variant(NamedTuple):
    """One setting of the method.

    Attributes
    ----------
    width
        Share of the local scale over which a flow falls to 1/e.
    entry_pull
        0 ignores the seats, 1 fills them.
    even_scale
        Whether local scales are drawn towards their median (geometric mean of the two).
    """

    width: float
    entry_pull: float
    even_scale: bool

    def __str__(self) -> str:
        scale = "even" if self.even_scale else "local"
        return f"width={self.width:g} entry_pull={self.entry_pull:g} scale={scale}"


VARIANTS: Final = tuple(
    Variant(*setting)
    for setting in itertools.product((0.1, 0.2, 0.3), (0.7, 0.9, 1.0), (False, True))
)


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """Estimated flows with their uncertainty.

    Attributes
    ----------
    flows
        ``from_id``, ``to_id``, ``students`` (a year), ``students_low``, ``students_high`` (range
        of the estimate and its variants: a range of the method, not a confidence interval),
        ``source`` (``estimated``); sorted by ``from_id``, ``to_id``.
    variants
        Students under each of :data:`VARIANTS` (one column each, named by the setting). Rows
        (MultiIndex ``from_id``, ``to_id``, sorted) are the pairs of the estimate and of any
        variant, 0 where a variant lacks the pair, so that every column conserves the students.
    report
        JSON-ready; see :func:`estimate_flows`.
    """

    flows: pd.DataFrame
    variants: pd.DataFrame
    report: dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class _Solved:
    """A step with its flows under the asked setting (first) and every variant."""

    step: Step
    cube: FloatArray
    """Shape (1 + n_variants, n_senders, n_receivers): students."""
    rounds: int
    moved: float


def estimate_flows(
    schools: pd.DataFrame,
    grade_enrollment: pd.DataFrame | None,
    *,
    width: float = WIDTH,
    entry_pull: float | None = None,
    seat_share_open: float = SEAT_SHARE_OPEN,
    known: pd.DataFrame | None = None,
    senders: npt.NDArray[np.bool_] | None = None,
    home: npt.NDArray[np.int64] | None = None,
) -> Estimate:
    """Estimate who goes where from locations, grade spans and enrollment alone.

    Parameters
    ----------
    schools
        As ``District.schools``; read are ``name``, ``grades``, ``lat``, ``lon``,
        ``enrollment``, ``leavers`` and ``kind``.
    grade_enrollment
        As ``District.grade_enrollment``: seats are the enrollment in the next grade where it is
        known, else enrollment / grades served.
    width
        Share of the local scale (mean distance to the two nearest receivers) over which a flow
        falls to 1/e. Wider is blurrier: 0.7 makes a compactness term of the estimate.
    entry_pull
        0 ignores the seats, 1 fills them: for entries by grade that are counted and zoned. None
        takes 0.9 where ``kind`` tells which schools take no neighbourhood, else 0.7, because
        wrong seats then should pull less.
    seat_share_open
        Share of the seats that is free in a school that opened a grade earlier.
    known
        ``from_id``, ``to_id``, ``students``: flows that are known, so that their seats are taken.
    senders
        Shape (n_schools,): schools whose flows are to be estimated; None is all.
    home
        Shape (12, n_schools): by the grade that ends, the area of a later step in which a school
        lies (-1 is none); receivers in the sender's own come first.

    Returns
    -------
    Estimate
        Its report has ``parameters``; ``grades`` (by grade left: senders, receivers, leavers,
        entries before they are scaled to the leavers, ``entries_per_leaver``, rounds,
        ``settled``); ``receivers_left_out`` (id to reason); ``senders_without_receiver`` (school,
        name, grade, leavers, ``nearest_receiver_km``: null where there is none at all);
        ``certainty`` (sender to ``sure``: all variants name the estimate's main receiver;
        ``likely``: two thirds of them do; or ``open``) with ``certainty_counts``;
        ``distance_ratio`` (sender to second nearest / nearest receiver) and ``close_calls``, the
        number of senders where it is under 1.25.

    Raises
    ------
    ValueError
        When a parameter is out of range.
    """
    if not width > 0:
        raise ValueError(f"width is a positive share of the local scale, not {width}.")
    pull, reason = _entry_pull(entry_pull, usable_kind=kind_is_usable(schools["kind"]))
    if not (0 <= pull <= 1 and 0 <= seat_share_open <= 1):
        raise ValueError(
            f"entry_pull ({pull}) and seat_share_open ({seat_share_open}) lie between 0 and 1."
        )
    settings = (Variant(width, pull, even_scale=False), *VARIANTS)
    steps = grade_steps(
        schools,
        grade_enrollment,
        seat_share_open=seat_share_open,
        known=known,
        senders=senders,
        home=home,
    )
    solved = [_solve(step, settings) for step in steps]

    ids = schools.index.to_numpy(dtype=object)
    flows, variants = _tables(ids, solved)
    left_out = {ids[row]: why for step in steps for row, why in step.left_out.items()}
    report = {
        "parameters": {
            "width": width,
            "entry_pull": pull,
            "entry_pull_reason": reason,
            "seat_share_open": seat_share_open,
            "smallest_share": SMALLEST_SHARE,
            "variants": [str(variant) for variant in VARIANTS],
        },
        "grades": {_grade_name(result.step.grade): _facts(result) for result in solved},
        "receivers_left_out": dict(sorted(left_out.items())),
        "senders_without_receiver": [row for step in steps for row in _stranded(schools, step)],
        **_trust(ids, solved),
    }
    return Estimate(flows, variants, report)


def _entry_pull(asked: float | None, *, usable_kind: bool) -> tuple[float, str]:
    """Return the pull of the seats and why it is that."""
    if asked is not None:
        return asked, "as asked"
    if usable_kind:
        return ENTRY_PULL, "kind tells which schools take no neighborhood"
    return (
        ENTRY_PULL_WITHOUT_KIND,
        "no usable kind: which schools take no neighborhood is unknown, so seats pull less",
    )


def _solve(step: Step, settings: tuple[Variant, ...]) -> _Solved:
    """Balance one step under every setting."""
    if not len(step.senders):
        return _Solved(step, np.zeros((len(settings), *step.distances_m.shape)), 0, 0.0)
    own_scale = local_scale(step.distances_m)
    even_scale = np.sqrt(own_scale * np.median(own_scale))
    runs = [
        balance(
            step.distances_m,
            step.leavers,
            step.seats,
            setting.width * (even_scale if setting.even_scale else own_scale),
            entry_pull=setting.entry_pull,
            outside=step.outside,
        )
        for setting in settings
    ]
    cube = np.stack([drop_small_shares(run.flows) for run in runs]).round(DECIMALS)
    return _Solved(step, cube, runs[0].rounds, runs[0].moved)


def _tables(
    ids: npt.NDArray[np.object_], solved: list[_Solved]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the flows and the variants as tables of pairs."""
    senders, receivers = [np.empty(0, dtype=object)], [np.empty(0, dtype=object)]
    students = [np.empty((0, 1 + len(VARIANTS)))]
    for result in solved:
        row, column = np.nonzero(result.cube.max(axis=0))
        senders.append(ids[result.step.senders[row]])
        receivers.append(ids[result.step.receivers[column]])
        students.append(result.cube[:, row, column].T)
    table = pd.DataFrame(
        np.concatenate(students), columns=["estimate", *(str(variant) for variant in VARIANTS)]
    )
    table.insert(0, "from_id", np.concatenate(senders))
    table.insert(1, "to_id", np.concatenate(receivers))
    table = table.astype({"from_id": "str", "to_id": "str"})
    table = table.set_index(["from_id", "to_id"]).sort_index()
    flows = pd.DataFrame(
        {
            "students": table["estimate"],
            "students_low": table.min(axis=1),
            "students_high": table.max(axis=1),
            "source": "estimated",
        }
    )
    return flows[flows["students"] > 0].reset_index(), table.drop(columns="estimate")


def _trust(ids: npt.NDArray[np.object_], solved: list[_Solved]) -> dict[str, Any]:
    """Return each sender's certainty by vote, and how close a call its nearest receiver is."""
    certainty: dict[str, str] = {}
    ratios: dict[str, float] = {}
    for result in solved:
        if not len(result.step.senders):
            continue
        names = ids[result.step.senders].tolist()
        main = result.cube.argmax(axis=2)
        votes = (main[1:] == main[0]).mean(axis=0)
        words = np.where(votes == 1, "sure", np.where(votes >= LIKELY_SHARE, "likely", "open"))
        certainty |= zip(names, words.tolist(), strict=True)
        if len(result.step.receivers) > 1:
            near = np.sort(np.maximum(result.step.distances_m, SMALLEST_DISTANCE_M), axis=1)
            ratios |= zip(names, np.round(near[:, 1] / near[:, 0], 2).tolist(), strict=True)
    words_given = list(certainty.values())
    return {
        "certainty": dict(sorted(certainty.items())),
        "certainty_counts": {word: words_given.count(word) for word in ("sure", "likely", "open")},
        "distance_ratio": dict(sorted(ratios.items())),
        "close_calls": sum(ratio < CLOSE_CALL for ratio in ratios.values()),
    }


def _facts(result: _Solved) -> dict[str, Any]:
    """Return what a reader of the report wants to know about one grade."""
    entries, leavers = float(result.step.seats.sum()), float(result.step.leavers.sum())
    return {
        "senders": len(result.step.senders),
        "receivers": len(result.step.receivers),
        "leavers": round(leavers, 1),
        "entries": round(entries, 1),
        "entries_per_leaver": round(entries / leavers, 3) if leavers else None,
        "rounds": result.rounds,
        "settled": result.moved < SETTLED,
    }


def _stranded(schools: pd.DataFrame, step: Step) -> list[dict[str, Any]]:
    """Name the senders of a step that have no receiver within reach."""
    rows = schools.iloc[step.stranded]
    return [
        {
            "school_id": school_id,
            "name": name,
            "grade": _grade_name(step.grade),
            "leavers": round(leavers, 1),
            "nearest_receiver_km": round(metres / 1000, 1) if np.isfinite(metres) else None,
        }
        for school_id, name, leavers, metres in zip(
            rows.index.tolist(),
            rows["name"].tolist(),
            rows["leavers"].tolist(),
            step.stranded_m.tolist(),
            strict=True,
        )
    ]


def _grade_name(grade: int) -> str:
    return "K" if grade == 0 else str(grade)
