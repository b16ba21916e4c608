"""The command of an analysis, made of its function: one for all of them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Final, get_args

import typer

from feeder.analyses.contract import Analysis, Flag, OptionsError, OutFile, Subject
from feeder.cli import options
from feeder.cli.progress import progress
from feeder.cli.telling import Run, failures_told, show, show_section, tell_mended, tell_warnings
from feeder.errors import InputError, Problem
from feeder.wording import TODAY_WORD

if TYPE_CHECKING:
    from feeder.analyses.contract import Result
    from feeder.opening.stages import Progress

_ARGUMENTS: Final[Mapping[Subject, Mapping[str, Any]]] = MappingProxyType(
    {
        Subject.DISTRICT: {},
        Subject.PLAN: {"plan": options.PlanFile},
        Subject.TWO_PLANS: {"before": options.Before, "after": options.After},
        Subject.PLANS: {"plans": options.PlanFiles},
    }
)
"""What each kind of subject asks for by place, after the district."""


def command_of(analysis: Analysis, tell: Callable[[Any], None] | None = None) -> Any:  # noqa: ANN401 - a function for typer
    """Return the command of an analysis.

    Parameters
    ----------
    analysis
        From the registry.
    tell
        Prints what stands before the sections of the result.
    """
    asked_for = _options(analysis.run)

    def command(**given: Any) -> None:  # noqa: ANN401 - typer checks them by the signature below
        asked = options.overrides(given)
        chosen = {
            name: _read(flag, given[name])
            for name, (_, _, flag) in asked_for.items()
            if given[name] is not None
        }
        written = options.written_plan(given["district"])
        if written is not None:
            for name, (_, _, flag) in asked_for.items():
                if flag.written:
                    chosen.setdefault(name, written)
        with failures_told() as run:
            folder = _checked(analysis, given)
            with progress() as report:
                subject = _opened(analysis.subject, given, asked, report)
                found = _found(analysis, subject, chosen, report)
                if folder is not None:
                    run.wrote.append(found.write(folder, progress=report))
            wrote = _write_files(analysis, found, given, run)
            tell_warnings(found.warnings, kept_in="" if folder is None else "run.json")
            if tell is not None:
                tell(found)
            for section in found.sections:
                show_section(section)
            for file in wrote:
                show(f"Wrote {file}")
            if folder is not None:
                show(f"Open {folder / analysis.opens}" if analysis.opens else f"Wrote {folder}")

    command.__name__ = analysis.command
    command.__doc__ = _help(analysis)
    command.__signature__ = _signature(analysis, asked_for)  # type: ignore[attr-defined]
    return command


def _options(run: Callable[..., Result]) -> dict[str, tuple[inspect.Parameter, Any, Flag]]:
    """Return every option of an analysis that has a flag: its parameter, its type, its flag.

    Annotations are looked at one by one: those of subjects and results name what is only imported
    where an analysis runs.
    """
    found = {}
    for name, one in inspect.signature(run).parameters.items():
        if str(one.annotation).startswith("Annotated["):
            kind, flag = get_args(eval(one.annotation, run.__globals__))  # noqa: S307 - our own code
            found[name] = (one, kind, flag)
    return found


def _signature(
    analysis: Analysis, asked_for: Mapping[str, tuple[inspect.Parameter, Any, Flag]]
) -> inspect.Signature:
    """Return what typer reads: the subject, the options, the scenario, the files."""
    asked = {"district": options.District, **_ARGUMENTS[analysis.subject]}
    shown: dict[str, tuple[Any, Any]] = {name: (kind, None) for name, kind in asked.items()}
    if any(flag.argument for _, _, flag in asked_for.values()):
        # What is asked for by place comes last, so nothing before it can be left out.
        required = {"district": options.OwnDistrict, "plan": options.OwnPlan}
        shown = {name: (kind, inspect.Parameter.empty) for name, kind in required.items()}
    shown |= {name: _option(*told) for name, told in asked_for.items()}
    shown |= {name: (kind, None) for name, kind in options.SCENARIO.items()}
    default = f" [default: maps/<district>-{analysis.command}/]" if analysis.opens else ""
    out = typer.Option("--out", help=f"{analysis.out}{default}", show_default=False)
    shown["out"] = (Annotated[Path | None, out], None)
    for file in analysis.files:
        option = typer.Option(file.flag, help=file.help, dir_okay=False)
        shown[_name(file)] = (Annotated[Path | None, option], None)
    return inspect.Signature(
        [
            inspect.Parameter(
                name, inspect.Parameter.KEYWORD_ONLY, annotation=kind, default=default
            )
            for name, (kind, default) in shown.items()
        ]
    )


def _option(one: inspect.Parameter, kind: object, flag: Flag) -> tuple[Any, Any]:
    """Return the annotation and the default of an option for typer."""
    required = one.default is one.empty
    if flag.read is not None:
        kind = str if required else str | None
    default = inspect.Parameter.empty if required else None if flag.read else one.default
    if flag.argument:
        return Annotated[kind, typer.Argument(help=flag.help, metavar=flag.metavar)], default
    name = flag.name or f"--{one.name.replace('_', '-')}"
    option = typer.Option(name, help=flag.help, metavar=flag.metavar, min=flag.least, max=flag.most)
    return Annotated[kind, option], default


def _found(
    analysis: Analysis, subject: tuple[Any, ...], chosen: Mapping[str, Any], report: Progress
) -> Result:
    """Run an analysis; options that do not go together are wrong usage."""
    try:
        return analysis.run(*subject, **chosen, progress=report)
    except OptionsError as error:
        raise typer.BadParameter(str(error)) from None


def _read(flag: Flag, value: Any) -> Any:  # noqa: ANN401 - any option
    if flag.read is None:
        return value
    try:
        return flag.read(value)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def _help(analysis: Analysis) -> str:
    """Return the first part of a docstring, up to its parameters."""
    return inspect.cleandoc(analysis.run.__doc__ or "").partition("\n\nParameters\n")[0]


def _checked(analysis: Analysis, given: Mapping[str, Any]) -> Path | None:
    """Check every place that will be written to, and return the folder if there is one."""
    from feeder.render.files.file import check_file
    from feeder.render.files.folder import check_folder

    source = options.district_folder(given["district"])
    read = [source, *_plans(given)]
    for file in _asked_files(analysis, given):
        tell_mended(check_file(file, read=read))
    folder: Path | None = given["out"]
    if folder is None and analysis.opens:
        folder = Path("maps") / f"{options.district_name(given['district'])}-{analysis.command}"
    if folder is None or _is_table(folder):
        return None
    tell_mended(check_folder(folder, source=source))
    return folder


def _asked_files(analysis: Analysis, given: Mapping[str, Any]) -> list[Path]:
    files = [given["out"]] if given["out"] is not None and _is_table(given["out"]) else []
    return [*files, *(given[_name(one)] for one in analysis.files if given[_name(one)] is not None)]


def _is_table(out: Path) -> bool:
    return out.suffix.lower() == ".csv"


def _name(file: OutFile) -> str:
    return file.flag.removeprefix("--").replace("-", "_")


def _plans(given: Mapping[str, Any]) -> list[Path]:
    """Return the plans that are meant, in the order in which they are asked for."""
    district = given["district"]
    if "plans" in given:
        return [options.plan_file(district, plan) for plan in given["plans"] or [None]]
    return [
        Path(TODAY_WORD)
        if name == "before" and given[name] is None
        else options.plan_file(district, given[name], hint=name.upper())
        for name in ("plan", "before", "after")
        if name in given
    ]


def _opened(
    kind: Subject, given: Mapping[str, Any], asked: Mapping[str, Any], report: Progress
) -> tuple[Any, ...]:
    """Open what an analysis is of, as its function takes it."""
    from feeder.opening.runs import open_assignments, open_district

    found = open_district(
        options.district_folder(given["district"]),
        scenario=given["scenario"],
        keys=asked,
        timings={},
        progress=report,
    )
    if kind is Subject.DISTRICT:
        return (found,)
    paths = _plans(given)
    if kind is Subject.TWO_PLANS and {*map(str, paths)} == {TODAY_WORD}:
        message = "today is compared with itself."
        raise InputError([Problem(rule="two-todays", message=message, fix="Name a plan.")])
    plans = open_assignments(found, paths)
    if kind is Subject.PLANS:
        from feeder.opening.reading import plan_names

        return (dict(zip(plan_names(paths), plans, strict=True)),)
    return tuple(reversed(plans))


def _write_files(
    analysis: Analysis, found: Result, given: Mapping[str, Any], run: Run
) -> list[Path]:
    """Write every single file that was asked for."""
    from feeder.render.files.desk import is_private
    from feeder.render.files.file import write_file

    wanted = [(given[_name(one)], one.content) for one in analysis.files]
    if given["out"] is not None and _is_table(given["out"]):
        wanted.insert(0, (given["out"], found.first))
    asked = [(path, found.content(name)) for path, name in wanted if path is not None]
    for path, content in asked:
        write_file(path, content, private=is_private(path.name))
        run.wrote.append(path)
    return [path for path, _ in asked]
