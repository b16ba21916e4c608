"""Sphinx configuration: one site for planners, analysts and developers.

The reference is generated from the code by :mod:`generated` beside this file, so that it cannot
differ from it. Notebooks come executed where the tests have just run them
(``FEEDER_NOTEBOOKS``); what lacks its outputs is executed here.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(HERE / "_ext"))

from feeder.version import version as installed  # noqa: E402 - the path comes first

project = "feeder"
author = "The feeder authors"
project_copyright = "2026, the feeder authors"
version = release = installed()

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.mathjax",
    "numpydoc",
    "generated.directive",
]
exclude_patterns = ["_build", "_ext", "**.ipynb_checkpoints"]
source_suffix = {".md": "myst-nb", ".ipynb": "myst-nb", ".rst": "restructuredtext"}
templates_path = ["_templates"]

# --- notebooks ---------------------------------------------------------------------------------
nb_execution_mode = "force"  # all but those that come executed
nb_execution_timeout = 300
nb_execution_raise_on_error = True
nb_execution_show_tb = True
nb_merge_streams = True
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3


def bring_notebooks() -> list[str]:
    """Lay the notebooks beside their page; return those that come executed."""
    come = []
    executed = Path(os.environ.get("FEEDER_NOTEBOOKS", ROOT / "build" / "notebooks"))
    for source in sorted((ROOT / "notebooks").glob("*.ipynb")):
        ready = executed / source.name
        chosen = ready if ready.is_file() else source
        come += [f"analysts/{source.name}"] if ready.is_file() else []
        target = HERE / "analysts" / source.name
        if not target.is_file() or target.read_bytes() != chosen.read_bytes():
            shutil.copyfile(chosen, target)
    return come


nb_execution_excludepatterns = bring_notebooks()

# --- the API -----------------------------------------------------------------------------------
autosummary_generate = True
autodoc_typehints = "none"  # signatures are told by numpydoc's sections
autodoc_member_order = "bysource"
numpydoc_show_class_members = False
numpydoc_class_members_toctree = False
nitpick_ignore_regex = [
    (r"py:.*", r"feeder\.\w+\..*"),  # what a room keeps to itself is named, not shown
    (r"py:.*", r"(read_plan|dual_graph)"),
]

# --- how it looks ------------------------------------------------------------------------------
html_theme = "pydata_sphinx_theme"
html_title = "feeder"
html_static_path = ["_static"]
html_css_files = ["feeder.css"]
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {
    "logo": {"text": "feeder"},
    "navbar_align": "left",
    "navbar_persistent": ["search-button"],
    "navbar_end": ["theme-switcher"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "show_prev_next": True,
    "navigation_with_keys": False,
    "show_toc_level": 2,
}
html_sidebars = {"index": [], "changes": []}
mathjax_path = "https://cdn.jsdelivr.net/npm/mathjax@3/es5/tex-mml-chtml.js"
