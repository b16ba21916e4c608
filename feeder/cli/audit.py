"""``feeder audit``: whether published folders give away a count of few students."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from feeder.cli import options
from feeder.cli.telling import failures_told, show
from feeder.language import Message


@options.takes_scenario
def audit(
    folders: Annotated[
        list[Path],
        typer.Argument(
            metavar="FOLDER...",
            help="Output folders of one district: plans, seeds or years, judged together.",
            exists=True,
            file_okay=False,
        ),
    ],
    *,
    district: Annotated[
        Path | None,
        typer.Option(
            "--district",
            help="The district's folder. [default: the embedded, invented district]",
            exists=True,
            file_okay=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Write the verdict here, as text.", dir_okay=False),
    ] = None,
    **given: Any,  # noqa: ANN401 - the flags of a scenario
) -> None:
    """Tell whether published folders, taken together, narrow a count of 1 to 9 students.

    Reads the pages as anyone can, and the district's true counts. Exit code 0: no count is
    narrowed and nothing told is false; 1: some are, named with figure and folder.
    """
    asked = options.overrides(given)
    with failures_told():
        from feeder.opening.record import run_date
        from feeder.opening.runs import open_district
        from feeder.opening.stages import quiet
        from feeder.publishing.audit.filed import filed
        from feeder.render.files.file import check_file, write_file

        source = options.district_folder(district)
        if out is not None:
            check_file(out, read=[source, *folders])
        opened = open_district(
            source, scenario=given["scenario"], keys=asked, timings={}, progress=quiet
        )
        found = filed(folders, opened.district, opened.network, opened.scenario)
        facts = {
            "folders": ", ".join(folder.name for folder in folders),
            "district": opened.district.name,
            "date": run_date(),
        }
        lines = [str(line) for line in (Message("audit.head", facts), *found.lines())]
        for line in lines:
            show(line)
        if out is not None:
            write_file(out, "\n".join(lines) + "\n")
        if not found.holds:
            raise typer.Exit(1)
