"""The district whose columns are replaced: the town, with ids that are digits and more tables."""

import csv
import io
import json
import re
from collections.abc import Mapping

from hostile.columns import COLUMNS, Cells
from town import TEXTS

IDS = {
    **{f"e{n}": f"01{n:02d}" for n in range(1, 9)},
    **{f"m{n}": f"02{n:02d}" for n in (1, 2)},
    **{f"h{n}": f"03{n:02d}" for n in (1, 2)},
    "k8": "0401",
    "p": "0501",
}
RESIDENTS = "lat,lon,students\n" + "".join(
    f"{40.0025 + 0.005 * row:.4f},{-74.9975 + 0.005 * column:.4f},{20 + 7 * row + column}\n"
    for row in range(4)
    for column in range(8)
)
TABLES: Mapping[str, tuple[str, ...]] = {
    "schools.csv": (
        *("school_id", "name", "lat", "lon", "enrollment", "grades", "region", "kind"),
        *("capacity", "campus_id"),
    ),
    "flows.csv": ("from_id", "to_id", "students"),
    "measures.csv": ("school_id", "learners", "absent", "counted", "reading"),
    "plan.csv": ("school_id", "community_id"),
    "residents.csv": ("lat", "lon", "students"),
    "areas.geojson": ("school_id",),
    "highs.geojson": ("high",),
    "graded.csv": ("enrollment", "g0", "g3", "g9"),
}
"""Columns that are replaced, by file; those of ``graded.csv`` in a schools table by grade."""


def cells_of(text: str) -> tuple[list[str], list[Cells]]:
    """Return the header and the columns of a CSV text."""
    head, *rows = [row for row in csv.reader(io.StringIO(text, newline="")) if row]
    return head, [list(column) for column in zip(*rows, strict=True)]


def text_of(head: list[str], columns: list[Cells]) -> str:
    """Return a CSV text."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([head, *zip(*columns, strict=True)])
    return out.getvalue()


def base() -> dict[str, str]:
    """Return the texts of the district that nothing was done to."""
    texts = {name: _with_digits(name, text) for name, text in TEXTS.items()}
    head, columns = cells_of(texts["schools.csv"])
    enrolled = columns[head.index("enrollment")]
    columns.append([str(int(cell) + 60) for cell in enrolled])
    columns.append([""] * len(enrolled))
    texts["schools.csv"] = text_of([*head, "capacity", "campus_id"], columns)
    texts["residents.csv"] = RESIDENTS
    texts["district.toml"] += (
        '\n[residents]\npath = "residents.csv"\ncolumns = { students = "students" }\n'
    )
    return texts


def graded() -> dict[str, str]:
    """Return the texts of the district with enrollment by grade."""
    texts = base()
    head, columns = cells_of(texts["schools.csv"])
    places = [head.index("enrollment"), head.index("grades")]
    pupils = [
        _by_grade(int(total), span)
        for total, span in zip(*(columns[at] for at in places), strict=True)
    ]
    names = [f"g{n}" for n in range(-1, 13)]
    by_grade = [[str(row.get(name, 0)) for row in pupils] for name in names]
    texts["schools.csv"] = text_of([*head, *names], [*columns, *by_grade])
    keys = ", ".join(f'{"PK" if n < 0 else "K" if n == 0 else n} = "g{n}"' for n in range(-1, 13))
    path = 'path = "schools.csv"\n'
    texts["district.toml"] = texts["district.toml"].replace(
        path, f"{path}enrollment_by_grade = {{ {keys} }}\n", 1
    )
    return texts


def replaced(file: str, column: str, name: str) -> dict[str, str]:
    """Return the texts of the district in which one column is replaced by a hostile one."""
    texts = _with_little_else(file, graded() if file == "graded.csv" else base())
    file = "schools.csv" if file == "graded.csv" else file
    if file.endswith(".csv"):
        head, columns = cells_of(texts[file])
        at = head.index(column)
        columns[at] = COLUMNS[name](columns[at], at, columns)
        texts[file] = text_of(head, columns)
        return texts
    layer = json.loads(texts[file])
    rows = [feature["properties"] for feature in layer["features"]]
    cells = COLUMNS[name]([row[column] for row in rows], 0, [_numbers(len(rows))] * 2)
    for row, cell in zip(rows, cells, strict=True):
        row[column] = cell
    texts[file] = json.dumps(layer)
    return texts


def _with_little_else(file: str, texts: dict[str, str]) -> dict[str, str]:
    """Return a district of schools, areas, flows and the table in question; of schools, all.

    What other tables say does not bear on how a table is read, but for the schools they name.
    """
    if file == "schools.csv":
        return texts
    blocks = re.split(r"\n(?=\[)", texts["district.toml"])
    needed = {file, "schools.csv", "areas.geojson", "highs.geojson", "flows.csv"}
    kept = [b for b in blocks if not (path := re.search(r'path = "(.+)"', b)) or path[1] in needed]
    return {name: text for name, text in texts.items() if name in needed} | {
        "district.toml": "\n".join(kept)
    }


def _with_digits(name: str, text: str) -> str:
    """Write the town's ids as digits with a zero in front, as states give them."""
    if name.endswith(".csv"):
        head, columns = cells_of(text)
        ids = [column if key == "kind" else [IDS.get(cell, cell) for cell in column]
               for key, column in zip(head, columns, strict=True)]  # fmt: skip
        return text_of(head, ids)
    return re.sub(r'"([ehm]\d|k8|p)"', lambda found: f'"{IDS[found[1]]}"', text)


def _by_grade(total: int, span: str) -> dict[str, int]:
    low, _, high = span.partition("-")
    numbers = {"PK": -1, "K": 0}
    first, last = (numbers.get(end) for end in (low, high or low))
    first = int(low) if first is None else first
    last = int(high or low) if last is None else last
    count = last - first + 1
    return {
        f"g{grade}": total // count + (n < total % count)
        for n, grade in enumerate(range(first, last + 1))
    }


def _numbers(count: int) -> Cells:
    return [str(100 + 7 * n) for n in range(count)]
