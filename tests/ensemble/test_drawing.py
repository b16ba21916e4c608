"""Plans on disk: the same bytes whatever runs the chains, and however often they are killed."""

import json
import os
import subprocess
import sys
import time
import warnings
from dataclasses import replace
from hashlib import sha256
from importlib import util

import pyarrow.parquet as pq
import pytest

from feeder import ensemble
from feeder.analyses.ensemble.run import check_ensemble_folder
from feeder.ensembles import drawing, store
from feeder.ensembles.drawing import check_drawable, draw_ensemble
from feeder.ensembles.store import CHECKPOINT, PLANS, data_hash, replace_file
from feeder.errors import FeederError, OutputError
from feeder.partition.sampling import walk
from feeder.partition.sampling.walk import Recipe, first_position

SMALL = Recipe(plans=12, chains=3, every=20, burn_in=40, seed=4)


def digests(folder):
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def drawn_once(make_store, scorer, tmp_path_factory):
    """Digests of a plain run, its rounds five plans long."""
    kept = make_store(tmp_path_factory.mktemp("plain") / "plain", SMALL)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawing, "ROUND", 5)
        draw_ensemble(kept, scorer, workers=1)
    return digests(kept.folder)


@pytest.fixture
def plain(drawn_once, monkeypatch):
    """Digests of a plain run; the rounds of the test are as long."""
    monkeypatch.setattr(drawing, "ROUND", 5)
    return drawn_once


@pytest.mark.parametrize("backend", ["threading", "loky"])
def test_the_bytes_do_not_depend_on_the_backend(make_store, scorer, plain, tmp_path, backend):
    from joblib import parallel_config

    kept = make_store(tmp_path / backend, SMALL)
    with parallel_config(backend=backend, n_jobs=2):
        draw_ensemble(kept, scorer)
    assert digests(kept.folder) == plain
    assert len(plain) == 4  # three rounds of five, five and two, and the checkpoint


def test_a_dask_cluster_draws_the_same_plans(make_store, scorer, plain, tmp_path):
    kept = make_store(tmp_path / "dask", SMALL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of dask's own threads and sockets
        from dask.distributed import Client, LocalCluster
        from joblib import parallel_config

        with (
            LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
            Client(cluster) as client,
            parallel_config(backend="dask"),
        ):
            draw_ensemble(kept, scorer)
            ran = client.run(lambda: "feeder.ensembles.drawing" in sys.modules)
    assert digests(kept.folder) == plain
    assert any(ran.values()), "the chains did not run on the cluster"


@pytest.mark.parametrize("writes", range(7))
def test_a_run_stopped_between_any_two_writes_goes_on(
    make_store, scorer, plain, tmp_path, monkeypatch, writes
):
    """Checkpoint, round, checkpoint, ... : seven files are written, one after another."""
    made = make_store(tmp_path / "stopped", SMALL)
    done = []

    def write(path, content):
        if len(done) == writes:
            raise KeyboardInterrupt
        done.append(path)
        replace_file(path, content)

    with monkeypatch.context() as patch:
        patch.setattr(store, "replace_file", write)
        with pytest.raises(KeyboardInterrupt):
            draw_ensemble(made, scorer)
    assert digests(made.folder) != plain
    draw_ensemble(made, scorer)
    assert digests(made.folder) == plain


def test_a_killed_run_ends_with_the_same_bytes(embedded, sampled, tmp_path):
    """``kill -9`` in the middle, another start, and every plan is as if nothing had happened."""
    out = tmp_path / "killed"
    command = [sys.executable, "-m", "feeder", "ensemble", str(embedded), "--plans", "1200"]
    with subprocess.Popen(
        [*command, "--chains", "2", "--out", str(out)],
        env=os.environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as run:
        deadline = time.monotonic() + 300
        while not (out / PLANS / "part-00000.parquet").exists():
            assert run.poll() is None, "the run ended before it could be killed"
            assert time.monotonic() < deadline
            time.sleep(0.01)
        run.kill()
    assert json.loads((out / CHECKPOINT).read_text())["rounds"] < 3
    ensemble(embedded, out=out, plans=1_200, chains=2, workers=2)
    never_killed = digests(sampled.store.folder)
    drawn = [name for name in never_killed if name == CHECKPOINT or name.startswith(PLANS)]
    assert digests(out) == {name: never_killed[name] for name in drawn}
    assert len(drawn) == 4


def test_a_finished_run_is_read_not_drawn(make_store, scorer, tmp_path, monkeypatch):
    kept = make_store(tmp_path / "done", SMALL)
    draw_ensemble(kept, scorer)
    monkeypatch.setattr(drawing, "_side_by_side", None)
    assert draw_ensemble(kept, scorer).rounds == 1


def test_plans_of_another_recipe_or_district_are_refused(make_store, scorer, tmp_path):
    kept = make_store(tmp_path / "plans", SMALL)
    draw_ensemble(kept, scorer)
    with pytest.raises(OutputError, match="every 20, not 30; seed 4, not 5") as told:
        draw_ensemble(replace(kept, recipe=replace(SMALL, every=30, seed=5)), scorer)
    assert "--out" in str(told.value)
    with pytest.raises(OutputError, match="another district, scenario"):
        draw_ensemble(replace(kept, data="0"), scorer)
    part = kept.folder / PLANS / "part-00000.parquet"
    part.rename(tmp_path / "away")
    with pytest.raises(OutputError, match=r"part-00000\.parquet is missing"):
        draw_ensemble(kept, scorer)
    (kept.folder / CHECKPOINT).write_text('{"rounds": 1')
    with pytest.raises(OutputError, match="no checkpoint that can be read"):
        draw_ensemble(kept, scorer)


def test_a_broken_part_or_checkpoint_is_told(make_store, scorer, tmp_path):
    """Cut short, another file, other plans or other figures: each is named, none is a crash."""
    kept = make_store(tmp_path / "plans", SMALL)
    draw_ensemble(kept, scorer)
    part, checkpoint = kept.folder / PLANS / "part-00000.parquet", kept.folder / CHECKPOINT
    whole, said = part.read_bytes(), json.loads(checkpoint.read_text())
    table = pq.read_table(part)
    changed = tmp_path / "changed.parquet"
    pq.write_table(table.slice(0, 3), changed)
    for content in (b"", whole[:-20], whole[: len(whole) // 2], b"{}", changed.read_bytes()):
        part.write_bytes(content)
        with pytest.raises(OutputError, match=r"part-00000\.parquet is not as it was written"):
            kept.scores()
        with pytest.raises(OutputError, match=r"part-00000\.parquet is not as it was written"):
            draw_ensemble(kept, scorer)
    part.write_bytes(whole)
    labels = [[0] * len(one["labels"]) for one in said["chains"]]
    moved = [{**one, "labels": zeros} for one, zeros in zip(said["chains"], labels, strict=True)]
    for record in ({**said, "chains": moved}, {**said, "rounds": 7}, {**said, "parts": []}, [], 3):
        checkpoint.write_text(json.dumps(record))
        with pytest.raises(OutputError, match="no checkpoint that can be read"):
            draw_ensemble(kept, scorer)
    checkpoint.write_bytes(b"\xff\xfe")
    with pytest.raises(OutputError, match="no checkpoint that can be read"):
        draw_ensemble(kept, scorer)


@pytest.mark.parametrize(
    "change",
    [
        lambda s: replace(s, enrollment=s.enrollment + 1),
        lambda s: replace(s, distances=s.distances * 2),
        lambda s: replace(s, problem=replace(s.problem, flow_total=s.problem.flow_total + 1)),
        lambda s: replace(s, problem=replace(s.problem, weights={"cut_contacts": 1.0})),
        lambda s: replace(
            s,
            problem=replace(s.problem, school_bounds=(1, 40)),
        ),
    ],
    ids=["enrollment", "places", "flows", "weights", "limits"],
)
def test_the_hash_of_the_data_feels_every_change(scorer, change):
    assert data_hash(change(scorer)) != data_hash(scorer)
    assert data_hash(replace(scorer)) == data_hash(scorer)


def test_the_file_is_as_told(sampled, prepared):
    parts = sorted((sampled.store.folder / PLANS).iterdir())
    assert [part.name for part in parts] == [f"part-{i:05d}.parquet" for i in range(3)]
    table = pq.read_table(parts[0])
    assert str(table.schema.field("plan").type.value_type) == "int16"
    assert len(table) == 500
    units = json.loads(table.schema.metadata[b"units"])
    assert units == [prepared.network.graph.node_ids[node] for node in prepared.kept]
    assert json.loads(table.schema.metadata[b"recipe"])["method"] == "recom"
    keys = [pq.read_table(part, columns=["chain", "draw"]).to_pandas() for part in parts]
    drawn = sorted((c, d) for one in keys for c, d in one.to_numpy().tolist())
    assert drawn == [(c, d) for c in range(2) for d in range(600)]


def test_what_cannot_start_or_move_is_told(make_store, scorer, tmp_path, monkeypatch):
    whole = scorer.problem
    impossible = replace(whole, school_bounds=(1, 1))
    with pytest.raises(FeederError, match="No plan that keeps every limit"):
        draw_ensemble(make_store(tmp_path / "a", SMALL), replace(scorer, problem=impossible))
    start = first_position(whole, SMALL, 0)
    monkeypatch.setattr(drawing, "first_position", lambda *_: start)
    monkeypatch.setattr(walk, "PATIENCE", 50)
    with pytest.raises(FeederError, match="cannot move"):
        draw_ensemble(make_store(tmp_path / "b", SMALL), replace(scorer, problem=impossible))


def test_one_community_is_told_before_anything_is_drawn(embedded, tmp_path):
    with pytest.raises(FeederError, match="one community, so one plan"):
        ensemble(embedded, out=tmp_path / "a", communities=1, schools=(1, 999))
    assert list(tmp_path.iterdir()) == []


def test_a_pull_that_nothing_weighs_is_refused(make_store, scorer, tmp_path):
    problem = replace(
        scorer.problem,
        weights={"feeder_continuity": 0.0, "cut_contacts": 0.0, "enrollment_deviation": 1.0},
    )
    recipe = replace(SMALL, method="reversible", pull=1.0)
    with pytest.raises(FeederError, match="gives neither any weight"):
        draw_ensemble(make_store(tmp_path / "a", recipe), replace(scorer, problem=problem))
    weighed = replace(problem, weights={**problem.weights, "cut_contacts": 0.1})
    check_drawable(weighed, recipe)
    check_drawable(problem, replace(recipe, pull=0.0))


@pytest.mark.parametrize("wrong", [{"chains": 0}, {"every": 0}, {"plans": 0}], ids=str)
def test_a_number_out_of_range_is_told(village, tmp_path, wrong):
    with pytest.raises(ValueError, match="plans, chains and every are 1 or more"):
        ensemble(village, out=tmp_path / "out", **wrong)


def test_an_unknown_method_is_told(village, tmp_path):
    with pytest.raises(ValueError, match="method 'flip' is none of"):
        ensemble(village, out=tmp_path / "out", method="flip")


def test_what_a_killed_write_left_is_no_stranger(tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / PLANS).mkdir()
    left = [out / f".{CHECKPOINT}.0123456789abcdef.new"]
    left.append(out / PLANS / ".part-00000.parquet.fedcba9876543210.new")
    for path in left:
        path.write_text("{")
    (out / CHECKPOINT).write_text("{")
    told = check_ensemble_folder(out, source=tmp_path)
    assert [path.name in str(one) for path, one in zip(left, told, strict=True)] == [True, True]
    assert not any(path.exists() for path in left)
    (out / CHECKPOINT).unlink()
    (out / PLANS).rmdir()
    (out / "budget.new").write_text("mine")
    with pytest.raises(OutputError, match=r"budget\.new"):
        check_ensemble_folder(out, source=tmp_path)
    (out / "budget.new").rename(out / "map.html")
    with pytest.raises(OutputError, match=r"map\.html"):
        check_ensemble_folder(out, source=tmp_path)


def test_a_missing_library_is_named(monkeypatch):
    monkeypatch.setattr(util, "find_spec", lambda _: None)
    with pytest.raises(FeederError, match=r"joblib.*pip install joblib arviz"):
        drawing.need("joblib")
