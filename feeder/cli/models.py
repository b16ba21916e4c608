"""``feeder models``: organizing models side by side on one district."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from feeder.cli import options
from feeder.cli.compare import show_measures
from feeder.cli.progress import progress
from feeder.cli.telling import failures_told, show, show_section, tell_warnings


def models(  # noqa: PLR0913 - one parameter an option
    district: options.District,
    *,
    only: Annotated[
        str | None,
        typer.Option(
            metavar="MODEL,...",
            help="Only these: communities, families, zones, clusters, networks, affinity, cohort.",
        ),
    ] = None,
    cohort: Annotated[
        str | None,
        typer.Option(metavar="SCHOOL_ID", help="High school of the cohort. [default: the largest]"),
    ] = None,
    clusters: Annotated[
        int | None, typer.Option(min=1, help="Number of clusters. [default: one per 24 schools]")
    ] = None,
    networks: Annotated[
        int | None,
        typer.Option(min=1, help="Number of networks. [default: one per 24 schools, at most 32]"),
    ] = None,
    headquarters: Annotated[
        int | None,
        typer.Option(min=1, help="Headquarters of the networks. [default: one per 6 networks]"),
    ] = None,
    communities: options.Communities = None,
    schools: options.Schools = None,
    enrollment_tolerance: options.EnrollmentTolerance = None,
    nested_in: options.NestedIn = None,
    seed: Annotated[
        int | None, typer.Option(min=0, help="The same seed gives the same plans. [default: 0]")
    ] = None,
    scenario: options.ScenarioFile = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Output folder. [default: maps/<district>-models/]", file_okay=False),
    ] = None,
) -> None:
    """Make a district's plan under each organizing model, and put them side by side.

    Writes models.csv (one column a model), models.html (a map that switches between them) and
    plan_MODEL.csv. A model that the district cannot have is told and left out.
    """
    asked = options.overrides(
        communities=communities,
        schools=schools,
        enrollment_tolerance=enrollment_tolerance,
        nested_in=nested_in,
        seed=seed,
    )
    with failures_told():
        from feeder.analyses.models.model_input import ModelOptions
        from feeder.pipeline import organizing_models
        from feeder.render.files.folder import check_folder

        names = None if only is None else _names(only)
        source = district.resolve()
        folder = out or Path("maps") / f"{source.name}-models"
        check_folder(folder, source=source)
        with progress() as report:
            found = organizing_models(
                source,
                only=names,
                options=ModelOptions(cohort=cohort, clusters=clusters, networks=networks),
                headquarters=headquarters,
                scenario=scenario,
                progress=report,
                **asked,
            )
            found.write(folder, progress=report)
        tell_warnings(found.comparison.warnings, kept_in="run.json")
        show_measures(found.comparison)
        for section in found.sections:
            show_section(section)
        show(f"Open {folder / 'models.html'}")


def _names(only: str) -> list[str]:
    """Read ``families,zones``; wrong usage where one of them is no model."""
    from feeder.analyses.models.table import MODELS

    names = [name.strip() for name in only.split(",") if name.strip()]
    unknown = [name for name in names if name not in MODELS]
    if unknown or not names:
        raise typer.BadParameter(
            f"{', '.join(unknown) or only!r}: no such model. Known: {', '.join(MODELS)}.",
            param_hint="--only",
        )
    return names
