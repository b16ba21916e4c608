"""Many plans of a district under one recipe, and what they say about one plan or school."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Unpack

if TYPE_CHECKING:
    from feeder.analyses.ensemble.run import Ensemble
    from feeder.measures.own import OwnMeasure
    from feeder.opening.keys import ScenarioKeys
    from feeder.opening.runs import DistrictLike, PlanLike
    from feeder.opening.stages import Progress


def ensemble(  # noqa: PLR0913 - one parameter an option
    district: DistrictLike = None,
    *,
    out: Path | str,
    plans: int = 10_000,
    chains: int = 4,
    method: Literal["recom", "reversible"] = "recom",
    every: int | None = None,
    pull: float = 0.0,
    candidate: PlanLike | Path | str | None = None,
    like: PlanLike | Path | str | None = None,
    measures: Sequence[OwnMeasure] = (),
    workers: int | None = None,
    scenario: Path | str | None = None,
    progress: Progress | None = None,
    **keys: Unpack[ScenarioKeys],
) -> Ensemble:
    """Draw many plans of a district that keep every promise, and say what they say.

    Plans are written to ``out`` as they are drawn. A run that was stopped goes on from its last
    checkpoint when it is asked for again, and ends with the same bytes.

    Parameters
    ----------
    district
        District folder, a district that was read, or a plan of one; None is the embedded district.
    out
        Folder for the plans and what they say.
    plans, chains
        Plans of all chains together (rounded up to as many of each), and independent chains.
    method
        ``recom`` or ``reversible`` (:class:`~feeder.partition.sampling.walk.Recipe`).
    every
        Steps between two plans that are kept; by the method and the number of communities.
    pull
        How strongly reversible ReCom prefers plans that keep flow and cut few contacts.
    candidate
        A plan to place among those drawn, whole or broken: one at hand or a plan file.
    like
        A plan whose names, numbers and colors the consensus keeps; by default ``candidate``.
    measures
        More measures, of one's own: each is asked of every plan drawn.
    workers
        Chains that run at once; None leaves it, and where they run, to joblib's configuration.
    scenario, progress, **keys
        As for :func:`~feeder.pipeline.runs.plan_district`.

    Raises
    ------
    InputError
        Where the folder, the plan or the scenario cannot be used.
    InfeasibleError
        Where the limits provably cannot hold together.
    OutputError
        Where ``out`` holds something else, plans of another recipe too.
    FeederError
        Where there is one community, ``pull`` has nothing to go by, no plan was found to start
        from, a chain cannot move, or joblib or arviz is missing.
    ValueError
        Where a number of the recipe is out of its range.

    Examples
    --------
    >>> sizes = {"communities": 2, "schools": [10, 30]}
    >>> drawn = ensemble(small, out=folder / "drawn", plans=20, chains=2, every=1, **sizes)
    >>> sorted(drawn.tables)
    ['consensus', 'diagnostics', 'places', 'schools']
    """
    from feeder.analyses.ensemble.run import drawn

    return drawn(
        district,
        out=out,
        plans=plans,
        chains=chains,
        method=method,
        every=every,
        pull=pull,
        candidate=candidate,
        like=like,
        measures=measures,
        workers=workers,
        scenario=scenario,
        progress=progress,
        keys=keys,
    )
