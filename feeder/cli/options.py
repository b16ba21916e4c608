"""What several commands ask for: the district, the plan, and the keys of a scenario."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Final, TypeVar

import typer

from feeder.analyses.reading import EFFORT
from feeder.partition.efforts import EffortName
from feeder.partition.methods.table import METHODS, SEARCH
from feeder.wording import TODAY_WORD

OwnDistrict = Annotated[
    Path,
    typer.Argument(
        exists=True,
        file_okay=False,
        help="District folder with a district.toml.",
        metavar="DISTRICT",
    ),
]
District = Annotated[
    Path | None,
    typer.Argument(
        exists=True,
        file_okay=False,
        help="District folder with a district.toml; left out: the embedded, invented district.",
        metavar="DISTRICT",
        show_default=False,
    ),
]
OwnPlan = Annotated[
    Path,
    typer.Argument(
        help="A plan, as for score; the word today is the plan of today.", metavar="PLAN"
    ),
]
PlanFile = Annotated[
    Path | None,
    typer.Argument(
        help="A plan: CSV, GeoJSON, GerryChain's JSON, GraphML, or an output folder; the word "
        "today is the plan of today. Left out: what `feeder plan` wrote, else today's.",
        metavar="PLAN",
        show_default=False,
    ),
]
PlanFiles = Annotated[
    list[Path] | None,
    typer.Argument(
        help="Plans: files as for score, or output folders. Left out: what `feeder plan` wrote, "
        "else today's.",
        metavar="PLAN",
        show_default=False,
    ),
]
Before = Annotated[
    Path | None,
    typer.Argument(
        help="The plan that is left, as for score; the word today, or left out: the plan of today.",
        metavar="BEFORE",
        show_default=False,
    ),
]
After = Annotated[
    Path | None,
    typer.Argument(
        help="The plan that comes. Left out: what `feeder plan` wrote.",
        metavar="AFTER",
        show_default=False,
    ),
]
Communities = Annotated[
    int | None, typer.Option(min=1, help="Number of communities. [default: one per 18 schools]")
]
Schools = Annotated[
    str | None, typer.Option(metavar="MIN-MAX", help="Schools per community. [default: 12-24]")
]
EnrollmentTolerance = Annotated[
    float | None,
    typer.Option(
        metavar="SHARE",
        help="Enrollment of each community within this share of the mean. [default: 0.15]",
    ),
]
NeedTolerance = Annotated[
    float | None,
    typer.Option(
        metavar="SHARE",
        help="Need of each community within this share of the mean community's. "
        "[default: no limit]",
    ),
]
CapacityTolerance = Annotated[
    float | None,
    typer.Option(
        metavar="SHARE",
        help="Enrollment over capacity of each community within this share of the district's. "
        "[default: no limit]",
    ),
]
NestedIn = Annotated[
    str | None,
    typer.Option(
        metavar="COLUMN",
        help="No community straddles two values of this column, such as region; '' for none. "
        "[default: none]",
    ),
]
MaxOfficeMinutes = Annotated[
    float | None,
    typer.Option(
        metavar="MINUTES",
        help="Every school within so many minutes of its community's office; 0 for no limit. "
        "[default: no limit]",
    ),
]
MoveAtMost = Annotated[
    int | None,
    typer.Option(
        min=0,
        metavar="SCHOOLS",
        help="Schools that may leave their community of today. [default: all]",
    ),
]
Effort = Annotated[
    EffortName,
    typer.Option(help=EFFORT.help),
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
        help="TOML file with the keys of [scenario], which override the folder's own; "
        "flags override both.",
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


Seed = Annotated[
    int | None, typer.Option(min=0, help="The same seed gives the same bytes. [default: 0]")
]
SCENARIO: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "communities": Communities,
        "schools": Schools,
        "enrollment_tolerance": EnrollmentTolerance,
        "need_tolerance": NeedTolerance,
        "capacity_tolerance": CapacityTolerance,
        "nested_in": NestedIn,
        "apportion": Apportion,
        "max_office_minutes": MaxOfficeMinutes,
        "move_at_most": MoveAtMost,
        "seed": Seed,
        "scenario": ScenarioFile,
    }
)
"""What every command that opens a district under a scenario takes, by the name of its flag."""
Command = TypeVar("Command", bound=Callable[..., None])


def takes_scenario(command: Command) -> Command:
    """Give a command the flags of a scenario in place of its ``**given``."""
    signature = inspect.signature(command, eval_str=True)
    own = [one for one in signature.parameters.values() if one.kind is not one.VAR_KEYWORD]
    flags = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)
        for name, kind in SCENARIO.items()
    ]
    command.__signature__ = signature.replace(parameters=[*own, *flags])  # type: ignore[attr-defined]
    return command


def overrides(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keys of ``[scenario]`` that the command line gives.

    Parameters
    ----------
    given
        Values by the names of SCENARIO; others are left alone.
    """
    asked = {name: given[name] for name in SCENARIO if given.get(name) is not None}
    asked.pop("scenario", None)
    if "schools" in asked:
        asked["schools"] = bounds(asked["schools"])
    if "move_at_most" in asked:
        asked["budgets"] = {"schools_moved": asked.pop("move_at_most")}
    return asked


def district_folder(district: Path | None) -> Path:
    """Return the district's folder, the embedded one where none is named."""
    from feeder.opening.runs import embedded_district

    return (district or embedded_district()).resolve()


def district_name(district: Path | None) -> str:
    """Return what the district's outputs are called by default."""
    return "example-district" if district is None else district.resolve().name


def plan_file(district: Path | None, plan: Path | None, *, hint: str = "PLAN") -> Path:
    """Return the plan that is meant: the one named, what ``feeder plan`` wrote, or today's.

    One that is not there is wrong usage of what ``hint`` names, as a district or a scenario is.
    """
    if plan is None:
        return written_plan(district) or Path(TODAY_WORD)
    there = plan.exists() or plan.parent.is_file()  # a layer is named behind its file
    if str(plan) != TODAY_WORD and not there:
        raise typer.BadParameter(f"there is no plan {plan}.", param_hint=hint)
    return plan


def written_plan(district: Path | None) -> Path | None:
    """Return the folder that ``feeder plan`` wrote; None where there is none."""
    written = Path("maps") / district_name(district)
    return written if (written / "plan.csv").is_file() else None


def bounds(text: str) -> list[int]:
    """Read ``12-24``; wrong usage where it is no such pair."""
    parts = text.replace("–", "-").split("-")  # noqa: RUF001 - a pasted en dash is meant
    if len(parts) != 2 or not all(part.strip().isdigit() for part in parts):  # noqa: PLR2004
        raise typer.BadParameter(f"expected MIN-MAX, such as 12-24, not {text!r}.")
    return [int(part) for part in parts]
