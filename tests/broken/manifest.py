"""The folder itself and its district.toml."""

import shutil
from pathlib import Path

from broken.case import add, broken, gone, odd, put, recoded, swap, toml
from town import DISTRICT


def _link_out(folder: Path) -> None:
    outside = folder.parent / "outside.csv"
    shutil.move(folder / "flows.csv", outside)
    (folder / "flows.csv").symlink_to(outside)


def _link_round(folder: Path) -> None:
    (folder / "flows.csv").unlink()
    (folder / "flows.csv").symlink_to(folder / "flows.csv")


def _folder_as_table(folder: Path) -> None:
    (folder / "flows.csv").unlink()
    (folder / "flows.csv").mkdir()


FLOWS = 'path = "flows.csv"'

CASES = [
    broken(
        "a bit of everything",
        "unknown-key missing-key missing-file negative grades not-a-number",
        toml('path = "offices.csv"', 'pth = "offices.csv"'),
        toml('"plan.csv"', '"today.csv"'),
        swap("schools.csv", "-74.986,60", "-74.986,-60"),
        swap("schools.csv", "480,6-8", "480,some"),
        swap("flows.csv", "e3,m2,27", "e3,m2,x"),
    ),
    broken("no district.toml", "no-manifest", gone("district.toml")),
    broken("district.toml is empty", "missing-key", put("district.toml", "")),
    broken("no section [schools]", "missing-key", put("district.toml", 'name = "Town"\n')),
    broken("TOML cut short", "manifest-unreadable", put("district.toml", "name = ")),
    broken("a text without quotes", "manifest-unreadable", toml('"Town"', "Town")),
    broken("a key twice", "manifest-unreadable", toml(FLOWS, f"{FLOWS}\n{FLOWS}")),
    broken("a section twice", "manifest-unreadable", add('\n[boundary]\npath = "x.geojson"\n')),
    broken("district.toml in UTF-16", "manifest-unreadable", recoded("district.toml", "utf-16")),
    broken(
        "district.toml in Latin-1",
        "manifest-unreadable",
        toml("Town", "Peña"),
        recoded("district.toml", "latin-1"),
    ),
    broken(
        "district.toml is no text", "manifest-unreadable", put("district.toml", b"\x00\xff\x00")
    ),
    broken(
        "brackets without end", "manifest-unreadable", put("district.toml", "a = " + "[" * 9999)
    ),
    broken("a number of 5,000 digits", "manifest-unreadable", toml('"2024"', "9" * 5000)),
    broken(
        "a hexadecimal number of 5,000 digits", "manifest-value", toml('"2024"', "0x" + "f" * 5000)
    ),
    broken("a misspelt section", "unknown-key", toml("[flows]", "[flws]")),
    broken(
        "a misspelt key",
        "missing-key unknown-key",
        toml('source = "observed"', 'sorce = "observed"'),
    ),
    broken(
        "a misspelt column of ours",
        "unknown-key missing-column",
        toml("{ school_id = ", "{ scool_id = "),
    ),
    broken(
        "a key of another section",
        "unknown-key",
        toml("[boundary]", '[boundary]\nsource = "observed"'),
    ),
    broken("a key nobody knows", "unknown-key", toml('year = "2024"', "color = 1")),
    broken("a level misspelt", "manifest-value", toml('level = "high"', 'level = "hihg"')),
    odd("no level", "levels-by-school", toml('level = "high"\n', "")),
    broken("a source misspelt", "manifest-value", toml('"observed"', '"observd"')),
    broken("no path", "missing-key", toml('[offices]\npath = "offices.csv"', "[offices]")),
    broken("a path that is a number", "manifest-value", toml('"offices.csv"', "1.5")),
    broken("a path that is a list", "manifest-value", toml('"offices.csv"', '["offices.csv"]')),
    broken("a path that is blank", "manifest-value", toml('"offices.csv"', '"  "')),
    broken(
        "a section that is a text",
        "manifest-value",
        put("district.toml", 'flows = "flows.csv"\n[schools]\npath = "schools.csv"\n'),
    ),
    broken(
        "[attendance_areas] in single brackets",
        "manifest-value",
        put(
            "district.toml",
            DISTRICT.split("[[attendance")[0]
            + '[attendance_areas]\nlevel = "elementary"\npath = "areas.geojson"\n'
            "[scenario]\ncommunities = 2\nschools = [3, 11]\n",
        ),
    ),
    broken("[[schools]] in double brackets", "manifest-value", toml("[schools]", "[[schools]]")),
    broken(
        "columns that are a text",
        "manifest-value missing-column",
        toml('{ school_id = "high" }', '"high"'),
    ),
    broken(
        "a column that is a list",
        "manifest-value missing-column",
        toml('{ school_id = "high" }', '{ school_id = ["high"] }'),
    ),
    broken(
        "where with a flag", "manifest-value", toml(FLOWS, f"{FLOWS}\nwhere = {{ to_id = true }}")
    ),
    broken(
        "where with an empty list",
        "manifest-value",
        toml(FLOWS, f"{FLOWS}\nwhere = {{ to_id = [] }}"),
    ),
    broken(
        "where by a column that is not there",
        "missing-column",
        toml(FLOWS, f'{FLOWS}\nwhere = {{ form_id = "e1" }}'),
    ),
    broken(
        "where that keeps no row", "where-empty", toml(FLOWS, f'{FLOWS}\nwhere = {{ to_id = "x" }}')
    ),
    odd(
        "where with a value that no row has",
        "where-unmet",
        toml('"plan.csv"', '"plan.csv"\nwhere = { community_id = ["A", "B", "C"] }'),
    ),
    broken("a range the wrong way round", "manifest-value", toml("[1, 9]", "[9, 1]")),
    broken("a range of one number", "manifest-value", toml("[1, 9]", "9")),
    broken("a range without end", "manifest-value", toml("[1, 9]", "[1, inf]")),
    broken(
        "students and share together",
        "manifest-value",
        toml(FLOWS, f'{FLOWS}\ncolumns = {{ students = "students", share = "students" }}'),
    ),
    broken(
        "a need of something not counted",
        "unknown-key",
        toml("{ learners = 1.0 }", "{ learner = 1.0 }"),
    ),
    broken(
        "a weight that is negative",
        "manifest-value",
        toml("{ learners = 1.0 }", "{ learners = -1.0 }"),
    ),
    broken(
        "a weight that is a text",
        "manifest-value",
        toml("{ learners = 1.0 }", '{ learners = "1" }'),
    ),
    broken(
        "a weight that is nan", "manifest-value", toml("{ learners = 1.0 }", "{ learners = nan }")
    ),
    broken("a rate without unit", "missing-key", toml(', unit = "percent"', "")),
    broken("a unit misspelt", "manifest-value", toml('"percent"', '"percents"')),
    broken(
        "a count and a rating of one name", "manifest-value", toml("{ reading =", "{ learners =")
    ),
    broken(
        "missing_location misspelt",
        "manifest-value",
        toml('"schools.csv"', '"schools.csv"\nmissing_location = "dorp"'),
    ),
    broken(
        "synthetic that is a text", "manifest-value", toml('year = "2024"', 'synthetic = "yes"')
    ),
    broken("a file that is not there", "missing-file", toml('"flows.csv"', '"flow.csv"')),
    broken(
        "every file but district.toml missing",
        "missing-file " * 8,
        gone(
            "schools.csv",
            "areas.geojson",
            "highs.geojson",
            "outline.geojson",
            "flows.csv",
            "measures.csv",
            "plan.csv",
            "offices.csv",
        ),
    ),
    broken(
        "a path that climbs out of the folder",
        "outside-folder",
        toml('"flows.csv"', '"../flows.csv"'),
    ),
    broken("an absolute path", "outside-folder", toml('"flows.csv"', '"/etc/passwd"')),
    broken("a link that leads out of the folder", "outside-folder", _link_out),
    broken("a link to itself", "missing-file", _link_round),
    broken("a folder in place of a table", "missing-file", _folder_as_table),
    broken("a path with a NUL", "missing-file", toml('"flows.csv"', '"flows\\u0000.csv"')),
    broken("a path of 10,000 characters", "missing-file", toml('"flows.csv"', f'"{"x" * 10_000}"')),
    broken(
        "a zipped file",
        "unknown-format",
        toml('"flows.csv"', '"flows.zip"'),
        put("flows.zip", b"PK"),
    ),
    broken(
        "a spreadsheet of the old Excel",
        "unknown-format",
        toml('"flows.csv"', '"flows.xls"'),
        put("flows.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    ),
    broken(
        "a table of text called .xls",
        "unknown-format",
        toml('"flows.csv"', '"flows.xls"'),
        put("flows.xls", "from_id\tto_id\tstudents\n"),
    ),
    broken(
        "a sheet of a CSV file",
        "key-unfit",
        toml('"flows.csv"', '"flows.csv"\nsheet = "Flows"'),
    ),
    broken(
        "a line of the header that is a word",
        "manifest-value",
        toml('"flows.csv"', '"flows.csv"\nheader = "first"'),
    ),
    odd("a byte order mark in district.toml", "", recoded("district.toml", "utf-8-sig")),
    odd(
        "two sections of one file",
        "",
        toml('"plan.csv"', '"schools.csv"\ncolumns = { community_id = "region" }'),
    ),
    broken(
        "last year's money kept, and no table of it",
        "no-last-year",
        add("\n[funding]\nper_pupil = 1\nhold_harmless = 0.95\n"),
    ),
    broken(
        "a percentage where a share belongs",
        "funding-value",
        add("\n[funding]\nper_pupil = 1\nheld_centrally = 3\n"),
    ),
]
