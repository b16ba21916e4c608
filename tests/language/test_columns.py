"""Column names stand with the analysis whose tables have them; shared ones stand by themselves."""

import json
import re
from importlib.resources import files

import pytest

from feeder.language import languages

HERE, ANALYSES = files("feeder.language"), files("feeder.analyses")
TOPICS = sorted(
    entry.name
    for entry in ANALYSES.iterdir()
    if HERE.joinpath("en", f"{entry.name}.json").is_file()
)
SHARED = "columns"


def columns(tag: str, topic: str) -> set[str]:
    """Return the columns that a topic names."""
    texts = json.loads(HERE.joinpath(tag, f"{topic}.json").read_text(encoding="utf-8"))["texts"]
    return {key.partition(".")[2] for key in texts if key.startswith("column.")}


def named_in(topic: str) -> set[str]:
    """Return every name that the code of an analysis quotes, or gives to a column."""
    modules = [one for one in ANALYSES.joinpath(topic).iterdir() if one.name.endswith(".py")]
    code = "\n".join(module.read_text(encoding="utf-8") for module in modules)
    return set(re.findall(r"[\"'](\w+)[\"']", code)) | set(re.findall(r"\b(\w+)=", code))


@pytest.mark.parametrize("tag", languages())
def test_a_language_keeps_its_columns_where_english_does(tag: str) -> None:
    for topic in (SHARED, *TOPICS):
        assert columns(tag, topic) == columns("en", topic), topic


@pytest.mark.parametrize("topic", TOPICS)
def test_an_analysis_names_no_column_that_it_does_not_have(topic: str) -> None:
    """A figure of today's is made of the plan's own: ``today_minutes_mean``."""
    named = named_in(topic)
    own = columns("en", topic)
    assert [name for name in own if not {name, name.removeprefix("today_")} & named] == []


def test_no_shared_column_is_of_one_analysis_alone() -> None:
    others = {topic: columns("en", topic) for topic in TOPICS}
    assert sum(map(len, others.values())) > 80
    alone = {
        name: topics
        for name in columns("en", SHARED)
        if len(topics := [topic for topic in TOPICS if name in named_in(topic)]) == 1
    }
    assert alone == {}
