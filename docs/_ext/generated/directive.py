"""The directive that puts a page of the reference into the site.

``{generated} NAME`` stands for Markdown that the code tells.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, ClassVar, Final

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

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


def setup(app: Any) -> dict[str, bool]:  # noqa: ANN401 - Sphinx's application
    """Register the directive."""
    app.add_directive("generated", Generated)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
