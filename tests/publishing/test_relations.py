"""Columns that add up are found by sum, in every school."""

from __future__ import annotations

import numpy as np
import pandas as pd

from feeder.publishing.relations import Relation, found_sums


def test_groups_that_add_up_to_the_enrollment_are_found_among_others() -> None:
    """Three groups make the enrollment, two meals make a third column, one column is a copy."""
    rng = np.random.default_rng(1)
    table = pd.DataFrame(rng.integers(5, 300, (40, 5)), columns=list("abcfr")).astype(float)
    table["enrollment"] = table["a"] + table["b"] + table["c"]
    table["meals"] = table["f"] + table["r"]
    table["copy"] = table["a"]
    found = {(frozenset(one.parts), one.whole) for one in found_sums(table)}
    assert (frozenset("abc"), "enrollment") in found
    assert (frozenset("fr"), "meals") in found
    assert (frozenset(["copy"]), "a") in found


def test_columns_that_add_up_in_all_schools_but_one_are_not() -> None:
    """One school that does not add up is enough."""
    table = pd.DataFrame({"a": [10.0, 20, 30, 41], "b": [5.0, 6, 8, 9]})
    table["enrollment"] = table["a"] + table["b"]
    table.loc[2, "enrollment"] += 1
    assert found_sums(table) == ()


def test_schools_with_an_unknown_count_are_left_out() -> None:
    """The sum is found in the schools where all are known."""
    table = pd.DataFrame({"a": [10.0, 20, 30, 47], "b": [5.0, 6, 8, 9]})
    table["enrollment"] = table["a"] + table["b"]
    table.loc[1, "a"] = np.nan
    assert found_sums(table) == (Relation(("a", "b"), "enrollment"),)
