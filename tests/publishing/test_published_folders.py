"""Attacks on published folders themselves, by the data of their pages; each recovers none."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
from typer.testing import CliRunner

from feeder.cli import app

from .pages import page, rewritten

EIGHTH = 8


def flows(file: Path) -> pd.DataFrame:
    """Ranges of every flow in a page, by sender and receiver."""
    facts = page(file)["facts"]
    told, ids = facts["flows"], facts["schools"]["id"]
    sender, rows = 0, []
    for step, receiver, students in zip(told["from"], told["to"], told["students"], strict=True):
        sender += step
        rows.append((ids[sender], ids[receiver], students / EIGHTH, students / EIGHTH))
    table = pd.DataFrame(rows, columns=["from_id", "to_id", "low", "high"])
    table.loc[told["open"], "low"] = [value / EIGHTH for value in told["low"]]
    table.loc[told["open"], "high"] = [value / EIGHTH for value in told["high"]]
    return table.set_index(["from_id", "to_id"])


def test_two_pages_together_recover_no_flow(folders: Mapping[str, Path]) -> None:
    """Ranges of both pages cut with each other and with what each sender sends."""
    true = pd.read_csv(folders["town"] / "flows.csv").set_index(["from_id", "to_id"])["students"]
    one, two = (flows(folders[name] / "map.html") for name in ("one", "two"))
    low, high = one["low"].combine(two["low"], max), one["high"].combine(two["high"], min)
    recovered = []
    for (sender, receiver), students in true.items():
        others = [pair for pair in true.index if pair[0] == sender and pair[1] != receiver]
        total = true[sender].sum()
        least = max(low[sender, receiver], total - high[others].sum())
        most = min(high[sender, receiver], total - low[others].sum())
        assert least <= students <= most
        if students < 10 and (least > 1 or most < 9):
            recovered.append((sender, receiver))
    assert recovered == []


def test_the_command_agrees_and_names_every_file(
    folders: Mapping[str, Path], tmp_path: Path
) -> None:
    """Exit code 0, and a verdict with the sha256 of both maps."""
    out = tmp_path / "verdict.txt"
    done = CliRunner().invoke(
        app,
        [
            "audit",
            str(folders["one"]),
            str(folders["two"]),
            "--district",
            str(folders["town"]),
            "--out",
            str(out),
        ],
    )
    assert done.exit_code == 0, done.output
    text = out.read_text()
    assert text.count("map.html (") == 2
    assert "SHA-256" in text


def test_a_page_that_gives_a_flow_away_fails_by_name(
    folders: Mapping[str, Path], tmp_path: Path
) -> None:
    """The partner of a hidden flow told exactly: exit code 1, with the flow and the file."""
    broken = tmp_path / "broken"
    broken.mkdir()
    text = (folders["one"] / "map.html").read_text()
    data = page(folders["one"] / "map.html")
    told = data["facts"]["flows"]
    true = pd.read_csv(folders["town"] / "flows.csv").set_index(["from_id", "to_id"])["students"]
    pairs = list(flows(folders["one"] / "map.html").index)
    at = told["open"].index(pairs.index(("e7", "m2")))
    told["low"][at] = told["high"][at] = int(true["e7", "m2"]) * EIGHTH
    (broken / "map.html").write_text(rewritten(text, data))
    done = CliRunner().invoke(app, ["audit", str(broken), "--district", str(folders["town"])])
    assert done.exit_code == 1, done.output
    assert "e7 > m1" in done.output
    assert "broken/map.html" in done.output
