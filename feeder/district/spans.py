"""The grades that the schools table prints, as ``grades`` or as lowest and highest."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from feeder.district.grades import parse_bounds, parse_grades
from feeder.district.specs import SchoolsSpec
from feeder.district.tables import Table
from feeder.errors import Findings
from feeder.wording import counted, shown, warn_grouped


def read_spans(
    table: Table,
    names: pd.Series[str],
    columns: Mapping[str, str],
    spec: SchoolsSpec,
    findings: Findings,
) -> pd.Series[int]:
    """Return the mask of the printed grades of each school; blanks give 0 and are told.

    Parameters
    ----------
    table, columns
        The table, and our column names mapped to the table's.
    names
        What the schools are called, by row of the table; only these rows are read.
    spec
        What ``[schools]`` says.
    findings
        Collects grades that cannot be read.
    """
    used = [columns[name] for name in _grade_columns(columns, spec)]
    if not used:
        message = "there is no column of grades."
        fix = "Map grades, or grade_low and grade_high, in [schools].columns."
        findings.errors.append(table.problem("missing-column", message, fix))
        return pd.Series(0, names.index, dtype="int64")
    cells = [table.text(column).loc[names.index] for column in used]
    masks = []
    blank = []
    for row, name, *texts in zip(names.index, names, *cells, strict=True):
        mask = 0
        try:
            mask = parse_grades(texts[0]) if len(texts) == 1 else parse_bounds(*texts)
        except ValueError as error:
            printed = shown(" to ".join(texts))
            message = f'{shown(name)}: grades "{printed}": {error}'
            fix = "Write K-6, 9-12 or a list such as PK K 1 2 3."
            findings.errors.append(
                table.problem("grades", message, fix, row=row, column=used[0], value=printed)
            )
        if not any(texts):
            blank.append(name)
        masks.append(mask)
    warn_grouped(
        findings,
        rule="blank-grades",
        before=f"{counted(len(blank), 'school')} without grades",
        examples=blank,
        after="" if spec.enrollment_by_grade else "They are members without flows.",
        file=table.file,
        column=used[0],
    )
    return pd.Series(masks, names.index, dtype="int64")


def _grade_columns(columns: Mapping[str, str], spec: SchoolsSpec) -> list[str]:
    """Return which of our columns give the grades; where the table has both, mapped ones win."""
    forms = [form for form in (["grades"], ["grade_low", "grade_high"]) if set(form) <= {*columns}]
    mapped = [form for form in forms if set(form) & set(spec.table.columns)]
    return next(iter(mapped or forms), [])
