"""The command line: the only room that prints.

One module a command; what they share is told in ``telling``, shown in ``progress`` and asked for
in ``options``. Everything heavy is imported inside the commands, so that help answers at once.
"""

from __future__ import annotations

import sys
from io import TextIOWrapper
from typing import Annotated

import typer

from feeder.cli import (
    candidates,
    compare,
    diff,
    ensemble,
    explain,
    export,
    funding,
    goals,
    models,
    offices,
    plan,
    price,
    print,  # noqa: A004 - the command is called so
    prove,
    regions,
    score,
    streets,
    synth,
    validate,
)
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
    candidates.candidates,
    validate.validate,
    score.score,
    print.print_,
    prove.prove,
    compare.compare,
    diff.diff,
    explain.explain,
    models.models,
    regions.regions,
    offices.offices,
    ensemble.ensemble,
    goals.goals,
    export.export,
    streets.streets,
    funding.funding,
    price.price,
    synth.synth,
):
    app.command(command.__name__.rstrip("_"))(command)


def main() -> None:
    """Run the command line.

    A character that the terminal cannot show is told by its number, not by a failure.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    app()
