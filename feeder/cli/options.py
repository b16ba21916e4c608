"""What several commands ask for: the district, the plan, and the keys of a scenario."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from feeder.partition.efforts import EffortName
from feeder.partition.methods.table import METHODS, SEARCH

District = Annotated[
    Path,
    typer.Argument(
        exists=True,
        file_okay=False,
        help="District folder with a district.toml.",
        metavar="DISTRICT",
    ),
]
PlanFile = Annotated[
    Path,
    typer.Argument(
        exists=True,
        help="A plan: CSV, GeoJSON, GerryChain's JSON, GraphML, or an output folder.",
        metavar="PLAN",
    ),
]
Communities = Annotated[
    int | None, typer.Option(min=1, help="Number of communities. [default: one per 18 schools]")
]
Schools = Annotated[
    str | None, typer.Option(metavar="MIN-MAX", help="Schools per community, such as 12-24.")
]
EnrollmentTolerance = Annotated[
    float | None,
    typer.Option(
        metavar="SHARE", help="Enrollment of each community within this share of the mean: 0.15."
    ),
]
NestedIn = Annotated[
    str | None,
    typer.Option(
        metavar="COLUMN",
        help="No community straddles two values of this column, such as region; '' for none.",
    ),
]
MaxOfficeMinutes = Annotated[
    float | None,
    typer.Option(
        metavar="MINUTES",
        help="Every school within so many minutes of its community's office; 0 for no limit.",
    ),
]
MoveAtMost = Annotated[
    int | None,
    typer.Option(min=0, metavar="SCHOOLS", help="Schools that may leave their community of today."),
]
Effort = Annotated[
    EffortName,
    typer.Option(help="How long to search. quick: a look; long: four times the standard."),
]
Apportion = Annotated[
    str | None,
    typer.Option(
        metavar="fair|search",
        help="How nested communities are shared among regions: most fairly by enrollment, or as "
        "the best plan over the fairest ways. [default: fair]",
    ),
]
ScenarioFile = Annotated[
    Path | None,
    typer.Option(
        exists=True,
        dir_okay=False,
        help="TOML file with the keys of [scenario]; overrides the folder's own.",
    ),
]
MethodName = StrEnum("MethodName", {name.upper(): name for name in (SEARCH, *METHODS)})  # type: ignore[misc]  # mypy reads no names from a table
Method = Annotated[
    MethodName | None,
    typer.Option(
        help=f"{SEARCH}: the search, which keeps every promise. The others are for comparison, "
        "and their plans are written with the promises they break. "
        + " ".join(f"{m.name}: {m.does}; {m.breaks}." for m in METHODS.values())
        + f" [default: {SEARCH}]",
    ),
]


def overrides(
    *,
    communities: int | None,
    schools: str | None,
    enrollment_tolerance: float | None,
    nested_in: str | None,
    apportion: str | None = None,
    max_office_minutes: float | None = None,
    move_at_most: int | None = None,
    seed: int | None = None,
) -> dict[str, Any]:
    """Return the keys of ``[scenario]`` that the command line gives."""
    given = {
        "communities": communities,
        "schools": None if schools is None else bounds(schools),
        "enrollment_tolerance": enrollment_tolerance,
        "nested_in": nested_in,
        "apportion": apportion,
        "max_office_minutes": max_office_minutes,
        "budgets": None if move_at_most is None else {"schools_moved": move_at_most},
        "seed": seed,
    }
    return {key: value for key, value in given.items() if value is not None}


def bounds(text: str) -> list[int]:
    """Read ``12-24``; wrong usage where it is no such pair."""
    parts = text.replace("–", "-").split("-")  # noqa: RUF001 - a pasted en dash is meant
    if len(parts) != 2 or not all(part.strip().isdigit() for part in parts):  # noqa: PLR2004
        raise typer.BadParameter(f"expected MIN-MAX, such as 12-24, not {text!r}.")
    return [int(part) for part in parts]
