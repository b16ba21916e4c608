"""The estimate as tables: who takes part, what is left out, what is said about trust."""

import itertools
import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeder.district.model import GRADE_COLUMNS, PK_BIT
from feeder.network.estimate import VARIANTS, estimate_flows
from feeder.network.receivers import kind_is_usable, takes_no_neighbourhood

KM_PER_DEGREE = 111.1951


def table(rows: dict[str, tuple[int, int, float, float, int]], **kinds: str) -> pd.DataFrame:
    """Schools by id: lowest and highest grade (-1 is PK), km east and north of (0, 0), pupils."""
    schools = pd.DataFrame.from_dict(
        rows, orient="index", columns=["grade_low", "grade_high", "east", "north", "enrollment"]
    ).sort_index()
    schools.index.name = "school_id"
    spans = zip(schools["grade_low"], schools["grade_high"], strict=True)
    schools["grades"] = np.array(
        [sum(PK_BIT if g < 0 else 1 << g for g in range(low, high + 1)) for low, high in spans],
        dtype=np.int64,
    )
    n_grades = schools["grade_high"] - schools["grade_low"] + 1
    schools["leavers"] = np.where(schools["grade_high"] >= 0, schools["enrollment"] / n_grades, 0.0)
    schools["lat"], schools["lon"] = (
        schools["north"] / KM_PER_DEGREE,
        schools["east"] / KM_PER_DEGREE,
    )
    schools["name"] = "School " + schools.index
    schools["kind"] = [kinds.get(school, "") for school in schools.index]
    return schools


TOWN = {
    "e1": (0, 5, 0.0, 0.0, 600),
    "e2": (0, 5, 4.0, 0.0, 300),
    "e3": (-1, 6, 0.0, 1.0, 800),
    "m1": (6, 8, 0.5, 0.0, 450),
    "m2": (7, 8, 0.0, 1.5, 200),
    "h1": (9, 12, 1.0, 0.0, 800),
}


@st.composite
def towns(draw: st.DrawFn) -> pd.DataFrame:
    spans = [(0, 5), (0, 6), (0, 8), (6, 8), (7, 8), (9, 12), (6, 12), (-1, -1), (0, 2)]
    span = st.sampled_from(spans)
    km = st.integers(0, 80).map(lambda tenths: tenths / 10)
    rows = draw(st.lists(st.tuples(span, km, km, st.integers(0, 900)), min_size=1, max_size=14))
    return table(
        {f"s{k:02}": (*span, east, north, n) for k, (span, east, north, n) in enumerate(rows)}
    )


def test_the_town_by_hand() -> None:
    flows = estimate_flows(table(TOWN), None).flows.set_index(["from_id", "to_id"])
    students = flows["students"]
    # Grade 5: m1 alone opens at 6; grade 6 (e3): m2, or m1 that opened before; grade 8: h1.
    assert students["e1", "m1"] == 100
    assert students["e2", "m1"] == 50
    assert students["m1", "h1"] == 150
    assert students["m2", "h1"] == 100
    assert students.loc["e3"].sum() == pytest.approx(100)
    assert students["e3", "m2"] > 90
    assert set(flows["source"]) == {"estimated"}


@given(towns())
@settings(max_examples=40)
def test_students_are_conserved_in_every_variant_and_nobody_sends_to_itself(
    schools: pd.DataFrame,
) -> None:
    estimate = estimate_flows(schools, None)
    sent = set(estimate.report["certainty"])
    leavers = schools["leavers"][sorted(sent)]
    assert estimate.flows.groupby("from_id")["students"].sum().to_dict() == pytest.approx(
        leavers.to_dict(), abs=1e-5
    )
    for column in estimate.variants:
        by_sender = estimate.variants[column].groupby(level="from_id").sum()
        assert by_sender.to_dict() == pytest.approx(leavers.to_dict(), abs=1e-5)
    flows = estimate.flows
    assert (flows["from_id"] != flows["to_id"]).all()
    assert (flows["students_low"] <= flows["students"]).all()
    assert (flows["students"] <= flows["students_high"]).all()
    pairs = list(zip(flows["from_id"], flows["to_id"], strict=True))
    assert pairs == sorted(set(pairs))
    # A receiver opens at the sender's next grade, or one grade earlier.
    ends = schools["grade_high"].loc[flows["from_id"]].to_numpy()
    opens = schools["grade_low"].loc[flows["to_id"]].to_numpy()
    assert ((opens == ends) | (opens == ends + 1)).all()
    json.dumps(estimate.report, allow_nan=False)


@given(towns())
@settings(max_examples=25)
def test_everybody_with_leavers_sends_or_is_named(schools: pd.DataFrame) -> None:
    report = estimate_flows(schools, None).report
    leaving = (schools["grade_high"].between(0, 11)) & (schools["leavers"] > 0)
    named = {row["school_id"] for row in report["senders_without_receiver"]}
    assert named | set(report["certainty"]) == set(schools.index[leaving])
    assert not named & set(report["certainty"])
    assert sum(report["certainty_counts"].values()) == len(report["certainty"])


@given(towns(), st.integers(0, 999))
@settings(max_examples=25)
def test_new_ids_rename_the_estimate_and_change_nothing_else(
    schools: pd.DataFrame, seed: int
) -> None:
    order = np.random.default_rng(seed).permutation(len(schools))
    new_ids = [f"x{k:02}" for k in order]
    rename = dict(zip(schools.index, new_ids, strict=True))
    renamed = estimate_flows(schools.rename(index=rename).sort_index(), None).flows
    flows = estimate_flows(schools, None).flows
    expected = {
        (rename[a], rename[b]): students
        for a, b, students in zip(flows["from_id"], flows["to_id"], flows["students"], strict=True)
    }
    found = renamed.set_index(["from_id", "to_id"])["students"].to_dict()
    assert found == pytest.approx(expected, rel=1e-6, abs=1e-5)


def test_the_same_input_gives_the_same_bytes() -> None:
    first, second = (estimate_flows(table(TOWN), None) for _ in range(2))
    pd.testing.assert_frame_equal(first.flows, second.flows, check_exact=True)
    assert json.dumps(first.report) == json.dumps(second.report)


def test_enrollment_by_grade_gives_the_seats_and_gaps_fall_back() -> None:
    schools = table({**TOWN, "m3": (6, 8, 0.6, 0.0, 900)})
    counted = pd.DataFrame(np.nan, index=schools.index, columns=list(GRADE_COLUMNS))
    counted.loc["m1", "6"] = 10.0
    report = estimate_flows(schools, counted).report
    assert report["grades"]["5"]["entries"] == 10 + 300
    assert report["grades"]["6"]["entries"] == 0.05 * (150 + 300) + 100
    counted.loc["m1", "6"] = 0.0
    report = estimate_flows(schools, counted).report
    assert report["receivers_left_out"] == {"m1": "no seats in grade 6"}
    assert report["grades"]["5"] == {
        "senders": 2,
        "receivers": 1,
        "leavers": 150.0,
        "entries": 300.0,
        "entries_per_leaver": 2.0,
        "rounds": report["grades"]["5"]["rounds"],
        "settled": True,
    }


def test_kind_leaves_out_receivers_and_lets_seats_pull_more() -> None:
    near_charter = {**TOWN, "c1": (6, 8, 0.01, 0.0, 900)}
    open_to_all = estimate_flows(table(near_charter), None)
    assert open_to_all.report["parameters"]["entry_pull"] == 0.7
    assert "c1" in set(open_to_all.flows["to_id"])
    told = estimate_flows(table(near_charter, c1="Charter", m1="Neighbourhood"), None)
    assert told.report["parameters"]["entry_pull"] == 0.9
    assert told.report["receivers_left_out"] == {"c1": "kind is Charter"}
    assert "c1" not in set(told.flows["to_id"])
    assert "c1" in set(told.flows["from_id"])


@pytest.mark.parametrize(
    ("kind", "left_out"),
    [
        ("charter", True),
        ("Continuation", True),
        ("Special Education", True),
        ("Alternative Schools of Choice", True),
        ("magnet", False),
        ("non-charter", False),
        ("Specialised arts", False),
        ("", False),
    ],
)
def test_which_kinds_take_no_neighbourhood(kind: str, left_out: bool) -> None:
    assert takes_no_neighbourhood(kind) is left_out


def test_a_column_of_magnet_flags_is_no_usable_kind() -> None:
    assert not kind_is_usable(pd.Series(["", "magnet", "Magnet school", "virtual"]))
    assert kind_is_usable(pd.Series(["", "magnet", "regular"]))


def test_halves_without_a_receiver_are_named_and_never_sent_far() -> None:
    schools = table(
        {
            **TOWN,
            "p1": (0, 2, 0.1, 0.0, 90),
        }
    )
    estimate = estimate_flows(schools, None)
    assert estimate.report["senders_without_receiver"] == [
        {
            "school_id": "p1",
            "name": "School p1",
            "grade": "2",
            "leavers": 30.0,
            "nearest_receiver_km": None,
        }
    ]
    far_half = table({**TOWN, "p1": (0, 2, 0.1, 0.0, 90), "q1": (3, 5, 12.0, 0.0, 90)})
    (named,) = estimate_flows(far_half, None).report["senders_without_receiver"]
    assert (named["school_id"], named["nearest_receiver_km"]) == ("p1", 11.9)
    near_half = table({**TOWN, "p1": (0, 2, 0.1, 0.0, 90), "q1": (3, 5, 0.4, 0.0, 90)})
    students = estimate_flows(near_half, None).flows.set_index(["from_id", "to_id"])["students"]
    assert students["p1", "q1"] == 30


def test_a_remote_school_still_reaches_a_remote_receiver() -> None:
    schools = table({"e1": (0, 5, 0.0, 0.0, 600), "m1": (6, 8, 40.0, 0.0, 300)})
    flows = estimate_flows(schools, None).flows
    assert flows.iloc[:, :3].to_numpy().tolist() == [["e1", "m1", 100.0]]


def test_certainty_is_a_vote_of_eighteen_variants() -> None:
    assert len(VARIANTS) == len(set(map(str, VARIANTS))) == 18
    schools = table(
        {
            **{f"e{k}": (0, 5, float(k), 0.3, 600) for k in range(7)},
            **{f"m{k}": (6, 8, 3.0 * k, 0.0, 300 + 500 * k) for k in range(3)},
        }
    )
    estimate = estimate_flows(schools, None)
    shown = estimate.flows.set_index(["from_id", "to_id"])["students"]
    for sender, word in estimate.report["certainty"].items():
        main = shown[sender].idxmax()
        votes = sum(
            estimate.variants[column][sender].idxmax() == main for column in estimate.variants
        )
        assert word == ("sure" if votes == 18 else "likely" if votes >= 12 else "open")
    assert set(estimate.report["certainty"].values()) >= {"sure"}
    # e0 lies 0.3 km from m0 and 3.01 km from m1.
    assert estimate.report["distance_ratio"]["e0"] == pytest.approx(10.05, abs=0.01)
    assert estimate.report["close_calls"] == sum(
        ratio < 1.25 for ratio in estimate.report["distance_ratio"].values()
    )


def test_the_range_is_that_of_the_estimate_and_its_variants() -> None:
    schools = table(TOWN | {"m3": (6, 8, 2.0, 0.0, 450)})
    estimate = estimate_flows(schools, None)
    rows = estimate.flows.set_index(["from_id", "to_id"])
    for pair, row in rows.iterrows():
        values = [*estimate.variants.loc[pair], row["students"]]
        assert row["students_low"] == min(values)
        assert row["students_high"] == max(values)
    assert len(estimate.variants) >= len(rows)


def test_no_schools_and_no_senders_give_empty_tables() -> None:
    only_high = table({"h1": (9, 12, 0.0, 0.0, 800), "pk": (-1, -1, 0.0, 0.0, 40)})
    for schools in (only_high, only_high.iloc[:0]):
        estimate = estimate_flows(schools, None)
        assert estimate.flows.empty
        assert list(estimate.flows) == [
            "from_id",
            "to_id",
            "students",
            "students_low",
            "students_high",
            "source",
        ]
        assert estimate.variants.shape == (0, 18)
        assert estimate.report["grades"] == {}


@pytest.mark.parametrize(
    "bad", [{"width": 0.0}, {"entry_pull": 1.1}, {"seat_share_open": -0.1}, {"width": np.nan}]
)
def test_parameters_out_of_range_are_refused(bad: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(bad))):
        estimate_flows(table(TOWN), None, **bad)


def test_wider_is_blurrier() -> None:
    schools = table(TOWN | {"m3": (6, 8, 2.0, 0.0, 450)})
    mains = [
        estimate_flows(schools, None, width=width).flows.groupby("from_id")["students"].max()["e1"]
        for width in (0.1, 0.3, 0.7)
    ]
    assert all(sharp > blurry for sharp, blurry in itertools.pairwise(mains))
