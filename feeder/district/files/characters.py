"""Characters that nobody sees or meant: taken out of every table, so that ids match."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import pandas as pd

from feeder.errors import Findings
from feeder.wording import gist, warn_grouped

CONTROLS: Final = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Characters that steer a terminal or turn text around; tabs and line ends are none of them."""
INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u180b-\u180e\u200b-\u200f\u2060-\u2064\u206a-\u206f\ufe00-\ufe0f\ufeff]"
)
"""Characters without a shape, which no id and no number has."""
_SPACES: Final = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_INVISIBLE: Final = re.compile("[\u00ad\u180e\u200b-\u200f\u2060-\u2064\ufeff]")
_ALWAYS: Final = re.compile("[\u00ad\u180e\u200b\u2060-\u2064\ufeff]")
"""The invisible characters that no script needs; the others join and turn some scripts."""
_NEEDS_MARKS: Final = re.compile("[\u0590-\u0fff\u1780-\u18af\U0001f000-\U0001faff]")
"""Scripts, and pictures, that are written with joiners and marks of direction."""
_BYTES: Final = range(0x80, 0xC0)
_GAPS: Final = "\x81\x8d\x8f\x90\x9d"
"""Bytes of which Windows-1252 makes nothing: they stand for themselves."""
_WINDOWS: Final = re.escape("".join(bytes([b]).decode("cp1252", "ignore") for b in _BYTES) + _GAPS)
_MAC: Final = re.escape(bytes(_BYTES).decode("mac_roman"))
_MOJIBAKE: Final = re.compile(rf"[ÂÃ][{_WINDOWS}]|â[{_WINDOWS}]{{2}}|√[{_MAC}]")
"""Letters of two and three bytes in UTF-8 that were read as Windows-1252 or Mac Roman."""
_LOST: Final = re.compile("\ufffd")
_SUSPECT: Final = re.compile(
    "|".join(p.pattern for p in (CONTROLS, _SPACES, _INVISIBLE, _MOJIBAKE, _LOST))
)
_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "\u00ad": "soft hyphen",
        "\u200b": "zero-width space",
        "\u200e": "mark of direction",
        "\u200f": "mark of direction",
        "\ufeff": "byte order mark",
    }
)


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of characters: the rule that tells them, what is said, and how they are mended."""

    rule: str
    before: str
    mend: Callable[[str], str]
    example: Callable[[str, str, str], str]


def clean_texts(
    texts: Sequence[str], place: Callable[[int], str], file: str, findings: Findings
) -> list[str]:
    """Return texts without invisible characters and broken accents, with a warning a kind.

    Parameters
    ----------
    texts
        The lines of a file, or cells.
    place
        Tells where each stands, such as ``line 5``, by its position.
    file
        The file's path inside the district folder.
    findings
        Collects what was taken out or mended.
    """
    clean = list(texts)
    if not _SUSPECT.search("\n".join(texts)):
        return clean
    suspects = [at for at, text in enumerate(texts) if _SUSPECT.search(text)]
    for kind in _KINDS:
        told = []
        for at in suspects:
            mended = kind.mend(clean[at])
            if mended != clean[at]:
                told.append(kind.example(place(at), clean[at], mended))
                clean[at] = mended
        examples = list(dict.fromkeys(told))
        warn_grouped(findings, rule=kind.rule, before=kind.before, examples=examples, file=file)
    lost = [(place(at), texts[at]) for at in suspects if _LOST.search(texts[at])]
    _tell_lost(lost, file, findings)
    return clean


def clean_frame(frame: pd.DataFrame, file: str, findings: Findings) -> pd.DataFrame:
    """Return a table of text cells cleaned as :func:`clean_texts` does, its index kept."""
    texts = [text for name in frame.columns for text in frame[name]]
    if not _SUSPECT.search("\n".join(texts)):
        return frame
    rows = [f"row {row}" for row in frame.index]
    clean = iter(clean_texts(texts, lambda at: rows[at % len(rows)], file, findings))
    columns = {name: [next(clean) for _ in frame.index] for name in frame.columns}
    return pd.DataFrame(columns, index=frame.index, dtype=str)


def _place(place: str, _before: str, _after: str) -> str:
    return place


def _unseen(place: str, before: str, after: str) -> str:
    """Return a place with the name of what was taken out there."""
    gone = sorted({_NAMES[mark] for mark in before if mark not in after and mark in _NAMES})
    return f"{place} ({', '.join(gone)})" if gone else place


def _accents(place: str, before: str, _after: str) -> str:
    """Return a place with the first text that was mended."""
    return f"{place} ({gist([_demojibaked(_text_with(_MOJIBAKE, before))])})"


def _text_with(pattern: re.Pattern[str], line: str) -> str:
    """Return the first cell of a line that has a match."""
    cells = (cell for cell in re.split(r'[,;\t|"]', line) if pattern.search(cell))
    return next(cells, line)


def _without_invisible(text: str) -> str:
    return (_ALWAYS if _NEEDS_MARKS.search(text) else _INVISIBLE).sub("", text)


def _demojibaked(text: str) -> str:
    return _MOJIBAKE.sub(lambda found: _as_utf8(found[0]), text)


def _as_utf8(text: str) -> str:
    """Return a letter of which two or three were made; the text itself where it was none."""
    try:
        if text.startswith("√"):
            return text.encode("mac_roman").decode()
        return b"".join(
            mark.encode("latin-1" if mark in _GAPS else "cp1252") for mark in text
        ).decode()
    except UnicodeError:
        return text


def _tell_lost(cells: Iterable[tuple[str, str]], file: str, findings: Findings) -> None:
    """Warn of letters that were lost before: a mark of replacement stands for each."""
    warn_grouped(
        findings,
        rule="letters-lost",
        before="letters were lost before, and a mark stands for each",
        examples=[f"{place} ({gist([_text_with(_LOST, text)])})" for place, text in cells],
        fix="Export the table again in UTF-8.",
        file=file,
    )


_KINDS: Final = (  # broken accents first: a part of them may be a soft hyphen or a space
    _Kind(
        "broken-accents",
        "UTF-8 was once read as Windows-1252, and was turned back",
        _demojibaked,
        _accents,
    ),
    _Kind(
        "control-characters",
        "control characters were taken out",
        lambda text: CONTROLS.sub(" ", text),
        _place,
    ),
    _Kind(
        "invisible-characters",
        "invisible characters were taken out",
        _without_invisible,
        _unseen,
    ),
    _Kind(
        "odd-spaces",
        "spaces of other kinds, such as those that break no line, were read as plain ones",
        lambda text: _SPACES.sub(" ", text),
        _place,
    ),
)
