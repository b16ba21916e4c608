"""A verdict as a file: sentences, a page of them, or a record for programs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Final

from markupsafe import escape

from feeder.language import ENGLISH, Message
from feeder.publishing.audit.filed import Filed
from feeder.writing.texts import json_text

Writer = Callable[[Sequence[Message], Filed], str]


def _text(lines: Sequence[Message], _: Filed) -> str:
    return "\n".join(map(str, lines)) + "\n"


def _page(lines: Sequence[Message], _: Filed) -> str:
    head, *rest = (escape(str(line)) for line in lines)
    said = "\n".join(f"<p>{line}</p>" for line in rest)
    return (
        f'<!doctype html>\n<html lang="{ENGLISH.tag}">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">\n'
        f"<title>{head}</title>\n</head>\n<body>\n<h1>{head}</h1>\n{said}\n</body>\n</html>\n"
    )


def _record(lines: Sequence[Message], found: Filed) -> str:
    return json_text(
        {
            "verdict": str(lines[0]),
            "holds": found.holds,
            "plans": found.plans,
            "protected": found.protected,
            "hidden": found.hidden,
            "headlines": [asdict(one) for one in found.headlines],
            "faults": [asdict(one) for one in found.faults],
            "files": [
                {
                    "file": name,
                    "sha256": sha,
                    "figures": found.read.get(name, 0),
                    "not_read": found.skipped.get(name),
                }
                for name, sha in found.files
            ],
        }
    )


WRITERS: Final[Mapping[str, Writer]] = {".txt": _text, ".html": _page, ".json": _record}
"""By the ending of a file's name."""
