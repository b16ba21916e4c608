"""What is told: failures and warnings on standard error, the plan on standard output."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
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
from feeder.language import ENGLISH

if TYPE_CHECKING:
    from rich.table import Table

    from feeder.measures.scorecard import Scorecard
    from feeder.pipeline.plan import Plan
    from feeder.telling.sections import Section

MOST_LINES: Final = 25
"""Problems shown of a long list; ``run.json`` and the exception keep them all."""
CLOSED: Final = 0.005
"""Points of a gap that is told as none."""
LONGEST: Final = 320
"""Characters shown of one warning."""


@contextmanager
def failures_told() -> Iterator[None]:
    """Turn any failure a planner can act on into its message and exit code 1."""
    try:
        yield
    except FeederError as error:
        _tell_failure(error)
        raise typer.Exit(1) from None


def _tell_failure(error: FeederError) -> None:
    if isinstance(error, InputError):
        count = len(error.problems)
        tell(f"The input cannot be used: {count} problem{'s' if count > 1 else ''}.", bold=True)
        tell_list([str(problem) for problem in error.problems])
    elif isinstance(error, InfeasibleError):
        tell("These limits cannot hold together.", bold=True)
        tell_list(list(error.reasons))
    elif isinstance(error, NoPlanFoundError):
        tell(
            "No plan was found that keeps every promise, though none is proven impossible. "
            "The closest one breaks these:",
            bold=True,
        )
        tell_list(list(error.violations))
        tell(
            "Try another seed or looser limits; feeder plan --best-effort writes this closest plan."
        )
    else:
        tell(str(error), bold=True)


def tell(text: str, *, bold: bool = False) -> None:
    """Print a line on standard error."""
    typer.secho(plain(text), err=True, bold=bold)


def tell_list(lines: Sequence[str], *, longest: int | None = None) -> None:
    """Print lines as a list on standard error: the first of them, and how many more there are."""
    for line in lines[:MOST_LINES]:
        tell(f"  - {line if longest is None else _short(line, longest)}")
    if len(lines) > MOST_LINES:
        tell(f"  ... and {len(lines) - MOST_LINES} more")


def tell_warnings(problems: Sequence[Problem], *, kept_in: str = "") -> None:
    """Print what was repaired, left out or looks odd; ``kept_in`` is the file that has it all."""
    if problems:
        count = f"{len(problems)} warning{'s' if len(problems) > 1 else ''}"
        tell(f"{count} (also in {kept_in}):" if kept_in else f"{count}:", bold=True)
        tell_list([str(problem) for problem in problems], longest=LONGEST)


def tell_broken(card: Scorecard) -> None:
    """Print every violation on standard error, as a warning beside a plan that was asked for."""
    for constraint in card.constraints:
        for violation in constraint.violations:
            tell(f"Broken promise: {violation.message}")


def show(text: str, *, bold: bool = False) -> None:
    """Print a line on standard output."""
    typer.secho(plain(text), bold=bold)


def show_table(table: Table) -> None:
    """Print a table on standard output, never cut where there is no terminal to fit."""
    from rich.console import Console
    from rich.measure import Measurement

    console = Console()
    if not console.is_terminal:
        wide = Measurement.get(console, console.options.update(max_width=10_000), table).maximum
        console = Console(width=max(console.width, wide))
    console.print(table)


def show_section(section: Section) -> None:
    """Print a section: its title, its tables, its sentences."""
    from rich.table import Table

    from feeder.telling.sections import headings, rows

    show(f"\n{ENGLISH.say(section.title)}", bold=True)
    for shown in section.tables:
        show(f"\n{ENGLISH.say(shown.caption)}")
        table = Table(box=None, pad_edge=False)
        for heading in headings(shown):
            table.add_column(
                escaped(heading.text),
                justify="right" if heading.number else "left",
                overflow="fold",
            )
        for row in rows(shown):
            table.add_row(*(escaped(cell.text) for cell in row))
        show_table(table)
    for sentence in section.sentences:
        show(ENGLISH.say(sentence))


def tell_plan(made: Plan, folder: Path | None = None) -> None:
    """Print what a planner wants to see first: the communities, the promises, the files."""
    from rich.table import Table

    card, district = made.scorecard, made.assignment.district
    title = f"{district.name} {district.year}".strip()
    show(f"\n{title}  plan {made.plan_id}", bold=True)
    table = Table(box=None, pad_edge=False)
    table.add_column("Community")
    for heading in ("Schools", "Students", "of the mean", "Flow kept"):
        table.add_column(heading, justify="right")
    for community_id, row in card.communities.iterrows():
        name = row["name"]
        table.add_row(
            escaped(str(community_id) if name == community_id else f"{community_id} {name}"),
            str(row["n_schools"]),
            f"{row['enrollment']:,}",
            _share(row["enrollment_deviation"], "+.0%"),
            _share(row["feeder_continuity"], ".0%"),
        )
    show_table(table)
    for line in _headlines(made):
        show(line)
    if folder is not None:
        show(f"Open {folder / 'map.html'}")


def _share(value: float | None, how: str) -> str:
    """Return a share as text; a dash where it is unknown."""
    return "-" if value is None or value != value else format(value, how)  # noqa: PLR0124 - NaN


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
    lines.append(certified(card.certificate))
    return lines


def certified(certificate: Mapping[str, Any]) -> str:
    """Return a certificate as a sentence."""
    objective, bound, gap = (certificate[name] for name in ("objective", "bound", "gap"))
    if bound is None:
        return ENGLISH.say(certificate["reason"])
    proven = f"Objective {objective:.4f}, proven at most {bound:.4f} ({certificate['method']})"
    if gap is None:
        return f"{proven}. {ENGLISH.say(certificate['reason'])}"
    if gap < CLOSED:
        return f"{proven}: no plan is better by more than {CLOSED} points."
    return f"{proven}: the best plan is at most {gap:.2f} points better."


def _kept(card: Scorecard, name: str) -> bool:
    return all(c.satisfied for c in card.constraints if c.name == name)


def plain(text: str) -> str:
    """Return a text without what a terminal would take for a command."""
    return "".join(c for c in text if c.isprintable() or c == "\n")


def escaped(text: str) -> str:
    """Return a text for a table: no markup, no terminal control."""
    from rich.markup import escape

    return escape("".join(c for c in text if c.isprintable()))


def _short(line: str, longest: int) -> str:
    """Cut a long message at a word; the whole of it stands in run.json."""
    return line if len(line) <= longest else line[:longest].rsplit(" ", 1)[0] + " ..."
