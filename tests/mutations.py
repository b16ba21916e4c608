"""Hypothesis strategies that damage the town's folder as people, programs and disks do."""

import copy
import csv
import io
import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from town import TEXTS

Texts = dict[str, bytes]
Change = Callable[[Texts], object]

TABLES = [name for name in TEXTS if name.endswith(".csv")]
LAYERS = [name for name in TEXTS if name.endswith(".geojson")]
ODD_CELLS = [
    *(
        "",
        " ",
        "0",
        "-1",
        "1.5",
        "1e9",
        "1e300",
        "1e999",
        "nan",
        "inf",
        "*",
        "<5",
        "=1",
        "@x",
        "NA",
    ),
    *("e1", "e2 ", "E1", "h1", "zz", "01", "\u0661", "K-5", "5-K", "AO", "PK", "40,5", '"', "a\nb"),
    *("{{7*7}}", "</script>", "../../x", "\u202ex", "\x1b[2J", "\u200b", "x" * 5000, "\ufeff"),
]
ODD_VALUES: list[Any] = [
    *("", "x", "e1", "region", "schools.csv", "flows.csv", "areas.geojson", "../x", "\0"),
    *(0, 1, -1, 2, 3, 15, 2**63, 10**30, 0.0, 0.15, -0.5, 1e308, float("nan"), float("inf")),
    *(True, False, [], {}, [[]], [1, 9], [3, 11], ["e1", "e2"], [["e1", "e2"]], [["h1", "zz"]]),
    *({"x": "y"}, {"school_id": "region"}, {"h1": "A", "h2": "A"}, {"e1": ["x"]}, "drop", "zero"),
]
ODD_NUMBERS = [0.0, -75.0, 40.0, 75.0, 180.0, 181.0, 90.0, 1e-9, 5e5, 1.18e7, 1e300, float("nan")]


def _cells(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8", "replace"), newline="")))


def _csv(rows: list[list[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode("utf-8", "replace")


@st.composite
def _bytes(draw: st.DrawFn) -> Change:
    """Put a few bytes in the place of others."""
    name = draw(st.sampled_from(sorted(TEXTS)))
    where, gone = draw(st.integers(0, 10_000)), draw(st.integers(0, 40))
    new = draw(st.binary(max_size=6))

    def change(texts: Texts) -> None:
        at = where % (len(texts[name]) + 1)
        texts[name] = texts[name][:at] + new + texts[name][at + gone :]

    return change


@st.composite
def _cell(draw: st.DrawFn) -> Change:
    """Put an odd text into a cell, the header included."""
    name = draw(st.sampled_from(TABLES))
    row, column = draw(st.integers(0, 14)), draw(st.integers(0, 8))
    value = draw(st.one_of(st.sampled_from(ODD_CELLS), st.text(max_size=8)))

    def change(texts: Texts) -> None:
        rows = [row for row in _cells(texts[name]) if row]
        if rows:
            line = rows[row % len(rows)]
            line[column % len(line)] = value
            texts[name] = _csv(rows)

    return change


@st.composite
def _rows(draw: st.DrawFn) -> Change:
    """Take away, repeat or exchange rows or columns."""
    name = draw(st.sampled_from(TABLES))
    one, other = draw(st.integers(0, 14)), draw(st.integers(0, 14))
    act = draw(st.sampled_from(["drop", "repeat", "swap"]))
    turned = draw(st.booleans())

    def change(texts: Texts) -> None:
        rows = _cells(texts[name])
        lines = [list(line) for line in zip(*rows, strict=False)] if turned else rows
        if not lines:
            return
        a, b = one % len(lines), other % len(lines)
        if act == "drop":
            del lines[a]
        elif act == "repeat":
            lines.insert(b, lines[a])
        else:
            lines[a], lines[b] = lines[b], lines[a]
        texts[name] = _csv([list(row) for row in zip(*lines, strict=False)] if turned else lines)

    return change


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    items = (
        value.items() if isinstance(value, dict)
        else enumerate(value) if isinstance(value, list)
        else ()
    )  # fmt: skip
    for key, inner in items:
        found += _leaves(inner, (*path, key))
    return found


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


def inline(value: Any) -> str:
    """Return a value as TOML on one line."""
    if isinstance(value, dict):
        pairs = (f"{json.dumps(key, ensure_ascii=False)} = {inline(v)}" for key, v in value.items())
        return "{ " + ", ".join(pairs) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(inline(item) for item in value) + "]"
    if isinstance(value, float):
        return repr(value)
    return json.dumps(value, ensure_ascii=False)


def toml(record: dict[str, Any]) -> bytes:
    """Return a record as TOML."""
    lines = (f"{json.dumps(key)} = {inline(value)}\n" for key, value in record.items())
    return "".join(lines).encode("utf-8", "replace")


@st.composite
def _toml(draw: st.DrawFn) -> Change:
    """Put an odd value in the place of any value of district.toml, or take it away."""
    which = draw(st.integers(0, 200))
    value = draw(st.one_of(st.sampled_from(ODD_VALUES), st.integers(-5, 30), st.text(max_size=6)))
    act = draw(st.sampled_from(["set", "set", "set", "drop", "misspell"]))

    def change(texts: Texts) -> None:
        try:
            record = tomllib.loads(texts["district.toml"].decode())
        except ValueError:
            return
        paths = _leaves(record)
        if not paths:
            return
        *front, last = paths[which % len(paths)]
        inner = _at(record, tuple(front))
        if act == "set":
            inner[last] = copy.deepcopy(value)
        elif act == "misspell" and isinstance(inner, dict):
            inner[f"{last}s"] = inner.pop(last)
        else:
            del inner[last]
        texts["district.toml"] = toml(record)

    return change


@st.composite
def _shape(draw: st.DrawFn) -> Change:
    """Change one number, one point, one ring or the kind of a geometry, or one property."""
    name = draw(st.sampled_from(LAYERS))
    number, point = draw(st.integers(0, 7)), draw(st.integers(0, 4))
    odd = draw(st.sampled_from(ODD_NUMBERS))
    act = draw(
        st.sampled_from(
            ["x", "y", "drop", "turn", "swap", "kind", "shift", "scale", "none", "id", "twice"]
        )
    )
    kind = draw(st.sampled_from(["LineString", "MultiPolygon", "Point", "GeometryCollection", "X"]))
    text = draw(st.sampled_from([None, "e1", "e2", "h2", "", "zz", 7, 1.5, True, [1], "\u202e"]))

    def change(texts: Texts) -> None:
        try:
            layer = json.loads(texts[name])
            found = layer["features"][number % len(layer["features"])]
            ring = found["geometry"]["coordinates"][0]
            at = point % len(ring)
            if act in {"x", "y"}:
                ring[at]["xy".index(act)] = odd
            elif act == "drop":
                del ring[at]
            elif act == "turn":
                ring.reverse()
            elif act == "swap":
                ring[:] = [[y, x] for x, y in ring]
            elif act == "kind":
                found["geometry"]["type"] = kind
            elif act == "shift":
                ring[:] = [[x + 0.003, y] for x, y in ring]
            elif act == "scale":
                ring[:] = [[-75 + (x + 75) * 3, 40 + (y - 40) * 3] for x, y in ring]
            elif act == "none":
                found["geometry"] = None
            elif act == "id":
                found["properties"] = dict.fromkeys(found["properties"], text)
            else:
                layer["features"].append(found)
        except (ValueError, LookupError, TypeError):
            return
        texts[name] = json.dumps(layer).encode()

    return change


@st.composite
def _file(draw: st.DrawFn) -> Change:
    """Take a file away, cut it, double it, or put another in its place."""
    name, other = (draw(st.sampled_from(sorted(TEXTS))) for _ in range(2))
    size = draw(st.integers(0, 600))
    act = draw(st.sampled_from(["gone", "cut", "other", "twice", "utf-16", "latin-1"]))

    def change(texts: Texts) -> None:
        content = texts[name]
        texts[name] = {
            "gone": b"",
            "cut": content[:size],
            "other": texts[other],
            "twice": content * 2,
        }.get(act) or content.decode("utf-8", "replace").encode(
            act if act.isascii() and "-" in act else "utf-8", "replace"
        )

    return change


CHANGES = st.lists(
    st.one_of(_cell(), _toml(), _shape(), _rows(), _bytes(), _file()), min_size=1, max_size=4
)
"""One to four changes to the texts of a folder."""
MILD = st.lists(st.one_of(_cell(), _toml(), _shape(), _rows()), min_size=1, max_size=2)
"""Changes after which a folder can often still be planned."""


def damaged(folder: Path, changes: list[Change]) -> Path:
    """Write the town with changes into a folder of its own, empty before."""
    texts = {name: text.encode() for name, text in TEXTS.items()}
    for change in changes:
        change(texts)
    folder.mkdir()
    for name, content in texts.items():
        (folder / name).write_bytes(content)
    return folder
