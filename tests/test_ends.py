"""However a command ends, a planner reads a sentence: no traceback, no hang, nothing left."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from feeder.analyses.table import ANALYSES
from feeder.cli import app
from feeder.opening import runs
from feeder.writing import whole

pytestmark = pytest.mark.skipif(os.name == "nt", reason="pipes and devices are those of POSIX")
runner = CliRunner()
MORE = {
    "explain": ["000001"],
    "price": ["--of", "enrollment_tolerance", "--steps", "0.1"],
    "export": ["--to", "csv"],
    "synth": ["--schools", "20"],
}
OF_A_DISTRICT = {"candidates", "ensemble", "models", "plan", "price", "validate"}
FLAG = {"validate": "--json"}
WITH_A_SCENARIO = sorted(
    {"plan", "validate", "score", "print", "prove", "ensemble", "export"}
    | {one.command for one in ANALYSES}
)
COMMANDS = [*WITH_A_SCENARIO, "streets", "synth"]
FULL = OSError(28, "No space left on device")


def call(command: str, village: Path, out: Path | None, *more: object) -> Result:
    """Run a command on a small district."""
    plan = [] if command in OF_A_DISTRICT else ["today"]
    subject = {"synth": [], "streets": [str(village)]}.get(command, [str(village), *plan])
    written = [] if out is None else [FLAG.get(command, "--out"), str(out)]
    words = [command, *subject, *MORE.get(command, []), *written, *map(str, more)]
    return runner.invoke(app, words)


def ended(result: Result, code: int, *said: str) -> None:
    """Check that a command ended as it should, in sentences."""
    assert result.exit_code == code, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    told = " ".join(result.stderr.split())
    for words in said:
        assert words in told
    assert "Traceback" not in told


def nothing_in(folder: Path, *but: str) -> None:
    assert sorted(path.name for path in folder.iterdir()) == sorted(but)


def out_of(command: str, folder: Path) -> Path:
    """Return a place that the command would write to: a file, or a folder."""
    files = {"print": "x.pdf", "export": "x.csv", "streets": "x.graphml", "validate": "x.json"}
    return folder / files.get(command, "x")


@pytest.mark.parametrize("command", WITH_A_SCENARIO)
def test_a_scenario_that_is_a_pipe_or_a_device(command: str, village: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for scenario in (tmp_path / "pipe", Path("/dev/zero")):
        out = out_of(command, tmp_path / "out")
        if command == "validate":  # it tells problems where its answer stands
            result = call(command, village, None, "--scenario", scenario)
            assert result.exit_code == 1
            assert "a pipe or a device" in result.output
        else:
            result = call(command, village, out, "--scenario", scenario)
            ended(result, 1, f"{scenario}: the scenario file cannot be read", "a pipe or a device")
        nothing_in(tmp_path, "pipe")


@pytest.mark.parametrize("epoch", ["soon", "-1", str(10**30), "1e9", "253402300800"])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_moment_that_is_none(
    command: str, epoch: str, village: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    result = call(command, village, out_of(command, tmp_path))
    ended(result, 1, f"SOURCE_DATE_EPOCH is {epoch}, no moment in time.")
    nothing_in(tmp_path)


@pytest.mark.parametrize("command", COMMANDS)
def test_stopped_at_the_keyboard(
    command: str, village: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(runs, "read_district", stop)
    monkeypatch.setattr("feeder.opening.validate.validate_district", stop)
    monkeypatch.setattr("feeder.pipeline.streets.download_district_streets", stop)
    monkeypatch.setattr("feeder.district.synthetic.write_synthetic", stop)
    result = call(command, village, out_of(command, tmp_path / "new"))
    ended(result, 130, "Stopped at the keyboard. Nothing was written.")
    nothing_in(tmp_path)


@pytest.mark.parametrize("command", COMMANDS)
def test_places_where_nothing_can_be_written(command: str, village: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    ending = out_of(command, tmp_path).suffix
    (tmp_path / f"link{ending}").unlink(missing_ok=True)
    (tmp_path / f"link{ending}").symlink_to(tmp_path / "elsewhere")
    places = {
        tmp_path / "file" / f"x{ending}": "cannot be written",
        tmp_path / f"link{ending}": "is a link",
        tmp_path / f"{'x' * 240}{ending}": "File name too long",
    }
    for out, said in places.items():
        result = call(command, village, out)
        ended(result, 1, said)
    assert (tmp_path / "file").read_text() == "mine"
    nothing_in(tmp_path, "file", *{"link", f"link{ending}"})


@pytest.mark.parametrize(
    ("command", "name", "more"),
    [
        ("validate", "x.json", []),
        ("export", "x.csv", []),
        ("export", "x.json", ["--to", "gerrychain"]),
        ("offices", "x.csv", []),
        ("score", "x", []),
        ("plan", "x", ["--method", "anchored", "--best-effort"]),
        ("synth", "x", []),
    ],
)
def test_a_full_disk(
    command: str,
    name: str,
    more: list[str],
    village: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(path: Path, content: bytes, **_: int) -> None:
        path.write_bytes(content[:10])
        raise FULL

    monkeypatch.setattr(whole, "create", full)
    result = call(command, village, tmp_path / name, *more)
    ended(result, 1, f"{name} cannot be written: No space left on device. Nothing was written")
    nothing_in(tmp_path)


def test_stopped_while_it_writes(
    village: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(path: Path, content: bytes, **_: int) -> None:
        path.write_bytes(content[:10])
        raise KeyboardInterrupt

    monkeypatch.setattr(whole, "create", stop)
    for command, name in (("score", "x"), ("export", "x.csv"), ("synth", "y")):
        ended(call(command, village, tmp_path / name), 130, "Nothing was written.")
        nothing_in(tmp_path)


def test_stopped_once_it_is_written(
    village: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("feeder.cli.score.tell_plan", stop)
    result = call("score", village, tmp_path / "x")
    ended(result, 130, f"Written before that, and whole: {tmp_path / 'x'}.")
    assert (tmp_path / "x" / "run.json").is_file()


@pytest.mark.parametrize("name", ["district.toml", "schools.csv", "areas.geojson"])
@pytest.mark.parametrize("kind", ["pipe", "folder", "device"])
def test_a_pipe_a_folder_or_a_device_in_the_district_folder(
    name: str, kind: str, village: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "district"
    folder.mkdir()
    for path in village.iterdir():
        if path.is_file():
            (folder / path.name).write_bytes(path.read_bytes())
    (folder / name).unlink()
    if kind == "pipe":
        os.mkfifo(folder / name)
    elif kind == "folder":
        (folder / name).mkdir()
    else:
        (folder / name).symlink_to("/dev/zero")
    result = call("validate", folder, None)
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert name in result.output


def test_a_plan_that_is_a_pipe(village: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "plan.csv")
    result = runner.invoke(app, ["score", str(village), str(tmp_path / "plan.csv")])
    ended(result, 1, "is no file, but a pipe, a device or a folder")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
@pytest.mark.parametrize("words", [["--help"], ["score", "village", "today"]])
def test_standard_output_that_takes_nothing(words: list[str], village: Path) -> None:
    """What cannot be told ends with 1 and a sentence, be the disk full or the reader gone."""
    given = [str(village) if word == "village" else word for word in words]
    command = [sys.executable, "-m", "feeder", *given]
    with Path("/dev/full").open("w") as full:
        found = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert found.returncode == 1
    assert "What was to be told cannot be printed: No space left on device." in found.stderr
    assert "Traceback" not in found.stderr
    reader, writer = os.pipe()
    os.close(reader)
    gone = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert gone.returncode == 1
    assert "Traceback" not in gone.stderr


def test_stopped_while_a_library_loads() -> None:
    """An interruption inside exec(text), where Python would end by the signal, ends with 130."""
    text = """
from feeder.cli.streams import streams_kept
with streams_kept():
    try:
        exec("raise KeyboardInterrupt")
    except KeyboardInterrupt:
        raise SystemExit(130)
"""
    assert subprocess.run([sys.executable, "-c", text], check=False).returncode == 130
