"""Names of communities: unique, from high schools, never empty."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeder.planning.naming import name_communities, short_name


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Alder Creek High School", "Alder Creek"),
        ("UCLA Community K-12", "UCLA Community"),
        ("Edward R. Roybal Learning Center", "Edward R. Roybal"),
        ("Abraham Lincoln Senior High", "Abraham Lincoln"),
        ("Lake Braddock Secondary School", "Lake Braddock"),
        ("Capital City PCS \N{EN DASH} High School", "Capital City"),
        ("Woodson, H.D. HS", "Woodson, H.D."),
        ("Middle College High", "Middle College"),
        ("Santee Education Complex", "Santee"),
        ("School of the Future", "School of the Future"),
        ("Academy at Palumbo", "Academy at Palumbo"),
        ("Highland", "Highland"),
        ("Escuela Superior Gabriela Mistral", "Gabriela Mistral"),
        (
            "Escuela Secundaria de Benito Ju\N{LATIN SMALL LETTER A WITH ACUTE}rez",
            "Benito Ju\xe1rez",
        ),
        ("Colegio San Jos\N{LATIN SMALL LETTER E WITH ACUTE}", "San Jos\xe9"),
        ("Escuela Superior", "Escuela Superior"),
        ("High School", "High School"),
        ("9-12", "9-12"),
    ],
)
def test_a_short_name_leaves_out_the_kind(name, short):
    assert short_name(name) == short


@given(st.text(st.sampled_from("aA -,/\N{EN DASH}"), min_size=1).map(str.strip).filter(bool))
def test_a_short_name_is_never_empty(name):
    assert short_name(name)
    assert short_name(name) in name


def test_the_largest_school_that_reaches_grade_12_gives_its_name(draw):
    schools = {
        "a": draw.school(0, 5, 900, name="Big Elementary"),
        "b": draw.school(9, 12, 100, name="Small High"),
        "c": draw.school(9, 12, 200, name="Large High"),
        "d": draw.school(0, 8, 50, name="Lone Academy"),
    }
    drawn = draw.sketch(schools)
    names = name_communities(drawn.district, drawn.graph, np.array([0, 0, 0, 1]), 3)
    assert names == ["Large", "Lone", "Community"]


WORDS = st.lists(
    st.sampled_from(["Lincoln High", "Lincoln Middle", "Lincoln", "Lincoln 2", "Oak"]),
    min_size=1,
    max_size=12,
)


@settings(max_examples=60)
@given(WORDS, st.integers(1, 6), st.integers(0, 99))
def test_names_are_unique_and_never_empty(draw, words, n, seed):
    rng = np.random.default_rng(seed)
    schools = {
        f"s{i:02d}": draw.school(*[(0, 5), (9, 12)][i % 2], 100, name=word)
        for i, word in enumerate(words)
    }
    drawn = draw.sketch(schools)
    names = name_communities(drawn.district, drawn.graph, rng.integers(0, n, len(words)), n)
    assert len(set(names)) == n
    assert all(names)


def test_names_do_not_depend_on_the_order_of_the_table(draw):
    schools = {f"s{i}": draw.school(9, 12, 100, name="Lincoln") for i in range(4)}
    drawn = draw.sketch(schools)
    names = name_communities(drawn.district, drawn.graph, np.array([0, 1, 2, 2]), 3)
    assert names == ["Lincoln 2", "Lincoln 3", "Lincoln"]
    assert isinstance(drawn.district.schools, pd.DataFrame)
