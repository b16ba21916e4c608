"""Tables as text: whatever a cell holds, no spreadsheet finds a formula or another row in it."""

import csv
import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from spreadsheet import records

from feeder.writing.texts import csv_text, defused, encoded, fused

BREAKS = ["\r", "\n", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"]
STARTS = ["=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\ufe66"]
HOSTILE = [
    *(f"{start}1+1" for start in STARTS),
    *(f"{lead}=1+1" for lead in ("\t", "\r", "\n", " ", "\xa0", "\ufeff", "\u200b", "\0")),
    *(f"North{mark}=1+1" for mark in BREAKS),
    *(f"{mark}=1+1{mark}" for mark in BREAKS),
    'say "=1"',
    '"=1',
    "a,=1",
    "a;=1",
    "'=1+1",
    "",
]
texts = st.text(
    st.sampled_from([*"ab=+-@\uff1d'\",; \t\0\ufeff", *BREAKS[:2], *BREAKS[3:]]), max_size=8
)


def harmless(cell: str) -> bool:
    return not cell.strip(" \t\r\n\0\ufeff\u200b").startswith(tuple(STARTS))


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_and_no_record_begins_a_formula(text: str) -> None:
    table = pd.DataFrame({"first": [text, "x"], text: ["y", text], "n": [-1.5, 2]})
    rows = records(csv_text(table))
    assert [len(row) for row in rows] == [3, 3, 3]
    assert all(harmless(cell) for row in rows for cell in row[:2])
    assert rows == list(csv.reader(io.StringIO(csv_text(table), newline="")))
    assert fused(rows[1][0]) in {text, text.lstrip("'")}
    assert rows[1][2] == "-1.5"


@given(st.lists(texts, min_size=1, max_size=3))
def test_any_texts_come_back(cells: list[str]) -> None:
    table = pd.DataFrame([cells], columns=[f"c{at}" for at in range(len(cells))], dtype=object)
    (_, row) = records(csv_text(table))
    assert row == [defused(cell) for cell in cells]
    assert all(map(harmless, row))


def test_a_guard_is_taken_off_again() -> None:
    for text in ("=1", "+34 555", "-1", "@home", "\t=1"):
        assert fused(defused(text)) == text
    assert fused("'s Gravenhage") == "'s Gravenhage"
    assert defused("North - East") == "North - East"


def test_numbers_are_no_formulas() -> None:
    assert csv_text(pd.DataFrame({"x": [-1, -0.5, np.nan]})) == "x\n-1\n-0.5\n\n".replace(
        "\n\n", '\n""\n'
    )


def test_tables_have_a_mark_that_pandas_and_csv_know(tmp_path) -> None:
    path = tmp_path / "Año.CSV"
    path.write_bytes(encoded(path, csv_text(pd.DataFrame({"id": ["007"], "name": ["Año"]}))))
    assert path.read_bytes().startswith(b"\xef\xbb\xbfid,")
    assert list(pd.read_csv(path, dtype=str).columns) == ["id", "name"]
    assert list(pd.read_csv(path, dtype=str, encoding="utf-8").columns) == ["id", "name"]
    with path.open(encoding="utf-8-sig") as file:
        assert list(csv.DictReader(file)) == [{"id": "007", "name": "Año"}]
    assert encoded("map.html", "é") == "é".encode()
    assert encoded("plan.csv", b"as it is") == b"as it is"
