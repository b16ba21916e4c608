"""Money on the command line: the formula of the folder, of the options, and none."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from broken.case import add
from town import write_town
from typer.testing import CliRunner, Result

import feeder
from feeder.cli import app
from feeder.district.read import read_district
from feeder.errors import InputError
from feeder.language import languages, words
from feeder.telling.sections import headings, rows

runner = CliRunner()
FORMULA = """
[funding]
total = 40_000_000
held_centrally = 0.03
per_school = 100_000
per_community = 50_000
per_pupil = 1.0
per_need = 0.4
"""
HARMLESS = """hold_harmless = 0.9
path = "budget.csv"
columns = { school_id = "id", last_year = "dollars" }
"""
BUDGET = 'id,dollars\ne1,"9,000,000"\nm1,1500000.50\n'
PLAN = "school_id,community_id\n" + "".join(
    f"{school},{home}\n"
    for home, schools in (("W", "e1 e2 e5 e6 m1 h1 p"), ("E", "e3 e4 e7 e8 m2 h2 k8"))
    for school in schools.split()
)


@pytest.fixture
def town(tmp_path: Path) -> Callable[[str], Path]:
    """Write the town with more lines in its district.toml, last year's table and a plan."""

    def make(more: str = "") -> Path:
        folder = write_town(tmp_path / "town")
        add(more)(folder)
        (folder / "budget.csv").write_text(BUDGET, encoding="utf-8")
        (tmp_path / "mine.csv").write_text(PLAN, encoding="utf-8")
        return folder

    return make


def run(*arguments: object) -> Result:
    return runner.invoke(app, [str(argument) for argument in arguments])


def test_every_dollar_of_the_tables(town: Callable[[str], Path], tmp_path: Path) -> None:
    folder = town(FORMULA + HARMLESS)
    out = tmp_path / "money"
    result = run("funding", folder, tmp_path / "mine.csv", "--out", out)
    assert result.exit_code == 0, result.output
    (total,) = (line for line in result.stdout.splitlines() if line.startswith("Total"))
    assert total.split() == ["Total", "40,000,000.00", "100.0%"]
    assert "1 school is raised to 90.0% of what it had last year" in result.stdout
    assert "12 schools without an amount of last year" in result.stderr
    read = {
        path.stem: pd.read_csv(path, dtype=str, keep_default_na=False)
        for path in out.rglob("*.csv")
    }
    assert sorted(read) == [
        f"funding_{name}"
        for name in ("change", "communities", "equity", "ledger", "regions", "schools")
    ]
    paid = sum(map(Decimal, read["funding_communities"]["dollars"]))
    assert paid + Decimal(1_200_000) == 40_000_000
    schools = read["funding_schools"].set_index("school_id")
    assert schools.loc["e1", "dollars"] == "8100000"
    assert sum(map(Decimal, schools["dollars"])) + 100_000 == paid
    assert run("funding", folder, tmp_path / "mine.csv", "--out", out).exit_code == 0


def test_options_override_the_folder_and_one_file_holds_the_schools(
    town: Callable[[str], Path], tmp_path: Path
) -> None:
    out = tmp_path / "schools.csv"
    options = ("--total", "1e6", "--held-centrally", "0", "--per-school", "0", "--out", out)
    result = run("funding", town(FORMULA), tmp_path / "mine.csv", *options)
    assert result.exit_code == 0, result.output
    assert sum(map(Decimal, pd.read_csv(out, dtype=str)["dollars"])) == 900_000


def test_without_a_formula_a_section_to_paste(town: Callable[[str], Path], tmp_path: Path) -> None:
    folder = town("")
    result = run("funding", folder, tmp_path / "mine.csv")
    assert result.exit_code == 1
    told = result.stderr
    assert "Town has no [funding], so nothing says how money is shared." in told
    section = told[told.index("[funding]\n") : told.index("or give the formula")]
    add("\n" + section)(folder)
    assert run("funding", folder, tmp_path / "mine.csv").exit_code == 0
    result = run("funding", folder, tmp_path / "mine.csv", "--held-centrally", "3")
    assert result.exit_code == 1
    assert "held_centrally = 3.0 in [funding]: expected a share of the total" in result.stderr


@pytest.mark.parametrize(
    ("more", "rules"),
    [
        ("[funding]\ntotal = -1\nheld_centrally = 1\nper_pupil = true", {"funding-value"}),
        ("[funding]\nper_pupils = 1", {"unknown-key"}),
        ("[funding]\nhold_harmless = 0.9", {"no-last-year"}),
        (f"{FORMULA}path = 'nowhere.csv'", {"missing-file"}),
        (f"{FORMULA}path = 'budget.csv'", {"missing-column"}),
        (FORMULA + HARMLESS.replace("budget", "cents"), {"missing-code", "not-a-number"}),
        (FORMULA + HARMLESS.replace("budget", "twice"), {"duplicate-id"}),
    ],
)
def test_what_is_wrong_with_the_section(
    town: Callable[[str], Path], more: str, rules: set[str]
) -> None:
    folder = town(f"\n{more}\n")
    (folder / "cents.csv").write_text("id,dollars\ne1,-3\ne2,x\n", encoding="utf-8")
    (folder / "twice.csv").write_text("id,dollars\ne1,3\ne1,4\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_district(folder)
    assert {problem.rule for problem in caught.value.problems} == rules


def test_need_that_the_district_does_not_have(town: Callable[[str], Path]) -> None:
    folder = town(FORMULA)
    text = (folder / "district.toml").read_text(encoding="utf-8")
    (folder / "district.toml").write_text(
        text.replace("need = { learners = 1.0 }\n", ""), encoding="utf-8"
    )
    with pytest.raises(InputError, match="per_need is set, but the district has no need figure"):
        read_district(folder)


def test_every_language_has_a_word_for_every_column(
    town: Callable[[str], Path], tmp_path: Path
) -> None:
    found = feeder.open_plan(town(FORMULA + HARMLESS), tmp_path / "mine.csv").funding()
    frames = (found.schools, found.communities, found.regions, found.equity, found.change)
    for tag in languages():
        said = words(tag)
        for shown in found.sections[0].tables:
            assert len(headings(shown, said)) == len(rows(shown, said)[0])
        for sentence in found.sections[0].sentences:
            assert said.say(sentence)
        for frame in frames:
            assert frame is not None
            assert all(f"column.{name}" in said.texts for name in frame)


def test_the_embedded_district_has_a_formula(embedded: Path) -> None:
    funding = read_district(embedded).funding
    assert funding is not None
    assert funding.last_year is not None
    assert funding.last_year.notna().all()


def test_price_of_a_limit(town: Callable[[str], Path], tmp_path: Path) -> None:
    table, plot = tmp_path / "price.csv", tmp_path / "price.svg"
    steps = ("--of", "enrollment_tolerance", "--steps", "0.1,0.5,0.00001", "--effort", "quick")
    result = run("price", town(""), *steps, "--out", table, "--plot", plot)
    assert result.exit_code == 0, result.output
    found = pd.read_csv(table)
    assert found["step"].tolist() == [0.5, 0.1, 0.00001]
    assert found["found"].iloc[-1] in {"none", "impossible"}
    assert found["cost"].dropna().is_monotonic_increasing
    assert plot.read_text(encoding="utf-8").startswith("<?xml")


def test_no_price_of_what_is_no_limit(village: Path) -> None:
    result = run("price", village, "--of", "need_tolerence", "--steps", "0.3")
    assert result.exit_code == 1
    assert "Did you mean need_tolerance?" in result.stderr
    assert run("price", village, "--of", "seed", "--steps", "x").exit_code == 2


def test_a_step_that_sets_no_limit_has_no_price(village: Path) -> None:
    """0 minutes is no limit: sorted as the tightest step, every other would take its plan."""
    result = run("price", village, "--of", "max_office_minutes", "--steps", "0,20")
    assert result.exit_code == 1
    assert "0 minutes is no limit" in result.stderr
    with pytest.raises(InputError, match="name no limit"):
        feeder.price(village, of="need_tolerance", steps=[])
