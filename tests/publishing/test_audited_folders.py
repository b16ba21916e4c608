"""What ``feeder audit`` finds in folders that somebody has changed, and what it did not read."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import Result
from town import DISTRICT, SCHOOLS, write_town
from typer.testing import CliRunner

from feeder.cli import app
from feeder.publishing.audit.folders import pages, published_files
from feeder.publishing.audit.tables import numbers, tables

from .pages import page, rewritten

Change = Callable[[dict[str, Any]], None]


def audit(*words: object) -> Result:
    return CliRunner().invoke(app, ["audit", *map(str, words)])


def copied(folders: Mapping[str, Path], out: Path) -> Path:
    """A copy of the first folder's public files, to be changed."""
    out.mkdir()
    for file in published_files(folders["one"]):
        shutil.copy(file, out / file.name)
    return out


def changed_map(folders: Mapping[str, Path], out: Path, change: Change) -> Path:
    folder = copied(folders, out)
    data = page(folder / "map.html")
    change(data)
    (folder / "map.html").write_text(rewritten((folder / "map.html").read_text(), data))
    return folder


def test_every_file_of_a_run_is_read(folders: Mapping[str, Path]) -> None:
    """Map, GeoJSON and both reports, with their figures; the verdict says what it rests on."""
    done = audit(folders["one"], "--district", folders["town"])
    assert done.exit_code == 0, done.output
    for name in ("map.html", "communities.geojson", "report.html", "report.es.html"):
        assert re.search(rf"{name} \(\d+ figures read\)", done.output), name
    assert "drawings, and sentences" in done.output
    assert "the headlines of this plan" in done.output


def test_a_count_that_is_not_so_is_named(folders: Mapping[str, Path], tmp_path: Path) -> None:
    def change(data: dict[str, Any]) -> None:
        at = data["facts"]["schools"]["id"].index("e4")
        data["facts"]["schools"]["enrollment"][at] += 1

    folder = changed_map(folders, tmp_path / "changed", change)
    done = audit(folder, folders["two"], "--district", folders["town"])
    assert done.exit_code == 1
    assert f"{folder.name}/map.html: enrollment of e4 is not as it is told." in done.output
    assert f"{folders['two'].name}/map.html: enrollment" not in done.output


def test_need_that_is_told_gives_its_count_away(
    folders: Mapping[str, Path], tmp_path: Path
) -> None:
    """P6: need is a weight times learners, so a need of 5 is 5 learners of the nursery."""

    def change(data: dict[str, Any]) -> None:
        at = data["facts"]["schools"]["id"].index("p")
        rows, low, high = data["facts"]["ends"]["schools"]["need"]
        low[rows.index(at)] = high[rows.index(at)] = 5

    folder = changed_map(folders, tmp_path / "changed", change)
    done = audit(folder, "--district", folders["town"])
    assert done.exit_code == 1
    assert "need of p is told closer than may be known" in done.output


def test_need_divided_by_its_weight_is_the_range_of_its_count(
    folders: Mapping[str, Path],
) -> None:
    """P6: whoever divides dollars or need back is left with all of 1 to 9 learners."""
    (told,) = pages([folders["one"]])
    at = told.schools.index("p")
    low, high = (float(end[at]) for end in told.columns["need"])
    assert low <= 1
    assert high >= 9
    np.testing.assert_array_equal(told.columns["need"], told.columns["count learners"])


@pytest.mark.parametrize("name", ["feeder_continuity", "split_across_communities"])
def test_a_headline_that_is_not_so_is_named(
    folders: Mapping[str, Path], tmp_path: Path, name: str
) -> None:
    def change(data: dict[str, Any]) -> None:
        data["plans"][0]["headlines"][name] = {"value": 0.123 if "continuity" in name else 99}

    done = audit(changed_map(folders, tmp_path / "changed", change), "--district", folders["town"])
    assert done.exit_code == 1
    assert re.search(rf"map.html: {name} of \w+ is not as it is told", done.output), done.output


@pytest.mark.parametrize(
    ("value", "says"), [(None, "told closer than may be known"), (-1, "not as it is told")]
)
def test_geojson_tells_no_more_than_the_ranges(
    folders: Mapping[str, Path], tmp_path: Path, value: float | None, says: str
) -> None:
    """A range with one end moved to the other tells more; a figure below it is false."""
    folder = copied(folders, tmp_path / "changed")
    file = folder / "communities.geojson"
    layer = json.loads(file.read_text())
    row, name = next(
        (feature["properties"], key.removesuffix("_low"))
        for feature in layer["features"]
        for key, low in feature["properties"].items()
        if key.endswith("_low") and low != feature["properties"][key[:-3] + "high"]
    )
    if value is None:
        row[f"{name}_high"] = row[f"{name}_high"] * 0.999 + row[f"{name}_low"] * 0.001
    else:
        row[f"{name}_low"], row[f"{name}_high"] = value - 1, value
    file.write_text(json.dumps(layer))
    done = audit(folder, "--district", folders["town"])
    assert done.exit_code == 1
    assert re.search(rf"communities.geojson: {name} of \w+ is {says}", done.output), done.output


def test_a_report_with_more_digits_than_the_map_is_named(
    folders: Mapping[str, Path], tmp_path: Path
) -> None:
    folder = copied(folders, tmp_path / "changed")
    text = (folder / "report.html").read_text()
    found = re.search(r"<strong>(\d+\.\d)%</strong>", text)
    assert found is not None
    finer = found[0].replace(found[1], f"{found[1]}7")
    (folder / "report.html").write_text(text.replace(found[0], finer, 1))
    done = audit(folder, "--district", folders["town"])
    assert done.exit_code == 1
    assert "report.html: " in done.output
    assert "or has more digits" in done.output
    assert "report.es.html: " not in done.output


def test_both_languages_tell_the_same_numbers(folders: Mapping[str, Path]) -> None:
    told = []
    for name in ("report.html", "report.es.html"):
        spoken, found = tables((folders["one"] / name).read_text())
        told.append(
            [
                [list(numbers(text, spoken)) for text in row.figures]
                for table in found
                for row in table.rows
            ]
        )
    assert told[0] == told[1]
    assert sum(map(len, told[0])) > 20


def test_pages_of_other_schools_are_named_and_not_judged(
    folders: Mapping[str, Path], tmp_path: Path
) -> None:
    """A folder of another year needs its own data, and then is judged on that."""
    other = write_town(
        tmp_path / "other",
        {"schools.csv": SCHOOLS.replace("p,Nest,", "q,Nest,"), "measures.csv": None}
        | {"plan.csv": None, "district.toml": _without_tables()},
    )
    done = audit(folders["one"], "--district", other)
    assert done.exit_code == 1
    assert "Nothing was judged" in done.output
    assert "its schools are not those of the district" in done.output
    half = audit(folders["one"], folders["two"], "--district", folders["town"], "--district", other)
    assert half.exit_code == 1
    assert "could not be judged" in half.output
    assert half.output.count(" figures read)") == 4
    same = shutil.copytree(folders["town"], tmp_path / "same")
    both = audit(folders["one"], folders["two"], "--district", folders["town"], "--district", same)
    assert both.exit_code == 0, both.output
    assert both.output.count(" figures read)") == 8
    few = audit(*[folders["one"]] * 3, "--district", other, "--district", other)
    assert few.exit_code == 2


def _without_tables() -> str:
    text = re.sub(r"\[measures\].*?\n\n", "", DISTRICT, flags=re.DOTALL)
    return re.sub(r"\[existing_plan\].*?\n\n", "", text, flags=re.DOTALL)


def test_the_verdict_is_written_by_its_ending(folders: Mapping[str, Path], tmp_path: Path) -> None:
    given = [folders["one"], "--district", folders["town"], "--out"]
    assert audit(*given, tmp_path / "verdict.json").exit_code == 0
    record = json.loads((tmp_path / "verdict.json").read_text())
    assert record["holds"]
    assert record["plans"] == 1
    assert {Path(one["file"]).name for one in record["files"]} >= {"map.html", "report.html"}
    assert audit(*given, tmp_path / "verdict.html").exit_code == 0
    assert "<h1>Audit of out1 against Town" in (tmp_path / "verdict.html").read_text()
    assert audit(*given, tmp_path / "verdict.docx").exit_code == 2


def test_the_page_of_an_ensemble_and_tiles_are_for_the_desk(tmp_path: Path) -> None:
    for name in ("ensemble.html", "ensemble.es.html", "tiles.geojson", "map.html", "packet.pdf"):
        (tmp_path / name).touch()
    assert [file.name for file in published_files(tmp_path)] == ["map.html", "packet.pdf"]
