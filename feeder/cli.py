"""The command line: the only module that prints."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from feeder.errors import (
    FeederError,
    InfeasibleError,
    InputError,
    NoPlanFoundError,
    Problem,
)

if TYPE_CHECKING:
    from feeder.pipeline import Plan, Progress

MOST_LINES: Final = 25
"""Problems shown of a long list; ``run.json`` and the exception keep them all."""
LONGEST: Final = 320
"""Characters shown of one warning."""
COMPILING_AFTER_S: Final = 2.0
"""A cached search engine is ready well within this."""

app = typer.Typer(
    name="feeder",
    no_args_is_help=True,
    add_completion=False,
    help="Plan communities of schools: contiguous, balanced, kindergarten to graduation.",
    epilog="Start with `feeder plan`: it plans the embedded, invented district and draws its map.",
)


@app.callback()
def _feeder() -> None:
    """Give every command a name of its own."""


@app.command()
def plan(  # noqa: PLR0913 - one parameter an option
    district: Annotated[
        Path | None,
        typer.Argument(
            exists=True,
            file_okay=False,
            help="District folder with a district.toml; left out: the embedded, invented district.",
            show_default=False,
        ),
    ] = None,
    *,
    communities: Annotated[
        int | None,
        typer.Option(min=1, help="Number of communities. [default: one per 18 schools]"),
    ] = None,
    schools: Annotated[
        str | None,
        typer.Option(metavar="MIN-MAX", help="Schools per community, such as 12-24."),
    ] = None,
    enrollment_tolerance: Annotated[
        float | None,
        typer.Option(
            metavar="SHARE",
            help="Enrollment of each community within this share of the mean: 0.15.",
        ),
    ] = None,
    nested_in: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN",
            help="No community straddles two values of this column, such as region; '' for none.",
        ),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, help="The same seed gives the same plan. [default: 0]")
    ] = None,
    scenario: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="TOML file with the keys of [scenario]; overrides the folder's own.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Output folder. [default: maps/<district>/]", file_okay=False),
    ] = None,
    best_effort: Annotated[
        bool,
        typer.Option(
            "--best-effort", help="Write the best plan found even where it breaks promises."
        ),
    ] = False,
) -> None:
    """Plan a district and write its map, tables and scorecard.

    Every school comes into one community; every promise of the scenario is kept, or the run says
    which cannot be. Exit code 0: done; 1: the input or the scenario cannot be used.
    """
    options: dict[str, Any] = {
        "communities": communities,
        "schools": None if schools is None else _bounds(schools),
        "enrollment_tolerance": enrollment_tolerance,
        "nested_in": nested_in,
        "seed": seed,
    }
    with _failures_told():
        from feeder.pipeline import embedded_district, plan_district
        from feeder.render.folder import check_folder

        source = (district or embedded_district()).resolve()
        name = "example-district" if district is None else source.name
        folder = out or Path("maps") / name
        check_folder(folder, source=source)
        with _progress() as report:
            made = plan_district(
                source,
                scenario=scenario,
                best_effort=best_effort,
                progress=report,
                **{key: value for key, value in options.items() if value is not None},
            )
            made.write(folder, progress=report)
        _tell_warnings(made)
        _tell_plan(made, folder)


@app.command()
def synth(
    *,
    schools: Annotated[int, typer.Option(min=20, help="About how many schools.")] = 130,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same district.")] = 0,
    out: Annotated[
        Path | None,
        typer.Option(
            file_okay=False, help="Folder to write. [default: synthetic-<schools>-<seed>]"
        ),
    ] = None,
) -> None:
    """Invent a district: a folder like any other, with planted communities."""
    folder = out or Path(f"synthetic-{schools}-{seed}")
    with _failures_told():
        from feeder.district.synthetic import write_synthetic

        write_synthetic(folder, schools=schools, seed=seed)
        typer.echo(f"Wrote an invented district of about {schools} schools to {folder}")
        typer.echo(f"Plan it: feeder plan {folder}")


def main() -> None:
    """Run the command line."""
    app()


def _bounds(text: str) -> list[int]:
    """Read ``12-24``; wrong usage where it is no such pair."""
    parts = text.replace("–", "-").split("-")  # noqa: RUF001 - a pasted en dash is meant
    if len(parts) != 2 or not all(part.strip().isdigit() for part in parts):  # noqa: PLR2004
        raise typer.BadParameter(f"expected MIN-MAX, such as 12-24, not {text!r}.")
    return [int(part) for part in parts]


@contextmanager
def _failures_told() -> Iterator[None]:
    """Turn any failure a planner can act on into its message and exit code 1."""
    try:
        yield
    except FeederError as error:
        _tell_failure(error)
        raise typer.Exit(1) from None


def _tell_failure(error: FeederError) -> None:
    if isinstance(error, InputError):
        count = len(error.problems)
        _tell(f"The input cannot be used: {count} problem{'s' if count > 1 else ''}.", bold=True)
        _tell_list([str(problem) for problem in error.problems])
    elif isinstance(error, InfeasibleError):
        _tell("These limits cannot hold together.", bold=True)
        _tell_list(list(error.reasons))
    elif isinstance(error, NoPlanFoundError):
        _tell(
            "No plan was found that keeps every promise, though none is proven impossible. "
            "The closest one breaks these:",
            bold=True,
        )
        _tell_list(list(error.violations))
        _tell("Try another seed, looser limits, or --best-effort to get this closest plan.")
    else:
        _tell(str(error), bold=True)


def _tell_list(lines: list[str], *, longest: int | None = None) -> None:
    for line in lines[:MOST_LINES]:
        _tell(f"  - {line if longest is None else _short(line, longest)}")
    if len(lines) > MOST_LINES:
        _tell(f"  ... and {len(lines) - MOST_LINES} more")


def _short(line: str, longest: int) -> str:
    """Cut a long message at a word; the whole of it stands in run.json."""
    return line if len(line) <= longest else line[:longest].rsplit(" ", 1)[0] + " ..."


def _tell(text: str, *, bold: bool = False) -> None:
    typer.secho(text, err=True, bold=bold)


def _tell_warnings(made: Plan) -> None:
    problems: tuple[Problem, ...] = made.warnings
    if problems:
        _tell(f"{len(problems)} warnings (also in run.json):", bold=True)
        _tell_list([str(problem) for problem in problems], longest=LONGEST)
    for constraint in made.scorecard.constraints:
        for violation in constraint.violations:
            _tell(f"Broken promise: {violation.message}")


def _tell_plan(made: Plan, folder: Path) -> None:
    """Print what a planner wants to see first: the promises, the figures, the files."""
    from rich.console import Console
    from rich.table import Table

    console = Console()
    card, district = made.scorecard, made.assignment.district
    title = f"{district.name} {district.year}".strip()
    console.print(f"\n[bold]{_plain(title)}[/bold]  plan {made.plan_id}", highlight=False)
    table = Table(box=None, pad_edge=False)
    for heading, justify in (("Community", "left"), ("Schools", "right"), ("Students", "right")):
        table.add_column(heading, justify=justify)  # type: ignore[arg-type]
    table.add_column("of the mean", justify="right")
    table.add_column("Flow kept", justify="right")
    for community_id, row in card.communities.iterrows():
        kept = row["feeder_continuity"]
        table.add_row(
            _plain(f"{community_id} {row['name']}"),
            str(row["n_schools"]),
            f"{row['enrollment']:,}",
            f"{row['enrollment_deviation']:+.0%}",
            "-" if kept != kept or kept is None else f"{kept:.0%}",  # noqa: PLR0124 - NaN
        )
    console.print(table)
    for line in _headlines(made):
        console.print(line, highlight=False, markup=False)
    console.print(f"Open {folder / 'map.html'}", highlight=False, markup=False)


def _headlines(made: Plan) -> list[str]:
    card = made.scorecard
    sources = sorted(set(made.assignment.network.graph.flow_source.tolist()))
    kept = card.plan["feeder_continuity"]
    lines = []
    if kept.value is not None:
        interval = (
            "" if kept.low is None or kept.high is None else f" ({kept.low:.1%} to {kept.high:.1%})"
        )
        lines.append(
            f"Feeder continuity {kept.value:.1%}{interval} of {' and '.join(sources)} flows; land "
            f"{'whole' if _kept(card, 'contiguity') else 'IN PIECES'}."
        )
    broken = [constraint.name for constraint in card.constraints if not constraint.satisfied]
    lines.append(
        f"{len(card.constraints) - len(broken)} of {len(card.constraints)} promises kept"
        + (f"; broken: {', '.join(broken)}." if broken else ".")
    )
    return lines


def _kept(card: Any, name: str) -> bool:  # noqa: ANN401 - a Scorecard, imported late
    return all(c.satisfied for c in card.constraints if c.name == name)


def _plain(text: str) -> str:
    """Keep a table's text from being read as markup or as terminal control."""
    from rich.markup import escape

    return escape("".join(c for c in text if c.isprintable()))


@contextmanager
def _progress() -> Iterator[Progress]:
    """Show the stages of a run on a terminal; elsewhere only a first compilation is told."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from feeder.pipeline import STAGES

    console = Console(stderr=True)
    compiling = threading.Timer(
        COMPILING_AFTER_S,
        console.print,
        ["Compiling the search engine: once on this machine, some 20 seconds, then cached."],
    )
    compiling.daemon = True
    bars = Progress(
        SpinnerColumn(finished_text="✓"),
        TextColumn("{task.description:<28}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=console,
        disable=not console.is_terminal,
    )
    tasks = {name: bars.add_task(text, total=1.0, start=False) for name, text in STAGES.items()}

    def report(stage: str, share: float) -> None:
        if stage == "prepare":
            compiling.start() if share == 0 else compiling.cancel()
        if share == 0:
            bars.start_task(tasks[stage])
        bars.update(tasks[stage], completed=share)

    with bars:
        try:
            yield report
        finally:
            compiling.cancel()
