"""The public names of feeder, by what they are."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from typing import Final

import feeder
from feeder.analyses.table import Analyses

_VERBS: Final = ("embedded_district", "read_district", "plan_district", "open_plan", "score")
"""What a notebook begins with, in the order in which it does."""

FOREIGN: Final = ("BaseEstimator", "ClusterMixin", "_MetadataRequester")
"""Classes of scikit-learn whose members its own site shows."""


def api() -> str:
    """Return one part a kind of name: verbs, analyses, other functions, classes, errors."""
    every = {name: getattr(feeder, name) for name in feeder.__all__}
    analyses = [name for name in vars(Analyses) if name in every]
    classes = [name for name, value in every.items() if inspect.isclass(value)]
    errors = [name for name in classes if issubclass(every[name], Exception)]
    verbs = [name for name in _VERBS if name in every]
    rest = [name for name in every if name not in {*verbs, *analyses, *classes}]
    parts = (
        ("Begin", "autofunction", verbs),
        ("Ask", "autofunction", analyses),
        ("Other functions", "autofunction", rest),
        ("What comes back", "autoclass", [name for name in classes if name not in errors]),
        ("Errors", "autoexception", errors),
    )
    return "\n\n".join(_part(*part) for part in parts)


def _part(title: str, directive: str, names: Iterable[str]) -> str:
    listed = "\n".join(f"   {name}" for name in names)
    members = f"   :members:\n   :inherited-members: {', '.join(FOREIGN)}\n"
    told = "\n".join(
        f".. {directive}:: {name}\n{members if directive == 'autoclass' else ''}" for name in names
    )
    text = f".. currentmodule:: feeder\n\n.. autosummary::\n\n{listed}\n\n{told}"
    return f"## {title}\n\n```{{eval-rst}}\n{text}\n```\n"
