"""One section of ``district.toml``: hands out checked values and reports the rest."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from feeder.district.settings.specs import MANIFEST, NOTHING, TableSpec, Texts
from feeder.errors import Findings, Problem
from feeder.scenario import LARGEST
from feeder.wording import brief, nearest

TABLE_KEYS: Final = ("path", "layer", "sheet", "header", "columns", "where", "missing")
MATCH: Final = "match"
"""The key of tables whose schools may go by their names."""
MATCHES: Final = ("id", "name")


class Section:
    """One table of the TOML file.

    Parameters
    ----------
    raw
        Its keys and values.
    name
        Its heading, empty at the top of the file.
    known
        Keys it may have; empty where any will do. Others are reported at once.
    findings
        Collects what is wrong.
    """

    def __init__(
        self, raw: Mapping[str, Any], name: str, known: tuple[str, ...], findings: Findings
    ) -> None:
        self.raw = raw
        self.name = name
        self.known = known
        self.findings = findings
        for key in raw:
            if known and key not in known:
                message = f"unknown key {brief(key)}{self.place}."
                self.complain("unknown-key", message, nearest(key, known), key=key)

    @property
    def place(self) -> str:
        """The words that tell where in the file a key stands; empty at the top."""
        return f" in [{self.name}]" if self.name else ""

    def complain(self, rule: str, message: str, fix: str = "", *, key: str = "") -> None:
        """Report an error about a key of this section."""
        column = f"{self.name}.{key}".strip(".") or None
        value = brief(self.raw[key]) if key in self.raw else None
        self.findings.errors.append(
            Problem(rule=rule, message=message, fix=fix, file=MANIFEST, column=column, value=value)
        )

    def wrong(self, key: str, expected: str) -> None:
        """Report a key whose value is not what it should be."""
        message = f"{brief(key)} = {_shown(self.raw[key])}{self.place}: expected {expected}."
        self.complain("manifest-value", message, key=key)

    def section(self, key: str, known: tuple[str, ...] = ()) -> Section | None:
        """Return the inner table ``key``, or None where there is none."""
        value = self.raw.get(key)
        if value is None:
            return None
        name = f"{self.name}.{key}" if self.name else key
        if not isinstance(value, dict):
            self.wrong(key, f"a table, under the heading [{name}]")
            return None
        return Section(value, name, known, self.findings)

    def text(self, key: str) -> str | None:
        """Return a text, or None where there is none; a whole number counts as text."""
        value = self.raw.get(key)
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < LARGEST:
            return str(value)
        if not isinstance(value, str) or not value.strip():
            self.wrong(key, "a text in quotes")
            return None
        return value.strip()

    def needed(self, key: str, example: str) -> str | None:
        """Return a text that must be there."""
        if key not in self.raw:
            message = f"the key {key}{self.place} is missing."
            self.complain("missing-key", message, example, key=key)
        return self.text(key)

    def flag(self, key: str) -> bool:
        """Return a truth value, false where there is none."""
        value = self.raw.get(key, False)
        if not isinstance(value, bool):
            self.wrong(key, "true or false")
            return False
        return value

    def choice(self, key: str, known: tuple[str, ...], default: str | None) -> str | None:
        """Return a text that is one of ``known``, or the default."""
        value = self.text(key)
        if value is not None and value not in known:
            message = f'{key} = "{brief(value)}"{self.place}.'
            self.complain("manifest-value", message, nearest(value, known), key=key)
            return default
        return value or default

    def texts(self, key: str, known: tuple[str, ...] = ()) -> Texts:
        """Return the inner table ``key`` with text values."""
        inner = self.section(key, known)
        if inner is None:
            return NOTHING
        pairs = {name: inner.text(name) for name in inner.raw if not known or name in known}
        return MappingProxyType({name: text for name, text in pairs.items() if text is not None})

    def number(self, key: str) -> float | None:
        """Return a number that is not negative, or None where it cannot be used."""
        value = self.raw[key]
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.wrong(key, "a number")
            return None
        if not 0 <= value <= LARGEST:
            self.wrong(key, f"a number that is not negative, and {LARGEST:,} at most")
            return None
        return float(value)

    def table_spec(self, columns: tuple[str, ...]) -> TableSpec | None:
        """Return the section as a table, or None without a path."""
        path = self.needed("path", 'Name the file: path = "table.csv".')
        layer, sheet = self.text("layer"), self.text("sheet")
        header = self._header()
        names = self.texts("columns", columns)
        where = self._where()
        missing = self._missing()
        match = self.choice("match", MATCHES, "id") or "id" if MATCH in self.known else "id"
        if path is None:
            return None
        return TableSpec(
            section=self.name,
            path=path,
            layer=layer,
            sheet=sheet,
            header=header,
            columns=names,
            where=where,
            missing=missing,
            match=match,
        )

    def _missing(self) -> tuple[str, ...]:
        """Return the texts that stand for nothing; whole numbers count as text."""
        value = self.raw.get("missing", [])
        values = value if isinstance(value, list) else [value]
        if any(_is_no_text(one) for one in values):
            self.wrong("missing", 'one text or a list of texts, such as ["-9", "M"]')
            return ()
        return tuple(dict.fromkeys(str(one).strip() for one in values))

    def _header(self) -> tuple[int, int] | None:
        """Return the first and the last line of the header, or None where nothing is said."""
        match self.raw.get("header"):
            case None:
                return None
            case int(line) | [int(line)] if _is_line(line):
                return line, line
            case [int(first), int(last)] if _is_line(first) and last == first + 1:
                return first, last
            case _:
                self.wrong("header", "a line, such as 3, or two lines in a row, such as [3, 4]")
                return None

    def _where(self) -> Mapping[str, tuple[str, ...]]:
        inner = self.section("where")
        if inner is None:
            return NOTHING
        kept: dict[str, tuple[str, ...]] = {}
        for column, value in inner.raw.items():
            values = value if isinstance(value, list) else [value]
            if not values or any(_is_no_text(one) for one in values):
                inner.wrong(column, 'one text or a list of texts, such as ["yes", "no"]')
            else:
                kept[column] = tuple(str(v).strip() for v in values)
        return MappingProxyType(kept)


def _is_line(number: int) -> bool:
    return not isinstance(number, bool) and number > 0


def _shown(value: object) -> str:
    return f'"{brief(value)}"' if isinstance(value, str) else brief(value)


def _is_no_text(value: object) -> bool:
    """Return whether a value is neither a text nor a whole number that may stand for one."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return True
    return isinstance(value, int) and abs(value) > 10**18
