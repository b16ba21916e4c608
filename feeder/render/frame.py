"""What every published page shares: assets, the hashes of its code, what is told as ranges only."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from importlib.resources import files
from typing import Final

from feeder.language import ENGLISH, Words, languages, words

_KINDS: Final = ("enrollment", "grade", "count", "rate", "goal", "flow", "ranged", "coarser")
"""Kinds of cells that may be suppressed, as the note below a page counts them."""


def asset(name: str) -> str:
    """Return the text of one of the files that pages are made of."""
    return files("feeder.render").joinpath("assets", name).read_text(encoding="utf-8")


def policy_hash(text: str) -> str:
    """Return a text's source expression for a Content-Security-Policy."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def page_file(name: str, tag: str) -> str:
    """Return the name of a page's file in a language."""
    return f"{name}.html" if tag == ENGLISH.tag else f"{name}.{tag}.html"


def report_file(tag: str) -> str:
    """Return the name of the report's file in a language."""
    return page_file("report", tag)


def other_languages(name: str, tag: str) -> list[tuple[str, str, str]]:
    """Return tag, name and file of a page in every language but one."""
    return [(one, words(one).name, page_file(name, one)) for one in languages() if one != tag]


def left_out(note: Mapping[str, int], words: Words) -> str:
    """Return what was suppressed as one or two sentences; empty where nothing is known about it.

    ``note`` is as :func:`feeder.publishing.withheld.withheld` returns it.
    """
    if "below" not in note:
        return ""
    kinds = [
        words(f"suppressed.{kind}", n=note[kind], below=note["below"])
        for kind in _KINDS
        if note.get(kind)
    ]
    if not kinds:
        return words("suppressed.none", below=note["below"])
    told = kinds[-1]
    if kinds[:-1]:
        told = words("list.and", told=", ".join(kinds[:-1]), last=told)
    return words("suppressed.some", below=note["below"], kinds=told)
