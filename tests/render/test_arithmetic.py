"""The page's arithmetic stands alone, fits into the page, and agrees with Python's libraries."""

import json
import re
import subprocess
from collections import Counter

import numpy as np
import pytest
from pyproj import Geod
from vectors.node import MISSING, NODE, PAGE_TESTS

from feeder.district.schools.grades import span_label
from feeder.measures.disruption import moved
from feeder.network.graph import FeederGraph
from feeder.planning.land import whole_land
from feeder.publishing.facts import _contacts
from feeder.render.page.bundle import bundle
from feeder.terms import LEAST_SHARE, SLACK

PAGE = PAGE_TESTS.parents[1] / "feeder/render/assets/page"
MODULES = sorted((PAGE / "arithmetic").rglob("*.mjs"))
DECLARED = re.compile(
    r"^(?:export )?(?:async )?(?:function\*?|class|const|let) (\w+)", re.MULTILINE
)
needs_node = pytest.mark.skipif(NODE is None, reason=MISSING)


def in_node(expression: str, value: object) -> object:
    """Evaluate an expression of the page's arithmetic on ``value``, as ``given``."""
    script = f"""
        import * as page from {json.dumps((PAGE_TESTS / "arithmetic.mjs").as_uri())};
        import {{ readFileSync }} from "node:fs";
        const given = JSON.parse(readFileSync(0, "utf-8"));
        console.log(JSON.stringify({expression}));
    """
    done = subprocess.run(
        [str(NODE), "--input-type=module", "--eval", script],
        input=json.dumps(value),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_it_imports_nothing_but_itself_and_touches_no_page() -> None:
    for module in MODULES:
        text = module.read_text(encoding="utf-8")
        for source in re.findall(r'from "([^"]+)"', text):
            assert (module.parent / source).resolve() in MODULES, f"{module.name}: {source}"
        assert not re.search(r"\b(document|window|navigator|localStorage|L)\.", text), module.name


def test_it_becomes_one_script() -> None:
    script = bundle("arithmetic/scorecard.mjs", lambda path: (PAGE / path).read_text("utf-8"))
    assert "function scorecard(facts, division, today, isToday = false)" in script
    assert "import " not in script


def test_its_names_are_declared_once_in_the_whole_page() -> None:
    """The page's modules become one function, where two of one name would be an error."""
    names = Counter(
        name
        for module in sorted(PAGE.rglob("*.mjs"))
        for name in DECLARED.findall(module.read_text(encoding="utf-8"))
    )
    own = [name for module in MODULES for name in DECLARED.findall(module.read_text("utf-8"))]
    assert [name for name in own if names[name] > 1] == []


@needs_node
def test_distances_are_those_of_pyproj() -> None:
    rng = np.random.default_rng(3)
    lat, lon = rng.uniform(-60, 71, 400), rng.uniform(-180, 180, 400)
    away = np.concatenate([np.full(100, 1e-5), np.full(200, 0.2), np.full(98, 8.0), [0.0, 0.0]])
    other_lat = lat + away * rng.uniform(-1, 1, 400)
    other_lon = lon + away * rng.uniform(-1, 1, 400)
    metres = Geod(ellps="WGS84").inv(lon, lat, other_lon, other_lat)[2]
    rows = np.column_stack([lat, lon, other_lat, other_lon]).tolist()
    found = in_node("given.map((row) => page.geodesicMeters(...row))", rows)
    np.testing.assert_allclose(found, metres, rtol=2e-10, atol=2e-6)


@needs_node
def test_the_widest_pair_is_found_without_measuring_every_pair() -> None:
    rng = np.random.default_rng(4)
    groups = []
    for size, spread in ((1, 0.1), (2, 0.0), (2, 1e-5), (30, 0.3), (30, 4.0), (8, 1e-4)):
        lat, lon = 61 + rng.uniform(0, spread, size), -150 + rng.uniform(0, spread, size)
        groups.append([lat.round(5).tolist(), lon.round(5).tolist()])
    found = in_node(
        "given.map(([lat, lon]) => page.widestMeters("
        "lat.map((_, i) => i), lat, lon, page.earthPoints(lat, lon)))",
        groups,
    )
    for metres, (lat, lon) in zip(found, groups, strict=True):
        one, other = np.triu_indices(len(lat), k=1)
        x, y = np.array(lon), np.array(lat)
        every = Geod(ellps="WGS84").inv(x[one], y[one], x[other], y[other])[2]
        assert metres == pytest.approx(np.max(every, initial=0.0), rel=1e-9, abs=2e-6)


@needs_node
def test_who_changes_is_told_alike() -> None:
    """Of communities merged, split and renamed, with ties, empty schools and schools in none."""
    rng = np.random.default_rng(5)
    given = []
    for _ in range(200):
        n, n_plan, n_today = rng.integers(1, 14), *rng.integers(1, 6, 2)
        plan, today = rng.integers(-1, n_plan, n), rng.integers(-1, n_today, n)
        given.append([plan.tolist(), today.tolist(), rng.integers(0, 4, n).tolist(), 5])
    found = in_node(
        "given.map(([plan, today, enrollment, n]) => page.movedSchools("
        "{ schools: { enrollment } }, { school: plan, n }, { school: today, n }))",
        given,
    )
    for (plan, today, students, _), schools in zip(given, found, strict=True):
        columns = np.array(plan), np.array(today), np.array(students, dtype=float)
        assert np.flatnonzero(moved(*columns)).tolist() == schools


@needs_node
def test_spans_of_grades_are_written_alike() -> None:
    masks = [
        0,
        1 << 13,
        (1 << 14) - 1,
        *np.random.default_rng(6).integers(0, 1 << 14, 300).tolist(),
    ]
    assert in_node("given.map((mask) => page.gradeSpan(mask))", masks) == [
        span_label(mask) for mask in masks
    ]


@needs_node
def test_vacant_land_is_shared_out_alike() -> None:
    rng = np.random.default_rng(8)
    graphs = [random_land(rng) for _ in range(300)]
    homes = [rng.integers(-1, rng.integers(1, 6), graph.n_campuses) for graph in graphs]
    given = [[told_land(graph), home.tolist()] for graph, home in zip(graphs, homes, strict=True)]
    found = in_node(
        "given.map(([told, school]) => "
        "Array.from(page.editedDivision(page.readFacts(told), [], [], school).node))",
        given,
    )
    grown = 0
    for graph, home, node in zip(graphs, homes, found, strict=True):
        start = np.concatenate([home, np.full(graph.n_nodes - graph.n_campuses, -1)])
        free = np.arange(graph.n_nodes) >= graph.n_campuses
        expected = whole_land(graph, start, free=free)
        assert node == expected.tolist()
        grown += int((expected != start).sum())
    assert grown > 1000


def random_land(rng: np.random.Generator) -> FeederGraph:
    """Return squares on a grid, many of them vacant, some apart, and campuses that lean on them."""
    side, n_landless = int(rng.integers(3, 7)), int(rng.integers(0, 12))
    cells = rng.permutation(side * side)
    n_landed = int(rng.integers(1, side * side))
    node_of_cell = np.empty(side * side, dtype=np.int64)
    node_of_cell[cells] = np.arange(side * side) + n_landless * (np.arange(side * side) >= n_landed)
    rows = []
    for cell in range(side * side):
        for other in (cell + 1, cell + side):
            beside = other % side if other == cell + 1 else other < side * side
            if beside and rng.random() < 0.9:
                a, b = sorted((int(node_of_cell[cell]), int(node_of_cell[other])))
                bridge = rng.random() < 0.1
                border = 0.0 if bridge else float(rng.integers(1, 4))
                rows.append((a, b, "bridge" if bridge else "border", border, np.nan))
    for campus in range(n_landed, n_landed + n_landless):
        near = rng.choice(node_of_cell, int(rng.integers(1, 5)), replace=False)
        parts = rng.integers(1, 9, len(near)) / 64
        rows += [
            (campus, int(tile), "overlap", np.nan, float(part))
            for tile, part in zip(near, parts, strict=True)
        ]
    a, b, kind, border_m, share = (np.array(column) for column in zip(*sorted(rows), strict=True))
    n_nodes, n_campuses = side * side + n_landless, n_landed + n_landless
    ids = tuple(f"{node:03d}" for node in range(n_nodes))
    return FeederGraph(
        node_ids=ids,
        n_campuses=n_campuses,
        school_ids=ids[:n_campuses],
        school_node=np.arange(n_campuses),
        has_land=np.isin(np.arange(n_nodes), node_of_cell),
        contact_a=a,
        contact_b=b,
        contact_kind=kind,
        contact_border_m=border_m,
        contact_share=share,
        flow_from=np.empty(0, dtype=np.int64),
        flow_to=np.empty(0, dtype=np.int64),
        flow_students=np.empty(0),
        flow_source=np.empty(0, dtype=str),
    )


def told_land(graph: FeederGraph) -> dict[str, object]:
    """Return facts that hold nothing but nodes and contacts."""
    tiles = np.flatnonzero(graph.has_land).tolist()
    columns = (
        "name",
        "level",
        "grades",
        "lat",
        "lon",
        "enrollment",
        "entering",
        "leavers",
        "tiles",
    )
    return {
        "schools": {
            **{name: [0] * graph.n_campuses for name in columns},
            "id": list(graph.school_ids),
            "need": None,
            "node": graph.school_node.tolist(),
        },
        "measures": {},
        "thresholds": {"least_share": LEAST_SHARE, "slack": SLACK},
        "vacant": list(graph.node_ids[graph.n_campuses :]),
        "tiles": {
            **{name: [0] * len(tiles) for name in ("area", "rim")},
            "node": tiles,
            "parts": [1] * len(tiles),
        },
        "contacts": _contacts(graph),
        "part_contacts": {"a": [], "b": [], "border": []},
        "flows": {name: [] for name in ("from", "to", "students", "source", "open", "low", "high")},
        "scenario": {},
        "today": None,
    }
