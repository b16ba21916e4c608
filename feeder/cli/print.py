"""``feeder print``: a plan on paper, as a packet for the board."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from feeder.cli import options
from feeder.cli.progress import progress
from feeder.cli.telling import failures_told, show, tell_broken, tell_mended, tell_warnings
from feeder.language import languages

Language = StrEnum("Language", {tag.upper(): tag for tag in languages()})  # type: ignore[misc]  # mypy reads no names from a folder


ENGLISH = Language(languages()[0])


class Paper(StrEnum):
    """Sizes of paper."""

    LETTER = "letter"
    A4 = "a4"


@options.takes_scenario
def print_(
    district: options.District = None,
    plan: options.PlanFile = None,
    *,
    out: Annotated[
        Path | None,
        typer.Option(help="PDF file to write. [default: maps/<district>.pdf]", dir_okay=False),
    ] = None,
    language: Annotated[Language, typer.Option(help="Language of the packet.")] = ENGLISH,
    paper: Annotated[Paper, typer.Option(help="Size of the paper.")] = Paper.LETTER,
    **given: Any,  # noqa: ANN401 - the flags of a scenario
) -> None:
    """Print a plan as a packet for the board: an overview, then one page a community, as PDF.

    Its figures are those of the map; counts of few students are told as ranges, as in every
    published file.
    Exit code 0 even where promises are broken (they are told); 1: the input cannot be used.
    """
    asked = options.overrides(given)
    with failures_told() as run:
        from feeder.pipeline.runs import open_plan
        from feeder.render.files.file import check_file, write_file

        source, read = options.district_folder(district), options.plan_file(district, plan)
        file = out or Path("maps") / f"{options.district_name(district)}.pdf"
        tell_mended(check_file(file, read=[source, read]))
        with progress() as report:
            made = open_plan(source, read, scenario=given["scenario"], progress=report, **asked)
            report("write", 0.0)
            packet = made.packet(language=language.value, paper=paper.value)
            report("write", 1.0)
        write_file(file, packet)
        run.wrote.append(file)
        tell_warnings(made.warnings)
        tell_broken(made.scorecard)
        show(f"Wrote {file}")
