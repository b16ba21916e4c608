"""Text on paper: what a font can show, how wide it runs, and where it is cut.

Everything is set in DejaVu Sans, which travels with matplotlib: the same letters, at the same
places, on every machine. Text is drawn as it is typed; nothing in it is a formula or a command.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties
    from matplotlib.ft2font import FT2Font

ELLIPSIS: Final = "…"
MISSING: Final = "\N{REPLACEMENT CHARACTER}"
"""Stands for a letter that the font does not have."""
LONGEST: Final = 400
"""Characters of one text that are looked at: more fits no line of a page."""
LINE: Final = 1.25
"""From one baseline to the next, in sizes."""
CAP: Final = 0.73
"""Height of a capital, in sizes."""
DESCENT: Final = 0.24
"""Depth of a descender, in sizes."""
_FILES: Final = {False: "DejaVuSans.ttf", True: "DejaVuSans-Bold.ttf"}
_MEASURED: Final = 100.0
"""Size in points at which letters are measured."""


def typed(text: str) -> str:
    """Return a text as paper can show it: on one line, without marks that have no shape.

    Marks that only steer (such as those that turn the direction of writing) are left out, so
    that letters stand in the order in which they were typed.
    """
    shown = []
    for letter in text[: 4 * LONGEST]:
        kind = unicodedata.category(letter)
        if letter.isspace() or kind in {"Zl", "Zp"}:
            shown.append(" ")
        elif kind != "Cf":
            shown.append(letter if _has(letter) else MISSING)
    return " ".join("".join(shown).split())[:LONGEST]


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide a text runs, in points; an upper bound where letters are drawn together."""
    return sum(_advance(letter, bold) for letter in text) * size / _MEASURED


def fitted(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """Return a text cut to the room there is, in points, with an ellipsis where it is cut."""
    text = typed(text)
    if width(text, size, bold=bold) <= room:
        return text
    room -= width(ELLIPSIS, size, bold=bold)
    end, used = 0, 0.0
    for letter in text:
        used += _advance(letter, bold) * size / _MEASURED
        if used > room:
            break
        end += 1
    return f"{text[:end].rstrip()}{ELLIPSIS}"


def wrapped(
    text: str, room: float, size: float, *, bold: bool = False, most: int = 100
) -> tuple[str, ...]:
    """Return a text as at most ``most`` lines that fit the room; the last is cut if it must be."""
    waiting, lines = typed(text).split(" "), list[str]()
    while waiting and len(lines) < most - 1:
        line = waiting.pop(0)
        while waiting and width(f"{line} {waiting[0]}", size, bold=bold) <= room:
            line = f"{line} {waiting.pop(0)}"
        lines.append(fitted(line, room, size, bold=bold))
    if waiting:
        lines.append(fitted(" ".join(waiting), room, size, bold=bold))
    return tuple(lines)


@cache
def font(*, bold: bool = False) -> FontProperties:
    """Return the font, by its file."""
    from matplotlib.font_manager import FontProperties

    return FontProperties(fname=_file(bold))


def _file(bold: bool) -> Path:
    import matplotlib as mpl

    return Path(mpl.get_data_path(), "fonts", "ttf", _FILES[bold])


@cache
def _face(bold: bool) -> FT2Font:
    from matplotlib.ft2font import FT2Font

    face = FT2Font(str(_file(bold)))
    face.set_size(_MEASURED, 72)
    return face


@cache
def _has(letter: str) -> bool:
    return _face(False).get_char_index(ord(letter)) > 0  # noqa: FBT003 - a key of the cache


@cache
def _advance(letter: str, bold: bool) -> float:
    from matplotlib.ft2font import LoadFlags

    glyph = _face(bold).load_char(ord(letter), flags=LoadFlags.NO_HINTING)
    return glyph.linearHoriAdvance / 65_536
