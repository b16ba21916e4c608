"""Every key of ``district.toml``, told by the reader of that file.

The reader reads a file whose sections are there and empty, and what it looks for is written down:
so a key that it learns is in the reference with the next build, or stops it for want of a sentence.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any, Final
from unittest.mock import patch

from numpydoc.docscrape import ClassDoc

from feeder.district.model import Access, Funding
from feeder.district.settings.manifest import parse_manifest
from feeder.district.settings.sections import TABLE_KEYS, Section
from feeder.errors import Findings
from feeder.scenario import Scenario
from generated.markdown import code, table
from generated.said import held, sentences

FILE: Final = "keys.toml"
ANY: Final = "NAME"
"""Stands for a name that the district chooses, such as that of a goal."""
EMPTY: Final = """
[grades]
[schools]
[[attendance_areas]]
[boundary]
[flows]
[residents]
[measures.rates.NAME]
[goals.measures.NAME]
[existing_plan]
[communities]
[offices]
[streets]
[[context]]
[background]
[access]
[funding]
[publishing]
[scenario]
"""
"""Every section in the form it has."""
SPOKEN_FOR: Final[Mapping[str, type]] = MappingProxyType(
    {"access": Access, "funding": Funding, "scenario": Scenario}
)
"""Sections whose keys are fields of a class: its docstring says what they are."""
HEADS: Final = ("key", "value", "what it is")
OF_TABLES: Final = tuple(key for key in TABLE_KEYS if key != "path")
"""Keys that every table has; told once."""


@dataclass(frozen=True)
class Asked:
    """What the reader looks for: keys by section, names by table of columns, values by key."""

    keys: dict[str, tuple[str, ...]] = field(default_factory=dict)
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)

    def sections(self) -> dict[str, tuple[str, ...]]:
        """Return the keys of each section, and the names of each table of columns."""
        parents = self.parents()
        every = {**self.keys, **self.names}
        return {name: keys for name, keys in every.items() if keys and name not in parents}

    def dotted(self) -> set[str]:
        """Return every key with its section, but for those of all tables and of sections."""
        return {
            name
            for section, keys in self.sections().items()
            for key in keys
            if (name := f"{section}.{key}".strip(".")) not in self.keys
            and not (section in self.keys and key in OF_TABLES)
            and name not in self.parents()
        }

    def parents(self) -> set[str]:
        """Return the keys that hold sections of names that the district chooses."""
        return {name.removesuffix(f".{ANY}") for name in self.keys if name.endswith(f".{ANY}")}


def district_toml() -> str:
    """Return one section a heading of ``district.toml``, with every key."""
    asked = listen()
    told = all_sentences(asked)
    sections = asked.sections()
    tops = [name.split(".")[0] for name in sections]
    order = sorted(sections, key=lambda name: tops.index(name.split(".")[0]))
    own = [_section(name, sections[name], asked, told) for name in order]
    rows = [(code(key), told[key]) for key in OF_TABLES]
    lead = "Beside `path`, every section of a file takes these."
    return "\n\n".join((*own, f"## Keys of every file\n\n{lead}\n{table(HEADS[::2], rows)}"))


def all_sentences(asked: Asked) -> dict[str, str]:
    """Return what is said of each key: by its class, or by the file of sentences."""
    by_class = {
        f"{section}.{key}": text
        for section, spoken in SPOKEN_FOR.items()
        for key, text in attributes(spoken).items()
    }
    headed = {f"about.{name}" for name in asked.sections() if name in asked.keys and name}
    own = held(sentences(FILE), (asked.dotted() | headed | {*OF_TABLES}) - by_class.keys(), FILE)
    return {**by_class, **own}


def attributes(spoken: type) -> dict[str, str]:
    """Return what the docstring of a class says of its fields."""
    doc = ClassDoc(spoken, config={"show_class_members": False})
    return {
        name.strip(): " ".join(entry.desc)
        for part in ("Parameters", "Attributes")
        for entry in doc[part]
        for name in entry.name.split(",")
    }


def listen() -> Asked:
    """Return what the reader of ``district.toml`` looks for."""
    asked = Asked()
    with _heard(asked):
        parse_manifest(EMPTY.encode(), "district", Findings())
    asked.keys["scenario"] = tuple(f.name for f in fields(Scenario))
    for section, spoken in SPOKEN_FOR.items():
        for one in fields(spoken):
            asked.values.setdefault(f"{section}.{one.name}", _default(one.default))
    return asked


def _default(value: object) -> str:
    """Return the value that stands where a key is left out, as TOML; empty without one."""
    if isinstance(value, tuple) and value:
        value = list(value)
    plain = isinstance(value, bool | int | float | str | list)
    return f"default {code(json.dumps(value))}" if plain else ""


@contextmanager
def _heard(asked: Asked) -> Iterator[None]:
    """Write down what every section is asked for while it is read."""
    notes = _Notes(asked)

    def hear(method: str) -> Any:  # noqa: ANN401 - a patch of any method of a section
        plain, note = getattr(Section, method), getattr(notes, method.strip("_"))

        def heard(section: Section, *given: Any) -> Any:  # noqa: ANN401 - as asked
            found = plain(section, *given)
            note(section, *given)
            return found

        return patch.object(Section, method, heard)

    with ExitStack() as stack:
        for method in ("__init__", "text", "needed", "flag", "choice", "texts"):
            stack.enter_context(hear(method))
        yield


class _Notes:
    """What is written down of each question that a section is asked."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked

    def init(
        self, _: Section, _raw: object, name: str, known: tuple[str, ...], *_rest: object
    ) -> None:
        self.asked.keys.setdefault(name, known)

    def text(self, section: Section, key: str) -> None:
        self.asked.values.setdefault(_dotted(section, key), "a text")

    def needed(self, section: Section, key: str, _example: str) -> None:
        self.asked.values[_dotted(section, key)] = "a text, needed"

    def flag(self, section: Section, key: str) -> None:
        self.asked.values[_dotted(section, key)] = "`true` or `false`"

    def choice(
        self, section: Section, key: str, known: tuple[str, ...], default: str | None
    ) -> None:
        name = _dotted(section, key)
        told = " or ".join(map(code, known)) + (f" (default {code(default)})" if default else "")
        needed = self.asked.values.get(name, "").endswith("needed")
        self.asked.values[name] = told + (", needed" if needed else "")

    def texts(self, section: Section, key: str, known: tuple[str, ...] = ()) -> None:
        name = _dotted(section, key)
        self.asked.values[name] = "a table of texts"
        if key == "columns":
            self.asked.names[name] = known
        elif known:
            self.asked.values[name] += " by " + ", ".join(map(code, known))


def _dotted(section: Section, key: str) -> str:
    return f"{section.name}.{key}".strip(".")


def _section(name: str, keys: tuple[str, ...], asked: Asked, told: Mapping[str, str]) -> str:
    if name.endswith(".columns"):
        rows = [(code(key), told[f"{name}.{key}"]) for key in keys]
        lead = f"`columns` of {_heading(name.removesuffix('.columns'))} takes these names:"
        return f"{lead}\n{table(('our name', 'the column holds'), rows)}"
    rows = [
        (code(key), asked.values.get(f"{name}.{key}".strip("."), ""), _said(name, key, told))
        for key in keys
        if f"{name}.{key}".strip(".") not in {*asked.keys, *asked.parents()}
        and not (name and key in OF_TABLES)
    ]
    lead = told.get(f"about.{name}", "What the whole folder is.")
    return f"## {_heading(name)}\n\n{lead}\n{table(HEADS, rows)}"


def _heading(name: str) -> str:
    listed = tomllib.loads(EMPTY).get(name)
    if not name:
        return "At the top of the file"
    return f"`[[{name}]]`" if isinstance(listed, list) else f"`[{name}]`"


def _said(section: str, key: str, told: Mapping[str, str]) -> str:
    name = f"{section}.{key}".strip(".")
    return told[name]
