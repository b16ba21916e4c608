"""Tables of text: the schools, the flows, the measures, today's plan."""

from io import BytesIO, StringIO
from pathlib import Path

import pandas as pd
from broken.case import Change, add, broken, gone, odd, put, recoded, swap, toml
from openpyxl import Workbook
from town import FLOWS, MEASURES, PLAN, SCHOOLS

NO_STREETS = '<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><graph/></graphml>'
LONG = "x" * 10_000
TWO = "\n,,,,all,span,,,\n"
HEADER = SCHOOLS.partition("\n")[0] + "\n"


def schools(old: str, new: str) -> Change:
    return swap("schools.csv", old, new)


def flows(old: str, new: str) -> Change:
    return swap("flows.csv", old, new)


def measures(old: str, new: str) -> Change:
    return swap("measures.csv", old, new)


def moved(x: float, y: float, scale: float) -> Change:
    """Put numbers of a projection in the place of degrees."""

    def change(folder: Path) -> None:
        table = pd.read_csv(folder / "schools.csv", dtype={"school_id": str})
        table["lon"] = x + (table["lon"] + 75) * scale
        table["lat"] = y + (table["lat"] - 40) * scale
        table.to_csv(folder / "schools.csv", index=False)

    return change


def schools_as_parquet(column: str, value: object) -> Change:
    """Write the schools as Parquet, the first row with an odd cell."""

    def change(folder: Path) -> None:
        table = pd.read_csv(folder / "schools.csv", dtype={"school_id": str})
        table[column] = [value, *table[column].astype(type(value)).tolist()[1:]]
        table.to_parquet(folder / "schools.parquet")
        toml('"schools.csv"', '"schools.parquet"')(folder)

    return change


def workbook(sheets: dict[str, str]) -> bytes:
    """Return a workbook of text cells, but for formulas."""
    book = Workbook()
    for name, text in sheets.items():
        sheet = book.create_sheet(name)
        for line in text.splitlines():
            sheet.append(line.split(","))
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def a_row_a_student(flows: str) -> str:
    """Return flows with a row for each of the students."""
    rows = (line.rsplit(",", 1) for line in flows.splitlines()[1:])
    each = (pair for pair, students in rows for _ in range(int(students)))
    return "student,from_id,to_id\n" + "".join(f"{n},{pair}\n" for n, pair in enumerate(each))


def as_matrix(flows: str) -> str:
    """Return flows with a row a sender and a column a receiver."""
    table = pd.read_csv(StringIO(flows), dtype=str)
    return str(table.pivot_table("students", "from_id", "to_id", aggfunc="first").to_csv())


def as_workbook(sheets: dict[str, str]) -> Change:
    """Put a workbook in the place of schools.csv."""

    def change(folder: Path) -> None:
        (folder / "schools.xlsx").write_bytes(workbook(sheets))
        toml('"schools.csv"', '"schools.xlsx"')(folder)

    return change


FILES = [
    broken("schools.csv is empty", "empty-file", put("schools.csv", "")),
    broken("schools.csv is blank lines", "empty-file", put("schools.csv", "\n \n\n")),
    broken("schools.csv is its header only", "no-schools", put("schools.csv", HEADER)),
    broken(
        "schools.csv has no header",
        "no-header",
        put("schools.csv", SCHOOLS.removeprefix(HEADER)),
    ),
    odd("schools.csv in UTF-16", "utf-16", recoded("schools.csv", "utf-16")),
    odd("schools.csv in UTF-16, unmarked", "utf-16", recoded("schools.csv", "utf-16-le")),
    broken("a NUL byte", "nul-bytes", schools("Birch", "Bir\0ch")),
    broken(
        "bytes of no encoding", "encoding", put("schools.csv", HEADER.encode() + b"e1,\x81\x8d\n")
    ),
    odd(
        "Windows-1252", "windows-1252", schools("Birch", "Piñon"), recoded("schools.csv", "cp1252")
    ),
    odd(
        "Mac Roman",
        "encoding-guessed",
        schools("Birch", "Piñon"),
        recoded("schools.csv", "mac_roman"),
    ),
    odd("a byte order mark", "", recoded("schools.csv", "utf-8-sig")),
    odd("broken accents", "broken-accents", schools("Birch", "PiÃ±on")),
    odd("lost letters", "letters-lost", schools("Birch", "Pi\ufffdon")),
    odd("control characters", "control-characters", schools("Birch", "\x1b[31mBirch\x07")),
    odd("text that turns around", "control-characters", schools("Birch", "\u202ehcriB\u202c")),
    odd(
        "formulas, templates and markup as names",
        "",
        schools("Alder", '"=HYPERLINK(""http://x"")"'),
        schools("Birch", "{{7*7}}"),
        schools("Cedar", "</script><script>alert(1)</script>"),
        schools("Dogwood", "%s ${x} `x`"),
        schools("Elm", "مدرسة\u200f"),
    ),
    odd("a name of 10,000 characters", "", schools("Birch", LONG)),
    odd(
        "ids like paths",
        "",
        *(
            swap(file, old, "../../x")
            for file, old in (
                ("schools.csv", "e1"),
                ("flows.csv", "e1"),
                ("measures.csv", "e1"),
                ("plan.csv", "e1"),
                ("areas.geojson", "e1"),
            )
        ),
    ),
    odd("cells parted by |", "", put("schools.csv", SCHOOLS.replace(",", "|"))),
    odd("a line sep=,", "sep-line", put("schools.csv", f"sep=,\n{SCHOOLS}")),
    odd("a title above the header", "header-below", put("schools.csv", f"Our schools\n{SCHOOLS}")),
    broken(
        "a title above a header of other names",
        "header-below",
        put("plan.csv", "Our plan\n" + PLAN.replace("school_id,community_id", "school,part")),
    ),
    broken(
        "a header of two lines",
        "header-two-lines",
        put("schools.csv", SCHOOLS.replace("enrollment,grades,", ",,").replace("\n", TWO, 1)),
        toml('"schools.csv"', '"schools.csv"\ncolumns = { enrollment = "all", grades = "span" }'),
    ),
    odd(
        "totals and a note below",
        "no-rows-of-the-table",
        add(",Total,,,4850,,,,\nSource: October count, without guests\n", "schools.csv"),
    ),
    odd(
        "totals that are no sums",
        "no-rows-of-the-table totals-differ",
        add("Total,,,,9999,,,,\n", "schools.csv"),
    ),
    odd("the header again", "header-again", add(HEADER, "schools.csv")),
    odd("a column without a name", "unnamed-column", schools("region", "")),
    broken("a web page", "not-its-format", put("schools.csv", "<html><table></table></html>")),
    broken("a workbook called CSV", "not-its-format", put("schools.csv", workbook({"A": SCHOOLS}))),
    odd("a workbook", "", as_workbook({"A": SCHOOLS})),
    broken("a workbook of two sheets", "several-sheets", as_workbook({"A": SCHOOLS, "B": PLAN})),
    broken("a workbook that is none", "not-its-format", as_workbook({}), put("schools.xlsx", PLAN)),
    broken(
        "a formula that was never computed",
        "formula-without-value",
        as_workbook({"A": SCHOOLS.replace(",240,", ",=200+40,")}),
    ),
    odd(
        "cells parted by semicolons, decimal commas",
        "",
        put("schools.csv", SCHOOLS.replace(",", ";").replace(".", ",")),
    ),
    odd("cells parted by tabs", "", put("schools.csv", SCHOOLS.replace(",", "\t"))),
    odd(
        "decimal commas in quotes",
        "decimal-comma decimal-comma",
        put(
            "schools.csv",
            "".join(
                f'{i},{n},"{a.replace(".", ",")}","{o.replace(".", ",")}",{rest}\n'
                for i, n, a, o, rest in (line.split(",", 4) for line in SCHOOLS.splitlines())
            ),
        ),
    ),
    broken("quotes that do not match", "quotes", schools("Birch", '"Birch')),
    broken("a line with a cell too many", "ragged-row", schools("Birch", "Birch,x")),
    broken(
        "a line cut short", "ragged-row", schools("Birch,40.005,-74.985,300,K-5,West,,50", "Birch")
    ),
    broken("two columns of one name", "duplicate-column", schools("region", "name")),
    odd(
        "white space around headers and ids",
        "header-trimmed id-trimmed",
        schools("school_id", " school_id "),
        schools("e1,", "e1 ,"),
    ),
    broken("an id column misspelt", "missing-column", schools("school_id", "scool_id")),
    broken(
        "a mapped column that is not there",
        "missing-column",
        toml('"schools.csv"', '"schools.csv"\ncolumns = { name = "school_name" }'),
    ),
    broken("no column of grades", "missing-column", schools("grades", "span")),
    broken(
        "a Parquet file that is none",
        "not-its-format",
        toml('"plan.csv"', '"plan.parquet"'),
        put("plan.parquet", PLAN),
    ),
    broken("a NUL byte in GeoJSON", "nul-bytes", swap("areas.geojson", "e1", "e\\u00001")),
    broken("a NUL byte in Parquet", "nul-bytes", schools_as_parquet("name", "Al\0der")),
]

SCHOOL_ROWS = [
    broken("a blank id", "blank-id", schools("e2,Birch", ",Birch")),
    broken("an id that is a formula", "formula-id", schools("e2,Birch", "=1+1,Birch")),
    odd("a name on two lines", "line-breaks", schools("e2,Birch", 'e2,"Bir\nch"')),
    odd(
        "an id with an invisible character",
        "invisible-characters",
        schools("e2,Birch", "e\u200b2,Birch"),
    ),
    odd(
        "an id with a space that breaks no line",
        "odd-spaces id-trimmed",
        schools("e2,Birch", "e2\u00a0,Birch"),
    ),
    odd("ids guarded against a spreadsheet", "id-guarded", schools("e2,Birch", '="e2",Birch')),
    broken(
        "ids that a spreadsheet rounded",
        "id-rounded",
        schools("e2,Birch", "5.10126E+11,Birch"),
        schools("e3,Cedar", "5.10126E+11,Cedar"),
    ),
    broken(
        "codes for nothing among students",
        "missing-code missing-enrollment",
        schools("-74.985,300", "-74.985,-9"),
        schools("-74.965,360", "-74.965,M"),
    ),
    broken(
        "a row a school and year",
        "several-rows",
        put(
            "schools.csv",
            HEADER.replace("kind", "year")
            + "".join(
                line.replace(",charter,", ",,").replace(",,", f",{year},", 1) + "\n"
                for year in (2024, 2025)
                for line in SCHOOLS.splitlines()[1:]
            ),
        ),
    ),
    broken(
        "a mark that may be either",
        "mark-in-doubt",
        schools("9-12,West", "9-12,West"),
        schools("700,9", "1.700,9"),
        schools("680,9", "1680,9"),
    ),
    odd(
        "points of the thousands",
        "thousands-mark",
        schools("700,9", "1.700,9"),
    ),
    broken("one id on two sites", "duplicate-id", schools("e3,Cedar", "e1,Cedar")),
    odd(
        "one id twice on one site",
        "duplicate-id",
        add("e1,Alder,40.005,-74.995,240,K-5,West,,40\n", "schools.csv"),
    ),
    odd("a blank name", "blank-name", schools("Birch", " ")),
    broken(
        "an enrollment in words",
        "not-a-number",
        schools(",300,K-5,West,,50\ne3", ",many,K-5,West,,50\ne3"),
    ),
    broken(
        "half a student", "not-whole", schools("240,K-5,West,,40\ne2", "240.5,K-5,West,,40\ne2")
    ),
    broken("fewer than no students", "negative", schools("-74.985,300", "-74.985,-300")),
    broken("no enrollment", "missing-enrollment", schools("-74.985,300", "-74.985,")),
    broken("a suppressed enrollment", "missing-enrollment", schools("-74.985,300", "-74.985,<10")),
    broken("an enrollment of 1e300", "too-large", schools("-74.985,300", "-74.985,1e300")),
    broken("an enrollment of 1e999", "not-a-number", schools("-74.985,300", "-74.985,1e999")),
    broken("an infinite enrollment", "not-a-number", schools("-74.985,300", "-74.985,inf")),
    broken(
        "an infinite latitude in Parquet", "not-a-number", schools_as_parquet("lat", float("inf"))
    ),
    broken("an odd cell in Parquet", "not-a-number", schools_as_parquet("enrollment", "[1]")),
    broken("no coordinates", "missing-location", schools("40.005,-74.985", ",")),
    odd(
        "no coordinates, to be dropped",
        "missing-location school-left-out school-left-out",
        schools("40.005,-74.985", ","),
        toml('"schools.csv"', '"schools.csv"\nmissing_location = "drop"'),
    ),
    broken("null island", "missing-location", schools("40.005,-74.985", "0,0")),
    broken("coordinates that are nan", "missing-location", schools("40.005,-74.985", "nan,nan")),
    broken(
        "coordinates of one school swapped",
        "latitude-range",
        schools("40.005,-74.985", "-74.985,40.005"),
    ),
    broken("lat and lon swapped throughout", "swapped-columns", schools("lat,lon", "lon,lat")),
    broken("coordinates in meters (UTM)", "projected-columns", moved(500_000, 4_430_000, 85_000)),
    broken(
        "coordinates in feet (EPSG:2283)",
        "projected-columns",
        moved(11_800_000, 7_000_000, 280_000),
    ),
    broken("one school 389 km away", "far-away", schools("40.005,-74.985", "43.5,-74.985")),
    broken("grades turned into a date", "grades-as-dates", schools("480,6-8", "480,8-Jun")),
    broken("grades the wrong way round", "grades", schools("480,6-8", "480,8-6")),
    broken("grades that are none", "grades", schools("480,6-8", "480,some")),
    broken("a code in the place of grades", "grade-codes", schools("480,6-8", "480,-2")),
    broken("grades of another country", "grades", schools("480,6-8", "480,S1-S2")),
    odd("a level in the place of grades", "grades-from-level", schools("480,6-8", "480,middle")),
    odd("grades beyond grade 12", "grades-beyond-12", schools("9-12", "9-13")),
    odd("a flag in the place of kinds", "kind-flags", schools("charter", "Yes")),
    odd("no grades", "blank-grades pathway", schools("240,K-5,East", "240,,East")),
    broken("nested in a column that is not there", "nested-in", add('nested_in = "regoin"\n')),
    broken(
        "nested in a column that is blank",
        "blank-region",
        schools("9-12,East", "9-12,"),
        add('nested_in = "region"\n'),
    ),
    broken(
        "a campus in two regions, nested",
        "infeasible infeasible infeasible",
        add('nested_in = "region"\n'),
        schools("h2,East High,40.011,-74.969", "h2,East High,40.0111,-74.989"),
    ),
    odd(
        "a campus with sites 2.3 km apart",
        "campus-far-apart",
        schools("region,kind", "region,campus_id"),
        schools("East,charter", "East,x"),
        schools("60,PK,West,", "60,PK,West,x"),
        schools("40.006,-74.986", "40.006,-74.999"),
    ),
]

FLOW_ROWS = [
    odd("a flow table without rows", "no-flows", put("flows.csv", "from_id,to_id,students\n")),
    broken("no column of students", "missing-column", flows("students", "pupils")),
    broken(
        "students and shares unchosen",
        "ambiguous-column",
        put("flows.csv", "from_id,to_id,students,share\ne1,m1,36,0.9\n"),
    ),
    broken("a blank number of students", "blank-cell", flows("e1,m1,36", "e1,m1,")),
    broken("students in words", "not-a-number", flows("e1,m1,36", "e1,m1,lots")),
    broken("fewer than no students in a flow", "negative", flows("e1,m1,36", "e1,m1,-36")),
    broken("half a student, counted", "not-whole", flows("e1,m1,36", "e1,m1,36.5")),
    broken("1e300 students", "too-large", flows("e1,m1,36", "e1,m1,1e300")),
    broken(
        "a suppressed cell without a range",
        "missing-key",
        flows("e1,m1,36", "e1,m1,<10"),
        toml("suppressed_range = [1, 9]\n", ""),
    ),
    odd("a flow from a school to itself", "self-flow", add("e1,e1,5\n", "flows.csv")),
    odd("flows in a circle", "pathway", add("h1,e1,5\nm1,e1,5\n", "flows.csv")),
    broken(
        "senders and receivers exchanged",
        "flows-exchanged",
        put("flows.csv", FLOWS.replace("from_id,to_id", "to_id,from_id")),
    ),
    broken(
        "far more students than there are",
        "flows-above-enrollment",
        flows("e1,m1,36", "e1,m1,3600"),
    ),
    odd("more students than there are", "flows-above-enrollment", flows("e1,m1,36", "e1,m1,360")),
    broken(
        "one row a student, unsaid",
        "missing-column",
        put("flows.csv", a_row_a_student(FLOWS)),
    ),
    odd(
        "one row a student",
        "flows-students",
        put("flows.csv", a_row_a_student(FLOWS)),
        toml('"flows.csv"', '"flows.csv"\nshape = "students"'),
    ),
    odd("a matrix of flows", "flows-matrix", put("flows.csv", as_matrix(FLOWS))),
    odd("a pair twice", "repeated-flow", add("e1,m1,5\n", "flows.csv")),
    odd("a school nobody knows", "unknown-id", add("zz,m1,5\n", "flows.csv")),
    broken("most schools unknown", "unknown-id", put("flows.csv", FLOWS.replace("\ne", "\n0e"))),
    broken("a share over one", "share-range", put("flows.csv", "from_id,to_id,share\ne1,m1,36\n")),
    broken(
        "shares of a school over one",
        "shares-over-1",
        put("flows.csv", "from_id,to_id,share\ne1,m1,0.6\ne1,m2,0.5\n"),
    ),
    broken(
        "two shares of one pair",
        "repeated-share",
        put("flows.csv", "from_id,to_id,share\ne1,m1,0.6\ne1,m1,0.3\n"),
    ),
    broken(
        "a suppressed share", "suppressed-share", put("flows.csv", "from_id,to_id,share\ne1,m1,*\n")
    ),
    broken(
        "a source by row that is none",
        "unknown-source",
        toml('source = "observed"', 'columns = { source = "how" }'),
        put("flows.csv", "from_id,to_id,students,how\ne1,m1,5,guess\n"),
    ),
    broken(
        "two sources of one pair",
        "mixed-source",
        toml('source = "observed"', 'columns = { source = "how" }'),
        put("flows.csv", "from_id,to_id,students,how\ne1,m1,5,zoned\ne1,m1,5,observed\n"),
    ),
]

GOALS = """
[goals]
path = "goals.csv"

[goals.measures.absence]
numerator = "absent"
denominator = "enrolled"
target = "target"
unit = "percent"
better = "lower"
"""
TOWN_GOALS = "school_id,absent,enrolled,target\n" + "".join(
    f"{line.partition(',')[0]},20,200,5\n" for line in MEASURES.splitlines()[1:]
)


def goals(old: str, new: str) -> tuple[Change, Change]:
    """Give the town goals; what is broken is in their table or in their section."""
    assert old in GOALS + TOWN_GOALS
    return add(GOALS.replace(old, new)), put("goals.csv", TOWN_GOALS.replace(old, new))


GOAL_ROWS = [
    broken(
        "a goal of more students than there are", "above-denominator", *goals("e1,20", "e1,201")
    ),
    broken("a target over 100 percent", "percent-range", *goals("e1,20,200,5", "e1,20,200,500")),
    broken("a target for all over 100 percent", "manifest-value", *goals('"target"', "120")),
    broken("a goal without a unit", "missing-key", *goals('unit = "percent"', "")),
    broken("a goal that is neither better", "manifest-value", *goals('"lower"', '"less"')),
    broken("a goal without a numerator", "manifest-value", *goals('numerator = "absent"', "")),
    broken("a goal whose column is not there", "missing-column", *goals('"absent"', '"absence"')),
    odd("schools without goals", "no-goal", *goals("e1,20,200,5\n", "")),
    odd("suppressed goals", "suppressed-measure no-goal", *goals("e1,20", "e1,*")),
    odd("a target of a part of a percent", "small-target", *goals('"target"', "0.03")),
]

OTHER_ROWS = [
    broken("a count above the enrollment", "above-enrollment", measures("e1,60", "e1,241")),
    broken("a count below zero", "negative", measures("e1,60", "e1,-6")),
    broken("a count of 1e300", "too-large", measures("e1,60", "e1,1e300")),
    broken("a rate over 100 percent", "percent-range", measures("12.5", "125")),
    broken("a school with two measures", "duplicate-id", add("e1,61,12.5,240,3\n", "measures.csv")),
    odd("schools without measures", "no-measures", put("measures.csv", MEASURES.split("h1")[0])),
    odd("suppressed measures", "suppressed-measure", measures("e1,60", "e1,*")),
    broken("a measure that is not there", "missing-column", measures("learners", "learner")),
    broken(
        "measures of other schools",
        "unknown-id",
        put("measures.csv", MEASURES.replace("\n", "\nx").removesuffix("x")),
    ),
    broken("today's plan with two answers", "duplicate-id", add("e1,B\n", "plan.csv")),
    odd(
        "today's plan without some schools",
        "unassigned-today",
        put("plan.csv", PLAN.split("h1")[0]),
    ),
    odd("today's plan with unknown schools", "unknown-id", add("zz,B\n", "plan.csv")),
    broken(
        "offices without a mapped column",
        "missing-column",
        toml('"offices.csv"', '"offices.csv"\ncolumns = { lat = "latitude" }'),
    ),
    broken("an office without a place", "no-place", add("o2,Annex,,\n", "offices.csv")),
    broken("an office that stands twice", "duplicate-id", add("o1,Annex,40,-75\n", "offices.csv")),
    broken("an office overseas", "far-away", add("o2,Annex,50,8\n", "offices.csv")),
    broken(
        "an office at a school and for a community that nobody knows",
        "unknown-id unknown-community",
        put("offices.csv", "office_id,school_id,community_id\no1,zz,B\no2,e1,Z\n"),
    ),
    broken("streets that are not there", "missing-file", add('\n[streets]\npath = "x.graphml"\n')),
    broken("streets as a table", "unknown-format", add('\n[streets]\npath = "flows.csv"\n')),
    broken(
        "streets that are no GraphML",
        "streets-unreadable",
        put("x.graphml", "<html></html>"),
        add('\n[streets]\npath = "x.graphml"\n'),
    ),
    broken(
        "streets without a street",
        "streets-empty",
        put("x.graphml", NO_STREETS),
        add('\n[streets]\npath = "x.graphml"\n'),
    ),
    broken("today's plan is missing", "missing-file", gone("plan.csv")),
]
CASES = [*FILES, *SCHOOL_ROWS, *FLOW_ROWS, *OTHER_ROWS]
