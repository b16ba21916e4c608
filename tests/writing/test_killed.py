"""A run that is killed while it writes: the next one finds the old or the new, whole, and tells."""

import os
import signal
import sys
import warnings
from pathlib import Path

import pytest

from feeder.render.files.file import check_file, write_file
from feeder.render.files.folder import RUN_FILE, check_folder, write_run
from feeder.writing import whole
from feeder.writing.places import NEW, OLD, create, heal, held, sibling
from feeder.writing.whole import replace_file, replace_folder

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals and modes are those of POSIX")
STEPS = {
    "os.mkdir",
    "open",
    "os.rename",
    "os.rmdir",
    "os.remove",
    "os.chmod",
    "ctypes.call_function",
}
OLD_RUN = {"plan.csv": "old", "map.html": "old"}
NEW_RUN = {"plan.csv": "new", "map.html": "new"}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "district").mkdir()
    return tmp_path / "district"


def whole_run(out: Path) -> str:
    """Return which run stands in a folder; fails where it is half of one."""
    texts = {path.name: path.read_text("utf-8-sig") for path in out.iterdir()}
    assert set(texts) == {*OLD_RUN, RUN_FILE}
    (found,) = {texts[name] for name in OLD_RUN}
    return found


def killed_at(step: int, out: Path, source: Path) -> int:
    """Write a run in a process that dies at the given call to the system; return its signal."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of threads: none of them is needed
        child = os.fork()
    if child:
        return os.WTERMSIG(os.waitpid(child, 0)[1])
    done = []

    def count(event: str, args: tuple[object, ...]) -> None:
        if event in STEPS and any(str(out.parent) in str(one) for one in args):
            done.append(event)
            if len(done) == step:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    write_run(out, NEW_RUN, {}, source=source)
    os._exit(0)


@pytest.mark.parametrize("exchange", [True, False])
def test_killed_at_any_step(
    tmp_path: Path, source: Path, exchange: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every call to the system within the folder is where the process dies, one after another."""
    if not exchange:
        monkeypatch.setattr(whole, "_exchanged", lambda *_: False)
    found = []
    for step in range(1, 60):
        out = tmp_path / f"{step}" / "out"
        write_run(out, OLD_RUN, {}, source=source)
        ended = killed_at(step, out, source)
        left = [path.name for path in out.parent.iterdir() if path != out]
        told = [str(one) for one in check_folder(out, source=source)]
        assert [path.name for path in out.parent.iterdir()] == ["out"], left
        assert bool(told) == bool(left)
        found.append(whole_run(out))
        if ended == 0:
            break
        assert ended == signal.SIGKILL
    assert len(found) > 10
    assert found == ["old"] * found.count("old") + ["new"] * found.count("new")
    assert {"old", "new"} == set(found)


@pytest.mark.parametrize("exchange", [True, False])
def test_interrupted_at_any_step(
    tmp_path: Path, source: Path, exchange: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C or a full disk instead: nothing is left behind, and the folder is whole."""
    if not exchange:
        monkeypatch.setattr(whole, "_exchanged", lambda *_: False)
    out = tmp_path / "here" / "out"
    armed = {"step": 0, "error": KeyboardInterrupt}

    def count(event: str, args: tuple[object, ...]) -> None:
        if armed["step"] and event in STEPS and any(str(out.parent) in str(a) for a in args):
            armed["step"] -= 1
            if not armed["step"]:
                raise armed["error"]

    sys.addaudithook(count)
    for error in (KeyboardInterrupt, OSError(28, "No space left on device")):
        seen = set()
        for step in range(1, 40):
            write_run(out, OLD_RUN, {}, source=source)
            armed.update(step=step, error=error)
            failed = False
            try:
                write_run(out, NEW_RUN, {}, source=source)
            except (KeyboardInterrupt, OSError):
                failed = True
            spent, armed["step"] = not armed["step"], 0
            assert [path.name for path in out.parent.iterdir()] == ["out"]
            assert whole_run(out) == ("old" if failed else "new")
            seen.add(failed)
            if not spent:
                break
        assert seen == {True, False}


def test_a_run_that_lives_is_left_alone(tmp_path: Path) -> None:
    out = tmp_path / "out"
    fresh = sibling(out, "0123456789abcdef", NEW)
    fresh.mkdir()
    with held(fresh):
        assert heal(out) == []
        assert fresh.is_dir()
    assert [str(one) for one in heal(out)] == [
        f"An earlier run was killed while it wrote {out}; what it left was removed ({fresh.name})."
    ]
    assert not fresh.exists()


def test_the_latest_of_two_is_put_back(tmp_path: Path) -> None:
    out = tmp_path / "out"
    for token, age in (("a" * 16, 100), ("b" * 16, 50), ("c" * 16, 200)):
        old = sibling(out, token, OLD)
        old.mkdir()
        (old / "mark").write_text(token)
        os.utime(old, (1e9 - age, 1e9 - age))
    told = [str(one) for one in heal(out)]
    assert told[0] == (
        f"An earlier run was killed while it replaced {out}; what was there before was put back."
    )
    assert len(told) == 3
    assert (out / "mark").read_text() == "b" * 16
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_is_not_of_a_killed_run_stays(tmp_path: Path) -> None:
    names = [".out.new", ".out.0123.new", ".other.0123456789abcdef.new", "out.0123456789abcdef.new"]
    for name in names:
        (tmp_path / name).write_text("mine")
    (tmp_path / "mine").mkdir()
    link = sibling(tmp_path / "out", "0123456789abcdef", OLD)
    link.symlink_to(tmp_path / "mine")
    assert heal(tmp_path / "out") == []
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*names, "mine", link.name])


def test_links_planted_where_files_are_made_are_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even one who foresees the name gains nothing."""
    monkeypatch.setattr(whole, "new_token", lambda: "0123456789abcdef")
    victim, out = tmp_path / "victim", tmp_path / "out"
    victim.write_text("mine")
    sibling(out, "0123456789abcdef", NEW).symlink_to(victim)
    with pytest.raises(FileExistsError):
        create(sibling(out, "0123456789abcdef", NEW), b"theirs")
    with pytest.raises(FileExistsError):
        replace_folder(out, {"plan.csv": b"theirs"})
    with pytest.raises(FileExistsError):
        replace_file(out, b"theirs")
    assert victim.read_text() == "mine"
    assert not out.exists()


def test_hidden_names_cannot_be_foreseen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    monkeypatch.setattr(whole, "create", lambda path, *_, **__: made.append(path) or path.touch())
    for _ in range(20):
        replace_file(tmp_path / "out", b"")
    assert len({path.name for path in made}) == 20
    assert str(os.getpid()) not in {path.name.split(".")[2] for path in made}


def test_a_file_that_was_half_written_goes(tmp_path: Path) -> None:
    out = tmp_path / "packet.pdf"
    write_file(out, b"old")
    sibling(out, "0123456789abcdef", NEW).write_bytes(b"ha")
    (told,) = check_file(out, read=[])
    assert "what it left was removed" in str(told)
    assert [path.name for path in tmp_path.iterdir()] == ["packet.pdf"]
    assert out.read_bytes() == b"old"


@pytest.mark.parametrize("kind", ["link", "fifo", "device", "folder"])
def test_only_a_file_is_replaced(tmp_path: Path, kind: str) -> None:
    out = tmp_path / "packet.pdf"
    if kind == "link":
        out.symlink_to(tmp_path / "else")
    elif kind == "fifo":
        os.mkfifo(out)
    elif kind == "folder":
        out.mkdir()
    else:
        out = Path("/dev/full")
    with pytest.raises(OSError, match=rf"{out} is a (link|device or a pipe|folder)"):
        check_file(out, read=[])
