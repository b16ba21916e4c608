"""``feeder validate``: everything that is wrong with a district folder, told at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from feeder.cli import options
from feeder.cli.telling import failures_told, show, tell_mended
from feeder.language import ENGLISH, Message
from feeder.telling.findings import gathered, shortened

if TYPE_CHECKING:
    from feeder.opening.validate import Report

STDOUT: Final = Path("-")


@options.takes_scenario
def validate(
    district: options.District = None,
    *,
    json_file: Annotated[
        Path | None,
        typer.Option(
            "--json",
            metavar="FILE",
            dir_okay=False,
            allow_dash=True,
            help="Write the findings as a JSON list; - prints it instead of the table.",
        ),
    ] = None,
    **given: Any,  # noqa: ANN401 - the flags of a scenario
) -> None:
    """Check a district folder and its limits, and tell every problem at once.

    Reads the folder, builds its network and sets the limits against each other, without any
    search. Exit code 0: it can be planned, whatever the warnings; 1: it cannot.
    """
    asked = options.overrides(given)
    with failures_told() as run:
        from feeder.opening.validate import validate_district
        from feeder.render.files.file import check_file, write_file

        source = options.district_folder(district)
        if json_file is not None and json_file != STDOUT:
            tell_mended(check_file(json_file, read=[source]))
        report = validate_district(source, scenario=given["scenario"], overrides=asked)
        if json_file == STDOUT:
            show(_text(report), newline=False)
        else:
            if json_file is not None:
                write_file(json_file, _text(report), private=True)
                run.wrote.append(json_file)
            _show(report)
        if not report.usable:
            raise typer.Exit(1)


def _text(report: Report) -> str:
    return json.dumps(report.records(), indent=2) + "\n"


def _show(report: Report) -> None:
    """Print one entry a kind of finding, errors first, and what it comes to."""
    errors, warnings = gathered(report.problems), gathered(report.warnings)
    for severity, findings in (("terminal.error", errors), ("terminal.warning", warnings)):
        for found in findings:
            place = f"{found.place}: " if found.place else ""
            head = shortened(f"{ENGLISH(severity):<8} {place}{found.message}")
            show(head, bold=severity == "terminal.error")
            if found.fix:
                show(f"{'':<8} {shortened(found.fix)}")
    counts = {
        "errors": Message("terminal.errors", {"n": len(errors)}),
        "warnings": Message("terminal.warnings", {"n": len(warnings)}),
    }
    show(ENGLISH("terminal.usable" if report.usable else "terminal.not_usable", **counts))
