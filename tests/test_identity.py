"""What a community goes by: fixed when its plan is made, edited in one file, one everywhere."""

import csv
import io
import json
import re
import shutil
import sqlite3
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from matplotlib.text import Text
from town import write_town
from typer.testing import CliRunner, Result

from feeder import InputError, Plan, open_plan, plan_district
from feeder.cli import app
from feeder.language import ENGLISH
from feeder.render.packet.book import packet_pages
from feeder.render.packet.data import packet_data
from feeder.render.page.page import PageInfo

runner = CliRunner()
QUICK = ("--effort", "quick")
NUMBER, NAME, COLOR, HOST = "7", "Río Bend & Co", "#AA4499", "e1"
EDITED = {"number": NUMBER, "name": NAME, "color": COLOR, "contact_phone": "+1 555 0100"}


def run(*arguments: object) -> Result:
    result = runner.invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result


def rows(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))


def edit(folder: Path, at: int = 0, **cells: str) -> None:
    """Write cells into one row of a folder's communities.csv."""
    table = rows(folder / "communities.csv")
    table[at] |= cells
    with (folder / "communities.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, table[0])
        writer.writeheader()
        writer.writerows(table)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_town(tmp_path_factory.mktemp("identity") / "town")


@pytest.fixture(scope="module")
def made(town: Path) -> Path:
    """The folder of a plan, as it was made."""
    folder = town.parent / "made"
    plan_district(town, effort="quick").write(folder)
    return folder


@pytest.fixture(scope="module")
def edited(town: Path, made: Path) -> Path:
    """The folder of a plan whose first community got another number, name, color and contact."""
    folder = town.parent / "edited"
    shutil.copytree(made, folder)
    edit(folder, **EDITED)
    return folder


@pytest.fixture(scope="module")
def opened(town: Path, edited: Path) -> Plan:
    return open_plan(town, edited)


@pytest.fixture(scope="module")
def written(town: Path, edited: Path) -> tuple[Path, str]:
    """The same plan scored into a folder, and what the terminal said."""
    out = town.parent / "written"
    return out, run("score", town, edited, "--out", out).stdout


def identities(plan: Plan) -> list[tuple[str, str, str]]:
    return [(str(one.number), one.name, one.color) for one in plan.assignment.communities]


def payload(page: str) -> list[dict[str, Any]]:
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert data is not None
    return list(json.loads(data[1])["plans"])


def told(plan: dict[str, Any]) -> list[tuple[str, str, str]]:
    table = plan["communities"]
    return list(zip(map(str, table["number"]), table["name"], table["color"], strict=True))


def badges(html: str) -> set[tuple[str, str]]:
    """Number and color of every badge of a page."""
    found = re.findall(r'<rect [^>]*fill="(#\w{6})"/><text[^>]*>(\d+)</text>', html)
    return {(number, color) for color, number in found}


def test_a_new_plan_numbers_names_and_colors_its_communities(made: Path) -> None:
    table = rows(made / "communities.csv")
    assert [row["number"] for row in table] == ["1", "2"]
    assert sorted(row["name"] for row in table) == ["East", "West"]
    assert len({row["color"] for row in table}) == 2
    assert {row["office_school_id"] + row["contact_name"] for row in table} == {""}
    homes = {row["community_id"]: row["community"] for row in rows(made / "plan.csv")}
    assert homes == {row["community_id"]: row["name"] for row in table}


def test_an_edit_is_obeyed_by_every_file(written: tuple[Path, str], opened: Plan) -> None:
    out, terminal = written
    ours = identities(opened)
    assert ours[0] == (NUMBER, NAME, COLOR)
    assert f"{NUMBER} {NAME} " in terminal
    table = rows(out / "communities.csv")
    assert [(row["number"], row["name"], row["color"]) for row in table] == ours
    assert table[0]["contact_phone"] == "'+1 555 0100"  # no spreadsheet runs it
    assert open_plan(opened.district, out).assignment.communities[0].contact_phone[0] == "+"
    assert {row["community"] for row in rows(out / "plan.csv")} == {name for _, name, _ in ours}
    plan, today = payload((out / "map.html").read_text(encoding="utf-8"))
    assert told(plan) == ours
    assert today["today"]
    features = json.loads((out / "communities.geojson").read_text(encoding="utf-8"))["features"]
    properties = [feature["properties"] for feature in features]
    assert [(str(one["number"]), one["name"], one["color"]) for one in properties] == ours


def test_an_edit_is_obeyed_by_pages_without_script(written: tuple[Path, str], opened: Plan) -> None:
    """Map and report: badge and name, and the color of the land."""
    ours = identities(opened)
    for name in ("map.html", "report.html", "report.es.html"):
        html = (written[0] / name).read_text(encoding="utf-8")
        assert badges(html) == {(number, color) for number, _, color in ours}, name
        land = re.findall(r'<path fill="(#\w{6})" d="[^"]*"><title>(\d+) ([^<]*)</title>', html)
        assert [(number, unescape(called), color) for color, number, called in land] == ours


def test_an_edit_is_obeyed_by_the_geopackage_and_its_style(
    written: tuple[Path, str], opened: Plan
) -> None:
    ours = identities(opened)
    with sqlite3.connect(written[0] / "plan.gpkg") as store:
        layer = store.execute("SELECT number, name, color, label FROM communities").fetchall()
        ((style,),) = store.execute(
            "SELECT styleQML FROM layer_styles WHERE styleName='communities'"
        )
        (homes,) = zip(*store.execute("SELECT DISTINCT community FROM schools"), strict=True)
    assert [(str(number), *rest) for number, *rest, _ in layer] == ours
    assert [label for *_, label in layer] == [f"{number} {name}" for number, name, _ in ours]
    assert set(homes) == {name for _, name, _ in ours}
    root = ET.fromstring(style)  # noqa: S314 - our own text
    assert [one.get("label") for one in root.iter("category")] == [
        f"{number} {name}" for number, name, _ in ours
    ]
    fills = [
        next(o.get("value") for o in symbol.iter("Option") if o.get("name") == "color")
        for symbol in root.iter("symbol")
    ]
    assert fills == [",".join(map(str, (*bytes.fromhex(c[1:]), 170))) for _, _, c in ours]


def test_an_edit_is_obeyed_by_the_packet(opened: Plan) -> None:
    public = opened.published()
    data = packet_data(public, PageInfo.of(public), ENGLISH, "a4")
    seen = [
        (text.get_text(), text.get_gid())
        for figure in packet_pages(data)
        for text in figure.findobj(Text)
    ]
    texts = {text for text, _ in seen}
    assert {NUMBER, NAME} <= texts
    assert [one.color for one in data.plan.communities] == [c for *_, c in identities(opened)]


def test_an_edit_is_obeyed_by_candidates_and_comparisons(opened: Plan) -> None:
    """Every plan of them has the edited community: each of two goes one to one."""
    ours = set(identities(opened))
    found = opened.candidates(n=2, effort="quick", like=opened)
    for plan in found.chosen.values():
        assert {(str(one.number), one.name, one.color) for one in plan.communities} == ours
    for page in (found.pages["map.html"], opened.compare(others={"b": opened}).pages["map.html"]):
        views = payload(str(page))
        assert [set(told(view)) for view in views if not view["today"]] == [ours] * (len(views) - 1)


def test_an_edit_is_obeyed_by_exports(town: Path, edited: Path, tmp_path: Path) -> None:
    run("export", town, edited, "--to", "csv", "--out", tmp_path / "plan.csv")
    assert NAME in {row["community"] for row in rows(tmp_path / "plan.csv")}
    run("export", town, edited, "--to", "geojson", "--out", tmp_path / "plan.geojson")
    features = json.loads((tmp_path / "plan.geojson").read_text(encoding="utf-8"))["features"]
    assert NAME in {one["properties"].get("community") for one in features}
    run("offices", town, edited, "--out", tmp_path / "offices.csv")
    assert NAME in {row["community"] for row in rows(tmp_path / "offices.csv")}


def test_a_plan_alone_keeps_the_names_of_its_third_column(
    town: Path, edited: Path, written: tuple[Path, str], tmp_path: Path
) -> None:
    """As the page saves it: a school moves, its old name with it; the others say what it is."""
    text = (written[0] / "plan.csv").read_text(encoding="utf-8")
    table = rows(written[0] / "plan.csv")
    one, other = ({row["community_id"]: row["community"] for row in table}).items()
    moved = next(row["school_id"] for row in table if row["community_id"] == one[0])
    file = tmp_path / "mine.csv"
    file.write_text(text.replace(f"{moved},{one[0]},", f"{moved},{other[0]},"), encoding="utf-8")
    plan = open_plan(town, file)
    assert [(c.id, c.name) for c in plan.assignment.communities] == sorted([one, other])
    shutil.copy(edited / "communities.csv", tmp_path)
    assert (NUMBER, NAME, COLOR) in identities(open_plan(town, file))


def test_the_district_may_name_the_file(made: Path, edited: Path, tmp_path: Path) -> None:
    folder = write_town(tmp_path / "town")
    shutil.copy(edited / "communities.csv", folder / "called.csv")
    manifest = folder / "district.toml"
    manifest.write_text(
        manifest.read_text(encoding="utf-8") + '\n[communities]\npath = "called.csv"\n',
        encoding="utf-8",
    )
    assert (NUMBER, NAME, COLOR) in identities(plan_district(folder, effort="quick"))
    shutil.copy(made / "plan.csv", tmp_path / "mine.csv")
    assert (NUMBER, NAME, COLOR) in identities(open_plan(folder, tmp_path / "mine.csv"))


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"community_id": "C99"}, "line 2, column community_id: C99 is no community of the plan."),
        ({"number": "2"}, "line 3, column number: the same 2 stands in another row."),
        ({"number": "two"}, "line 2, column number: two is no number of a community."),
        ({"name": "West", "number": "9"}, "stands in another row."),
        ({"color": "green"}, "line 2, column color: GREEN is no color. Write # and six of 0-9"),
        ({"office_school_id": "e77"}, "the office stands at e77, which is no school"),
    ],
)
def test_what_cannot_be_used_is_told_with_its_row(
    town: Path, made: Path, tmp_path: Path, cells: dict[str, str], said: str
) -> None:
    folder = tmp_path / "plan"
    shutil.copytree(made, folder)
    at = 0
    if "name" in cells:
        at = next(
            k for k, row in enumerate(rows(folder / "communities.csv")) if row["name"] == "East"
        )
    edit(folder, at, **cells)
    with pytest.raises(InputError) as error:
        open_plan(town, folder)
    assert said in str(error.value)


def test_an_office_that_is_told_is_obeyed_while_its_school_stays(
    town: Path, made: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "plan"
    shutil.copytree(made, folder)
    homes = {row["school_id"]: row["community_id"] for row in rows(folder / "plan.csv")}
    at = next(
        k
        for k, row in enumerate(rows(folder / "communities.csv"))
        if row["community_id"] == homes[HOST]
    )
    free = open_plan(town, folder)
    assert free.communities.loc[homes[HOST], "office"] != "Alder"
    edit(folder, at, office_school_id=HOST)
    plan = open_plan(town, folder)
    assert plan.communities.loc[homes[HOST], "office"] == "Alder"
    longer, best = (p.scorecard.plan["office_minutes_mean"].value for p in (plan, free))
    assert longer > best
    edit(folder, 1 - at, office_school_id=HOST)
    edit(folder, at, office_school_id="")
    again = open_plan(town, folder)
    assert again.communities["office"].tolist() == free.communities["office"].tolist()
    (warning,) = [one for one in again.warnings if one.rule == "office-left"]
    assert "at Alder (e1)" in warning.message


@pytest.fixture
def rerun(edited: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "rerun"
    shutil.copytree(edited, folder)
    return folder


def test_a_rerun_keeps_what_was_edited_as_often_as_it_is_made(town: Path, rerun: Path) -> None:
    for _ in range(2):
        result = run("plan", town, *QUICK, "--out", rerun)
        assert f"{NUMBER} {NAME} " in result.stdout
        assert "kept as they were edited" in result.stderr
        table = rows(rerun / "communities.csv")
        assert table[0] | EDITED == table[0] | {"contact_phone": EDITED["contact_phone"]}
    assert not (rerun / "communities.previous.csv").exists()


def test_what_finds_no_place_waits_and_is_told(town: Path, rerun: Path) -> None:
    result = run(
        "plan",
        town,
        *QUICK,
        "--communities",
        1,
        "--schools",
        "3-20",
        "--scenario",
        _alone(rerun.parent),
        "--out",
        rerun,
    )
    assert "1 community of before found no place" in result.stderr
    kept, left = rows(rerun / "communities.csv"), rows(rerun / "communities.previous.csv")
    assert {kept[0]["name"], left[0]["name"]} > {NAME}
    run("plan", town, *QUICK, "--out", rerun)
    assert rows(rerun / "communities.previous.csv") == left


def test_a_rerun_over_what_nobody_edited_names_anew(town: Path, made: Path, tmp_path: Path) -> None:
    folder = tmp_path / "again"
    shutil.copytree(made, folder)
    result = run("plan", town, *QUICK, "--out", folder)
    assert "kept as they were edited" not in result.stderr
    assert (folder / "communities.csv").read_bytes() == (made / "communities.csv").read_bytes()


def test_an_edited_file_that_cannot_be_read_is_kept_as_it_is(town: Path, rerun: Path) -> None:
    edit(rerun, color="green")
    broken = (rerun / "communities.csv").read_bytes()
    result = run("plan", town, *QUICK, "--out", rerun)
    assert "GREEN is no color" in result.stderr
    assert (rerun / "communities.previous.csv").read_bytes() == broken


def test_todays_plan_beside_another_keeps_its_names_and_shares_colors(opened: Plan) -> None:
    """Today's two sides are mostly the plan's, so they have their colors, and their numbers."""
    views = opened.compare().assignments
    today, plan = views
    assert today.is_today
    assert set(today.community_names) == set(opened.district.existing_plan)
    match = today.match(plan).tolist()
    assert list(today.community_colors) == [plan.communities[k].color for k in match]
    assert len({one.number for one in today.communities}) == today.n_communities


def _alone(folder: Path) -> Path:
    """A scenario of one community."""
    file = folder / "alone.toml"
    file.write_text("keep_apart = []\n", encoding="utf-8")
    return file
