"""The page's modules as one script.

The code of the page stands in ES modules, which node runs as they are. A page that opens from a
file cannot import, so here they become one strict function: each module once, after those it
imports from. What they share is one line each, ``import { a, b } from "./x.mjs";``.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

_IMPORT: Final = re.compile(r'^import \{ ([\w, ]+) \} from "(\.{1,2}/[\w./-]+\.mjs)";$')
_DECLARED: Final = re.compile(
    r"^(export )?(?:(?:async )?function\*? (\w+)|class (\w+)"
    r"|(?:const|let) (?:(\w+)|\{ ([\w, :]+) \}))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Module:
    """One file: what it takes from whom, what it names, what it gives, and the code left over."""

    imports: Mapping[str, tuple[str, ...]]
    names: tuple[str, ...]
    exports: frozenset[str]
    code: str


def bundle(entry: str, read: Callable[[str], str]) -> str:
    """Return a module and all that it imports as one script.

    Parameters
    ----------
    entry
        Path of the module that is run.
    read
        Gives the text of a module by its path.

    Raises
    ------
    ValueError
        Where modules import each other in a circle, a name is not exported or not unique, or a
        line of import or export is of another form.
    """
    modules: dict[str, _Module] = {}
    _collect(entry, read, modules, ())
    owners: dict[str, str] = {}
    for path, module in modules.items():
        for name in module.names:
            if name in owners:
                raise ValueError(f"{name} is declared in {owners[name]} and in {path}")
            owners[name] = path
    body = "".join(module.code for module in modules.values())
    return f'(() => {{\n"use strict";\n{body}}})();\n'


def _collect(
    path: str, read: Callable[[str], str], done: dict[str, _Module], above: tuple[str, ...]
) -> None:
    """Put a module into ``done``, after those that it imports from."""
    if path in above:
        raise ValueError(f"modules import each other: {' -> '.join((*above, path))}")
    if path in done:
        return
    module = _parsed(path, read(path))
    for source, names in module.imports.items():
        _collect(source, read, done, (*above, path))
        missing = sorted(set(names) - done[source].exports)
        if missing:
            raise ValueError(f"{path}: {source} does not export {', '.join(missing)}")
    done[path] = module


def _parsed(path: str, text: str) -> _Module:
    imports: dict[str, tuple[str, ...]] = {}
    names: list[str] = []
    exports: set[str] = set()
    code: list[str] = []
    for line in text.splitlines():
        if taken := _IMPORT.match(line):
            source = posixpath.normpath(posixpath.join(posixpath.dirname(path), taken[2]))
            imports[source] = (*imports.get(source, ()), *taken[1].split(", "))
            continue
        if declared := _DECLARED.match(line):
            found = _names(declared)
            names.extend(found)
            if declared[1]:
                exports.update(found)
                line = line.removeprefix("export ")  # noqa: PLW2901 - the line as it is kept
        if line.startswith(("import ", "import{", "export ", "export{")):
            raise ValueError(f"{path}: cannot follow {line!r}")
        code.append(line)
    body = "\n".join(code).strip("\n")
    return _Module(
        imports=imports, names=tuple(names), exports=frozenset(exports), code=f"{body}\n\n"
    )


def _names(declared: re.Match[str]) -> tuple[str, ...]:
    """Return what one line declares; of ``{ a: b }`` it is ``b``."""
    if declared[5]:
        return tuple(part.split(":")[-1].strip() for part in declared[5].split(","))
    return (declared[2] or declared[3] or declared[4],)
