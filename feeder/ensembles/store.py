"""Plans on disk: one Parquet file a round of all chains, and a checkpoint to go on from.

A round is written whole, then the checkpoint that counts it. A run that is killed between the two
draws the round again and writes the same bytes over it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from feeder.ensembles.scores import MEASURES, OBJECTIVE, Scorer
from feeder.errors import OutputError
from feeder.network.graph import FloatArray
from feeder.partition.kernels.compiler import SOURCES
from feeder.partition.sampling.ground import make_ground
from feeder.partition.sampling.walk import Plans, Position, Recipe
from feeder.writing.whole import output_told, replace_file

CHECKPOINT: Final = "checkpoint.json"
_SEAL: Final = "sha256"
"""Key of the checkpoint's own hash."""
PLANS: Final = "plans"
"""Folder of the rounds."""
PLAN: Final = "plan"
"""Column of the plans: the community of every unit, in the order of the file's ``units``."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Checkpoint:
    """How far a run has come.

    Attributes
    ----------
    rounds
        Rounds that are written.
    positions
        Where each chain stands after them.
    proposals, trees, splits
        What they took, burn-in included.
    parts
        Hash of the file of each round.
    """

    rounds: int
    positions: tuple[Position, ...]
    proposals: int
    trees: int
    splits: int
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """A folder of plans drawn under one recipe on one problem.

    Attributes
    ----------
    folder
        Where the plans lie.
    recipe
        How they are drawn.
    data
        Hash of everything the plans and their scores rest on but the recipe.
    units
        Ids of the units, the columns of a plan.
    """

    folder: Path
    recipe: Recipe
    data: str
    units: tuple[str, ...]

    def checkpoint(self) -> Checkpoint | None:
        """Return how far an earlier run of this recipe came; None where there was none.

        Raises
        ------
        OutputError
            Where the folder holds plans of another recipe or other data, or lacks some.
        """
        file = self.folder / CHECKPOINT
        if not file.is_file():
            return None
        try:
            said = json.loads(file.read_text(encoding="utf-8"))
            _check_seal(said)
            positions = tuple(
                Position(labels=np.array(one["labels"], dtype=np.int16), rng=one["rng"])
                for one in said["chains"]
            )
            counts = {name: int(said[name]) for name in ("rounds", "proposals", "trees", "splits")}
            self._check(said)
            parts = tuple(said["parts"])
        except OutputError:
            raise
        except (AttributeError, KeyError, TypeError, ValueError, OSError) as error:
            raise OutputError(
                f"{file} is no checkpoint that can be read; choose a new folder with --out."
            ) from error
        for number, sealed in enumerate(parts):
            _check_part(self._part(number), sealed)
        return Checkpoint(positions=positions, parts=parts, **counts)

    def _check(self, said: Mapping[str, Any]) -> None:
        asked = asdict(self.recipe)
        other = [
            f"{name} {said['recipe'][name]}, not {value}"
            for name, value in asked.items()
            if said["recipe"][name] != value
        ]
        if said["data"] != self.data:
            other.append("another district, scenario or version of feeder")
        if other:
            raise OutputError(
                f"{self.folder} holds plans drawn under another recipe: {'; '.join(other)}. Ask "
                "for the same to go on from there, or choose a new folder with --out."
            )

    def add(
        self, done: Checkpoint, first: int, drawn: Sequence[tuple[Plans, FloatArray]]
    ) -> Checkpoint:
        """Write one round, the plans and scores of each chain, and then the checkpoint.

        Parameters
        ----------
        done
            How far the run has come with this round.
        first
            Number of the round's first plan within its chain.
        drawn
            Plans and scores (:meth:`~feeder.ensembles.scores.Scorer.scores`) of each chain; none
            where only the checkpoint is new.

        Returns
        -------
        Checkpoint
            ``done`` with the hash of the round.

        Raises
        ------
        OutputError
            Where one of them cannot be written.
        """
        if drawn:
            table = pa.concat_tables(
                self._table(chain, first, *made) for chain, made in enumerate(drawn)
            )
            sink = pa.BufferOutputStream()
            pq.write_table(table, sink, compression="zstd")
            content = sink.getvalue().to_pybytes()
            done = replace(done, parts=(*done.parts, _hash(content)))
            _write(self._part(done.rounds - 1), content)
        _write(self.folder / CHECKPOINT, self._told(done).encode())
        return done

    def _part(self, number: int) -> Path:
        return self.folder / PLANS / f"part-{number:05d}.parquet"

    def _table(self, chain: int, first: int, plans: Plans, scores: FloatArray) -> pa.Table:
        columns = {
            "chain": pa.array(np.full(len(plans), chain, dtype=np.int16)),
            "draw": pa.array(np.arange(first, first + len(plans), dtype=np.int32)),
            **{
                name: pa.array(scores[:, i], from_pandas=True)
                for i, name in enumerate((OBJECTIVE, *MEASURES))
            },
            PLAN: pa.FixedSizeListArray.from_arrays(pa.array(plans.ravel()), plans.shape[1]),
        }
        table = pa.table(columns)
        return table.replace_schema_metadata(
            {"units": json.dumps(self.units), "recipe": json.dumps(asdict(self.recipe))}
        )

    def _told(self, done: Checkpoint) -> str:
        told = {
            "recipe": asdict(self.recipe),
            "data": self.data,
            "rounds": done.rounds,
            "proposals": done.proposals,
            "trees": done.trees,
            "splits": done.splits,
            "parts": done.parts,
            "chains": [{"rng": one.rng, "labels": one.labels.tolist()} for one in done.positions],
        }
        return _compact({**told, _SEAL: _hash(_compact(told))}).decode() + "\n"

    def scores(self) -> pd.DataFrame:
        """Return ``chain``, ``draw`` and the scores of every plan, by chain and draw."""
        names = ["chain", "draw", OBJECTIVE, *MEASURES]
        parts = [pq.read_table(part, columns=names).to_pandas() for part in self._parts()]
        table: pd.DataFrame = pd.concat(parts).sort_values(["chain", "draw"], kind="stable")
        return table.reset_index(drop=True)

    def plans(self) -> Iterator[tuple[npt.NDArray[np.int64], Plans]]:
        """Yield the plans a round at a time: chain and draw (n, 2), and plans (n, n_units)."""
        for part in self._parts():
            table = pq.read_table(part, columns=["chain", "draw", PLAN])
            flat = _flat(table)
            keys = np.column_stack([table["chain"].to_numpy(), table["draw"].to_numpy()])
            yield keys.astype(np.int64), flat.reshape(len(keys), -1)

    def _parts(self) -> list[Path]:
        """Return the rounds that the checkpoint counts."""
        done = self.checkpoint()
        return [self._part(i) for i in range(0 if done is None else done.rounds)]


def _flat(table: pa.Table) -> Plans:
    """Return every label of a table of plans, one plan after another."""
    flat: Plans = table[PLAN].combine_chunks().flatten().to_numpy()
    return flat


def _check_seal(said: dict[str, Any]) -> None:
    """Take the seal off a checkpoint; ValueError where something else is in it than was written."""
    if said.pop(_SEAL) != _hash(_compact(said)):
        raise ValueError(_SEAL)


def _check_part(part: Path, sealed: str) -> None:
    """Check that a round is there as it was written.

    Raises
    ------
    OutputError
        Where it is not.
    """
    way_out = "bring it back, or choose a new folder with --out."
    if not part.is_file():
        raise OutputError(f"{part} is missing, though {CHECKPOINT} counts it; {way_out}")
    try:
        content = part.read_bytes()
    except OSError as error:
        raise OutputError(f"{part} cannot be read ({error.strerror}); {way_out}") from error
    if _hash(content) != sealed:
        raise OutputError(f"{part} is not as it was written, broken or changed; {way_out}")


def _write(path: Path, content: bytes) -> None:
    with output_told(path):
        replace_file(path, content)


def _compact(told: Mapping[str, Any]) -> bytes:
    return json.dumps(told, separators=(",", ":")).encode()


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def data_hash(scorer: Scorer, *more: str) -> str:
    """Return a hash of all that plans and scores rest on but the recipe; ``more`` joins it.

    The sources of the compiled loops are part of it: other loops would draw other plans.
    """
    digest = hashlib.sha256("\0".join([SOURCES, *more]).encode())
    problem = scorer.problem
    values = [
        *make_ground(problem),
        *problem.flows,
        problem.flow_inside,
        problem.flow_total,
        *(x for pair in sorted(problem.weights.items()) for x in pair),
        scorer.kept,
        scorer.school_node,
        scorer.land_a,
        scorer.land_b,
        scorer.flows.sender,
        scorer.flows.receiver,
        scorer.flows.students,
        scorer.enrollment,
        scorer.need,
        scorer.distances,
        *(scorer.schools[name].to_numpy() for name in scorer.schools),
        None if scorer.today is None else scorer.today.school,
    ]
    for value in values:
        digest.update(value.tobytes() if isinstance(value, np.ndarray) else repr(value).encode())
        digest.update(b"\0")
    return digest.hexdigest()
