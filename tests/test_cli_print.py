"""The packet from the command line."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from feeder.cli import app

runner = CliRunner()


def run(*arguments: object) -> Result:
    return runner.invoke(app, ["print", *map(str, arguments)])


@pytest.mark.parametrize("options", [(), ("--language", "es", "--paper", "a4")])
def test_print_writes_a_pdf_and_says_where(village: Path, tmp_path: Path, options) -> None:
    out = tmp_path / "new" / "packet.pdf"
    result = run(village, village / "plan.csv", "--out", out, *options)
    assert result.exit_code == 0, result.output
    assert f"Wrote {out}" in result.stdout
    assert out.read_bytes().startswith(b"%PDF")
    assert [path.name for path in out.parent.iterdir()] == ["packet.pdf"]
    box = b"595.28 841.89" if options else b"612 792"
    assert box in out.read_bytes()


def test_print_never_writes_over_what_it_reads(village: Path) -> None:
    before = (village / "plan.csv").read_bytes()
    result = run(village, village / "plan.csv", "--out", village / "plan.csv")
    assert result.exit_code == 1
    assert "among the files that are read" in result.stderr
    assert (village / "plan.csv").read_bytes() == before


def test_wrong_usage_is_2_and_a_broken_plan_leaves_nothing(village: Path, tmp_path: Path) -> None:
    plan, out = village / "plan.csv", tmp_path / "x.pdf"
    assert run(village, plan, "--language", "xx").exit_code == 2
    assert run(village, plan, "--paper", "a3").exit_code == 2
    assert run(village, tmp_path / "none.csv").exit_code == 2
    bad = tmp_path / "bad.csv"
    bad.write_text("nothing\n", encoding="utf-8")
    assert run(village, bad, "--out", out).exit_code == 1
    assert not out.exists()
