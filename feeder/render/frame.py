"""What every published page shares: its assets, the hashes of its own code, what was left out."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import Final

_KINDS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "enrollment": ("school enrollment", "school enrollments"),
        "grade": ("grade enrollment", "grade enrollments"),
        "count": ("other count of students", "other counts of students"),
        "rate": ("rate", "rates"),
        "flow": ("flow between two schools", "flows between two schools"),
    }
)
"""Kinds of cells that may be suppressed: the word for one and for several."""


def asset(name: str) -> str:
    """Return the text of one of the files that pages are made of."""
    return files("feeder.render").joinpath("assets", name).read_text(encoding="utf-8")


def policy_hash(text: str) -> str:
    """Return a text's source expression for a Content-Security-Policy."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def left_out(note: Mapping[str, int]) -> str:
    """Return what was suppressed as one or two sentences; empty where nothing is known about it.

    ``note`` is as :func:`feeder.render.redact.redaction_note` returns it.
    """
    if "below" not in note:
        return ""
    parts = [
        f"{note[kind]:,} {one if note[kind] == 1 else many}"
        for kind, (one, many) in _KINDS.items()
        if note.get(kind)
    ]
    limit = f"Counts under {note['below']} students are left out before anything is added up"
    if not parts:
        return f"{limit}; there were none."
    listed = " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))
    return (
        f"{limit}, with those that would give them away: {listed}. "
        "Figures here may therefore differ from the planner's own."
    )
