"""What is told: failures and warnings on standard error, the plan on standard output."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typer

from feeder.errors import (
    FeederError,
    InfeasibleError,
    InputError,
    NoPlanFoundError,
    Problem,
)
from feeder.language import ENGLISH, Fact, Message
from feeder.telling.findings import gathered, shortened
from feeder.writing.moment import run_moment

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from feeder.measures.scorecard import Scorecard
    from feeder.pipeline.plan import Plan
    from feeder.telling.sections import Section

MOST_LINES: Final = 25
"""Problems shown of a long list; ``run.json`` and the exception keep them all."""
STOPPED: Final = 130
"""Exit code of what was stopped at the keyboard."""
CLOSED: Final = 0.005
"""Points of a gap that is told as none."""


@dataclass(slots=True)
class Run:
    """A command while it runs: what it has written so far.

    Attributes
    ----------
    wrote
        Files and folders that are there, whatever comes after.
    goes_on
        The file by which the same run goes on another time, once it is there.
    """

    wrote: list[Path] = field(default_factory=list)
    goes_on: Path | None = None


class PrintError(Exception):
    """Standard output cannot be written to: its disk is full, or nobody reads on."""


@contextmanager
def failures_told() -> Iterator[Run]:
    """Turn any failure a planner can act on, or cannot, into a sentence and an exit code.

    1 for a failure, 130 where the run was stopped at the keyboard.
    """
    run = Run()
    try:
        run_moment()  # before libraries are loaded that would fall over it
        yield run
    except FeederError as error:
        _tell_failure(error)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        tell(_ended("terminal.stopped", run), bold=True)
        raise typer.Exit(STOPPED) from None
    except PrintError as error:
        tell(_ended("terminal.not_printed", run, what=str(error)), bold=True)
        raise typer.Exit(1) from None
    except OSError as error:
        tell(_ended("terminal.system", run, what=reason(error)), bold=True)
        raise typer.Exit(1) from None


def reason(error: OSError) -> str:
    """Return what the system says, and of which file."""
    return ": ".join(str(part) for part in (error.filename, error.strerror or error) if part)


def _ended(key: str, run: Run, **facts: Fact) -> str:
    """Return how a run ended, and what of it is there."""
    there = Message("terminal.no_file")
    if run.wrote:
        there = Message("terminal.is_there", {"files": ", ".join(map(str, run.wrote))})
    elif run.goes_on is not None and run.goes_on.is_file():
        there = Message("terminal.goes_on", {"folder": str(run.goes_on.parent)})
    return f"{ENGLISH(key, **facts)} {there}"


@contextmanager
def _printing() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise PrintError(reason(error)) from error


def _tell_failure(error: FeederError) -> None:
    if isinstance(error, InputError):
        problems = gathered(error.problems)
        tell(ENGLISH("terminal.unusable", n=len(problems)), bold=True)
        tell_list([shortened(str(problem)) for problem in problems])
    elif isinstance(error, InfeasibleError):
        tell(ENGLISH("terminal.infeasible"), bold=True)
        tell_list(list(error.reasons))
    elif isinstance(error, NoPlanFoundError):
        tell(ENGLISH("terminal.none_found"), bold=True)
        tell_list(list(error.violations))
        tell(ENGLISH("terminal.way_out"))
    else:
        tell(str(error), bold=True)


def tell(text: str, *, bold: bool = False) -> None:
    """Print a line on standard error; where even that is gone, nobody is left to tell."""
    with suppress(OSError):
        typer.secho(plain(text), err=True, bold=bold)


def tell_mended(mended: Sequence[Message]) -> None:
    """Print what an earlier run had left when it was killed, and what became of it."""
    for one in mended:
        tell(str(one))


def tell_list(lines: Sequence[str]) -> None:
    """Print lines as a list on standard error: the first of them, and how many more there are."""
    for line in lines[:MOST_LINES]:
        tell(f"  - {line}")
    if len(lines) > MOST_LINES:
        tell(f"  {ENGLISH('terminal.more', n=len(lines) - MOST_LINES)}")


def tell_warnings(problems: Sequence[Problem], *, kept_in: str = "") -> None:
    """Print what was repaired, left out or looks odd; ``kept_in`` is the file that has it all."""
    if problems:
        kept = "terminal.warnings_kept" if kept_in else "terminal.warnings_here"
        lines = [shortened(str(problem)) for problem in gathered(problems)]
        warnings = Message("terminal.warnings", {"n": len(lines)})
        tell(ENGLISH(kept, warnings=warnings, file=kept_in), bold=True)
        tell_list(lines)


def tell_broken(card: Scorecard) -> None:
    """Print every violation on standard error, as a warning beside a plan that was asked for."""
    for constraint in card.constraints:
        for violation in constraint.violations:
            tell(ENGLISH("terminal.broken_promise", message=violation.message))


def show(text: str, *, bold: bool = False, newline: bool = True) -> None:
    """Print a line on standard output."""
    with _printing():
        typer.secho(plain(text), bold=bold, nl=newline)


def show_table(table: Table) -> None:
    """Print a table on standard output, never cut where there is no terminal to fit."""
    from rich.measure import Measurement

    screen = console()
    if not screen.is_terminal:
        wide = Measurement.get(screen, screen.options.update(max_width=10_000), table).maximum
        screen = console(width=max(screen.width, wide))
    with _printing():
        screen.print(table)


def console(*, stderr: bool = False, width: int | None = None) -> Console:
    """Return where tables are printed: no text is taken for markup or the name of a picture."""
    from rich.console import Console

    return Console(stderr=stderr, width=width, markup=False, emoji=False, highlight=False)


def show_section(section: Section) -> None:
    """Print a section: its title, its tables, its sentences."""
    from rich.table import Table

    from feeder.telling.sections import headings, rows

    show(f"\n{section.title}", bold=True)
    for shown in section.tables:
        show(f"\n{shown.caption}")
        table = Table(box=None, pad_edge=False)
        for heading in headings(shown):
            table.add_column(
                on_one_line(heading.text),
                justify="right" if heading.number else "left",
                overflow="fold",
            )
        for row in rows(shown):
            table.add_row(*(on_one_line(cell.text) for cell in row))
        show_table(table)
    for sentence in section.sentences:
        show(str(sentence))


def tell_plan(made: Plan, folder: Path | None = None) -> None:
    """Print what a planner wants to see first: the communities, the promises, the files."""
    from rich.table import Table

    from feeder.telling.figures import community_figures

    card, district = made.scorecard, made.assignment.district
    title = f"{district.name} {district.year}".strip()
    show(f"\n{ENGLISH('terminal.plan_of', district=title, plan=made.plan_id)}", bold=True)
    table = Table(box=None, pad_edge=False)
    table.add_column(ENGLISH("terminal.community"))
    for heading in ("schools", "students", "of_the_mean", "flow_kept"):
        table.add_column(ENGLISH(f"terminal.{heading}"), justify="right")
    columns = community_figures(made.assignment, card, ENGLISH)
    for k, one in enumerate(made.assignment.communities):
        table.add_row(
            on_one_line(one.label),
            str(columns["schools"][k]),
            columns["enrollment"][k],
            columns["deviation"][k],
            columns["feeder_continuity"][k],
        )
    show_table(table)
    for line in _headlines(made):
        show(line)
    if folder is not None:
        show(ENGLISH("terminal.open", file=str(folder / "map.html")))


def _headlines(made: Plan) -> list[str]:
    card = made.scorecard
    broken = [constraint.name for constraint in card.constraints if not constraint.satisfied]
    kept: dict[str, Fact] = {
        "kept": len(card.constraints) - len(broken),
        "all": len(card.constraints),
        "broken": ", ".join(broken),
    }
    lines = [_continuity(made)] if card.plan["feeder_continuity"].value is not None else []
    lines.append(ENGLISH("terminal.kept_some" if broken else "terminal.kept_all", **kept))
    return [*lines, certified(card.certificate)]


def _continuity(made: Plan) -> str:
    """Return the share of flow that is kept, what it rests on, and whether land is whole."""
    card = made.scorecard
    sources = sorted(set(made.assignment.network.graph.flow_source.tolist()))
    first, *others = (Message(f"terminal.{source}") for source in sources)
    for other in others:
        first = Message("list.and", {"told": first, "last": other})
    from feeder.telling.figures import figures

    told = next(
        one for one in figures(made.assignment, card, ENGLISH) if one["name"] == "feeder_continuity"
    )
    share = told["text"]
    if "range" in told:
        share = ENGLISH("terminal.share_range", share=share, range=told["range"])
    land = "terminal.land_whole" if _kept(card, "contiguity") else "terminal.land_in_pieces"
    return ENGLISH("terminal.continuity", share=share, sources=first, land=Message(land))


def certified(certificate: Mapping[str, Any]) -> str:
    """Return a certificate as a sentence."""
    gap, reason = certificate["gap"], certificate["reason"]
    if certificate["bound"] is None:
        return str(reason)
    facts = {name: certificate[name] for name in ("objective", "bound", "method")}
    proven = Message("terminal.proven", facts)
    if gap is None:
        return ENGLISH("terminal.proven_reason", proven=proven, reason=reason)
    if gap < CLOSED:
        return ENGLISH("terminal.proven_closed", proven=proven, points=str(CLOSED))
    return ENGLISH("terminal.proven_gap", proven=proven, points=gap)


def _kept(card: Scorecard, name: str) -> bool:
    return all(c.satisfied for c in card.constraints if c.name == name)


def plain(text: str) -> str:
    """Return a text without what a terminal would take for a command."""
    return "".join(c for c in text if c.isprintable() or c == "\n")


def on_one_line(text: str) -> str:
    """Return a text for a table, without what a terminal would take for a command."""
    return "".join(c for c in text if c.isprintable())
