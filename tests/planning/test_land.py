"""Vacant tiles: they go where communities need them to hang together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.network.graph import FeederGraph
from feeder.planning.land import lead_nodes, pieces, whole_land

SIDE = 4


def made(
    n: int,
    campuses: int,
    borders: list[tuple[int, int, float]],
    anchors: list[tuple[int, int, float]] = (),
) -> FeederGraph:
    """Nodes 0 to n - 1, landed but for those with anchors (campus, tile, share)."""
    rows = sorted([(a, b, "border", m, np.nan) for a, b, m in borders])
    rows += [(a, b, "overlap", np.nan, share) for a, b, share in anchors]
    a, b, kind, metres, share = zip(*sorted(rows), strict=True)
    landless = {a for a, _, _ in anchors}
    return FeederGraph(
        node_ids=tuple(f"n{i:02d}" for i in range(n)),
        n_campuses=campuses,
        school_ids=tuple(f"n{i:02d}" for i in range(campuses)),
        school_node=np.arange(campuses),
        has_land=np.array([i not in landless for i in range(n)]),
        contact_a=np.array(a),
        contact_b=np.array(b),
        contact_kind=np.array(kind),
        contact_border_m=np.array(metres),
        contact_share=np.array(share),
        flow_from=np.empty(0, dtype=np.int64),
        flow_to=np.empty(0, dtype=np.int64),
        flow_students=np.empty(0),
        flow_source=np.empty(0, dtype=str),
    )


def filled(graph: FeederGraph, node: list[int]) -> list[int]:
    free = np.arange(graph.n_nodes) >= graph.n_campuses
    return whole_land(graph, np.array(node), free=free).tolist()


def test_a_tile_between_two_pieces_joins_them_against_a_longer_border() -> None:
    """0 and 1 are one community, parted by the vacant 3, which leans more on 2."""
    graph = made(4, 3, [(0, 3, 10.0), (1, 3, 10.0), (2, 3, 900.0), (0, 2, 5.0), (1, 2, 5.0)])
    assert filled(graph, [0, 0, 1, -1]) == [0, 0, 1, 0]


def test_the_fewest_tiles_join() -> None:
    """From 0 to 1 over 3 and 4, or over 5 alone."""
    borders = [(0, 3, 1.0), (3, 4, 1.0), (1, 4, 1.0), (0, 5, 1.0), (1, 5, 1.0), (2, 3, 9.0)]
    graph = made(6, 3, [*borders, (2, 4, 9.0), (2, 5, 9.0)])
    assert filled(graph, [0, 0, 1, -1, -1, -1]) == [0, 0, 1, 1, 1, 0]


def test_ring_by_ring_the_longest_border_decides() -> None:
    """2 is nearer to 0, 3 to 1; 4 lies behind 3 and follows it, although it would rather have 2."""
    graph = made(5, 2, [(0, 2, 5.0), (1, 2, 4.0), (1, 3, 1.0), (3, 4, 2.0)])
    assert filled(graph, [0, 1, -1, -1, -1]) == [0, 1, 0, 1, 1]


def test_a_school_without_land_gets_the_tile_it_stands_on() -> None:
    """Campus 2 of community 0 stands on the vacant 3, which borders 1 the longest."""
    graph = made(4, 3, [(0, 3, 1.0), (1, 3, 9.0), (0, 1, 1.0)], [(2, 3, 1.0)])
    assert filled(graph, [0, 1, 0, -1]) == [0, 1, 0, 0]


def test_a_tile_that_several_want_goes_to_most_of_them() -> None:
    anchors = [(campus, 5, 1.0) for campus in (2, 3, 4)]
    graph = made(6, 5, [(0, 5, 1.0), (1, 5, 1.0)], anchors)
    assert filled(graph, [0, 1, 1, 0, 1, -1])[5] == 1
    assert filled(graph, [0, 1, 1, 0, -1, -1])[5] == 0


def test_a_school_that_touches_enough_asks_for_nothing() -> None:
    """A tenth of its area on the land of its community will do."""
    graph = made(4, 3, [(0, 3, 1.0), (1, 3, 9.0)], [(2, 0, 0.1), (2, 3, 0.9)])
    assert filled(graph, [0, 1, 0, -1])[3] == 1


def test_land_that_no_community_reaches_stays_without() -> None:
    graph = made(4, 1, [(0, 1, 1.0), (2, 3, 1.0)])
    assert filled(graph, [0, -1, -1, -1]) == [0, 0, -1, -1]


def test_schools_lead_to_the_tile_they_lean_on_most() -> None:
    graph = made(4, 3, [(0, 1, 1.0)], [(2, 0, 0.3), (2, 1, 0.7)])
    assert lead_nodes(graph).tolist() == [0, 1, 1, 3]
    assert lead_nodes(graph, np.array([0, 1, 0, 1])).tolist() == [0, 1, 0, 3]


@pytest.fixture(scope="module")
def grid() -> FeederGraph:
    """Four by four tiles, the last nine of them vacant, with borders of many lengths."""
    rng = np.random.default_rng(0)
    shuffled = rng.permutation(SIDE * SIDE).tolist()
    borders = []
    for x in range(SIDE):
        for y in range(SIDE):
            here = shuffled[SIDE * x + y]
            beside = [shuffled[SIDE * (x + 1) + y]] if x + 1 < SIDE else []
            above = [shuffled[SIDE * x + y + 1]] if y + 1 < SIDE else []
            borders += [
                (*sorted((here, other)), float(rng.integers(1, 5))) for other in [*beside, *above]
            ]
    return made(SIDE * SIDE, 7, borders)


@given(homes=st.lists(st.integers(0, 2), min_size=7, max_size=7))
def test_land_is_given_out_whole_and_nothing_that_hung_together_parts(
    grid: FeederGraph, homes: list[int]
) -> None:
    before = np.array([*homes, *[-1] * 9])
    after = np.array(filled(grid, before.tolist()))
    assert (after >= 0).all()
    assert (after[:7] == before[:7]).all()
    old, new = pieces(grid, before), pieces(grid, after)
    for community in range(3):
        own = np.flatnonzero(before == community)
        for a in own:
            for b in own:
                assert old[a] != old[b] or new[a] == new[b]
        # Every new tile hangs on a campus of its community.
        added = np.flatnonzero((after == community) & (before < 0))
        assert set(new[added]) <= set(new[own])
