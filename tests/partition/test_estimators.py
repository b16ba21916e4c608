"""One contract for the search and every comparator: scikit-learn's conventions."""

import copy
import inspect
import pickle

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.utils.validation import check_is_fitted

from feeder.partition.cooling import Effort
from feeder.partition.estimators import CommunityMethod, CommunitySearch
from feeder.partition.methods.table import METHODS

QUICK = Effort(steps_per_unit=300, chains=2)
ALL = [CommunitySearch(effort=QUICK), *map(CommunityMethod, METHODS)]
every_estimator = pytest.mark.parametrize("given", ALL, ids=str)


@pytest.fixture(scope="module")
def problem(judges):
    return judges.random_problem(2, judges.recipe(tiles=30, vacant=4, landless=6, communities=4))


@every_estimator
def test_parameters_are_stored_untouched_and_come_back(given):
    made = type(given)(**given.get_params())
    parameters = set(inspect.signature(type(given).__init__).parameters) - {"self"}
    assert set(given.get_params()) == parameters
    assert vars(made) == {name: getattr(made, name) for name in parameters}
    assert all(getattr(made, name) is getattr(given, name) for name in parameters)
    assert made.set_params(random_state=9) is made
    assert made.get_params() == given.get_params() | {"random_state": 9}
    with pytest.raises(ValueError, match="Invalid parameter"):
        made.set_params(no_such=1)


@every_estimator
def test_every_parameter_has_a_default(given):
    assert type(given)().get_params()


@every_estimator
def test_a_clone_is_unfitted_and_alike(given, problem):
    fitted = clone(given).fit(problem)
    again = clone(fitted)
    assert again.get_params() == given.get_params()
    with pytest.raises(NotFittedError):
        check_is_fitted(again)
    check_is_fitted(fitted)


@every_estimator
def test_fit_returns_itself_and_alters_nothing_it_was_given(given, problem):
    estimator, before = clone(given), copy.deepcopy(problem)
    assert estimator.fit(problem) is estimator
    assert estimator.get_params() == given.get_params()
    for name in ("points", "schools", "grades", "totals", "locked", "unit_zone"):
        np.testing.assert_array_equal(getattr(problem, name), getattr(before, name))
    for name in ("land", "anchors", "flows"):
        for now, then in zip(getattr(problem, name), getattr(before, name), strict=True):
            np.testing.assert_array_equal(now, then)


@every_estimator
def test_labels_are_communities_and_judged_rightly(given, problem, judges):
    estimator = clone(given).fit(problem)
    assert estimator.labels_.shape == (problem.n_units,)
    assert estimator.labels_.dtype == np.int64
    assert set(estimator.labels_.tolist()) == set(range(4))
    assert estimator.objective_ == pytest.approx(judges.objective(problem, estimator.labels_))
    assert estimator.feasible_ == judges.is_feasible(problem, estimator.labels_)
    assert estimator.feasible_ == (not estimator.broken_)


@every_estimator
def test_fitting_again_and_fit_predict_give_the_same(given, problem, judges):
    estimator = clone(given)
    first = estimator.fit(problem).labels_
    other = judges.random_problem(3, judges.recipe())
    assert estimator.fit(other).labels_.shape == (other.n_units,)
    np.testing.assert_array_equal(estimator.fit(problem).labels_, first)
    np.testing.assert_array_equal(clone(given).fit_predict(problem), first)


@every_estimator
def test_a_fitted_estimator_pickles(given, problem):
    estimator = clone(given).fit(problem)
    again = pickle.loads(pickle.dumps(estimator))  # noqa: S301 - our own bytes
    np.testing.assert_array_equal(again.labels_, estimator.labels_)
    assert repr(again) == repr(estimator)


@every_estimator
def test_what_is_no_problem_is_told(given):
    with pytest.raises(TypeError, match="PartitionProblem, not ndarray"):
        clone(given).fit(np.zeros((4, 2)))


def test_a_wrong_method_is_told_by_fit_alone(problem):
    estimator = CommunityMethod("wards")
    with pytest.raises(ValueError, match="choose one of anchored"):
        estimator.fit(problem)


def test_threads_do_not_matter(problem):
    one, two = (CommunitySearch(effort=QUICK, n_jobs=n).fit(problem).labels_ for n in (1, 2))
    np.testing.assert_array_equal(one, two)
