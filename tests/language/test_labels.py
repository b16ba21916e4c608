"""Every measure has one long and one short name, and no text calls its figure otherwise."""

import json
import re
from importlib.resources import files

import pytest

from feeder.language import languages, words
from feeder.terms import CONTIGUITY, TERMS

OF_LABELS = ("measure.", "short.", "own.measure.", "own.short.")
NAMES = (*TERMS, CONTIGUITY)
ONCE_CALLED = {
    "en": (
        "feeder continuity",
        "k-12 continuity",
        "flow kept",
        "flow is kept",
        "feeder flow",
        "contacts cut",
        "contacts between areas",
        "largest deviation of",
        "even utilization",
        "together today, parted",
    ),
    "es": (
        "flujo conservado",
        "continuidad de escuela",
        "continuidad entre escuelas",
        "continuidad k-12",
        "puntos de continuidad",
        "contactos cortados",
        "escuelas trasladadas",
        "siguiente escuela aquí",
    ),
}
"""What figures were called beside their names, before they had one each."""


def written(tag: str) -> dict[str, str]:
    """Return the texts of a language as they are written, but for the names of measures."""
    found: dict[str, str] = {}
    for entry in files("feeder.language").joinpath(tag).iterdir():
        texts = json.loads(entry.read_text("utf-8"))["texts"]
        for key, text in texts.items():
            if not key.startswith(OF_LABELS):
                found[key] = text if isinstance(text, str) else "\n".join(text.values())
    return found


def labels(tag: str, kind: str) -> dict[str, str]:
    said = words(tag)
    return {name: said(f"{kind}.{name}") for name in NAMES}


@pytest.mark.parametrize("tag", languages())
def test_every_measure_has_a_long_and_a_short_name_of_its_own(tag: str) -> None:
    every = [*labels(tag, "measure").values(), *labels(tag, "short").values()]
    assert len({name.casefold() for name in every}) == len(every) == 2 * len(NAMES)
    assert max(map(len, labels(tag, "short").values())) <= 32


@pytest.mark.parametrize("tag", languages())
def test_names_of_measures_are_written_once(tag: str) -> None:
    """A text that names a measure does so by its key: ``{@short.NAME}``."""
    texts = written(tag)
    for name, label in labels(tag, "measure").items():
        holding = [key for key, text in texts.items() if label in text]
        assert holding == [], name
    for name, label in labels(tag, "short").items():
        same = [key for key, text in texts.items() if label.casefold() == text.casefold()]
        assert same == [], name


@pytest.mark.parametrize("tag", languages())
def test_no_text_calls_a_figure_otherwise(tag: str) -> None:
    for old in ONCE_CALLED.get(tag, ()):
        pattern = re.compile(rf"(?<!\w){re.escape(old)}(?!\w)", re.IGNORECASE)
        assert [key for key, text in written(tag).items() if pattern.search(text)] == [], old
