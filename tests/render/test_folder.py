"""The output folder: all or nothing, and never over somebody's files."""

import json
import os
from pathlib import Path

import pytest

from feeder.errors import OutputError
from feeder.render.files.desk import DESK
from feeder.render.files.folder import check_folder, write_run
from feeder.writing import whole

RUN = {"plan.csv": "school_id,community_id\n"}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "district"
    folder.mkdir()
    (folder / "district.toml").write_text("name = 'x'")
    return folder


def test_missing_parents_are_made(tmp_path: Path, source: Path) -> None:
    out = tmp_path / "a" / "b" / "out"
    write_run(out, RUN, {}, source=source)
    told = json.loads((out / "run.json").read_text())
    assert told == {"files": ["plan.csv", "run.json"]}
    assert (out / "plan.csv").read_text(encoding="utf-8-sig") == RUN["plan.csv"]
    assert sorted(p.name for p in out.iterdir()) == told["files"]
    assert [p.name for p in out.parent.iterdir()] == ["out"]


def test_an_earlier_run_is_replaced_as_a_whole(tmp_path: Path, source: Path) -> None:
    out = tmp_path / "out"
    write_run(out, {**RUN, "map.html": "old"}, {}, source=source)
    write_run(out, RUN, {}, source=source)
    assert sorted(p.name for p in out.iterdir()) == ["plan.csv", "run.json"]


def test_a_new_folder_inside_the_district_folder_is_fine(source: Path) -> None:
    write_run(source / "plans", RUN, {}, source=source)
    assert (source / "plans" / "run.json").is_file()
    assert (source / "district.toml").is_file()


def test_the_district_folder_is_refused(source: Path) -> None:
    with pytest.raises(OutputError, match="is the district folder itself"):
        check_folder(source / ".." / "district", source=source)


def test_a_file_is_refused(tmp_path: Path, source: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(OutputError, match="is a file"):
        check_folder(tmp_path / "out", source=source)


def test_a_folder_below_a_file_is_refused(tmp_path: Path, source: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(OutputError, match="cannot be written"):
        check_folder(tmp_path / "file" / "out", source=source)


def test_other_files_are_refused_by_name(tmp_path: Path, source: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "budget.xlsx").write_text("mine")
    with pytest.raises(OutputError, match=r"budget\.xlsx"):
        check_folder(out, source=source)
    write_run(tmp_path / "run", RUN, {}, source=source)
    (tmp_path / "run" / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match=r"notes\.txt in it is not feeder's"):
        write_run(tmp_path / "run", RUN, {}, source=source)
    assert (tmp_path / "run" / "notes.txt").read_text() == "mine"


def test_a_planners_own_plan_is_never_deleted(tmp_path: Path, source: Path) -> None:
    out = tmp_path / "run"
    write_run(out, {**RUN, "plan_A.csv": "made here"}, {}, source=source)
    check_folder(out, source=source)
    (out / "A.csv").write_text("mine")
    with pytest.raises(OutputError, match=r"A\.csv in it is not feeder's"):
        write_run(out, RUN, {}, source=source)
    assert (out / "A.csv").read_text() == "mine"


def test_a_failed_write_leaves_the_earlier_run(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    write_run(out, RUN, {}, source=source)

    def full(_path: Path, _data: bytes, **_mode: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(whole, "create", full)
    with pytest.raises(OutputError, match=r"No space left on device\. Nothing was written"):
        write_run(out, {**RUN, "plan.csv": "other"}, {}, source=source)
    monkeypatch.undo()
    assert (out / "plan.csv").read_text(encoding="utf-8-sig") == RUN["plan.csv"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["district", "out"]


def test_a_link_in_the_place_of_the_folder_is_refused(tmp_path: Path, source: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputError, match="out is a link"):
        write_run(tmp_path / "out", RUN, {}, source=source)
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    with pytest.raises(OutputError, match="dangling is a link"):
        check_folder(tmp_path / "dangling", source=source)
    assert not list((tmp_path / "elsewhere").iterdir())
    assert not (tmp_path / "nowhere").exists()


def test_a_folder_behind_a_link_is_fine(tmp_path: Path, source: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "maps").symlink_to(tmp_path / "disk")
    write_run(tmp_path / "maps" / "out", RUN, {}, source=source)
    assert (tmp_path / "disk" / "out" / "run.json").is_file()


@pytest.mark.skipif(os.name == "nt", reason="modes are those of POSIX")
def test_what_counts_students_is_for_its_owner_alone(tmp_path: Path, source: Path) -> None:
    files = dict.fromkeys(("plan.csv", "schools.csv", "map.html", "scorecard.json"), "x\n")
    desk = {f"{DESK}/goals.csv": "x\n", f"{DESK}/README.txt": "x\n"}
    write_run(tmp_path / "out", {**files, **desk}, {}, source=source)
    modes = {
        path.relative_to(tmp_path / "out").as_posix(): oct(path.stat().st_mode & 0o777)
        for path in (tmp_path / "out").rglob("*")
    }
    usual = oct(0o666 & ~_umask())
    assert modes == {
        **dict.fromkeys(("plan.csv", "map.html"), usual),
        **dict.fromkeys(("schools.csv", "scorecard.json", "run.json", *desk), "0o600"),
        DESK: "0o700",
    }
    (tmp_path / "out").chmod(0o750)
    write_run(tmp_path / "out", files, {}, source=source)
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o750
    assert not (tmp_path / "out" / DESK).exists()


def test_a_strangers_file_among_the_desks_tables_is_named(tmp_path: Path, source: Path) -> None:
    files = {**RUN, f"{DESK}/goals.csv": "x\n"}
    write_run(tmp_path / "out", files, {}, source=source)
    write_run(tmp_path / "out", files, {}, source=source)
    (tmp_path / "out" / DESK / "letter.txt").write_text("mine")
    with pytest.raises(OutputError, match=f"{DESK}/letter.txt in it is not feeder's"):
        check_folder(tmp_path / "out", source=source)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
