"""Organizing models on a town worked by hand, and what all of them have in common."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from town import AREAS, DISTRICT, FLOWS, SCHOOLS, box, feature, layer, write_town

from feeder import build_network, read_district
from feeder.analyses.models import MODEL_NAMES
from feeder.analyses.models.affinity import equal_groups
from feeder.analyses.models.cohort import named_high_school
from feeder.analyses.models.families import families
from feeder.analyses.models.model_input import ModelInput, ModelOptions, ModelPlan
from feeder.analyses.models.reach import reach_of
from feeder.analyses.models.registry import MODELS
from feeder.errors import InputError
from feeder.language import Message, languages, words
from feeder.partition.cooling import Effort

SMALL = Effort(steps_per_unit=2_000, chains=2, rounds=0)
WEST = {"e1", "e2", "e5", "e6", "h1", "m1", "p"}
EAST = {"e3", "e4", "e7", "e8", "h2", "k8", "m2"}
THIRD = SCHOOLS + (
    "h3,Far High,40.017,-74.962,300,9-12,East,,\nm3,Far Middle,40.013,-74.962,240,6-8,East,,\n"
)
THIRD_FLOWS = FLOWS.replace("e8,m2,37", "e8,m3,37") + "m3,h3,70\n"
BARE = DISTRICT.replace(
    '[[attendance_areas]]\nlevel = "high"\npath = "highs.geojson"\n'
    'columns = { school_id = "high" }\n',
    "",
)

MakeCase = Callable[..., ModelInput]


def test_every_model_that_can_be_asked_for_is_in_the_registry_in_one_order() -> None:
    assert tuple(MODELS) == MODEL_NAMES


@pytest.fixture
def case(tmp_path: Path) -> MakeCase:
    """Make a case of the town, with some files changed, and keys of its scenario."""

    def make(
        changed: Mapping[str, str | None] | None = None,
        options: ModelOptions | None = None,
        **scenario: object,
    ) -> ModelInput:
        return case_of(write_town(tmp_path / "town", changed), options, **scenario)

    return make


def case_of(folder: Path, options: ModelOptions | None = None, **scenario: object) -> ModelInput:
    district = read_district(folder)
    asked = district.scenario.overridden(scenario)
    network = build_network(district, choice_schools=asked.choice_schools)
    return ModelInput.of(district, network, asked, options or ModelOptions(effort=SMALL))


def made(found: ModelPlan | Message) -> ModelPlan:
    assert isinstance(found, ModelPlan)
    return found


def groups(found: ModelPlan | Message) -> set[frozenset[str]]:
    """The communities of a plan as sets of schools."""
    table = made(found).assignment.plan_table()
    placed = table[table["community_id"] != ""]
    return {frozenset(ids) for _, ids in placed.groupby("community_id")["school_id"]}


def test_families_of_the_town(case: MakeCase) -> None:
    """Every flow stays in its half; the charter and the pre-school lie in e7 and e2."""
    found = families(case())
    assert groups(found) == {frozenset(WEST), frozenset(EAST)}
    assert made(found).assignment.community_names == ("East", "West")
    assert [note.facts["n"] for note in made(found).notes] == [2]  # k8 and p


def test_families_follow_the_flows_to_the_end(case: MakeCase) -> None:
    """Most of e1 goes to m1, and m1 to h1; and yet most of e1 reaches h2.

    e1 has 40 leavers: 20 to m1, 16 to m2. m1 has 160: 75 to each high school, of equals the
    first takes it. m2 has 500 / 3: 155 to h2. So h1 gets 20/40 * 75/160 = 0.234 of e1, and h2
    0.234 + 16/40 * 0.93 = 0.606. e2, e5 and e6 send nobody to m2: equals again.
    """
    flows = FLOWS.replace("e1,m1,36", "e1,m1,20\ne1,m2,16")
    flows = flows.replace("m1,h1,150", "m1,h1,75\nm1,h2,75")
    one = case({"flows.csv": flows})
    reach = reach_of(one)
    row = one.network.graph.school_ids.index("e1")
    assert reach.share[row] == pytest.approx([20 / 40 * 75 / 160, 0.234375 + 0.4 * 0.93])
    assert groups(families(one)) == {frozenset(WEST - {"e1"}), frozenset(EAST | {"e1"})}


def test_shares_do_not_depend_on_the_order_of_steps(case: MakeCase) -> None:
    """The chain solved at once is the chain walked step by step."""
    flows = FLOWS.replace("e3,m2,27", "e3,m2,20\ne3,m1,7").replace(
        "m2,h2,155", "m2,h2,99\nm2,h1,56"
    )
    one = case({"flows.csv": flows})
    reach, graph = reach_of(one), one.network.graph
    n = len(graph.school_ids)
    step = np.zeros((n, n))
    step[graph.flow_from, graph.flow_to] = graph.flow_students / reach.leavers[graph.flow_from]
    there = np.eye(n)[:, reach.highs]
    walked = there + step @ there + step @ step @ there
    assert reach.share == pytest.approx(walked)


def test_schools_of_choice_follow_the_policy(case: MakeCase) -> None:
    """The charter stands in the east; where its pupils go on to the west, flow takes it there."""
    flows = {"flows.csv": FLOWS.replace("k8,h2,28", "k8,h1,28")}
    assert frozenset(EAST) in groups(families(case(flows)))
    assert frozenset(WEST | {"k8"}) in groups(families(case(flows, choice_schools="flow")))
    apart = families(case(flows, choice_schools="apart"))
    assert groups(apart) == {frozenset(WEST), frozenset(EAST - {"k8"})}


def test_a_high_school_nobody_is_sent_to_heads_no_family(case: MakeCase) -> None:
    """Without areas of high schools h3 has nobody, and joins the land on which it stands."""
    changed = {"district.toml": BARE, "schools.csv": THIRD}
    assert groups(families(case(changed))) == {frozenset(WEST), frozenset(EAST | {"h3", "m3"})}


def test_one_high_school_makes_no_families(case: MakeCase) -> None:
    schools = SCHOOLS.replace(
        "h2,East High,40.011,-74.969,680,9-12", "h2,East,40.011,-74.969,9,6-8"
    )
    one = case(
        {"schools.csv": schools, "measures.csv": "school_id,learners,absent,counted,reading\n"}
    )
    assert families(one) == Message("model.none.high_schools")
    assert isinstance(MODELS["zones"](one), Message)


@pytest.mark.parametrize(("edge", "shared"), [(-74.982, True), (-74.981, False)])
def test_zones_by_areas_that_overlap(case: MakeCase, edge: float, shared: bool) -> None:
    """The area of h2 is 0.010 wide without what it shares with h1.

    With 0.002 shared it is 2/12 = 17 % of the smaller, h2's; with 0.001 it is 1/11 = 9 %.
    """
    highs = layer(
        feature({"high": "h1"}, box(-75.0, 40.0, -74.98, 40.02)),
        feature({"high": "h2"}, box(edge, 40.0, -74.97, 40.02)),
        feature({"high": "h3"}, box(-74.97, 40.0, -74.96, 40.02)),
    )
    files = {"highs.geojson": highs, "schools.csv": THIRD, "flows.csv": THIRD_FLOWS}
    found = MODELS["zones"](case(files, keep_apart=[]))
    if shared:
        assert groups(found) == {
            frozenset({"e8", "m3", "h3"}),
            frozenset(WEST | EAST - {"e8"}),
        }
        assert made(found).notes[0].facts == {"n": 3, "zones": 2, "most": 2}
    else:
        assert found == Message("model.none.shared_areas")


@pytest.mark.parametrize(("students", "shared"), [(17, True), (16, False)])
def test_zones_by_feeders_where_no_high_school_has_an_area(
    case: MakeCase,
    students: int,
    shared: bool,
) -> None:
    """m2 has 500 / 3 = 166.7 leavers: 17 of them are a tenth, 16 are not."""
    flows = THIRD_FLOWS.replace("m2,h2,155", f"m2,h2,145\nm2,h3,{students}")
    files = {"district.toml": BARE, "schools.csv": THIRD, "flows.csv": flows}
    found = MODELS["zones"](case(files))
    if shared:
        assert groups(found) == {frozenset(WEST), frozenset(EAST | {"h3", "m3"})}
    else:
        assert found == Message("model.none.shared_feeders")


def test_the_cohort_of_the_town(case: MakeCase) -> None:
    """The largest high school is h1; m1 sends it 150 of its 160, and so 15/16 of what it gets.

    e2: 45 * 15/16 = 42.2 a year, e5: 44 * 15/16 = 41.3, e6: 35.6, e1: 33.8.
    """
    found = made(MODELS["cohort"](case()))
    assert found.senders is not None
    sent = dict(zip(found.senders["school_id"], found.senders["students"], strict=True))
    assert list(sent) == ["m1", "e2", "e5", "e6", "e1"]
    assert list(sent.values()) == pytest.approx([150.0, 42.1875, 41.25, 35.625, 33.75])
    assert groups(found) == {frozenset({"h1", *sent})}
    assert len(made(found).notes) == 1  # all fitted


def test_the_cohort_is_no_larger_than_a_community(case: MakeCase) -> None:
    found = MODELS["cohort"](case(schools=[1, 4]))
    assert groups(found) == {frozenset({"h1", "m1", "e2", "e5"})}
    assert made(found).notes[1] == Message("model.note.cohort_full", {"n": 2})


def test_the_cohort_of_a_named_school(case: MakeCase) -> None:
    found = MODELS["cohort"](case(options=ModelOptions(cohort="h2")))
    assert groups(found) == {frozenset(EAST - {"k8"} | {"h2"})}
    named = MODELS["cohort"](case(options=ModelOptions(cohort=" east high ")))
    assert groups(named) == groups(found)
    assert named_high_school(case(options=ModelOptions(cohort="east"))) == "h2"
    unknown = case(options=ModelOptions(cohort="m1"))
    for asked in (named_high_school, MODELS["cohort"]):
        with pytest.raises(InputError, match=r"m1 is no high school that pupils are sent to.*h1"):
            asked(unknown)


def test_affinity_knows_no_geography(case: MakeCase) -> None:
    """Schools that all change places stay together."""
    one = case()
    places = one.district.schools[["lat", "lon"]]
    order = np.random.default_rng(7).permutation(len(places))
    schools = one.district.schools.assign(
        lat=places["lat"].to_numpy()[order], lon=places["lon"].to_numpy()[order]
    )
    moved = replace(one.district, schools=schools, areas=None)
    other = ModelInput.of(moved, build_network(moved), moved.scenario, one.options)
    here, there = MODELS["affinity"](one), MODELS["affinity"](other)
    assert groups(here) == groups(there)
    assert made(here).notes == (Message("model.note.affinity_need"),)


def test_affinity_without_measures_groups_by_level(case: MakeCase) -> None:
    """Of two groups of seven, one holds the high and middle schools."""
    bare = DISTRICT[: DISTRICT.index("[measures]")] + DISTRICT[DISTRICT.index("[existing_plan]") :]
    found = made(MODELS["affinity"](case({"district.toml": bare})))
    assert found.notes == (Message("model.note.affinity_levels"),)
    (upper,) = (group for group in groups(found) if "h1" in group)
    assert {"h1", "h2"} <= upper
    assert len(upper) == 7


@given(st.integers(2, 7), st.integers(1, 4), st.integers(0, 5))
def test_equal_groups_are_equal(n: int, number: int, seed: int) -> None:
    number = min(n, number)
    points = np.random.default_rng(seed).normal(size=(n, 2))
    sizes = np.bincount(equal_groups(points, number, seed=seed), minlength=number)
    assert sizes.sum() == n
    assert sizes.max() - sizes.min() <= 1


def test_equal_groups_are_the_tightest_where_that_is_clear() -> None:
    """Six points: the best of all ten ways to halve them, by brute force."""
    points = np.array([[0.0, 0], [1, 0], [0, 1], [9, 9], [8, 9], [5, 5]])

    def spread(group: tuple[int, ...]) -> float:
        held = points[list(group)]
        return float(((held - held.mean(axis=0)) ** 2).sum())

    halves = [(g, tuple(set(range(6)) - set(g))) for g in combinations(range(6), 3)]
    best = min(spread(a) + spread(b) for a, b in halves)
    label = equal_groups(points, 2, seed=0)
    assert sum(spread(tuple(np.flatnonzero(label == k))) for k in (0, 1)) == pytest.approx(best)


def test_clusters_and_networks_tell_their_limits(case: MakeCase) -> None:
    """14 schools in 2: 7 on average, half of that more or less; networks need no high school."""
    one = case(options=ModelOptions(clusters=2, networks=3, effort=SMALL))
    clusters, networks = made(MODELS["clusters"](one)), made(MODELS["networks"](one))
    assert {k: v for k, v in clusters.notes[0].facts.items() if k != "tolerance"} == {
        "n": 2,
        "least": 3,
        "most": 11,
    }
    assert clusters.assignment.n_communities == 2
    assert networks.assignment.n_communities == 3  # two high schools: one network has none
    assert clusters.assignment.scenario.enrollment_tolerance == 0.5  # held against its own


def test_networks_do_not_ask_where_pupils_go(case: MakeCase) -> None:
    options = ModelOptions(networks=2, effort=SMALL)
    crossed = FLOWS.replace("m1", "mx").replace("m2", "m1").replace("mx", "m2")
    here = MODELS["networks"](case(options=options))
    assert groups(here) == groups(MODELS["networks"](case({"flows.csv": crossed}, options)))


@pytest.fixture(scope="module")
def village_plans(village: Path) -> dict[str, ModelPlan | Message]:
    one = case_of(village)
    return {name: model(one) for name, model in MODELS.items()}


@pytest.mark.parametrize("name", [*MODELS])
def test_every_model_keeps_campuses_whole_and_places_every_school(
    village_plans: Mapping[str, ModelPlan | Message], name: str
) -> None:
    """Alder and South High share a site. A cohort leaves the others out."""
    found = village_plans[name]
    if isinstance(found, Message):
        assert name == "zones"  # no areas, and no split feeder: high middle feeds both
        return
    homes = found.assignment.plan_table().set_index("school_id")["community_id"]
    assert homes["007"] == homes["h 1"]
    assert (homes != "").all() or name == "cohort"


@pytest.mark.parametrize("policy", ["flow", "apart"])
def test_the_policy_for_schools_of_choice_holds_in_every_model(embedded: Path, policy: str) -> None:
    one = case_of(embedded, choice_schools=policy)
    graph = one.network.graph
    apart = graph.is_apart[graph.school_node]
    assert apart.any() == (policy == "apart")
    sites = one.schools["campus_id"].to_numpy()
    for name, model in MODELS.items():
        found = model(one)
        if isinstance(found, Message):
            assert name == "zones"
            continue
        home = found.assignment.school_community
        assert (home[apart] < 0).all(), name
        assert name == "cohort" or (home[~apart] >= 0).all(), name
        for site in set(sites) - {""}:
            here = home[(sites == site) & ~apart]
            assert len(set(here.tolist())) <= 1, name


def test_the_same_seed_makes_the_same_plans(
    village: Path, village_plans: Mapping[str, ModelPlan | Message]
) -> None:
    one = case_of(village)
    for name, model in MODELS.items():
        found, before = model(one), village_plans[name]
        if isinstance(found, Message):
            assert found == before
        else:
            pd.testing.assert_frame_equal(
                found.assignment.plan_table(), made(before).assignment.plan_table()
            )


@pytest.mark.parametrize("tag", languages())
def test_every_model_has_its_name_and_sentence(tag: str) -> None:
    for name in MODELS:
        assert words(tag)(f"model.{name}").endswith(".")
        assert words(tag)(f"model.name.{name}")


def test_no_land_of_a_family_is_forgotten(case: MakeCase) -> None:
    """Every tile is in the family of some school, and AREAS has eight of them."""
    found = made(families(case()))
    assert (found.assignment.node_community >= 0).all()
    assert AREAS.count("school_id") == 8
