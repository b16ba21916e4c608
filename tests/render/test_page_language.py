"""The page speaks as Python does: the same templates, filled by the same rules."""

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import asdict
from importlib.resources import files
from typing import Any

import numpy as np
import pytest

from feeder.district.schools.grade_systems import AMERICAN
from feeder.language import ENGLISH, Message, Words, languages, words
from feeder.render.page.payload import PAGE_TEXTS, page_strings

TEXTS = {
    "plain": "a text",
    "hello": "{name}, {name}: {n:,}",
    "many": {"one": "{n:,} school", "other": "{n:,} schools"},
    "share": "{s:.1%} of {x:,.1f}, {d:+.1%}",
    "list.more": "{told} and {n:,} more",
    "names": "[{names}]",
}
SCRIPT = """
import { number, say, speak, t } from "%s";
import { readFileSync } from "node:fs";
const { strings, numbers, said } = JSON.parse(readFileSync(0, "utf-8"));
speak(strings);
console.log(JSON.stringify([numbers.map(([value, form]) => number(value, form)), said.map(say)]));
"""
NUMBERS = (
    [(value, ",") for value in (0, 7, -7, 999, 1000, -1234567, 10**12)]
    + [
        (value, form)
        for value in (0.125, 0.375, 0.5, 1.5, 2.5, -2.5, 0.0005, -0.0004, 1234.565, 0.954, 1.0, 0.0)
        for form in (".0%", ".1%", "+.1%", ",.0f", ",.1f", ".2f", "+.1f")
    ]
    + [
        (float(value), form)
        for value in np.random.default_rng(3).normal(0, 10, 300)
        for form in (".1%", ",.0f", "+.2f")
    ]
    + [(k / 8 + 1000, ",.2f") for k in range(9)]
)
SAID = (
    Message("plain"),
    Message("hello", {"name": "{n}", "n": 1234}),
    Message("many", {"n": 1}),
    Message("many", {"n": 0}),
    Message("many", {"n": 2000}),
    Message("share", {"s": 0.0625, "x": 12345.25, "d": -0.00001}),
    Message("names", {"names": ("a", Message("many", {"n": 1}), "c")}),
    Message("names", {"names": tuple(f"school {k}" for k in range(8))}),
    Message("names", {"names": ("x" * 200, "two\nlines", "r\u202etl\u200b", "é \U0001f600" * 60)}),
    Message("hello", {"name": Message("names", {"names": ("a", "b")}), "n": -3}),
)


def _plain(value: Any) -> Any:
    if isinstance(value, Message):
        return {"key": value.key, "facts": {k: _plain(v) for k, v in value.facts.items()}}
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


@pytest.fixture(scope="module")
def spoken_by_page() -> Callable[[Words], list[list[str]]]:
    """Return a function that says the cases with the page's module."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    module = files("feeder.render").joinpath("assets", "page", "language.mjs")

    def speak(language: Words) -> list[list[str]]:
        cases = {
            "strings": asdict(language),
            "numbers": NUMBERS,
            "said": [_plain(said) for said in SAID],
        }
        done = subprocess.run(
            [node, "--input-type=module", "-e", SCRIPT % module],
            input=json.dumps(cases),
            check=True,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        return json.loads(done.stdout)

    return speak


@pytest.mark.parametrize(
    "numbers",
    [dict(ENGLISH.numbers), {"decimal": ",", "group": " ", "minus": "-", "percent": "{} %"}],
)
def test_numbers_and_sentences_are_pythons(
    spoken_by_page: Callable[[Words], list[list[str]]], numbers: dict[str, str]
) -> None:
    language = Words("xx", "Test", numbers, ENGLISH.plural, TEXTS)
    found_numbers, found_said = spoken_by_page(language)
    assert found_numbers == [language.number(value, form) for value, form in NUMBERS]
    assert found_said == [language.say(said) for said in SAID]


def test_the_page_takes_every_text_it_may_show() -> None:
    for tag in languages():
        strings = page_strings(tag, "nothing", AMERICAN)
        assert strings["texts"]
        assert {key.partition(".")[0] for key in strings["texts"]} <= PAGE_TEXTS
        assert strings["texts"]["page.left_out_told"] == "nothing"
        assert strings["name"] == words(tag).name
