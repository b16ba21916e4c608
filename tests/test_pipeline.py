"""The whole run: the same seed, the same bytes; a notebook gets what the command gives."""

import os
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pytest

import feeder
from feeder import NoPlanFoundError, open_plan, plan_district, read_district


def _bytes(folder: Path) -> dict[str, str]:
    return {p.name: sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())}


@pytest.mark.parametrize("name", ["embedded", "fairfax_va"])
def test_the_same_seed_gives_the_same_bytes_in_another_process(
    name: str,
    district_folder: Callable[[str], Path],
    planned_folder: Callable[[str], Path],
    tmp_path: Path,
) -> None:
    """A notebook's plan, made on all processors, and the command's, made on one."""
    planned = planned_folder(name)
    environment = {
        **os.environ,
        "PYTHONHASHSEED": "1" if os.environ.get("PYTHONHASHSEED") == "4242" else "4242",
        "SOURCE_DATE_EPOCH": "1700000000",
        "OMP_NUM_THREADS": "1",
    }
    command = [sys.executable, "-m", "feeder", "plan", str(district_folder(name))]
    command += ["--effort", "quick", "--out", str(tmp_path / "out")]
    subprocess.run(command, env=environment, check=True, capture_output=True)
    assert _bytes(tmp_path / "out") == _bytes(planned)


def test_comparators_give_the_same_labels_in_another_process() -> None:
    script = (
        "from hashlib import sha256\n"
        "from feeder import CommunityMethod, prepare_district\n"
        "from feeder.partition.methods.table import METHODS\n"
        "problem = prepare_district().problem\n"
        "for name in METHODS:\n"
        "    labels = CommunityMethod(name, random_state=3).fit_predict(problem)\n"
        "    print(name, sha256(labels.tobytes()).hexdigest())\n"
    )
    told = [
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed, "OMP_NUM_THREADS": processors},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed, processors in (("1", "1"), ("4242", "2"))
    ]
    assert told[0] == told[1]
    assert len(set(told[0].split()[1::2])) == len(told[0].splitlines()) == 5


VIRTUAL = {"lausd": ["19647336069157"]}
"""Schools without a place of their own, which no community has: a home hospital."""


@pytest.mark.parametrize("name", ["embedded", "fairfax_va", "lausd"])
def test_real_districts_keep_every_promise_of_their_folder(
    name: str, planned_folder: Callable[[str], Path], district_folder: Callable[[str], Path]
) -> None:
    plan = pd.read_csv(planned_folder(name) / "plan.csv", dtype=str, keep_default_na=False)
    district = read_district(district_folder(name))
    assert sorted(plan["school_id"]) == list(district.schools.index)
    placed = plan["community_id"] != ""
    assert plan.loc[~placed, "school_id"].tolist() == VIRTUAL.get(name, [])
    plan = plan[placed]
    low, high = district.scenario.schools
    assert plan["community_id"].value_counts().between(low, high).all()
    assert plan["community_id"].nunique() == district.scenario.communities


def test_a_map_of_a_thousand_schools_stays_light(planned_folder: Callable[[str], Path]) -> None:
    assert (planned_folder("lausd") / "map.html").stat().st_size < 1_200_000


def test_best_effort_returns_what_a_plain_run_refuses(embedded: Path) -> None:
    too_tight = {"enrollment_tolerance": 0.0001}
    with pytest.raises(NoPlanFoundError, match="enrollment"):
        plan_district(embedded, effort="quick", **too_tight)
    plan = plan_district(embedded, effort="quick", best_effort=True, **too_tight)
    assert not plan.scorecard.satisfied
    assert "promises broken" in repr(plan)


def test_progress_passes_every_stage_in_order(village: Path, tmp_path: Path) -> None:
    seen: list[tuple[str, float]] = []

    def progress(stage: str, share: float) -> None:
        seen.append((stage, share))

    plan = plan_district(village, effort="quick", progress=progress)
    plan.write(tmp_path / "out", progress=progress)
    stages = list(dict.fromkeys(stage for stage, _ in seen))
    assert stages == ["read", "network", "prepare", "search", "prove", "score", "write"]
    assert all(0 <= share <= 1 for _, share in seen)
    assert set(plan.timings) == set(stages)


def test_the_public_names_are_sorted_and_importable() -> None:
    assert feeder.__all__ == sorted(feeder.__all__)
    for name in feeder.__all__:
        assert getattr(feeder, name).__name__ == name
    with pytest.raises(AttributeError, match="no attribute 'plans'"):
        feeder.plans  # noqa: B018 - the access is what is tested


def test_explore_returns_a_folium_map(village: Path) -> None:
    shown = open_plan(village, village / "plan.csv").explore()
    assert type(shown).__module__.startswith("folium")


def test_every_table_tells_its_units_in_one_call(embedded: Path) -> None:
    plan = plan_district(embedded, best_effort=True, method="kmeans")
    units = plan.communities.attrs["units"]
    assert list(units) == list(plan.communities)
    assert (units["enrollment"], units["feeder_continuity"]) == ("students", "share")
    assert (units["foster"], units["chronic_absence"]) == ("students", "share")
    assert (units["office_minutes_mean"], units["office"]) == ("minutes", "")
    figures = plan.figures.set_index(["scope", "measure"])["value"]
    assert (
        figures["plan", "office_minutes_mean"] == plan.scorecard.plan["office_minutes_mean"].value
    )
    for table in (plan.offices().ways, plan.funding().ledger, plan.goals().goals):
        assert list(table.attrs["units"]) == list(table)
    assert plan.funding().ledger["dollars"].iloc[-1] == 1_144_000_000
