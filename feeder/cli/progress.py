"""The stages of a run while it runs, on a terminal; elsewhere only a first compilation is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from feeder.cli.telling import console
from feeder.language import ENGLISH, Message

if TYPE_CHECKING:
    from feeder.opening.stages import Progress

COMPILING: Final = Message("terminal.compiling")


@contextmanager
def progress() -> Iterator[Progress]:
    """Give a run a function to report to, and show each stage once it is reported."""
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from feeder.opening.stages import STAGES
    from feeder.partition.compiling import first_compilation

    screen = console(stderr=True)
    bars = Progress(
        SpinnerColumn(finished_text="✓"),
        TextColumn("{task.description:<28}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=screen,
        disable=not screen.is_terminal,
    )
    tasks = {
        name: bars.add_task(ENGLISH(f"stage.{name}"), total=1.0, start=False, visible=False)
        for name in STAGES
    }

    def report(stage: str, share: float) -> None:
        if share == 0:
            bars.start_task(tasks[stage])
        bars.update(tasks[stage], completed=share, visible=True)

    with bars, first_compilation(lambda: screen.print(str(COMPILING))):
        yield report
