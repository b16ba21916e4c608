"""Sentences by key, numbers as a language writes them.

A language is a folder beside this module, ``en`` or ``es``, of one file a topic (or one for all):
``texts`` in each and, in one, ``language`` (its tag and its own name), ``numbers`` (``decimal``,
``group``, ``minus`` and the pattern of a ``percent``) and ``plural``, the rule of each plural form
but ``other`` (:mod:`feeder.language.plurals`). A text is a template, or ``{"one": ...,
"other": ...}`` by plural form where it depends on the fact ``n``. A fact stands in braces, with a
format where it is a number: ``{n:,}`` a whole number, ``{x:,.1f}`` decimals, ``{s:.1%}`` a share in
percent, ``{s:+.1%}`` with its sign. ``{@key}`` stands for the text of another key, so that what has
a name is called by it wherever it is spoken of. The page reads the same files and fills them by the
same rules (``render/assets/page/language.mjs``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import islice
from typing import Any, Final, TypeAlias, cast

from feeder.language.plurals import plural_form

Fact: TypeAlias = "str | int | float | Message | tuple[str | Message, ...]"
"""What fills a gap: a text as it is, a number, a part in words of its own, or a list of parts."""

MOST_LISTED: Final = 5
"""Names that a list shows before it only counts."""
LONGEST: Final = 120
"""Characters shown of one text of a table."""
HOME: Final = files("feeder.language")
"""Where the languages lie."""
_PARTS: Final = ("numbers", "plural", "texts")
_NAMED: Final = re.compile(r"\{@([\w.]+)\}")
_GAP: Final = re.compile(r"\{(\w+)(?::([^}]*))?\}")
_SEPARATORS: Final = re.compile(r"[.,\-]")


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence before it is put into words.

    Attributes
    ----------
    key
        Its text in every file of strings.
    facts
        What fills its gaps, by name; shares are 0 to 1, not percent.

    Examples
    --------
    >>> print(Message("amount.schools", {"n": 1200}))
    1,200 schools
    """

    key: str
    facts: Mapping[str, Fact] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the sentence in English."""
        return ENGLISH.say(self)


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """One language: what every key says, and how numbers are written.

    Attributes
    ----------
    tag
        Language tag, as HTML takes it.
    name
        What the language calls itself.
    numbers
        ``decimal``, ``group``, ``minus`` and ``percent``, a pattern with ``{}``.
    plural
        The rule of each plural form but ``other``.
    texts
        Template, or templates by plural form, by key.
    """

    tag: str
    name: str
    numbers: Mapping[str, str]
    plural: Mapping[str, str]
    texts: Mapping[str, str | Mapping[str, str]]

    def __call__(self, key: str, /, **facts: Fact) -> str:
        """Return the text of a key, its gaps filled.

        Raises
        ------
        KeyError
            Where the language has no such text, a gap no fact, or a number no form.
        """
        text = self.texts[key]
        if not isinstance(text, str):
            text = text[plural_form(self.plural, cast("float", facts["n"]))]
        return _GAP.sub(lambda gap: self._filled(facts[gap[1]], gap[2] or ""), text)

    def say(self, said: Message) -> str:
        """Return a sentence in this language."""
        return self(said.key, **said.facts)

    def number(self, value: float, form: str = ",") -> str:
        """Return a number as this language writes it.

        Parameters
        ----------
        value
            Any finite number.
        form
            Of Python's format language: ``,`` ``,.1f`` ``.1%`` ``+.1%``. What rounds to zero has
            no minus.
        """
        percent = form.endswith("%")
        plain = format(value, form if form == "," else _without_minus_zero(form))
        text = _SEPARATORS.sub(lambda mark: self._separator(mark[0]), plain.removesuffix("%"))
        return self.numbers["percent"].format(text) if percent else text

    def listed(self, names: tuple[str | Message, ...]) -> str:
        """Return the first names joined, and how many more there are."""
        first = (shown(one) if isinstance(one, str) else self.say(one) for one in names)
        told = "; ".join(islice(first, MOST_LISTED))
        more = len(names) - MOST_LISTED
        return self("list.more", told=told, n=more) if more > 0 else told

    def _filled(self, fact: Fact, form: str) -> str:
        if isinstance(fact, Message):
            return self.say(fact)
        if isinstance(fact, tuple):
            return self.listed(fact)
        return fact if isinstance(fact, str) else self.number(fact, form or ",")

    def _separator(self, mark: str) -> str:
        names = {".": "decimal", ",": "group", "-": "minus"}
        return self.numbers[names[mark]]


def shown(text: str) -> str:
    """Return a text as a message shows it: cut when long, on one line, safe on a terminal."""
    plain = "".join(
        mark if mark.isprintable() else " " if mark.isspace() else "\N{REPLACEMENT CHARACTER}"
        for mark in text
    )
    return plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 4]} ..."


def languages() -> tuple[str, ...]:
    """Return the tags of all languages there are, English first."""
    tags = sorted(
        entry.name for entry in HOME.iterdir() if entry.is_dir() and not entry.name.startswith("_")
    )
    return ("en", *(tag for tag in tags if tag != "en"))


@cache
def words(tag: str) -> Words:
    """Return a language by its tag.

    Raises
    ------
    FileNotFoundError
        Where there is no such language.
    """
    return read_words(HOME / tag)


def read_words(folder: Traversable) -> Words:
    """Read a language from its folder, wherever that lies: all its files of strings as one.

    Raises
    ------
    FileNotFoundError
        Where there is no such folder.
    ValueError
        Where two files have one key.
    KeyError
        Where a text names a key that there is not.
    """
    table: dict[str, Any] = {"texts": {}}
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        topic = json.loads(entry.read_text(encoding="utf-8"))
        texts = topic.pop("texts")
        twice = sorted(texts.keys() & table["texts"].keys())
        if twice:
            raise ValueError(f"{entry}: {', '.join(twice)} stand in another file too")
        table["texts"] |= texts
        table |= topic
    table["texts"] = {key: _called(text, table["texts"]) for key, text in table["texts"].items()}
    return Words(**table["language"], **{name: table[name] for name in _PARTS})


def _called(text: Any, texts: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a text, or one by form
    """Return a text with the texts of other keys where it names these."""
    if isinstance(text, str):
        return _NAMED.sub(lambda named: str(texts[named[1]]), text)
    return {form: _called(one, texts) for form, one in text.items()}


def _without_minus_zero(form: str) -> str:
    """Return a format that writes what rounds to zero without a minus."""
    return f"+z{form[1:]}" if form.startswith("+") else f"z{form}"


ENGLISH: Final = words("en")
"""The language of the command line and of messages in tables."""
