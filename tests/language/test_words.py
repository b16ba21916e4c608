"""Every language says the same things: keys, gaps, plural forms; and numbers as it writes them."""

import json
import pickle
import re
import tomllib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.district.model import LEVELS, SOURCES
from feeder.language import ENGLISH, Message, Words, languages, words
from feeder.measures.definitions import DEFINITIONS
from feeder.measures.scorecard import unit_message

GAP = re.compile(r"\{(\w+)(?::([^}]*))?\}")
FORMS = {"", ",", ",.0f", ",.1f", ",.2f", ",.3f", ".2f", ".4f", ".0%", ".1%", "+.1%", "+.0%"}
OTHERS = [tag for tag in languages() if tag != "en"]


def forms(words: Words, key: str) -> dict[str, str]:
    """Return the templates of a key by plural form."""
    text = words.texts[key]
    return {"": text} if isinstance(text, str) else dict(text)


def gaps(template: str) -> set[tuple[str, str]]:
    return {(gap[1], gap[2] or "") for gap in GAP.finditer(template)}


def all_gaps(words: Words, key: str) -> set[tuple[str, str]]:
    return set().union(*(gaps(template) for template in forms(words, key).values()))


def test_there_are_english_and_spanish() -> None:
    assert languages()[:2] == ("en", "es")
    assert (words("en").name, words("es").name) == ("English", "Español")


@pytest.mark.parametrize("tag", OTHERS)
def test_a_language_has_every_key_gap_and_plural_form_of_english(tag: str) -> None:
    other = words(tag)
    assert list(other.texts) == list(ENGLISH.texts)
    assert list(other.numbers) == list(ENGLISH.numbers)
    for key in ENGLISH.texts:
        assert ("" in forms(other, key)) == ("" in forms(ENGLISH, key)), key
        assert all_gaps(other, key) == all_gaps(ENGLISH, key), key


@pytest.mark.parametrize("tag", languages())
def test_templates_are_whole(tag: str) -> None:
    said = words(tag)
    for key in said.texts:
        assert set(forms(said, key)) in ({""}, {*said.plural, "other"}), key
        for template in forms(said, key).values():
            assert template.strip() == template != "", key
            assert not set("{}") & set(GAP.sub("", template)), key
            assert {form for _, form in gaps(template)} <= FORMS, key
        if "" not in forms(said, key):
            assert key.removeprefix("own.").startswith("level.") or "n" in dict(
                all_gaps(said, key)
            ), key


@pytest.mark.parametrize("tag", languages())
def test_no_key_stands_twice(tag: str) -> None:
    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        names = [name for name, _ in pairs]
        assert len(names) == len(set(names))
        return dict(pairs)

    topics = [
        entry.read_text("utf-8") for entry in files("feeder.language").joinpath(tag).iterdir()
    ]
    told = [json.loads(topic, object_pairs_hook=once) for topic in topics]
    assert [one["language"]["tag"] for one in told if "language" in one] == [tag]


@pytest.mark.parametrize("tag", languages())
def test_every_measure_unit_level_and_source_has_its_words(tag: str) -> None:
    said = words(tag)
    for measure in DEFINITIONS.values():
        assert "{" not in said.say(measure.definition) + said.say(measure.label)
        assert said.say(unit_message(measure.unit))
        assert measure.sense == "none" or f"sense.{measure.sense}" in said.texts
    for level in LEVELS:
        assert said(f"level.{level}", n=1)
        assert said(f"amount.{level}", n=2).startswith("2 ")
    assert all(said(f"source.{source}") for source in SOURCES)


@pytest.mark.parametrize(
    ("value", "form", "english", "spanish"),
    [
        (1234, ",", "1,234", "1,234"),
        (1234.56, ",.1f", "1,234.6", "1,234.6"),
        (0.954, ".1%", "95.4%", "95.4\u00a0%"),
        (-0.05, "+.1%", "\u22125.0%", "\u22125.0\u00a0%"),
        (-0.0001, "+.1%", "+0.0%", "+0.0\u00a0%"),
        (-0.01, ",.0f", "0", "0"),
        (0.125, ".0%", "12%", "12\u00a0%"),
        (2.5, ",.0f", "2", "2"),
    ],
)
def test_numbers(value: float, form: str, english: str, spanish: str) -> None:
    assert ENGLISH.number(value, form) == english
    assert words("es").number(value, form) == spanish


@given(st.floats(-1e9, 1e9))
def test_a_language_changes_signs_alone(value: float) -> None:
    """A language with a decimal comma writes the digits that English writes."""
    comma = Words(
        "xx", "X", {"decimal": ",", "group": ".", "minus": "-", "percent": "{} %"}, {}, {}
    )
    back = str.maketrans({",": ".", ".": ",", "-": "\u2212"})
    assert comma.number(value, ",.1f").translate(back) == ENGLISH.number(value, ",.1f")


def test_facts_may_be_sentences_and_lists() -> None:
    names = tuple(f"School {k}" for k in range(7))
    said = Message(
        "place.in", {"schools": names, "community": Message("community.id", {"id": "C1"})}
    )
    assert ENGLISH.say(said).endswith("School 4 and 2 more in C1")
    assert words("es").say(said).endswith("School 4 y 2 más en C1")
    assert pickle.loads(pickle.dumps(said)) == said  # noqa: S301 - our own bytes


def test_a_message_prints_its_english_sentence() -> None:
    missing = Message("place.in", {"schools": ("A",), "community": Message("unit.schools")})
    assert str(missing) == ENGLISH.say(missing) != words("es").say(missing)


def test_a_missing_fact_is_an_error() -> None:
    with pytest.raises(KeyError):
        ENGLISH("community.id")


@pytest.mark.parametrize("tag", languages())
def test_the_command_line_asks_for_keys_that_every_language_has(tag: str) -> None:
    """Those that are made of a name are checked where they are said: in the commands' own tests."""
    sources = [
        one.read_text("utf-8")
        for one in files("feeder").joinpath("cli").iterdir()
        if one.name.endswith(".py")
    ]
    asked = {key for source in sources for key in re.findall(r"[\"'](terminal\.\w+)[\"']", source)}
    assert len(asked) > 25
    assert asked <= words(tag).texts.keys()


def test_students_have_one_name_in_spanish() -> None:
    assert not [key for key, text in words("es").texts.items() if "alumn" in str(text).lower()]


@pytest.mark.parametrize("tag", OTHERS)
@pytest.mark.parametrize("key", ["goals.none", "funding.example"])
def test_what_is_shown_to_write_is_the_same_in_every_language(key: str, tag: str) -> None:
    """Its comments are translated, its keys and values are not."""
    facts = {"need": "per_need = 0.4\n", "option": ""} if key == "funding.example" else {}

    def shown(said: Words) -> list[str]:
        lines = (line.partition("#")[0].rstrip() for line in said(key, **facts).splitlines()[1:])
        return [line for line in lines if "=" in line or line.startswith("[")]

    assert shown(words(tag)) == shown(ENGLISH)
    assert tomllib.loads("\n".join(shown(ENGLISH)))
    assert words(tag)(key, **facts) != ENGLISH(key, **facts)
