"""Encodings, and characters that nobody sees or meant."""

from types import SimpleNamespace

import pytest

from feeder.district import read_district
from feeder.district.files.csvfile import parse_csv
from feeder.district.read import survey_district
from feeder.errors import Findings


def read(content: bytes) -> tuple[str, list[str]]:
    """Return the name on the first row, and the rules that are told."""
    findings = Findings()
    table = parse_csv(content, "t.csv", findings)
    return table.frame.loc[2, "name"], [warning.rule for warning in findings.warnings]


@pytest.mark.parametrize(
    "name", ["Peña", "PEÑA", "José Martí", "Cañada \u2013 Ölü", "O\u2019Neill", "Ñandú"]
)
@pytest.mark.parametrize("codec", ["cp1252", "mac_roman"])
def test_letters_tell_the_encoding_of_one_byte(name: str, codec: str) -> None:
    rule = "windows-1252" if codec == "cp1252" else "encoding-guessed"
    assert read(f"id,name\n1,{name}\n".encode(codec)) == (name, [rule])


def test_dos_is_told_too() -> None:
    assert read("id,name\n1,Peña\n".encode("cp850")) == ("Peña", ["encoding-guessed"])


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("mark", [",", "\t"])
def test_utf_16_is_read_with_and_without_its_mark(codec: str, mark: str) -> None:
    text = f"id{mark}name\n1{mark}Peña\n".encode(codec)
    assert read(text) == ("Peña", ["utf-16"])


def test_a_guess_shows_words_with_accents() -> None:
    findings = Findings()
    parse_csv("id,name\n1,a\n2,Peña\n".encode("mac_roman"), "t.csv", findings)
    assert [(w.row, "Peña" in w.message) for w in findings.warnings] == [(3, True)]


@pytest.mark.parametrize(
    ("broken", "name"),
    [
        ("PeÃ±a", "Peña"),
        ("MarÃ\u00ada", "María"),
        ("Pe√±a", "Peña"),
        ("Oâ€™Neill", "O\u2019Neill"),
        ("Kâ€“5", "K\u20135"),
    ],
)
def test_broken_accents_are_mended(broken: str, name: str) -> None:
    assert read(f"id,name\n1,{broken}\n".encode()) == (name, ["broken-accents"])


@pytest.mark.parametrize(
    "name", ["SÃO PAULO", "\u201cCAFÉ\u201d", "Âge", "NUÑ\u2019EZ", "Peña Ã", "√2"]
)
def test_letters_that_were_never_broken_stay(name: str) -> None:
    assert read(f"id,name\n1,{name}\n".encode()) == (name, [])


@pytest.mark.parametrize("mark", ["\u200b", "\ufeff", "\u00ad", "\u2060", "\u200e"])
def test_invisible_characters_part_no_ids(small: SimpleNamespace, mark: str) -> None:
    flows = small.flows.replace("02,10", f"{mark}02,1{mark}0")
    section = '[flows]\npath = "flows.csv"\nsource = "observed"'
    reading = survey_district(small.write(section, flows_csv=flows))
    assert [warning.rule for warning in reading.warnings] == ["invisible-characters"]
    assert "line 3" in reading.warnings[0].message
    expected = read_district(small.write(section)).flows
    assert reading.district is not None
    assert reading.district.flows.equals(expected)


def test_marks_that_a_script_needs_stay() -> None:
    name = "مدرسة\u200f"
    assert read(f"id,name\n1,{name}\n".encode()) == (name, [])


@pytest.mark.parametrize("space", ["\u00a0", "\u202f", "\u3000"])
def test_other_spaces_are_plain_ones(space: str) -> None:
    assert read(f"id,name\n1,Elm{space}Street\n".encode()) == ("Elm Street", ["odd-spaces"])


def test_lost_letters_are_told_and_stay_lost() -> None:
    assert read("id,name\n1,Pe\ufffda\n".encode()) == ("Pe\ufffda", ["letters-lost"])
