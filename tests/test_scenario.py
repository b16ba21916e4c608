"""What a planner may ask for, and what she is told where it cannot be read."""

from pathlib import Path
from typing import Any

import pytest

from feeder.errors import InputError
from feeder.scenario import Scenario, load_scenario_table, read_scenario
from feeder.wording import nearest


def told(table: dict[str, Any]) -> str:
    with pytest.raises(InputError) as caught:
        Scenario().overridden(table)
    return str(caught.value)


def test_every_key_is_read_into_its_type():
    asked = Scenario().overridden(
        {
            "communities": 12,
            "schools": [10, 20],
            "enrollment_tolerance": 0.1,
            "need_tolerance": 0,
            "nested_in": " region ",
            "keep_together": [["a", "b"], ["c", "d", "e"]],
            "keep_apart": [["a", " c "]],
            "locked": {"a": "North", "010": "C01"},
            "weights": {"cut_contacts": 1},
            "choice_schools": "flow",
            "seed": 7,
        }
    )
    assert asked.communities == 12
    assert asked.schools == (10, 20)
    assert (asked.enrollment_tolerance, asked.need_tolerance) == (0.1, 0.0)
    assert asked.nested_in == "region"
    assert asked.keep_together == (("a", "b"), ("c", "d", "e"))
    assert asked.keep_apart == (("a", "c"),)
    assert dict(asked.locked) == {"a": "North", "010": "C01"}
    assert dict(asked.weights) == {"cut_contacts": 1.0}
    assert (asked.choice_schools, asked.seed) == ("flow", 7)


def test_as_dict_reads_back():
    asked = Scenario(communities=3, locked={"a": "X"}, keep_apart=(("a", "b"),), nested_in="r")
    assert Scenario().overridden(asked.as_dict()).as_dict() == asked.as_dict()


def test_overriding_leaves_the_other_keys_and_the_original():
    first = Scenario(communities=3, seed=4)
    second = first.overridden({"seed": 5})
    assert (second.communities, second.seed) == (3, 5)
    assert first.seed == 4


def test_an_empty_column_takes_nesting_back():
    assert Scenario(nested_in="region").overridden({"nested_in": ""}).nested_in is None


def test_defaults_are_filled_in_for_a_district():
    known = Scenario().resolved(n_schools=200, estimated_flows=False)
    assert known.communities == 11
    assert dict(known.weights) == {"feeder_continuity": 1.0, "cut_contacts": 0.1}
    estimated = Scenario(weights={"feeder_continuity": 2.0}).resolved(
        n_schools=3, estimated_flows=True
    )
    assert estimated.communities == 1
    assert dict(estimated.weights) == {"feeder_continuity": 2.0, "cut_contacts": 0.3}


def test_unknown_keys_name_the_nearest_word():
    text = told({"comunities": 3, "zzz": 1})
    assert "unknown key comunities in [scenario]. Did you mean communities?" in text
    assert (
        "unknown key zzz in [scenario]. Known: apportion, budgets, capacity_tolerance, "
        "choice_schools, communities," in text
    )


@pytest.mark.parametrize(
    ("raw", "meant"),
    [(15, 0.15), (15.0, 0.15), (20, 0.2), (7.5, 0.075), (1, 0.15), (1.0, 0.15), (500, 0.15)],
)
@pytest.mark.parametrize("key", ["enrollment_tolerance", "need_tolerance", "capacity_tolerance"])
def test_a_tolerance_in_percent_is_asked_about(key, raw, meant):
    assert f"{key} = {raw}: a tolerance of 1 or more allows anything; meant {meant:g}?" in told(
        {key: raw}
    )


NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("table", "part"),
    [
        ({"enrollment_tolerance": -0.1}, "must not be negative"),
        ({"enrollment_tolerance": NAN}, "enrollment_tolerance = NaN: must be a number"),
        ({"max_office_minutes": NAN}, "max_office_minutes = NaN: must be a number"),
        ({"max_office_minutes": INF}, "must be 1,000,000,000 or less; 0 sets no limit"),
        ({"max_office_minutes": -1}, "must not be negative; 0 sets no limit"),
        ({"enrollment_tolerance": INF}, "meant 0.15?"),
        ({"enrollment_tolerance": "0.15"}, "expected a share such as 0.15"),
        ({"enrollment_tolerance": True}, "expected a share such as 0.15"),
        ({"weights": {"feeder_continuity": NAN}}, "the weight of feeder_continuity must be"),
        ({"weights": {"feeder_continuity": INF}}, "the weight of feeder_continuity must be"),
        ({"weights": {"cut_contacts": -1}}, "the weight of cut_contacts must be"),
        ({"weights": {"cut_contacts": "1"}}, "the weight of cut_contacts is a number"),
        ({"weights": {"cut_contact": 1}}, "Did you mean cut_contacts?"),
        ({"weights": 1}, "expected weights by measure"),
        ({"schools": [24, 12]}, "the fewest (24) exceeds the most (12)"),
        ({"schools": [12]}, "expected [fewest, most]"),
        ({"schools": "12-24"}, "expected [fewest, most]"),
        ({"schools": [0, 5]}, "must be 1 or more"),
        ({"schools": [1.5, 5]}, "expected a whole number, 1 or more"),
        ({"communities": 0}, "must be 1 or more"),
        ({"communities": True}, "expected a whole number"),
        ({"communities": 10**12}, "must be 1,000,000,000 or less"),
        ({"seed": -1}, "must be 0 or more"),
        ({"nested_in": 3}, "expected a text"),
        ({"keep_together": ["a", "b"]}, "each group is a list of two or more ids"),
        ({"keep_together": [["a"]]}, "each group is a list of two or more ids"),
        ({"keep_apart": "a"}, "expected groups of school ids"),
        ({"keep_apart": [["a", 5]]}, "expected a text"),
        ({"locked": [["a", "b"]]}, "expected school ids with community ids"),
        ({"locked": {"a": ""}}, "expected a text"),
        ({"coverage_share": 10}, "meant 0.1"),
        ({"virtual_schools": "flow"}, "expected one of apart, place"),
        ({"choice_schools": "plcae"}, "expected one of place, flow, apart"),
    ],
)
def test_unusable_values_are_told(table, part):
    assert part in told(table)


def test_every_problem_is_told_at_once():
    with pytest.raises(InputError) as caught:
        Scenario().overridden({"seed": -1, "comunities": 2, "schools": [3]}, file="wishes.toml")
    problems = caught.value.problems
    assert {problem.rule for problem in problems} == {"scenario-value", "unknown-key"}
    assert len(problems) == 3
    assert {problem.file for problem in problems} == {"wishes.toml"}


@pytest.mark.parametrize("heading", ["", "[scenario]\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_scenario_file_may_be_bare_or_headed_and_have_a_byte_order_mark(
    tmp_path: Path, heading: str, mark: bytes
):
    path = tmp_path / "wishes.toml"
    path.write_bytes(mark + f"{heading}communities = 5\nschools = [3, 9]\n".encode())
    assert load_scenario_table(path) == {"communities": 5, "schools": [3, 9]}
    asked = read_scenario(Scenario(seed=3), path, {"communities": 6})
    assert (asked.communities, asked.schools, asked.seed) == (6, (3, 9), 3)


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"communities = ", "cannot be read"),
        (b"\xff\xfe", "cannot be read"),
        (b"seed = 1\n[scenario]\ncommunities = 5", "mixes [scenario] with other keys"),
        (b"scenario = 5", "mixes [scenario] with other keys"),
    ],
)
def test_an_unreadable_scenario_file_is_told_by_name(tmp_path: Path, content: bytes, part: str):
    path = tmp_path / "wishes.toml"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        load_scenario_table(path)
    assert part in str(caught.value)
    assert caught.value.problems[0].file == str(path)


def test_a_missing_scenario_file_is_told(tmp_path: Path):
    with pytest.raises(InputError, match="cannot be read"):
        load_scenario_table(tmp_path / "none.toml")


def test_nearest_names_one_word_or_all():
    assert nearest("regoin", ["region", "kind"]) == "Did you mean region?"
    assert nearest("x", ["region", "kind"]) == "Known: kind, region."
