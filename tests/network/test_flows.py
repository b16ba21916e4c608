"""A district's flow table: passed on as it stands, or estimated, and what is missing named."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from feeder.district.model import PK_BIT, District, Statistics
from feeder.network.flows import COLUMNS, network_flows
from feeder.scenario import Scenario


def mask(low: int, high: int) -> int:
    return sum(PK_BIT if g < 0 else 1 << g for g in range(low, high + 1))


def district(
    flows: list[tuple[object, ...]] | None, kinds: dict[str, str] | None = None
) -> District:
    """Two elementary schools, a K-2 half, a PK centre, two middle schools, one high school."""
    rows = {
        "e1": ("Ash", mask(0, 5), 0.00, 100.0),
        "e2": ("Birch", mask(0, 5), 0.02, 50.0),
        "h1": ("High", mask(9, 12), 0.01, 200.0),
        "k1": ("Half", mask(0, 2), 0.001, 20.0),
        "m1": ("Maple", mask(6, 8), 0.00, 90.0),
        "m2": ("Oak", mask(6, 8), 0.02, 45.0),
        "p1": ("Nursery", mask(-1, -1), 0.0, 0.0),
    }
    schools = pd.DataFrame.from_dict(
        rows, orient="index", columns=["name", "grades", "lon", "leavers"]
    )
    schools.index.name = "school_id"
    schools = schools.assign(lat=0.0, enrollment=(schools["leavers"] * 4).astype(np.int64), kind="")
    for school, kind in (kinds or {}).items():
        schools.loc[school, "kind"] = kind
    none = pd.DataFrame(index=schools.index)
    return District(
        name="Town",
        year="",
        folder=Path(),
        synthetic=True,
        schools=schools,
        extra=none,
        grade_enrollment=None,
        areas=None,
        boundary=None,
        flows=None if flows is None else pd.DataFrame(flows, columns=list(COLUMNS)),
        statistics=Statistics(none, none, none, {}, None),
        existing_plan=None,
        offices=None,
        scenario=Scenario(),
        warnings=(),
        inputs=(),
    )


KNOWN = [
    ("e2", "m2", 50.0, 50.0, 50.0, "zoned"),
    ("m1", "h1", 85.0, 81.0, 89.0, "observed"),
    ("e1", "m1", 100.0, 100.0, 100.0, "zoned"),
]


ALONE = ("table",)


def test_a_table_alone_is_passed_on_sorted_and_not_completed() -> None:
    table = network_flows(replace(district(KNOWN), flow_ways=ALONE))
    assert list(table.flows) == list(COLUMNS)
    assert table.flows.to_numpy().tolist() == [list(KNOWN[2]), list(KNOWN[0]), list(KNOWN[1])]
    assert table.variants is None
    assert table.report == {
        "sources": {
            "observed": {
                "rows": 1,
                "students": 85.0,
                "students_low": 81.0,
                "students_high": 89.0,
            },
            "zoned": {"rows": 2, "students": 150.0},
        },
        "schools_without_flow": {"k1": 20.0, "m2": 45.0},
        "zoned": None,
        "estimate": None,
    }


def test_senders_that_a_table_lacks_are_estimated_and_told() -> None:
    table = network_flows(district(KNOWN))
    sources = table.flows.set_index(["from_id", "to_id"])["source"]
    assert sources["m2", "h1"] == "estimated"
    assert sources.drop(("m2", "h1")).tolist() == ["zoned", "zoned", "observed"]
    told = {warning.rule: warning.message for warning in table.warnings}
    assert (
        "1 school (85 students) by counts; 2 schools (150 students) by the table"
        in told["flow-sources"]
    )
    assert "1 school (45 students) by an estimate" in told["flow-sources"]
    # A variant changes the estimated rows alone.
    assert table.variants is not None
    assert table.variants.index.tolist() == [("m2", "h1")]


def test_schools_without_a_next_step_are_named_in_one_warning() -> None:
    (warning,) = network_flows(replace(district(KNOWN), flow_ways=ALONE)).warnings
    assert warning.rule == "school-without-flow"
    assert "2 schools of 7" in warning.message
    assert "65 leavers" in warning.message
    # Most leavers first; neither the high school nor the nursery is expected to send.
    assert "Oak (m2), Half (k1)." in warning.message


def test_a_complete_table_gives_no_warning() -> None:
    rest = [("k1", "e1", 20.0, 20.0, 20.0, "zoned"), ("m2", "h1", 45.0, 45.0, 45.0, "zoned")]
    assert network_flows(district(KNOWN + rest)).warnings == ()


def test_an_empty_table_is_no_flows_not_an_estimate() -> None:
    table = network_flows(district([]))
    assert table.flows.empty
    assert table.report["sources"] == {}
    assert table.report["estimate"] is None


def test_without_a_table_everything_is_estimated() -> None:
    table = network_flows(district(None))
    assert set(table.flows["source"]) == {"estimated"}
    assert table.flows["students"].sum() == pytest.approx(100 + 50 + 90 + 45, abs=1e-4)
    assert table.variants is not None
    assert table.variants.shape[1] == 18
    assert table.report["estimate"]["senders_without_receiver"][0]["school_id"] == "k1"
    assert table.report["schools_without_flow"] == {"k1": 20.0}
    assert [warning.rule for warning in table.warnings] == [
        "flows-estimated",
        "kind-unknown",
        "school-without-flow",
    ]
    json.dumps(table.report, allow_nan=False)


def test_receivers_left_out_by_kind_are_named() -> None:
    table = network_flows(district(None, {"m2": "charter", "m1": "neighbourhood"}))
    warnings = {warning.rule: warning.message for warning in table.warnings}
    assert "kind-unknown" not in warnings
    assert "Oak (m2)" in warnings["receivers-left-out"]
    assert set(table.flows["to_id"]) == {"m1", "h1"}


def test_the_width_is_a_setting() -> None:
    sharp, wide = (network_flows(district(None), width=width) for width in (0.1, 0.7))
    assert sharp.report["estimate"]["parameters"]["width"] == 0.1
    assert len(wide.flows) > len(sharp.flows)
