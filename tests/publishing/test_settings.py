"""What district.toml says of what adds up, and of what was published before."""

from __future__ import annotations

from pathlib import Path

import pytest
from town import DISTRICT, write_town

from feeder.district.read import read_district
from feeder.errors import InputError


def test_parts_and_earlier_folders_are_read(tmp_path: Path) -> None:
    """Declared sums reach the statistics, folders the district."""
    text = DISTRICT.replace("ratings =", 'parts = { enrollment = ["learners"] }\nratings =', 1)
    text += '\n[publishing]\nearlier = ["maps/2025"]\n'
    district = read_district(write_town(tmp_path, {"district.toml": text}))
    assert district.statistics.parts == {"enrollment": ("learners",)}
    assert district.earlier == ("maps/2025",)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ('{ enrollment = ["lerners"] }', "lerners"),
        ('{ enrolment = ["learners"] }', "enrolment"),
        ('{ enrollment = "learners" }', "a list of counts"),
    ],
)
def test_parts_of_no_count_are_named(tmp_path: Path, parts: str, expected: str) -> None:
    """A misspelt count, a misspelt whole, no list."""
    text = DISTRICT.replace("ratings =", f"parts = {parts}\nratings =", 1)
    with pytest.raises(InputError, match=expected):
        read_district(write_town(tmp_path, {"district.toml": text}))


def test_earlier_folders_are_a_list(tmp_path: Path) -> None:
    """One text is no list."""
    text = DISTRICT + '\n[publishing]\nearlier = "maps"\n'
    with pytest.raises(InputError, match="a list of folders"):
        read_district(write_town(tmp_path, {"district.toml": text}))
