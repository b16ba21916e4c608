"""The command line: the only room that prints.

The command of an analysis is made of its function (``analysis``); every other command is a module.
What they share is told in ``telling``, shown in ``progress`` and asked for in ``options``.
Everything heavy is imported inside the commands, so that help answers at once.
"""

from __future__ import annotations

from typing import Annotated

import typer

from feeder.analyses.table import ANALYSES
from feeder.cli import (
    audit,
    ensemble,
    export,
    plan,
    print,  # noqa: A004 - the command is called so
    prove,
    score,
    streets,
    synth,
    validate,
)
from feeder.cli.analysis import command_of
from feeder.cli.results import BEFORE_SECTIONS
from feeder.cli.streams import streams_kept
from feeder.version import version

app = typer.Typer(
    name="feeder",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # plain help answers in half the time
    help="Plan communities of schools: contiguous, balanced, kindergarten to graduation.",
    epilog="Start with `feeder plan`: it plans the embedded, invented district and draws its map.",
)


def _tell_version(asked: bool) -> None:
    if asked:
        typer.echo(version())
        raise typer.Exit


@app.callback()
def _feeder(
    *,
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_tell_version, is_eager=True, help="Tell the version and exit."
        ),
    ] = False,
) -> None:
    pass


for command in (
    plan.plan,
    validate.validate,
    score.score,
    print.print_,
    prove.prove,
    audit.audit,
    *(command_of(one, BEFORE_SECTIONS.get(one.command)) for one in ANALYSES),
    ensemble.ensemble,
    export.export,
    streets.streets,
    synth.synth,
):
    app.command(command.__name__.rstrip("_"))(command)


def main() -> None:
    """Run the command line."""
    with streams_kept():
        app()
