"""The reference of commands, told by the command line itself."""

from __future__ import annotations

import inspect
from typing import Any

import typer

from feeder.cli import app
from generated.markdown import code, table


def commands() -> str:
    """Return one section a command: what it does, its arguments and its options."""
    group: Any = typer.main.get_command(app)
    context = group.context_class(group, info_name="feeder")
    told = [_section(name, group.commands[name], context) for name in group.list_commands(context)]
    return "\n".join(told)


def _section(name: str, command: Any, above: Any) -> str:  # noqa: ANN401 - typer's own classes
    context = command.context_class(command, info_name=name, parent=above)
    usage = " ".join(command.collect_usage_pieces(context))
    parts = [
        f"## feeder {name}",
        f"```text\nfeeder {name} {usage}\n```",
        inspect.cleandoc(command.help or ""),
    ]
    for kind, heads in (
        ("argument", ("argument", "what it is")),
        ("option", ("option", "what it does")),
    ):
        told = [p.get_help_record(context) for p in command.params if p.param_type_name == kind]
        rows = [(code(spelled), text) for spelled, text in filter(None, told)]
        parts += [table(heads, rows)] if rows else []
    return "\n\n".join(parts) + "\n"
