"""``feeder models`` and ``feeder regions`` from a district folder to files."""

from pathlib import Path

import pandas as pd
import pytest
from town import write_town
from typer.testing import CliRunner, Result

from feeder import models, open_plan
from feeder.analyses.models.sections import promises_table
from feeder.analyses.regions.sections import regions_section
from feeder.cli import app
from feeder.language import languages, words
from feeder.partition.cooling import Effort
from feeder.telling.sections import headings, rows
from feeder.telling.units import units_of

runner = CliRunner()
SMALL = Effort(steps_per_unit=2_000, chains=2, rounds=0)


@pytest.fixture(autouse=True)
def _little_effort(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Effort, "for_size", classmethod(lambda _, __: SMALL))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")


@pytest.fixture
def town(tmp_path: Path) -> Path:
    return write_town(tmp_path / "town")


def run(*arguments: object) -> Result:
    return runner.invoke(app, [str(argument) for argument in arguments])


def test_models_are_written_and_told(town: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run("models", town, "--out", out, "--clusters", 2, "--networks", 2)
    assert result.exit_code == 0, result.output
    made = ["affinity", "clusters", "cohort", "communities", "families", "networks"]
    assert sorted(path.name for path in out.iterdir()) == sorted(
        [*(f"plan_{name}.csv" for name in made), "models.csv", "models.html", "not_for_publication",
         "regions.csv", "run.json"]
    )  # fmt: skip
    told = " ".join(result.stdout.split())
    assert "zones: left out, since no two high schools share a tenth of their areas" in told
    assert "families: Each high school with its feeders" in told
    table = pd.read_csv(out / "models.csv", dtype=str).set_index(["kind", "id"])
    assert list(table.columns[5:]) == [
        "existing",
        *("communities", "families", "clusters", "networks", "affinity", "cohort"),
    ]
    for name in made:
        plan = pd.read_csv(out / f"plan_{name}.csv", dtype=str).set_index("school_id")
        assert plan["community_id"].equals(
            table.loc["school", name].rename("community_id").rename_axis("school_id")
        )
    assert pd.read_csv(out / "not_for_publication" / "cohort.csv")["school_id"].tolist()[0] == "m1"


def test_only_the_models_asked_for_twice_the_same(town: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        asked = ("models", town, "--only", "cohort, families", "--out", tmp_path / name)
        assert run(*asked).exit_code == 0
    one, two = tmp_path / "one", tmp_path / "two"
    made = ["models.csv", "models.html", "not_for_publication", "plan_cohort.csv"]
    assert [path.name for path in sorted(one.iterdir())] == [
        *(*made, "plan_families.csv"),
        "run.json",
    ]
    assert "NOT FOR PUBLICATION" in (one / made[2] / "README.txt").read_text()
    for path in filter(Path.is_file, one.rglob("*")):
        assert path.read_bytes() == (two / path.relative_to(one)).read_bytes(), path.name


def test_a_model_there_is_not(town: Path, tmp_path: Path) -> None:
    result = run("models", town, "--only", "familes", "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "familes" in result.output
    with pytest.raises(ValueError, match="familes: no such model"):
        models(town, only=["familes"])


def test_a_cohort_of_no_high_school_writes_nothing(town: Path, tmp_path: Path) -> None:
    result = run("models", town, "--cohort", "e1", "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "e1 is no high school that pupils are sent to. Did you mean h1?" in result.output
    assert not (tmp_path / "out").exists()


def test_a_district_that_can_have_none_of_the_models(town: Path, tmp_path: Path) -> None:
    result = run("models", town, "--only", "zones", "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "zones: no two high schools share" in " ".join(result.output.split())
    assert not (tmp_path / "out").exists()


def test_the_table_says_what_its_columns_count(town: Path) -> None:
    found = models(town, only=["families"])
    table = found.table
    assert units_of(table)["kept"] == "share"
    assert table["n_communities"].tolist() == [2, 2]
    assert table["kept"].tolist() == [1.0, 1.0]
    assert table["one_piece"].tolist() == [True, True]


@pytest.mark.parametrize("tag", languages())
def test_every_language_tells_all_of_it(town: Path, tag: str) -> None:
    told = words(tag)
    found = models(town, clusters=2, networks=2)
    kept = open_plan(town, town / "plan.csv").regions(keep="region")
    sections = (*found.sections, regions_section(kept))
    assert [len(section.tables) for section in sections] == [3, 1, 1]
    for section in sections:
        assert all(told.say(sentence) for sentence in (section.title, *section.sentences))
        for shown in section.tables:
            width = len(headings(shown, told))
            assert {len(row) for row in rows(shown, told)} == {width}
    first = [row[0].text for row in rows(found.sections[0].tables[0], told)]
    assert first == [told(f"model.name.{name}") for name in found.comparison.names]


def test_a_promise_names_all_who_break_it(town: Path) -> None:
    """Each half has 7 schools; the cohort leaves 8 schools out, and their land."""
    schools = {"schools": [1, 6]}
    found = models(town, only=["families", "cohort"], **schools)
    table = promises_table(found.comparison)
    say = words("en").say
    told = {say(row.promise): say(row.broken_by) for row in table.itertuples()}
    assert told == {
        "Every community has 1 to 6 schools.": "families (2)",
        "Every school and tile has a community.": "cohort (9)",
    }


def test_regions_are_written_and_told(town: Path, tmp_path: Path) -> None:
    out, page = tmp_path / "regions.csv", tmp_path / "regions.html"
    asked = ("regions", town, town / "plan.csv", "--regions", 2, "--out", out, "--map", page)
    result = run(*asked)
    assert result.exit_code == 0, result.output
    table = pd.read_csv(out, dtype=str)
    assert list(table.columns) == ["community_id", "region_id", "headquarters_id"]
    assert table["community_id"].tolist() == ["A", "B"]
    assert "Headquarters" in result.stdout
    assert "Minutes are reckoned from the straight distance" in result.stdout
    assert '"Regions"' in page.read_text(encoding="utf-8")


def test_kept_regions(town: Path) -> None:
    result = run("regions", town, town / "plan.csv", "--keep", "region")
    assert result.exit_code == 0, result.output
    assert "A belongs to West" not in result.stdout  # it is not split
    assert run("regions", town, town / "plan.csv", "--keep", "x").exit_code == 1
    both = run("regions", town, town / "plan.csv", "--keep", "region", "--regions", 2)
    assert both.exit_code == 2
    with pytest.raises(ValueError, match="not both"):
        open_plan(town, town / "plan.csv").regions(number=2, keep="region")
