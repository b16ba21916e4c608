"""The output tables: columns, numbers that survive, texts that do not run."""

import io
import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.measures.definitions import DEFINITIONS
from feeder.measures.score import score
from feeder.measures.scorecard import Scorecard
from feeder.planning import Assignment
from feeder.render.files.tables import tables
from feeder.writing.texts import csv_text, json_text


@pytest.fixture(scope="module")
def scored(toy: Assignment) -> Scorecard:
    return score(toy)


@pytest.fixture(scope="module")
def texts(toy: Assignment, scored: Scorecard) -> dict[str, str]:
    return tables(toy, scored)


def read(text: str) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)


def test_files_and_first_columns(texts: dict[str, str]) -> None:
    heads = {name: text.partition("\n")[0] for name, text in texts.items() if "csv" in name}
    assert heads["plan.csv"] == "school_id,community_id,community"
    assert heads["communities.csv"] == (
        "community_id,number,name,color,office_school_id,contact_name,contact_email,contact_phone"
    )
    assert heads["schools.csv"].startswith(
        "school_id,name,level,grade_low,grade_high,lat,lon,enrollment,grades,campus_id,"
    )
    assert heads["schools.csv"].endswith(",community_id")
    assert heads["flows.csv"] == "from_id,to_id,students,source,students_low,students_high"
    assert heads["contacts.csv"] == "a_id,b_id,border_m,kind,share"
    assert set(texts) == {*heads, "scorecard.json"}
    assert "scorecard.csv" in heads


def test_variants_of_an_estimate_have_their_own_table(toy: Assignment, scored: Scorecard) -> None:
    pairs = toy.network.flows.set_index(["from_id", "to_id"])[["students"]]
    variants = pairs.rename(columns={"students": "narrow"})
    with_variants = replace(toy, network=replace(toy.network, flow_variants=variants))
    table = read(tables(with_variants, scored)["flow_variants.csv"])
    assert list(table) == ["from_id", "to_id", "narrow"]
    assert table["narrow"].astype(float).tolist() == pairs["students"].tolist()


def test_numbers_survive_to_the_last_bit(toy: Assignment, texts: dict[str, str]) -> None:
    schools = read(texts["schools.csv"]).set_index("school_id")
    for name in ("lat", "lon", "leavers", "enrollment", "absence"):
        source = toy.district.statistics.rates if name == "absence" else toy.district.schools
        assert schools[name].astype(float).tolist() == source[name].tolist(), name
    assert (schools["lon"].str[0] == "-").all()
    flows = read(texts["flows.csv"])
    assert flows["students"].astype(float).tolist() == toy.network.flows["students"].tolist()
    assert not flows["students"].str.endswith(".0").any()


def test_grades_are_written_as_people_write_them(texts: dict[str, str]) -> None:
    schools = read(texts["schools.csv"]).set_index("school_id")
    assert schools.loc["E00", ["grade_low", "grade_high", "grades"]].tolist() == ["K", "5", "K-5"]
    assert schools.loc["S24", ["grade_low", "grade_high", "grades"]].tolist() == ["K", "12", "K-12"]


def test_campus_and_community_of_every_school(toy: Assignment, texts: dict[str, str]) -> None:
    schools = read(texts["schools.csv"]).set_index("school_id")
    site = toy.network.graph.node_ids[toy.network.graph.school_node[-1]]
    assert schools.loc["S24", "campus_id"] == site != "S24"
    plan = read(texts["plan.csv"]).set_index("school_id")["community_id"]
    assert plan.to_dict() == schools["community_id"].to_dict()
    assert plan.to_dict() == toy.plan_table().set_index("school_id")["community_id"].to_dict()


def test_contacts_name_campuses_and_vacant_tiles(texts: dict[str, str]) -> None:
    contacts = read(texts["contacts.csv"])
    assert (contacts["kind"] == "border").sum() == 60
    assert contacts.loc[contacts["kind"] == "campus", "border_m"].unique().tolist() == [""]
    assert contacts.loc[contacts["kind"] == "border", "share"].unique().tolist() == [""]
    assert "vacant-14" in {*contacts["a_id"], *contacts["b_id"]}


def test_no_text_runs_as_a_formula(texts: dict[str, str]) -> None:
    schools = read(texts["schools.csv"])
    assert (schools["name"] == "'=HYPERLINK(1)").sum() == 1
    assert not schools["name"].str.startswith(("=", "+", "-", "@")).any()


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"])), min_size=1))
def test_any_text_comes_back(words: list[str]) -> None:
    text = csv_text(pd.DataFrame({"-word": words, "number": [-1.5] * len(words)}))
    table = read(text)
    assert list(table) == ["'-word", "number"]
    guard = ("=", "+", "-", "@")
    expected = [f"'{word}" if word.startswith(guard) else word for word in words]
    assert table["'-word"].tolist() == expected
    assert set(table["number"]) == {"-1.5"}


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_any_number_comes_back(number: float) -> None:
    text = csv_text(pd.DataFrame({"x": [number]}))
    assert float(text.splitlines()[1]) == number


def test_unknown_is_empty_in_csv_and_null_in_json() -> None:
    table = pd.DataFrame({"a": [np.nan, 1.0], "b": [None, "x"], "c": [True, False]})
    assert csv_text(table) == "a,b,c\n,,true\n1,x,false\n"
    assert json.loads(json_text({"a": np.float64("nan"), "b": (np.int64(3), None)})) == {
        "a": None,
        "b": [3, None],
    }


def test_scorecard_as_json(scored: Scorecard, texts: dict[str, str]) -> None:
    record = json.loads(texts["scorecard.json"])
    assert list(record) == [
        "plan",
        "existing",
        "details",
        "existing_details",
        "communities",
        "constraints",
        "island_communities",
        "certificate",
        "notes",
    ]
    assert list(record["plan"]) == list(DEFINITIONS)
    assert record["plan"]["k12_continuity"] == scored.plan["k12_continuity"].value
    assert record["existing"] is None
    assert record["plan"]["schools_moved"] is None
    assert record["details"]["schools_moved"]["reason"]
    detail = record["details"]["office_minutes_max"]
    assert detail["unit"] == "minutes"
    assert detail["definition"].endswith("distance times 1.3, at 30 km an hour.")
    assert [row["community_id"] for row in record["communities"]] == ["C01", "C02", "C03", "C04"]
    assert set(record["constraints"][0]) == {"name", "definition", "satisfied", "violations"}
    assert set(record["certificate"]) == {
        *("objective", "bound", "gap", "unit", "method", "seconds", "reason"),
    }


def test_violations_are_named_in_json(toy: Assignment) -> None:
    strict = replace(toy, scenario=replace(toy.scenario, schools=(1, 2)))
    record = json.loads(tables(strict, score(strict))["scorecard.json"])
    broken = {c["name"]: c["violations"] for c in record["constraints"] if not c["satisfied"]}
    assert len(broken["schools"]) == 4
    assert set(broken["schools"][0]) == {"community_id", "value", "bound", "unit", "message"}


def test_scorecard_as_tidy_rows(scored: Scorecard, texts: dict[str, str]) -> None:
    table = read(texts["scorecard.csv"])
    assert list(table)[:4] == ["scope", "measure", "value", "unit"]
    plan = table[table["scope"] == "plan"].set_index("measure")
    assert list(plan.index) == list(DEFINITIONS)
    assert (plan["definition"] != "").all()
    cut = plan.loc["cut_contacts", ["value", "numerator", "denominator"]].astype(float)
    assert cut["value"] == pytest.approx(cut["numerator"] / cut["denominator"])
    own = table[table["scope"] == "C02"].set_index("measure")
    assert float(own.loc["enrollment", "value"]) == scored.communities.loc["C02", "enrollment"]
    assert own.loc["enrollment", "unit"] == "students"
    assert own.index.is_unique


def test_a_school_that_stays_apart_has_no_community(toy: Assignment, scored: Scorecard) -> None:
    home = toy.school_community.copy()
    home[toy.network.graph.school_ids.index("H15")] = -1
    written = tables(replace(toy, school_community=home), scored)
    assert "\nH15,,\n" in written["plan.csv"]
    schools = read(written["schools.csv"]).set_index("school_id")
    assert schools.loc["H15", "community_id"] == ""


def test_the_same_plan_gives_the_same_text(toy: Assignment, texts: dict[str, str]) -> None:
    assert tables(toy, score(toy)) == texts
