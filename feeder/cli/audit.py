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
        list[Path] | None,
        typer.Option(
            "--district",
            help="The district's folder: one for all, or one for each FOLDER in their order, "
            "where they are of different years. [default: the embedded, invented district]",
            exists=True,
            file_okay=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Write the verdict here: .txt, .html or .json, by the ending.", dir_okay=False
        ),
    ] = None,
    **given: Any,  # noqa: ANN401 - the flags of a scenario
) -> None:
    """Tell whether published folders, taken together, narrow a count of 1 to 9 students.

    Reads maps, GeoJSON, reports and candidates as anyone can, and the district's true counts.
    Exit code 0: no count is narrowed and nothing told is false; 1: some are, named with figure and
    file, or nothing could be judged.
    """
    asked = options.overrides(given)
    with failures_told():
        from feeder.opening.record import run_date
        from feeder.opening.runs import open_district
        from feeder.opening.stages import quiet
        from feeder.publishing.audit.filed import filed, together
        from feeder.publishing.audit.written import WRITERS
        from feeder.render.files.file import check_file, write_file

        groups = _by_district(folders, district or [])
        if out is not None:
            if out.suffix not in WRITERS:
                raise typer.BadParameter(
                    "the name must end in .txt, .html or .json.", param_hint="--out"
                )
            check_file(out, read=[*groups, *folders])
        found, names = [], list[str]()
        for source, own in groups.items():
            opened = open_district(
                source, scenario=given["scenario"], keys=asked, timings={}, progress=quiet
            )
            found.append(filed(own, opened.district, opened.network, opened.scenario))
            names.append(f"{opened.district.name} {opened.district.year}".strip())
        whole = together(found)
        facts = {
            "folders": ", ".join(folder.name for folder in folders),
            "district": ", ".join(names),
            "date": run_date(),
        }
        lines = (Message("audit.head", facts), *whole.lines())
        for line in lines:
            show(str(line))
        if out is not None:
            write_file(out, WRITERS[out.suffix](lines, whole))
        if not whole.holds:
            raise typer.Exit(1)


def _by_district(folders: list[Path], districts: list[Path]) -> dict[Path, list[Path]]:
    """Return the folders by the district that they are judged by."""
    if len(districts) not in {0, 1, len(folders)}:
        raise typer.BadParameter(
            f"{len(districts)} districts for {len(folders)} folders; name one for all, or one for "
            "each folder.",
            param_hint="--district",
        )
    sources = [options.district_folder(one) for one in districts or (None,)]
    if len(sources) == 1:
        return {sources[0]: folders}
    groups: dict[Path, list[Path]] = {}
    for folder, source in zip(folders, sources, strict=True):
        groups.setdefault(source, []).append(folder)
    return groups
