"""How well every method finds the communities planted in invented districts, over their noise.

``python benchmarks/planted.py`` draws the plot of the docs and prints its table. There are two
kinds of noise: *leaks*, the share of elementary areas that send a corner of their children across
a planted border (``feeder synth --noise``), and *strays*, the share of students who go on to any
school of the district instead. Every district is invented anew from the arguments alone.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.base import ClusterMixin
from sklearn.metrics import adjusted_rand_score

from feeder import CommunityMethod, CommunitySearch, prepare_district, write_synthetic
from feeder.district.synthetic import NOISE
from feeder.partition.methods.ground import hosts
from feeder.partition.methods.table import METHODS, SEARCH
from feeder.partition.problem import IntArray, PartitionProblem, symmetric_csr

LEAKS = (0.0, 0.06, NOISE, 0.25, 0.5)
STRAYS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
AXES = {
    "leaks": "Leaks: areas that send children\nacross a planted border",
    "strays": "Strays: students who go on\nto any school of the district",
}
STYLES = {
    SEARCH: ("#332288", "o"),
    "anchored": ("#117733", "s"),
    "ward": ("#88CCEE", "D"),
    "spectral": ("#999933", "^"),
    "kmeans": ("#CC6677", "v"),
    "louvain": ("#AA4499", "P"),
}


@dataclass(frozen=True, slots=True, eq=False)
class Planted:
    """An invented district as a problem, and the planted community of its campuses."""

    problem: PartitionProblem
    campuses: IntArray
    truth: IntArray

    def recovered(self, estimator: ClusterMixin) -> float:
        """Adjusted Rand index of what an estimator finds and what was planted, over campuses.

        As Hubert and Arabie (1985) define it.
        """
        labels = estimator.fit(self.problem).labels_
        return float(adjusted_rand_score(self.truth, labels[self.campuses]))

    @property
    def planted(self) -> IntArray:
        """Shape (n_units,): planted community of each unit; vacant tiles go with their hosts."""
        labels = np.zeros(self.problem.n_units, dtype=np.int64)
        labels[self.campuses] = self.truth
        return labels[hosts(self.problem)]

    @property
    def share_out(self) -> float:
        """Share of the students who change school that leave their planted community."""
        return 1 - self.problem.kept_share(self.planted)

    def strayed(self, share: float, rng: np.random.Generator) -> Planted:
        """Send a share of every flow to a school drawn from all with the receiver's grades."""
        problem, grades = self.problem, self.problem.grades
        tail = np.repeat(np.arange(problem.n_units), np.diff(problem.flows.start))
        up = (grades[tail] < grades[problem.flows.to]) | (
            (grades[tail] == grades[problem.flows.to]) & (tail < problem.flows.to)
        )
        sender, receiver, students = tail[up], problem.flows.to[up], problem.flows.weight[up]
        other = np.array([rng.choice(np.flatnonzero(grades == grades[v])) for v in receiver])
        flows = symmetric_csr(
            problem.n_units,
            np.concatenate([sender, sender]),
            np.concatenate([receiver, other]),
            np.concatenate([(1 - share) * students, share * students]),
        )
        inside = problem.flow_inside + share * students[sender == other].sum()
        return replace(self, problem=replace(problem, flows=flows, flow_inside=float(inside)))


def plant(*, schools: int, seed: int, noise: float = NOISE) -> Planted:
    """Invent a district and read it back."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "district"
        write_synthetic(folder, schools=schools, seed=seed, noise=noise)
        prepared = prepare_district(folder)
        table = pd.read_csv(folder / "schools.csv", dtype=str).set_index("school_id")
    graph = prepared.network.graph
    home = pd.factorize(table["planted_community"].loc[list(graph.school_ids)], sort=True)[0]
    nodes, first = np.unique(graph.school_node, return_index=True)
    return Planted(prepared.problem, np.searchsorted(prepared.kept, nodes), home[first])


def estimators(seed: int) -> Iterator[tuple[str, ClusterMixin]]:
    """List the search and every comparator."""
    yield SEARCH, CommunitySearch(random_state=seed)
    for name in METHODS:
        yield name, CommunityMethod(name, random_state=seed)


def districts(schools: int, seed: int) -> Iterator[tuple[str, float, Planted]]:
    """Invent one district of every level of both kinds of noise."""
    for noise in LEAKS:
        yield "leaks", noise, plant(schools=schools, seed=seed, noise=noise)
    planted = plant(schools=schools, seed=seed)
    for share in STRAYS:
        yield "strays", share, planted.strayed(share, np.random.default_rng(seed))


def measure(schools: int, seeds: int) -> pd.DataFrame:
    """Measure every method on every district; one row of each pair."""
    rows = [
        (kind, noise, planted.share_out, name, planted.recovered(estimator))
        for seed in range(seeds)
        for kind, noise, planted in districts(schools, seed)
        for name, estimator in estimators(seed)
    ]
    return pd.DataFrame(rows, columns=["kind", "noise", "out", "method", "rand"])


def table(found: pd.DataFrame) -> pd.DataFrame:
    """Return medians over the districts: flow out of planted communities, and every method."""
    levels = found.groupby(["kind", "noise"])
    out = levels["out"].median().map("{:.1%}".format).rename("flow out")
    rand = found.pivot_table("rand", ["kind", "noise"], "method", aggfunc="median")
    return pd.concat([out, rand[list(STYLES)].round(2)], axis=1)


def draw(found: pd.DataFrame, out: Path, title: str) -> None:
    """Draw the median over the districts of each level of noise, and the range of all."""
    import matplotlib as mpl

    mpl.use("Agg")
    mpl.rcParams |= {"svg.hashsalt": "feeder", "font.size": 8}
    import matplotlib.pyplot as plt

    figure, both = plt.subplots(1, 2, figsize=(7.6, 3.8), sharey=True, layout="constrained")
    for axes, (kind, words) in zip(both, AXES.items(), strict=True):
        for name, (color, marker) in STYLES.items():
            of_method = found[(found["kind"] == kind) & (found["method"] == name)]
            rand = of_method.groupby("noise")["rand"]
            x = 100 * rand.median().index
            axes.fill_between(x, rand.min(), rand.max(), color=color, alpha=0.1, linewidth=0)
            width = 2.4 if name == SEARCH else 1.2
            axes.plot(x, rand.median(), color=color, marker=marker, label=name, lw=width)
        axes.set_xlabel(words)
        axes.xaxis.set_major_formatter("{x:g} %")
        axes.set_ylim(0, 1.02)
        axes.spines[["top", "right"]].set_visible(False)
    both[0].set_ylabel("Adjusted Rand index with what was planted")
    both[1].legend(frameon=False)
    figure.suptitle(title, fontsize=9)
    out.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(out, metadata={"Date": None})


def main() -> None:
    """Measure, print, draw."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--schools", type=int, default=150, help="of each district")
    parser.add_argument("--seeds", type=int, default=5, help="districts of each noise")
    parser.add_argument("--out", type=Path, default=Path("docs/analysts/planted.svg"))
    asked = parser.parse_args()
    found = measure(asked.schools, asked.seeds)
    print(table(found).to_string())
    many = f"{asked.seeds} districts of {asked.schools} schools"
    draw(found, asked.out, f"Planted communities found: median and range of {many}")


if __name__ == "__main__":
    main()
