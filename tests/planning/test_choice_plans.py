"""Plans under each policy for schools of choice."""

import importlib.util
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import MappingProxyType, ModuleType

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feeder.district.model import District
from feeder.district.read import read_district
from feeder.errors import InfeasibleError, InputError
from feeder.measures.score import score
from feeder.network.build import build_network
from feeder.network.graph import FeederGraph
from feeder.partition.cooling import Effort
from feeder.planning import Assignment
from feeder.planning.make import make_plan
from feeder.planning.members import members
from feeder.render.files.geojson import tiles_layer
from feeder.render.files.tables import flows_table, schools_table, tables
from feeder.scenario import Scenario
from feeder.terms import LEAST_SHARE

POLICIES = ("place", "flow", "apart")
SMALL = Effort(steps_per_unit=5_000, chains=2)
RECOMPUTATION = Path(__file__).parent.parent / "measures" / "test_recomputation.py"


@pytest.fixture(scope="module")
def city(synthetic_folder: Callable[[int, int], Path]) -> District:
    """Sixty invented schools; four of choice, and a magnet on a neighborhood school's campus."""
    return read_district(synthetic_folder(60, 3))


@pytest.fixture(scope="module")
def planned(city: District) -> Callable[[str], Assignment]:
    """Plan the city under a policy, once."""

    @cache
    def make(policy: str) -> Assignment:
        return plan(city, policy)

    return make


def plan(district: District, policy: str, **wishes: object) -> Assignment:
    scenario = replace(district.scenario, choice_schools=policy, **wishes)
    network = build_network(district, choice_schools=policy)
    found = make_plan(district, network, scenario, effort=SMALL)
    assert found.feasible
    return found.assignment


def exchanged(assignment: Assignment, node: int) -> tuple[float, float]:
    """Students a campus exchanges with its community's other schools, and with all others."""
    graph, home = assignment.network.graph, assignment.school_community
    sender, receiver = graph.school_node[graph.flow_from], graph.school_node[graph.flow_to]
    rows = (sender == node) != (receiver == node)
    inside = rows & (home[graph.flow_from] == home[graph.flow_to])
    return float(graph.flow_students[inside].sum()), float(graph.flow_students[rows].sum())


def pupils_inside(assignment: Assignment, node: int) -> float:
    """Share of a campus' feed contacts on its own community."""
    graph, home = assignment.network.graph, assignment.node_community
    feed = (graph.contact_kind == "feed") & (graph.contact_a == node)
    return float(graph.contact_share[feed & (home[graph.contact_b] == home[node])].sum())


def export(assignment: Assignment, folder: Path) -> Path:
    """Write the tables and the layer that every figure can be worked out from."""
    card = score(assignment)
    files = {**tables(assignment, card), "tiles.geojson": tiles_layer(assignment)}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return folder


def fed(graph: FeederGraph) -> list[int]:
    return np.unique(graph.contact_a[graph.contact_kind == "feed"]).tolist()


@pytest.fixture(scope="session")
def recomputation() -> ModuleType:
    """The module that works every figure out anew from the exported tables."""
    spec = importlib.util.spec_from_file_location("recomputed_plans", RECOMPUTATION)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("policy", POLICIES)
def test_every_promise_is_kept_and_every_figure_recomputed(
    planned: Callable[[str], Assignment], policy: str, recomputation: ModuleType, tmp_path: Path
) -> None:
    assert score(planned(policy)).satisfied
    assert recomputation.differences(export(planned(policy), tmp_path)) == []


def test_students_in_communities_and_students_apart_make_the_district(
    planned: Callable[[str], Assignment], city: District
) -> None:
    assignment = planned("apart")
    card = score(assignment)
    outside = card.notes["outside_every_community"]
    apart = {row["school_id"] for row in outside}
    table = assignment.plan_table().set_index("school_id")["community_id"]
    assert set(table.index[table == ""]) == apart
    assert len(apart) == 4
    students = sum(row["enrollment"] for row in outside)
    assert students == city.schools.loc[sorted(apart), "enrollment"].sum()
    assert card.communities["enrollment"].sum() + students == city.schools["enrollment"].sum()
    assert card.communities["n_schools"].sum() + len(apart) == len(city.schools)
    mean = card.communities["enrollment"].mean()
    expected = (card.communities["enrollment"] / mean - 1).abs().max()
    assert card.plan["enrollment_deviation"].value == pytest.approx(expected)
    listed = schools_table(assignment).set_index("school_id").loc[sorted(apart)]
    assert (listed["community_id"] == "").all()
    assert (listed["campus_id"] != "").all()


def test_what_goes_to_schools_apart_counts_as_lost(
    planned: Callable[[str], Assignment], city: District
) -> None:
    assignment = planned("apart")
    table = assignment.plan_table().set_index("school_id")["community_id"]
    flows = flows_table(assignment)
    assert flows["students"].sum() == city.flows["students"].sum()
    here, there = flows["from_id"].map(table), flows["to_id"].map(table)
    kept = flows.loc[(here != "") & (here == there), "students"].sum()
    card = score(assignment)
    value = card.plan["feeder_continuity"]
    assert value.value == pytest.approx(kept / flows["students"].sum())
    crossing = flows.loc[(here == "") | (there == ""), "students"].sum()
    assert card.notes["students_to_or_from_outside"] == pytest.approx(crossing)
    assert crossing > 0


def test_schools_by_flow_are_where_their_pupils_are(planned: Callable[[str], Assignment]) -> None:
    assignment = planned("flow")
    graph = assignment.network.graph
    campuses = fed(graph)
    assert campuses
    for node in campuses:
        inside, everyone = exchanged(assignment, node)
        assert inside >= LEAST_SHARE * everyone


def test_a_school_by_flow_in_the_wrong_community_is_told_without_a_figure(
    planned: Callable[[str], Assignment],
) -> None:
    assignment = planned("flow")
    network = assignment.network
    few = np.where(network.graph.contact_kind == "feed", 0.001, network.graph.contact_share)
    broken = replace(network, graph=replace(network.graph, contact_share=few))
    told = {c.name: c for c in score(replace(assignment, network=broken)).constraints}
    violations = told["contiguity"].violations
    assert len(violations) == len(fed(network.graph))
    assert {violation.value for violation in violations} == {"fewer"}
    assert all("its pupils come from or go" in str(violation.message) for violation in violations)


def test_a_school_apart_that_a_plan_places_is_told(planned: Callable[[str], Assignment]) -> None:
    assignment = planned("apart")
    graph = assignment.network.graph
    moved = np.where(graph.is_apart, 0, assignment.node_community)
    placed = replace(assignment, node_community=moved, school_community=moved[graph.school_node])
    promises = {c.name: c for c in score(placed).constraints}
    assert len(promises["every_school_placed"].violations) == 4
    assert "stays apart" in str(promises["every_school_placed"].violations[0].message)
    assert promises["contiguity"].satisfied


@pytest.mark.parametrize("wish", ["locked", "keep_together", "keep_apart"])
def test_wishes_for_schools_apart_are_refused_by_name(city: District, wish: str) -> None:
    charter = city.schools.index[city.schools["kind"] == "charter"][0]
    other = city.schools.index[0]
    wishes = {"locked": {charter: "North"}, "keep_together": ((charter, other),)}
    wishes["keep_apart"] = wishes["keep_together"]
    with pytest.raises(InputError, match="outside every community") as caught:
        plan(city, "apart", **{wish: wishes[wish]})
    (problem,) = caught.value.problems
    assert problem.value == charter
    assert city.schools["name"][charter] in problem.message


def test_limits_count_members_only(city: District) -> None:
    network = build_network(city, choice_schools="apart")
    graph, kept = members(network.graph)
    assert len(graph.school_ids) == 56
    assert kept.tolist() == np.flatnonzero(~network.graph.is_apart).tolist()
    scenario = Scenario(communities=5, schools=(12, 24), choice_schools="apart")
    with pytest.raises(InfeasibleError, match="56 schools do not make 5"):
        make_plan(city, network, scenario)


def test_network_and_scenario_must_agree(city: District) -> None:
    with pytest.raises(ValueError, match=r"'place'.*'apart'"):
        make_plan(city, build_network(city), replace(city.scenario, choice_schools="apart"))


def test_nesting_against_the_flow_is_told_with_the_way_out(city: District) -> None:
    """A magnet and a school that none of its pupils come from are said to be one region."""
    network = build_network(city, choice_schools="flow")
    graph = network.graph
    table = city.schools.copy()
    table["region"] = "Big"
    magnet = graph.node_ids[fed(graph)[0]]
    touched = set(graph.contact_b[graph.contact_a == fed(graph)[0]].tolist())
    lone = next(i for i in range(graph.n_campuses) if graph.has_land[i] and i not in touched)
    on_campus = [
        s for s, node in zip(graph.school_ids, graph.school_node, strict=True) if node == lone
    ]
    table.loc[[magnet, *on_campus], "region"] = "Far"
    district = replace(city, schools=table)
    with pytest.raises(
        InfeasibleError, match=r"less than a tenth of its pupils .* schools of that region"
    ):
        plan(district, "flow", nested_in="region")


@st.composite
def kinds(draw: st.DrawFn) -> tuple[int, float]:
    """A seed and a share of the schools that become charters."""
    return draw(st.integers(0, 999)), draw(st.sampled_from([0.05, 0.15, 0.3]))


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kinds())
def test_laws_of_plans(city: District, case: tuple[int, float]) -> None:
    seed, share = case
    rng = np.random.default_rng(seed)
    table = city.schools.copy()
    table["kind"] = np.where(rng.random(len(table)) < share, "charter", "")
    # Without areas every school may be one of choice, and tiles are drawn around the rest.
    district = replace(city, schools=table, areas=city.areas if seed % 2 else None)
    scenario = Scenario(communities=2, schools=(1, 60), enrollment_tolerance=0.6, seed=1)
    whole = set(table.index)
    for policy in POLICIES:
        network = build_network(district, choice_schools=policy)
        asked = replace(scenario, choice_schools=policy)
        try:
            found = make_plan(district, network, asked, effort=SMALL)
        except InfeasibleError:
            assert policy == "apart", "too few schools of some grade are left"
            continue
        assignment, graph = found.assignment, network.graph
        card = score(assignment)
        plan_table = assignment.plan_table().set_index("school_id")["community_id"]
        outside = {row["school_id"] for row in card.notes["outside_every_community"]}
        assert set(plan_table.index) == whole
        assert set(plan_table.index[plan_table == ""]) == outside
        assert policy == "apart" or not outside
        assert set(table.loc[sorted(outside), "kind"]) <= {"charter"}
        held = card.communities["enrollment"].sum() + table.loc[sorted(outside), "enrollment"].sum()
        assert held == table["enrollment"].sum()
        kept = {c.name: c.satisfied for c in card.constraints}
        assert kept["contiguity"]
        assert kept["every_school_placed"]
        for node in fed(graph):
            assert pupils_inside(assignment, node) >= LEAST_SHARE - 1e-9


@pytest.fixture(scope="session")
def charters(
    district_folder: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Path]:
    """Copy a real district with its charters told by kind."""

    def make(name: str) -> Path:
        source = district_folder(name)
        folder = tmp_path_factory.mktemp("charters") / name
        shutil.copytree(source, folder, ignore=shutil.ignore_patterns("raw*"))
        manifest = folder / "district.toml"
        text = manifest.read_text(encoding="utf-8")
        path = folder / "schools.csv"
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        if name == "washington_dc":
            table["kind"] = table["agency"].map({"PCS": "charter"}).fillna("")
            text = text.replace('"enrolled_sy1415" }', '"enrolled_sy1415", kind = "kind" }')
        else:
            table = table[table["type_specific"].isin(["District", "Charter"])]
            table = table.drop_duplicates("school_id")
            text = text.replace('"enrollment" }', '"enrollment", kind = "type_specific" }')
            text = text.replace('["District"]', '["District", "Charter"]')
        table.to_csv(path, index=False)
        manifest.write_text(text, encoding="utf-8")
        return folder

    return make


@pytest.mark.parametrize(
    ("name", "policy", "communities", "outside"),
    [
        ("washington_dc", "flow", 8, 1),  # a school on line
        ("washington_dc", "apart", 8, 71),
        ("philadelphia_pa", "flow", 16, 0),
        ("philadelphia_pa", "apart", 12, 72),
    ],
)
def test_real_districts_with_charters(
    charters: Callable[[str], Path],
    recomputation: ModuleType,
    tmp_path: Path,
    name: str,
    policy: str,
    communities: int,
    outside: int,
) -> None:
    district = read_district(charters(name))
    assignment = plan(district, policy, communities=communities)
    card = score(assignment)
    assert card.satisfied
    assert (assignment.plan_table()["community_id"] == "").sum() == outside
    assert len(card.notes["outside_every_community"]) == outside
    for node in fed(assignment.network.graph):
        inside, everyone = exchanged(assignment, node)
        assert inside >= LEAST_SHARE * everyone
    assert recomputation.differences(export(assignment, tmp_path)) == []


def test_locks_by_community_hold_under_flow(city: District) -> None:
    graph = build_network(city, choice_schools="flow").graph
    magnet = graph.node_ids[fed(graph)[0]]
    locked = MappingProxyType({magnet: "Magnets"})
    assignment = plan(city, "flow", locked=locked)
    table = assignment.plan_table().set_index("school_id")["community_id"]
    assert table[magnet] == "Magnets"
    assert score(assignment).satisfied
