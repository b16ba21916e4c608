"""A language counts by its own rule; one file makes a third language, in Python and on the page."""

import json
import shutil
import subprocess
from dataclasses import asdict
from importlib.resources import files

import pytest

from feeder.language import ENGLISH, Words, read_words, words
from feeder.language.plurals import FORMS, plural_form

POLISH = {
    "one": "n = 1",
    "few": "n % 10 = 2..4 and n % 100 != 12..14",
    "many": "n != 1 and n % 10 = 0..1 or n % 10 = 5..9 or n % 100 = 12..14",
}
LITHUANIAN = {
    "one": "n % 10 = 1 and n % 100 != 11..19",
    "few": "n % 10 = 2..9 and n % 100 != 11..19",
}
ARABIC = {
    "zero": "n = 0",
    "one": "n = 1",
    "two": "n = 2",
    "few": "n % 100 = 3..10",
    "many": "n % 100 = 11..99",
}
RULES = (ENGLISH.plural, POLISH, LITHUANIAN, ARABIC, {"one": "n = 0,1"}, {})
NUMBERS = (*range(131), 1000, 1002, 1011, 1012, 2_000_021, 0.5, 1.5, 2.25, 22.0, -1, -22)
SCHOOLS = {
    "one": "{n:,} szkoła",
    "few": "{n:,} szkoły",
    "many": "{n:,} szkół",
    "other": "{n:,} szkoły",
}
FIGURES = {1: "1 szkoła", 2: "2 szkoły", 5: "5 szkół", 12: "12 szkół", 22: "22 szkoły"}
SCRIPT = """
import { speak, t } from "%s/language.mjs";
import { pluralForm } from "%s/plurals.mjs";
import { readFileSync } from "node:fs";
const { strings, counts, rules, numbers } = JSON.parse(readFileSync(0, "utf-8"));
speak(strings);
console.log(JSON.stringify({
  said: counts.map((n) => t("amount.schools", { n })),
  forms: rules.map((rule) => numbers.map((number) => pluralForm(rule, number))),
}));
"""


@pytest.fixture(scope="module")
def polish(tmp_path_factory: pytest.TempPathFactory) -> Words:
    """Return a language that was written into a folder of its own, as one file."""
    texts = {
        key: text
        if isinstance(text, str)
        else {"few": text["other"], "many": text["other"], **text}
        for key, text in ENGLISH.texts.items()
    }
    told = {
        "language": {"tag": "pl", "name": "Polski"},
        "numbers": {"decimal": ",", "group": "\u00a0", "minus": "\u2212", "percent": "{}%"},
        "plural": POLISH,
        "texts": {**texts, "amount.schools": SCHOOLS},
    }
    folder = tmp_path_factory.mktemp("pl")
    (folder / "all.json").write_text(json.dumps(told), encoding="utf-8")
    return read_words(folder)


@pytest.fixture(scope="module")
def page(polish: Words) -> dict[str, list[list[str]]]:
    """Return what the page's modules say of the same numbers."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    folder = files("feeder.render").joinpath("assets", "page")
    asked = {
        "strings": asdict(polish),
        "counts": list(FIGURES),
        "rules": [dict(rule) for rule in RULES],
        "numbers": NUMBERS,
    }
    done = subprocess.run(
        [node, "--input-type=module", "-e", SCRIPT % (folder, folder)],
        input=json.dumps(asked),
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    return json.loads(done.stdout)


def test_a_third_language_is_one_file_with_its_own_forms(polish: Words) -> None:
    assert (polish.tag, polish.name) == ("pl", "Polski")
    assert polish.texts.keys() == ENGLISH.texts.keys()
    assert {n: polish("amount.schools", n=n) for n in FIGURES} == FIGURES
    assert polish("amount.schools", n=1.5) == "1,5 szkoły"


def test_the_page_says_the_same(page: dict[str, list[list[str]]]) -> None:
    assert page["said"] == list(FIGURES.values())


def test_the_page_finds_the_same_form_of_every_number(page: dict[str, list[list[str]]]) -> None:
    assert page["forms"] == [[plural_form(rule, number) for number in NUMBERS] for rule in RULES]


@pytest.mark.parametrize(
    ("number", "polish", "lithuanian", "arabic"),
    [
        (0, "many", "other", "zero"),
        (1, "one", "one", "one"),
        (2, "few", "few", "two"),
        (11, "many", "other", "many"),
        (21, "many", "one", "many"),
        (22, "few", "few", "many"),
        (102, "few", "few", "other"),
        (112, "many", "other", "many"),
        (-22, "few", "few", "many"),
        (1.5, "other", "other", "other"),
    ],
)
def test_forms(number: float, polish: str, lithuanian: str, arabic: str) -> None:
    found = [plural_form(rule, number) for rule in (POLISH, LITHUANIAN, ARABIC)]
    assert found == [polish, lithuanian, arabic]
    assert plural_form({}, number) == "other"


@pytest.mark.parametrize("rule", ["", "n == 1", "n = 1 or", "i = 1", "n % 0 = 1", "n = 2...4"])
def test_what_is_no_rule_is_an_error(rule: str) -> None:
    with pytest.raises(ValueError, match="no condition"):
        plural_form({"one": rule}, 3)


@pytest.mark.parametrize("tag", ["en", "es"])
def test_every_language_names_forms_that_there_are(tag: str) -> None:
    said = words(tag)
    assert set(said.plural) < set(FORMS)
    assert [plural_form(said.plural, n) for n in (0, 1, 2)] == ["other", "one", "other"]
