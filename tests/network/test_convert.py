"""FeederGraph to networkx and back."""

import dataclasses

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeder.errors import InputError
from feeder.network.convert import from_networkx, to_networkx
from feeder.network.graph import FeederGraph


def assert_equal(left: FeederGraph, right: FeederGraph) -> None:
    for field in dataclasses.fields(FeederGraph):
        ours, theirs = getattr(left, field.name), getattr(right, field.name)
        if isinstance(ours, np.ndarray):
            assert ours.dtype.kind == theirs.dtype.kind, field.name
            np.testing.assert_array_equal(ours, theirs, err_msg=field.name)
        else:
            assert ours == theirs, field.name


@pytest.fixture
def graph() -> FeederGraph:
    """A small graph that looks like this: e1 - e2 - v (vacant), m1 without land on e1 and e2.

    e1 shares its campus with k1, which sends to it; e1 and e2 send to m1.
    """
    return FeederGraph(
        node_ids=("e1", "e2", "m1", "v"),
        n_campuses=3,
        school_ids=("e1", "e2", "k1", "m1"),
        school_node=np.array([0, 1, 0, 2]),
        has_land=np.array([True, True, False, True]),
        contact_a=np.array([0, 1, 2, 2]),
        contact_b=np.array([1, 3, 0, 1]),
        contact_kind=np.array(["border", "bridge", "overlap", "overlap"]),
        contact_border_m=np.array([812.5, 0.0, np.nan, np.nan]),
        contact_share=np.array([np.nan, np.nan, 0.7, 0.3]),
        flow_from=np.array([0, 1, 2]),
        flow_to=np.array([3, 3, 0]),
        flow_students=np.array([61.25, 40.0, 12.0]),
        flow_source=np.array(["zoned", "zoned", "observed"]),
    )


@st.composite
def graphs(draw: st.DrawFn) -> FeederGraph:
    """Any graph: several schools a campus, landless campuses, vacant tiles, loops of flow."""
    ids = draw(st.lists(st.text("ab01 é", min_size=1, max_size=4), unique=True, max_size=12))
    n_vacant = draw(st.integers(0, len(ids)))
    vacant, schools = sorted(ids[:n_vacant]), sorted(ids[n_vacant:])
    seat = [draw(st.integers(0, k)) for k in range(len(schools))]
    first = [min(k for k in range(len(schools)) if seat[k] == seat[j]) for j in range(len(schools))]
    campuses = sorted(set(first))
    n_campuses, n = len(campuses), len(campuses) + len(vacant)
    has_land = [draw(st.booleans()) for _ in campuses] + [True] * len(vacant)
    contacts = []
    for a in range(n):
        for b in range(a + 1, n):
            if not (has_land[a] or has_land[b]) or draw(st.booleans()):
                continue
            if has_land[a] and has_land[b]:
                kind = draw(st.sampled_from(["border", "bridge"]))
                contacts.append((a, b, kind, draw(st.floats(0, 1e5)), np.nan))
            else:
                kind = draw(st.sampled_from(["overlap", "campus"]))
                pair = (b, a) if has_land[a] else (a, b)
                contacts.append((*pair, kind, np.nan, draw(st.floats(0, 1))))
    contacts.sort(key=lambda contact: contact[:2])
    pairs = [(i, j) for i in range(len(schools)) for j in range(len(schools)) if i != j]
    flows = sorted(draw(st.sets(st.sampled_from(pairs), max_size=10))) if pairs else []
    columns = list(zip(*contacts, strict=True)) or [()] * 5
    return FeederGraph(
        node_ids=(*(schools[k] for k in campuses), *vacant),
        n_campuses=n_campuses,
        school_ids=tuple(schools),
        school_node=np.array([campuses.index(k) for k in first], dtype=np.int64),
        has_land=np.array(has_land, dtype=np.bool_),
        contact_a=np.array(columns[0], dtype=np.int64),
        contact_b=np.array(columns[1], dtype=np.int64),
        contact_kind=np.array(columns[2], dtype=np.str_),
        contact_border_m=np.array(columns[3], dtype=np.float64),
        contact_share=np.array(columns[4], dtype=np.float64),
        flow_from=np.array([i for i, _ in flows], dtype=np.int64),
        flow_to=np.array([j for _, j in flows], dtype=np.int64),
        flow_students=np.array([draw(st.floats(0, 1e4)) for _ in flows], dtype=np.float64),
        flow_source=np.array(
            [draw(st.sampled_from(["observed", "zoned", "estimated"])) for _ in flows],
            dtype=np.str_,
        ),
    )


@given(graphs())
@settings(max_examples=60)
def test_the_round_trip_is_exact(graph: FeederGraph) -> None:
    assert_equal(from_networkx(to_networkx(graph)), graph)


@given(graphs(), st.integers(0, 999))
@settings(max_examples=30)
def test_the_order_of_nodes_and_edges_does_not_matter(graph: FeederGraph, seed: int) -> None:
    rng = np.random.default_rng(seed)
    there = to_networkx(graph)
    shuffled: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    nodes, edges = list(there.nodes(data=True)), list(there.edges(keys=True, data=True))
    shuffled.add_nodes_from(nodes[k] for k in rng.permutation(len(nodes)))
    for k in rng.permutation(len(edges)):
        a, b, key, data = edges[k]
        turn = data["kind"] != "flow" and rng.random() < 0.5
        shuffled.add_edge(*((b, a) if turn else (a, b)), key=key, **data)
    assert_equal(from_networkx(shuffled), graph)


def test_what_an_analyst_sees(graph: FeederGraph) -> None:
    there = to_networkx(graph)
    assert dict(there.nodes["e1"]) == {"schools": ("e1", "k1"), "has_land": True}
    assert dict(there.nodes["v"]) == {"schools": (), "has_land": True}
    assert there.edges["e1", "e2", "border"] == {"kind": "border", "border_m": 812.5}
    assert there.edges["m1", "e1", "overlap"] == {"kind": "overlap", "share": 0.7}
    assert there.edges["e1", "e1", ("flow", "k1", "e1")] == {
        "kind": "flow",
        "from_school": "k1",
        "to_school": "e1",
        "students": 12.0,
        "source": "observed",
    }
    assert there.number_of_edges() == 7


def test_changes_of_an_analyst_come_back(graph: FeederGraph) -> None:
    there = to_networkx(graph)
    there.remove_edge("e2", "m1", ("flow", "e2", "m1"))
    there.add_edge(
        "m1", "e2", kind="flow", from_school="m1", to_school="e2", students=3, source="observed"
    )
    back = from_networkx(there)
    assert back.flow_from.tolist() == [0, 2, 3]
    assert back.flow_students.tolist() == [61.25, 12.0, 3.0]


def test_every_contradiction_is_named_at_once(graph: FeederGraph) -> None:
    there = to_networkx(graph)
    there.edges["e1", "e2", "border"]["kind"] = "bordr"
    del there.edges["m1", "e1", "overlap"]["share"]
    there.edges["e1", "m1", ("flow", "e1", "m1")]["to_school"] = "e2"
    there.edges["e2", "m1", ("flow", "e2", "m1")]["source"] = "guessed"
    there.add_edge("m1", "v", kind="border", border_m=1.0)
    there.add_edge("v", "e2", kind="border", border_m=1.0)
    with pytest.raises(InputError) as caught:
        from_networkx(there)
    told = "\n".join(str(problem) for problem in caught.value.problems)
    for part in ("'bordr'", "needs share", "'e1' and 'e2'", "students and one of", "by border"):
        assert part in told
    assert "'e2' and 'v' have 2 edges of one contact" in told


def test_nodes_that_say_too_little_or_too_much_are_named(graph: FeederGraph) -> None:
    there = to_networkx(graph)
    del there.nodes["v"]["has_land"]
    there.nodes["e2"]["schools"] = ("e2", "k1")
    there.nodes["m1"]["schools"] = ()
    with pytest.raises(InputError) as caught:
        from_networkx(there)
    told = "\n".join(str(problem) for problem in caught.value.problems)
    assert "node 'v' needs schools" in told
    assert "school 'k1' is on 2 campuses" in told
    assert "node 'm1' has neither a school nor land" in told
