"""Attacks on what is told of counts; each recovers none. The attacker shares no code with ours.

P1 shares of pupils, P3 counts that add up, P4 ranges with one end, P5 a sender's last grade less
its told flows, P7 everybody counts.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog
from town import DISTRICT, FLOWS, MEASURES, SCHOOLS, write_town

from feeder.district.model import District
from feeder.district.read import read_district
from feeder.network.build import build_network
from feeder.network.graph import FEED
from feeder.network.model import Network
from feeder.publishing.cells import Told, told_cells
from feeder.publishing.contacts import told_shares

GROUPS = ("asian", "black", "white", "other")
HIDDEN_FLOWS = (
    FLOWS.replace("e3,m2,27", "e3,m1,6\ne3,m2,21")
    .replace("e7,m2,46", "e7,m1,4\ne7,m2,42")
    .replace("e1,m1,36", "e1,m1,24\ne1,m2,12")
    .replace("k8,h2,28", "k8,h1,3\nk8,h2,12")
)


def reach(
    low: pd.Series, high: pd.Series, sums: list[tuple[dict[str, float], float]], cell: str
) -> tuple[float, float]:
    """The least and the most of a cell that fit ranges and sums."""
    names = list(low.index)
    matrix = np.array([[weights.get(name, 0.0) for name in names] for weights, _ in sums])
    ends = []
    for sense in (1.0, -1.0):
        cost = np.where(np.array(names) == cell, sense, 0.0)
        found = linprog(
            cost,
            A_eq=matrix,
            b_eq=[total for _, total in sums],
            bounds=list(zip(low, high, strict=True)),
        )
        assert found.status == 0
        ends.append(float(found.x[names.index(cell)]))
    return ends[0], ends[1]


def with_groups(seed: int) -> str:
    """The town's measures with four groups that add up, some few, and two kinds of meals."""
    rng = np.random.default_rng(seed)
    schools = pd.read_csv(pd.io.common.StringIO(SCHOOLS)).set_index("school_id")["enrollment"]
    table = pd.read_csv(pd.io.common.StringIO(MEASURES)).set_index("school_id")
    for school, students in schools.items():
        few = rng.choice([0, 2, 5, 9, 11, 30], 3)
        for name, count in zip(GROUPS[:3], few, strict=True):
            table.loc[school, name] = min(count, students // 4)
        table.loc[school, "other"] = students - table.loc[school, list(GROUPS[:3])].sum()
        table.loc[school, "free"] = rng.choice([3, 8, 20])
        table.loc[school, "reduced"] = rng.choice([1, 7, 15])
    table["meals"] = table["free"] + table["reduced"]
    return table.astype(int, errors="ignore").to_csv()


@pytest.fixture(scope="module", params=[1, 2, 3])
def town(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[District, Network, Told]:
    names = (*GROUPS, "free", "reduced", "meals")
    columns = ", ".join(f'{name} = "{name}"' for name in ("learners", *names))
    changed = {
        "district.toml": DISTRICT.replace('learners = "learners"', columns, 1),
        "measures.csv": with_groups(request.param),
        "flows.csv": HIDDEN_FLOWS,
    }
    district = read_district(write_town(tmp_path_factory.mktemp("town"), changed))
    network = build_network(district)
    return district, network, told_cells(district, network)


def test_no_range_is_false(town: tuple[District, Network, Told]) -> None:
    """The true count lies in its range, and a told one is true."""
    district, network, told = town
    for true, cells in (
        (district.statistics.counts, told.counts),
        (network.flows[["students"]], told.flows),
    ):
        assert (cells.low <= true + 1e-9).to_numpy().all()
        assert (cells.high >= true - 1e-9).to_numpy().all()


def test_counts_that_add_up_give_nobody_away(town: tuple[District, Network, Told]) -> None:
    """P3: groups to the enrollment, free and reduced to both; every small count keeps 1 to 9."""
    district, _, told = town
    counts, recovered = district.statistics.counts, []
    for school, row in counts.iterrows():
        total = float(district.schools.loc[school, "enrollment"])
        sums = [
            (dict.fromkeys(GROUPS, 1.0), total),
            ({"free": 1.0, "reduced": 1.0, "meals": -1.0}, 0.0),
        ]
        low, high = told.counts.low.loc[school], told.counts.high.loc[school]
        for name in row.index[(row > 0) & (row < 10)]:
            least, most = reach(low, high, sums, str(name))
            if least > 1 + 1e-6 or most < 9 - 1e-6:
                recovered.append((school, name, least, most))
    assert recovered == []


def test_leavers_less_told_flows_give_nobody_away(town: tuple[District, Network, Told]) -> None:
    """P4 and P5: the flows of a sender and its last grade."""
    _, network, told = town
    flows, recovered = network.flows, []
    for sender, rows in flows.groupby("from_id"):
        low, high = (
            end["students"].loc[rows.index].set_axis(rows["to_id"])
            for end in (told.flows.low, told.flows.high)
        )
        total = float(rows["students"].sum())
        for receiver, students in rows.set_index("to_id")["students"].items():
            if 0 < students < 10:
                least, most = reach(low, high, [(dict.fromkeys(low.index, 1.0), total)], receiver)
                if least > 1 + 1e-6 or most < min(9, total - len(rows) + 1) - 1e-6:
                    recovered.append((sender, receiver, least, most))
    assert recovered == []


def test_a_large_flow_stays_on_the_map(town: tuple[District, Network, Told]) -> None:
    """The flow beside a hidden one is told to within eight students, not hidden."""
    _, network, told = town
    at = network.flows.set_index(["from_id", "to_id"]).index.get_loc(("e7", "m2"))
    assert told.flows.low["students"].iloc[at] == 37
    assert told.flows.high["students"].iloc[at] == 45


def test_a_flow_of_ten_or_more_without_few_beside_it_is_told(
    town: tuple[District, Network, Told],
) -> None:
    """24 and 12 of one school stand as they are."""
    _, network, told = town
    rows = (network.flows["from_id"] == "e1").to_numpy()
    assert not told.flows.is_open["students"].to_numpy()[rows].any()


def test_everybody_is_not_told(tmp_path: Path) -> None:
    """P7: all 60 of the nursery learn; told as 51 to 60. None of 270 is told as 0 to 9."""
    changed = MEASURES.replace("p,5,", "p,60,").replace("k8,20,", "k8,0,")
    district = read_district(write_town(tmp_path, {"measures.csv": changed}))
    told = told_cells(district, build_network(district)).counts
    assert (told.low.loc["p", "learners"], told.high.loc["p", "learners"]) == (51, 60)
    assert (told.low.loc["k8", "learners"], told.high.loc["k8", "learners"]) == (0, 9)


def test_it_depends_on_the_data_alone(town: tuple[District, Network, Told]) -> None:
    """Asked again it tells the same."""
    district, network, told = town
    again = told_cells(district, network)
    pd.testing.assert_frame_equal(again.counts.low, told.counts.low)
    pd.testing.assert_frame_equal(again.flows.high, told.flows.high)


def test_shares_of_pupils_are_not_told_beside_a_hidden_flow(tmp_path: Path) -> None:
    """P1: the charter's feed contacts, where one of its flows is 3 students."""
    folder = write_town(tmp_path, {"flows.csv": HIDDEN_FLOWS})
    district = read_district(folder)
    network = build_network(district, choice_schools="flow")
    graph = network.graph
    feeds = graph.contact_kind == FEED
    assert feeds.any()
    assert not told_shares(graph, told_cells(district, network))[feeds].any()
    assert told_shares(graph, told_cells(district, network))[~feeds].all()


def test_estimates_are_the_same_whatever_a_hidden_school_holds(tmp_path: Path) -> None:
    """P2: a middle school of 3 or of 8 students; all that is told of flows is the same."""
    told = []
    for students in (3, 8):
        changed = {
            "schools.csv": SCHOOLS + f"m3,Small Middle,40.012,-74.980,{students},6-8,West,,\n",
            "flows.csv": None,
            "district.toml": DISTRICT.replace(
                '[flows]\npath = "flows.csv"\nuse = ["table"]\nsource = "observed"\n'
                "suppressed_range = [1, 9]\n",
                '[flows]\nuse = ["estimate"]\n',
            ),
        }
        district = read_district(write_town(tmp_path / str(students), changed))
        network = build_network(district)
        cells = told_cells(district, network).flows
        assert "m3" in set(network.flows["from_id"]) | set(network.flows["to_id"])
        pairs = pd.MultiIndex.from_frame(network.flows[["from_id", "to_id"]])
        told.append((cells.low.set_axis(pairs), cells.high.set_axis(pairs)))
    for one, other in zip(*told, strict=True):
        pd.testing.assert_frame_equal(one, other, atol=1 / 16, rtol=0)
