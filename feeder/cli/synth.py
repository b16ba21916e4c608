"""``feeder synth``: invent a district."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from feeder.cli.telling import failures_told, show, tell_mended


def synth(
    *,
    schools: Annotated[int, typer.Option(min=20, help="About how many schools.")] = 130,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same district.")] = 0,
    noise: Annotated[
        float | None,
        typer.Option(
            min=0,
            max=1,
            metavar="SHARE",
            help="Share of elementary areas that send some of their children out of their planted "
            "community. [default: 0.12]",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            file_okay=False, help="Folder to write. [default: synthetic-<schools>-<seed>]"
        ),
    ] = None,
) -> None:
    """Invent a district: a folder like any other, with planted communities."""
    folder = out or Path(f"synthetic-{schools}-{seed}")
    with failures_told() as run:
        from feeder.district.synthetic import NOISE, write_synthetic
        from feeder.render.files.folder import check_place
        from feeder.writing.places import heal, place_of
        from feeder.writing.whole import output_told

        with output_told(folder):
            check_place(folder)
            tell_mended(heal(place_of(folder)))
        write_synthetic(folder, schools=schools, seed=seed, noise=NOISE if noise is None else noise)
        run.wrote.append(folder)
        show(f"Wrote an invented district of about {schools} schools to {folder}")
        show(f"Plan it: feeder plan {folder}")
