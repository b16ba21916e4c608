"""The bytes of a text table as text: its encoding, found and told where it is not UTF-8."""

from __future__ import annotations

import re
from typing import Final

from feeder.errors import Findings, InputError, Problem
from feeder.wording import listed

_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_CANDIDATES: Final = (("cp1252", "Windows-1252"), ("mac_roman", "Mac Roman"), ("cp850", "DOS 850"))
"""Encodings of one byte a letter, the likeliest first: ties go to it."""
_LETTERS: Final = frozenset("áàâäãåæçéèêëíìîïñóòôöõøœúùûüÿßšžčćőű")
_QUOTES: Final = "\u2018\u2019"
_SIGNS: Final = "\u2013\u2014\u2026\u201c\u201d\u2022\u2122\u00ae\u00ba\u00aa\u00b0\u00a0"
"""Marks that stand around words, not in them."""
_WORD: Final = re.compile(r"[^\W\d_]*[^\x00-\x7f][^\W\d_]*")
_FIX: Final = "Save the table as CSV in UTF-8, parted by commas, with one header line."
_SAMPLE: Final = 2_000
"""Bytes that tell whether every other one is a NUL."""


def decoded(content: bytes, file: str, findings: Findings) -> str:
    """Return the text of a table.

    UTF-8, UTF-16 (with or without its mark), else whichever of Windows-1252, Mac Roman and
    DOS 850 makes words of it; all but the first with a warning.

    Raises
    ------
    InputError
        Where it is no text of any of them.
    """
    wide = _utf_16(content)
    if wide is not None:
        return _wide(content, wide, file, findings)
    if b"\x00" in content:
        line = content[: content.find(b"\x00")].count(b"\n") + 1
        raise InputError([_broken(file, "nul-bytes", "the file holds NUL bytes.", line)])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
    scores = {}
    for codec, name in _CANDIDATES:
        try:
            text = content.decode(codec)
        except UnicodeDecodeError:
            continue
        scores[name] = (_plausible(text), text)
    name = max(scores, key=lambda one: scores[one][0])
    score, text = scores[name]
    if score < 0:
        message = "the file is neither UTF-8 nor Windows-1252 nor Mac Roman."
        raise InputError([_broken(file, "encoding", message, line)])
    words = list(dict.fromkeys(_WORD.findall(text)))
    findings.warnings.append(
        Problem(
            rule="windows-1252" if name == "Windows-1252" else "encoding-guessed",
            message=f"this is not UTF-8; the file was read as {name} ({listed(words)}).",
            fix="Check names with accents, or save the file as UTF-8.",
            file=file,
            row=line,
        )
    )
    return text


def _utf_16(content: bytes) -> str | None:
    """Return the codec of a text of two bytes a letter; None where it is none."""
    if content.startswith(_MARKS):
        return "utf-16"
    head = content[: _SAMPLE - _SAMPLE % 2]
    pairs = len(head) // 2
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > 0.8 * pairs and not even:
        return "utf-16-le"
    return "utf-16-be" if even > 0.8 * pairs and not odd else None


def _wide(content: bytes, codec: str, file: str, findings: Findings) -> str:
    try:
        text = content.decode(codec)
    except UnicodeDecodeError as error:
        message = "the file is UTF-16, but damaged or cut short."
        raise InputError([_broken(file, "encoding", message)]) from error
    if "\x00" in text:
        line = text[: text.find("\x00")].count("\n") + 1
        raise InputError([_broken(file, "nul-bytes", "the file holds NUL bytes.", line)])
    message = "the file is UTF-16, and was read as such."
    findings.warnings.append(Problem(rule="utf-16", message=message, file=file))
    return text


def _plausible(text: str) -> int:
    """Return how much the letters beyond ASCII look like words: fitting less misfitting ones."""
    places = (found.start() for found in re.finditer(r"[^\x00-\x7f]", text))
    return sum(1 if _fits(text, at) else -1 for at in places)


def _fits(text: str, at: int) -> bool:
    """Return whether a letter or mark may stand where it does."""
    mark, before, after = text[at], text[max(at - 1, 0) : at], text[at + 1 : at + 2]
    beside = [one for one in (before, after) if one.isascii() and one.isalpha()]
    if mark in _LETTERS:
        return bool(beside)
    if mark.lower() in _LETTERS:
        word = "".join(
            re.split(r"[\W\d_]", text[max(at - 40, 0) : at])[-1:]
            + re.split(r"[\W\d_]", text[at : at + 40])[:1]
        )
        return bool(beside) and (not before.isalpha() or word.isupper())
    if mark in _QUOTES:
        return bool(beside)
    return mark in _SIGNS and len(beside) < 2  # noqa: PLR2004 - within a word


def _broken(file: str, rule: str, message: str, row: int | None = None) -> Problem:
    return Problem(rule=rule, message=message, fix=_FIX, file=file, row=row)
