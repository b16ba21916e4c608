"""An ensemble: many plans under one recipe, and what they say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from feeder.ensembles.agreement import (
    Agreement,
    agree,
    chosen_plans,
    good_plans,
    school_pairs,
    standing,
)
from feeder.ensembles.diagnostics import NEVER_MOVED, diagnose, mixing_warning
from feeder.ensembles.places import figures_of_plans, own_figures, places
from feeder.ensembles.scores import MEASURES, OBJECTIVE, Scorer
from feeder.ensembles.store import Checkpoint, Store
from feeder.language import Message
from feeder.measures.definitions import DEFINITIONS
from feeder.measures.grouping import today_of
from feeder.measures.own import OwnMeasure, named
from feeder.measures.score import score
from feeder.measures.scorecard import Measure
from feeder.network.graph import FloatArray, IntArray
from feeder.planning import Assignment
from feeder.planning.prepared import Prepared


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DrawnEnsemble:
    """Many plans of a district under one recipe, and what they say.

    Attributes
    ----------
    prepared
        District, network, scenario, and the problem whose limits every plan keeps.
    store
        Where the plans lie, and the recipe they were drawn by.
    done
        What the chains took.
    scores
        One row a plan: ``chain``, ``draw``, ``objective`` and the measures.
    diagnostics
        R-hat and effective sample size, one row a measure.
    figures
        The measures of today's plan and of a candidate, by name, where there are such.
    places
        Where these stand among the plans, one row a measure.
    broken
        Names of the promises that the candidate breaks.
    agreement
        What the good plans agree on, by unit.
    consensus
        The good plan that agrees with the others most.
    like
        Whether the consensus goes by the names, numbers and colors of another plan.
    own
        An analyst's own measures, which follow ours in scores, figures and places.
    """

    prepared: Prepared
    store: Store
    done: Checkpoint
    scores: pd.DataFrame
    diagnostics: pd.DataFrame
    figures: Mapping[str, FloatArray]
    places: pd.DataFrame
    broken: tuple[str, ...]
    agreement: Agreement
    consensus: Assignment
    like: bool = False
    own: tuple[OwnMeasure, ...] = ()

    def __repr__(self) -> str:
        return f"Ensemble({self.prepared.district.name!r}, {self.told})"

    @property
    def measures(self) -> dict[str, Measure]:
        """Every measure by name, in the order of figures."""
        return {
            **{name: DEFINITIONS[name] for name in MEASURES},
            **{one.name: one for one in self.own},
        }

    @property
    def told(self) -> str:
        """What was drawn, in a line."""
        recipe = self.store.recipe
        mixed = "mixed" if self.done.splits and self.diagnostics["mixed"].all() else "not mixed"
        return f"{len(self.scores):,} plans by {recipe.method}, chains: {recipe.chains}, {mixed}"

    @property
    def cautions(self) -> tuple[Message, ...]:
        """What a reader must know before trusting the figures."""
        told = [
            mixing_warning(self.diagnostics, self.store.recipe.chains)
            if self.done.splits
            else NEVER_MOVED
        ]
        if self.broken:
            told.append(Message("ensemble.candidate_breaks", {"promises": ", ".join(self.broken)}))
        return tuple(one for one in told if one is not None)

    @property
    def school_unit(self) -> IntArray:
        """Shape (n_schools,): the unit of each school; -1 is none."""
        unit = np.full(self.prepared.network.graph.n_nodes, -1, dtype=np.int64)
        unit[self.prepared.kept] = np.arange(len(self.prepared.kept))
        of_school: IntArray = unit[self.prepared.network.graph.school_node]
        return of_school

    @property
    def certainty(self) -> FloatArray:
        """Shape (n_schools,): share of the good plans that agree on a school; NaN for none."""
        unit = self.school_unit
        return np.where(unit >= 0, self.agreement.certainty[unit], np.nan)

    @property
    def schools(self) -> pd.DataFrame:
        """One row a school in a community: id, name, consensus community, certainty, standing."""
        graph, plan = self.prepared.network.graph, self.consensus
        placed = np.flatnonzero(plan.school_community >= 0)
        ids = [graph.school_ids[i] for i in placed]
        homes = plan.school_community[placed]
        certainty = self.certainty[placed]
        return pd.DataFrame(
            {
                "school_id": ids,
                "name": self.prepared.district.schools.loc[ids, "name"].tolist(),
                "community_id": [plan.community_ids[c] for c in homes],
                "community": [plan.community_names[c] for c in homes],
                "certainty": certainty,
                "standing": standing(certainty),
            }
        )

    @property
    def pairs(self) -> pd.DataFrame:
        """Every two schools that are ever together in a good plan, and how often."""
        ids = self.prepared.network.graph.school_ids
        return school_pairs(self.agreement.together, self.school_unit, ids)


def gather_ensemble(
    prepared: Prepared,
    store: Store,
    scorer: Scorer,
    done: Checkpoint,
    candidate: Assignment | None,
    own: Sequence[OwnMeasure] = (),
) -> DrawnEnsemble:
    """Read the plans of a store, and work out what they say.

    Parameters
    ----------
    prepared, store, scorer
        What was drawn, where it lies and how it was scored.
    done
        What the chains took.
    candidate
        A plan to place among them, if there is one.
    like
        Whether the consensus goes by the names, numbers and colors of another plan.
    own
        An analyst's own measures: each is asked of every plan.
    """
    scores = _with_own(store.scores(), store, prepared, tuple(named(own).values()))
    figures = figures_of_plans(scorer, candidate, today_of(prepared) if own else None, own)
    wanted = good_plans(scores, OBJECTIVE)
    agreement = agree(chosen_plans(store.plans(), wanted), prepared.problem.schools)
    promises = () if candidate is None else score(candidate).constraints
    return DrawnEnsemble(
        prepared=prepared,
        store=store,
        done=done,
        scores=scores,
        diagnostics=diagnose(scores),
        figures=figures,
        places=places(scores, figures, (*MEASURES, *(one.name for one in own))),
        broken=tuple(promise.name for promise in promises if not promise.satisfied),
        agreement=agreement,
        consensus=prepared.assignment(agreement.consensus),
        own=tuple(own),
    )


def _with_own(
    scores: pd.DataFrame, store: Store, prepared: Prepared, own: Sequence[OwnMeasure]
) -> pd.DataFrame:
    """Return the scores with a column for each of an analyst's own measures."""
    if not own:
        return scores
    rows = [
        (*key, *own_figures(prepared.assignment(plan), own))
        for keys, plans in store.plans()
        for key, plan in zip(keys.tolist(), plans.astype(np.int64), strict=True)
    ]
    table = pd.DataFrame(rows, columns=["chain", "draw", *(one.name for one in own)])
    return scores.merge(table, on=["chain", "draw"], how="left", validate="one_to_one")
