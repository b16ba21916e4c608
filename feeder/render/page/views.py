"""The plans that a page switches between, all of one published district."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from feeder.measures.scorecard import Scorecard
from feeder.network.graph import FloatArray
from feeder.planning import Assignment
from feeder.publishing.published import PublishedPlan
from feeder.terms import AGAINST_TODAY


@dataclass(frozen=True, slots=True, eq=False)
class PlanView:
    """One of the plans that a page shows.

    Attributes
    ----------
    name
        What readers call the plan; unique in a page, and its name in the page's fragment.
    published
        The plan.
    certainty
        Shape (n_schools,): share of the good plans of an ensemble that agree on where a school
        belongs, NaN for a school in no community; None where no ensemble was drawn.
    keys
        Shape (n_communities,): the number of each community, from 1; communities of two plans
        with one number are the same community, and keep their color. None where the ids
        say so.
    today
        Whether this is the existing plan: changes are told against it, and it is called so in
        the reader's language.
    """

    name: str
    published: PublishedPlan
    certainty: FloatArray | None = None
    keys: tuple[int, ...] | None = None
    today: bool = False

    @property
    def assignment(self) -> Assignment:
        """The plan as it is drawn."""
        return self.published.assignment

    @property
    def scorecard(self) -> Scorecard:
        """Its figures; today's plan is not compared with itself."""
        card = self.published.scorecard
        return of_today(card) if self.today else card


def community_keys(views: Sequence[PlanView]) -> tuple[tuple[int, ...], ...]:
    """Return the number of every community of every plan, as the views give it or by their ids."""
    ids = {one: None for view in views for one in view.assignment.community_ids}
    key = {one: number for number, one in enumerate(ids, start=1)}
    return tuple(
        view.keys or tuple(key[one] for one in view.assignment.community_ids) for view in views
    )


def of_today(scorecard: Scorecard) -> Scorecard:
    """Return the scorecard of today's plan without what would compare it with itself."""
    plan = {name: value for name, value in scorecard.plan.items() if name not in AGAINST_TODAY}
    return replace(scorecard, plan=plan, existing=None)


def checked(views: Sequence[PlanView]) -> tuple[PlanView, ...]:
    """Return the views of one page.

    Raises
    ------
    ValueError
        Where there is none, two have one name, or they stand on different networks.
    """
    if not views:
        raise ValueError("a page needs a plan")
    if len({view.name for view in views}) < len(views):
        raise ValueError("two plans of a page have one name")
    if any(view.assignment.network is not views[0].assignment.network for view in views):
        raise ValueError("the plans of a page stand on different networks")
    return tuple(views)
