"""Sentences that only the reference needs, held to the names that the code gives."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

HERE = Path(__file__).resolve().parent


def sentences(file: str) -> dict[str, str]:
    """Return the sentences of a file by dotted name."""
    return dict(_flat(tomllib.loads((HERE / file).read_text(encoding="utf-8")), ""))


def held(told: Mapping[str, str], names: Iterable[str], file: str) -> Mapping[str, str]:
    """Return the sentences, or stop where they are not of these names.

    Raises
    ------
    LookupError
        With every name that has no sentence, and every sentence that has no name.
    """
    wanted = set(names)
    missing, stale = sorted(wanted - told.keys()), sorted(told.keys() - wanted)
    if missing or stale:
        raise LookupError(f"{file} lacks {missing} and says too much of {stale}")
    return told


def _flat(inner: Mapping[str, object], before: str) -> Iterable[tuple[str, str]]:
    for key, value in inner.items():
        name = f"{before}.{key}" if before else key
        if isinstance(value, Mapping):
            yield from _flat(value, name)
        else:
            yield name, str(value)
