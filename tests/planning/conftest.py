"""Districts of a few schools drawn as a graph, without geometry, and a judge of their plans."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest

from feeder.district.model import District, Statistics
from feeder.network.graph import FeederGraph
from feeder.network.model import Network
from feeder.network.travel import travel_of
from feeder.scenario import Scenario


class School(NamedTuple):
    """A school; those of one ``campus`` share a site, the first id names it."""

    low: int = 0
    high: int = 12
    enrollment: int = 100
    region: str = ""
    name: str = ""
    campus: str = ""


class Sketch(NamedTuple):
    district: District
    graph: FeederGraph


def sketch(
    schools: Mapping[str, School],
    borders: Iterable[tuple[str, str]] = (),
    leans: Mapping[str, Mapping[str, float]] | None = None,
    vacant: Iterable[str] = (),
    flows: Iterable[tuple[str, str, float]] = (),
    need: Mapping[str, float] | None = None,
) -> Sketch:
    """Draw a district.

    ``leans`` gives landless schools the shares of their area on tiles; every other school has a
    tile, and so has every ``vacant`` id. ``borders`` are pairs of tiles.
    """
    ids = sorted(schools)
    leans = leans or {}
    rows = [schools[school] for school in ids]
    lead: dict[str, str] = {}
    for school, row in zip(ids, rows, strict=True):
        lead.setdefault(row.campus or school, school)
    campuses = sorted(lead.values())
    node_ids = (*campuses, *sorted(vacant))
    node = {name: i for i, name in enumerate(node_ids)}
    node |= {s: node[lead[row.campus or s]] for s, row in zip(ids, rows, strict=True)}
    school_node = [node[school] for school in ids]
    table = pd.DataFrame(
        {
            "name": [row.name or f"{school} School" for school, row in zip(ids, rows, strict=True)],
            "level": "span",
            "grades": pd.Series([(2 << row.high) - (1 << row.low) for row in rows], dtype="int64"),
            "grade_low": [row.low for row in rows],
            "grade_high": [row.high for row in rows],
            "lat": 40.0,
            "lon": -75.0,
            "enrollment": pd.Series([row.enrollment for row in rows], dtype="int64"),
            "leavers": 1.0,
            "leavers_estimated": False,
            "office_capacity": float("nan"),
            "entering": 1.0,
            "capacity": float("nan"),
            "campus_id": [row.campus for row in rows],
            "region": [row.region for row in rows],
            "kind": "",
        }
    ).set_index(pd.Index(ids, dtype=object, name="school_id"))
    figures = None if need is None else pd.Series({school: need[school] for school in ids})
    district = District(
        name="Sketch",
        year="",
        folder=Path(),
        synthetic=True,
        schools=table,
        extra=pd.DataFrame({"board": [row.region for row in rows]}, index=table.index),
        grade_enrollment=None,
        areas=None,
        boundary=None,
        flows=None,
        statistics=Statistics(*[pd.DataFrame(index=table.index)] * 3, {}, figures),
        existing_plan=None,
        offices=None,
        scenario=Scenario(),
        warnings=(),
        inputs=(),
    )
    pairs = {(min(node[a], node[b]), max(node[a], node[b])) for a, b in borders}
    contacts = [(a, b, "border", 100.0, np.nan) for a, b in pairs if a != b] + [
        (node[u], node[tile], "overlap", np.nan, share)
        for u, tiles in leans.items()
        for tile, share in tiles.items()
    ]
    a, b, kind, border, share = zip(*sorted(contacts), strict=True) if contacts else ((),) * 5
    at = {school: i for i, school in enumerate(ids)}
    graph = FeederGraph(
        node_ids=node_ids,
        n_campuses=len(campuses),
        school_ids=tuple(ids),
        school_node=np.array(school_node, dtype=np.int64),
        has_land=np.array([name not in leans for name in node_ids], dtype=bool),
        contact_a=np.array(a, dtype=np.int64),
        contact_b=np.array(b, dtype=np.int64),
        contact_kind=np.array(kind, dtype=str),
        contact_border_m=np.array(border, dtype=float),
        contact_share=np.array(share, dtype=float),
        flow_from=np.array([at[f] for f, _, _ in flows], dtype=np.int64),
        flow_to=np.array([at[t] for _, t, _ in flows], dtype=np.int64),
        flow_students=np.array([n for _, _, n in flows], dtype=float),
        flow_source=np.array(["zoned" for _ in flows], dtype=str),
    )
    return Sketch(district, graph)


class Judge:
    """Whether a plan keeps every promise, school by school: shares no code with the checks."""

    def __init__(self, drawn: Sketch, scenario: Scenario) -> None:
        self.graph, self.scenario = drawn.graph, scenario
        self.schools = drawn.district.schools
        self.need = drawn.district.statistics.need
        self.land = nx.Graph()
        self.land.add_nodes_from(np.flatnonzero(self.graph.has_land).tolist())
        self.leans: dict[int, dict[int, float]] = {}
        for a, b, kind, share in zip(
            self.graph.contact_a.tolist(),
            self.graph.contact_b.tolist(),
            self.graph.contact_kind,
            self.graph.contact_share,
            strict=True,
        ):
            if kind == "border":
                self.land.add_edge(a, b)
            else:
                self.leans.setdefault(a, {})[b] = share

    def plans(self) -> Iterator[tuple[int, ...]]:
        """Every division of the nodes into communities."""
        yield from product(range(self.scenario.communities or 1), repeat=self.graph.n_nodes)

    def accepts(self, plan: tuple[int, ...]) -> bool:
        groups = [
            [i for i, node in enumerate(self.graph.school_node.tolist()) if plan[node] == c]
            for c in range(self.scenario.communities or 1)
        ]
        return (
            all(self._fits(group) for group in groups)
            and self._wishes({s: plan[n] for s, n in self._homes()})
            and self._whole(plan)
        )

    def _homes(self) -> Iterator[tuple[str, int]]:
        return zip(self.graph.school_ids, self.graph.school_node.tolist(), strict=True)

    def _fits(self, group: list[int]) -> bool:
        table, k = self.schools.iloc[group], self.scenario.communities or 1
        every = np.bitwise_or.reduce(self.schools["grades"].to_numpy())
        if not self.scenario.schools[0] <= len(group) <= self.scenario.schools[1]:
            return False
        if np.bitwise_or.reduce(table["grades"].to_numpy(), initial=0) != every:
            return False
        if self.scenario.nested_in and len(set(table["region"])) > 1:
            return False
        bands = [(self.schools["enrollment"], self.scenario.enrollment_tolerance)]
        if self.scenario.need_tolerance is not None and self.need is not None:
            bands.append((self.need, self.scenario.need_tolerance))
        return all(
            abs(values.iloc[group].sum() - values.sum() / k) <= values.sum() / k * tolerance + 1e-9
            for values, tolerance in bands
        )

    def _wishes(self, home: dict[str, int]) -> bool:
        ids: dict[str, set[int]] = {}
        for school, to in self.scenario.locked.items():
            ids.setdefault(to, set()).add(home[school])
        return (
            all(len(homes) == 1 for homes in ids.values())
            and len(set().union(*ids.values())) == len(ids)
            and all(len({home[s] for s in group}) == 1 for group in self.scenario.keep_together)
            and all(
                len({home[s] for s in group}) == len(group) for group in self.scenario.keep_apart
            )
        )

    def _whole(self, plan: tuple[int, ...]) -> bool:
        for c in set(plan):
            tiles = [node for node in self.land if plan[node] == c]
            if not any(node < self.graph.n_campuses for node in tiles):
                return False  # none is made of vacant tiles and landless schools alone
            if not nx.is_connected(self.land.subgraph(tiles)):
                return False
        return all(
            sum(share for tile, share in tiles.items() if plan[tile] == plan[u]) >= 0.1 - 1e-9
            for u, tiles in self.leans.items()
        )

    def some_plan(self) -> tuple[int, ...] | None:
        """Return some plan that keeps every promise, or None where none does."""
        return next((plan for plan in self.plans() if self.accepts(plan)), None)


def network_of(drawn: Sketch) -> Network:
    """A network without geometry: enough to plan on."""
    none = gpd.GeoDataFrame({"node": np.zeros(0, dtype=np.int64)}, geometry=[], crs="EPSG:32618")
    flows = pd.DataFrame(columns=["from_id", "to_id", "students"])
    return Network(
        graph=drawn.graph,
        tiles=none,
        offshore=none,
        crs="EPSG:32618",
        flows=flows,
        flow_report={},
        flow_variants=None,
        warnings=(),
        travel=travel_of(drawn.district),
    )


class Drawing(NamedTuple):
    """The functions above, handed to tests."""

    school: type[School]
    sketch: Callable[..., Sketch]
    judge: type[Judge]
    network: Callable[[Sketch], Network]


@pytest.fixture(scope="session")
def draw() -> Drawing:
    return Drawing(School, sketch, Judge, network_of)
