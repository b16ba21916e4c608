"""The search and the comparators under scikit-learn's conventions, for notebooks and pipelines.

In a notebook::

    from feeder import CommunityMethod, CommunitySearch, prepare_district

    prepared = prepare_district("path/to/district", communities=12)
    found = CommunitySearch(random_state=7).fit(prepared.problem)
    found.labels_, found.objective_, found.feasible_
    prepared.assignment(found.labels_)  # a plan, to be scored and drawn

Parameters are stored as given and looked at by ``fit`` alone, so that ``clone``, ``get_params``
and ``set_params`` work.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Self

from sklearn.base import BaseEstimator, ClusterMixin

from feeder.partition.broken import broken_constraints
from feeder.partition.cooling import Effort
from feeder.partition.methods.divide import divide
from feeder.partition.problem import IntArray, PartitionProblem
from feeder.partition.search import search


class _Communities(ClusterMixin, BaseEstimator, ABC):  # type: ignore[misc]  # scikit-learn publishes no types
    """What the estimators share: a problem is fitted, and its labels judged."""

    labels_: IntArray
    objective_: float
    broken_: dict[str, IntArray]
    feasible_: bool

    @abstractmethod
    def _labels(self, problem: PartitionProblem) -> IntArray:
        """Group the units of a problem."""

    def fit(self, X: PartitionProblem, y: None = None) -> Self:  # noqa: ARG002 - the convention
        """Group the units of a problem into communities.

        Parameters
        ----------
        X
            The problem, such as ``prepare_district(folder).problem``.
        y
            Not used.

        Raises
        ------
        TypeError
            Where ``X`` is no problem.
        ValueError
            Where a parameter is out of range.
        """
        if not isinstance(X, PartitionProblem):
            raise TypeError(
                f"fit takes a PartitionProblem, not {type(X).__name__}: "
                "prepare_district(folder).problem is one."
            )
        self.labels_ = self._labels(X)
        self.objective_ = X.objective(self.labels_)
        self.broken_ = broken_constraints(X, self.labels_)
        self.feasible_ = not self.broken_
        return self


class CommunitySearch(_Communities):
    """The search: the highest objective that keeps every constraint.

    Parameters
    ----------
    effort
        How long and how hot to search; None spends what a plan of this size is worth.
    random_state
        Fixes the outcome, 0 or more.
    n_jobs
        Threads; the outcome does not depend on them.

    Attributes
    ----------
    labels_
        Shape (n_units,): community of each unit.
    objective_
        Value of the problem's weighted objective.
    feasible_
        Whether every constraint is kept.
    broken_
        Communities that break a constraint, by constraint
        (:func:`~feeder.partition.broken.broken_constraints`).

    Examples
    --------
    >>> CommunitySearch(random_state=7).get_params()["random_state"]
    7
    """

    def __init__(
        self, *, effort: Effort | None = None, random_state: int = 0, n_jobs: int = 2
    ) -> None:
        self.effort = effort
        self.random_state = random_state
        self.n_jobs = n_jobs

    def _labels(self, problem: PartitionProblem) -> IntArray:
        effort = self.effort or Effort.for_size(problem.n_units)
        return search(problem, seed=self.random_state, effort=effort, workers=self.n_jobs).labels


class CommunityMethod(_Communities):
    """A comparator: a well-known way to group schools, which seeks no constraint.

    Parameters
    ----------
    method
        A name in :data:`~feeder.partition.methods.table.METHODS`.
    random_state
        Fixes the outcome, 0 or more.

    Attributes
    ----------
    labels_, objective_, feasible_, broken_
        As of :class:`CommunitySearch`.

    Examples
    --------
    >>> prepared = prepare_district(district)
    >>> len(set(CommunityMethod("kmeans").fit(prepared.problem).labels_.tolist()))
    7
    """

    def __init__(self, method: str = "anchored", *, random_state: int = 0) -> None:
        self.method = method
        self.random_state = random_state

    def _labels(self, problem: PartitionProblem) -> IntArray:
        return divide(problem, method=self.method, seed=self.random_state)
