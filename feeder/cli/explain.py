"""``feeder explain``: why a school is where it is, and what a move of it would change."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from feeder.cli import options
from feeder.cli.progress import progress
from feeder.cli.telling import failures_told, show, show_section


def explain(
    district: options.District,
    plan: options.PlanFile,
    school: Annotated[
        str, typer.Argument(help="A school: its id, or a part of its name that no other has.")
    ],
    *,
    scenario: options.ScenarioFile = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Write every change of every move to this CSV file.", dir_okay=False),
    ] = None,
) -> None:
    """Say why a school is in its community, and what each possible move of it would change.

    A move takes the whole campus to a community next to it. Every figure is the one that feeder
    score gives for the plan after the move; promises that it would break are told one by one.
    """
    with failures_told():
        from feeder.analyses.explanation.sections import explanation_sections
        from feeder.pipeline import explain as explain_run
        from feeder.render.files.file import check_file, write_file
        from feeder.render.files.tables import csv_text

        if out is not None:
            check_file(out, read=[district, plan])
        with progress() as report:
            found = explain_run(
                district.resolve(), plan, school, scenario=scenario, progress=report
            )
        for section in explanation_sections(found):
            show_section(section)
        if out is not None:
            write_file(out, csv_text(found.changes))
            show(f"Wrote {out}")
