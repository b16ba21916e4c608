"""The directive that puts a page of the reference into the site.

``{generated} NAME`` stands for Markdown that the code tells.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import ClassVar, Final

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

import feeder
from generated.api import api
from generated.commands import commands
from generated.keys import district_toml
from generated.outputs import measures, outputs

PAGES: Final[Mapping[str, Callable[[], str]]] = MappingProxyType(
    {
        "api": api,
        "commands": commands,
        "district.toml": district_toml,
        "measures": measures,
        "outputs": outputs,
    }
)


class Generated(SphinxDirective):
    """``{generated} NAME``: Markdown that the code tells, read as if it stood there."""

    required_arguments: ClassVar[int] = 1

    def run(self) -> list[nodes.Node]:
        """Return what the Markdown becomes."""
        text = PAGES[self.arguments[0]]()
        return self.parse_text_to_nodes(text, allow_section_headings=True)


def by_public_name(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, child: nodes.TextElement
) -> nodes.reference | None:
    """Lead a reference to a name in its room to the public name, where it has one."""
    name = node.get("reftarget", "").rpartition(".")[2]
    if node.get("refdomain") != "py" or name not in feeder.__all__:
        return None
    return env.domains["py"].resolve_xref(
        env, node["refdoc"], app.builder, node["reftype"], f"feeder.{name}", node, child
    )


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive, and the way from rooms to public names."""
    app.add_directive("generated", Generated)
    app.connect("missing-reference", by_public_name)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
