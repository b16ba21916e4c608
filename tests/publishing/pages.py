"""The data of a page, as anyone can read it, and a page with other data."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

DATA = re.compile(r'<script type="application/json" id="data">(.*?)</script>', re.DOTALL)


def page(file: Path) -> dict[str, Any]:
    """The data of a page."""
    found = DATA.search(file.read_text())
    assert found is not None
    return json.loads(found[1])


def rewritten(text: str, data: dict[str, Any]) -> str:
    """A page that tells other data."""
    found = DATA.search(text)
    assert found is not None
    return text[: found.start(1)] + json.dumps(data) + text[found.end(1) :]
