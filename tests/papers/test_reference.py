"""The reference of keys and commands is told by the code, and says something of each."""

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from feeder.cli import app

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture(autouse=True)
def generated() -> Iterator[None]:
    """Let the site's own modules be found."""
    pytest.importorskip("numpydoc", reason="the site's libraries are missing: .[docs]")
    sys.path.insert(0, str(DOCS / "_ext"))
    yield
    sys.path.remove(str(DOCS / "_ext"))


def test_every_key_of_the_embedded_district_is_in_the_reference(embedded: Path) -> None:
    from generated.keys import listen

    asked = listen()
    manifest = tomllib.loads((embedded / "district.toml").read_text(encoding="utf-8"))
    for section, table in manifest.items():
        assert section in asked.keys[""]
        for one in table if isinstance(table, list) else [table]:
            if isinstance(one, dict):
                assert set(one) <= set(asked.keys[section])


def test_every_key_has_its_sentence_and_no_sentence_lacks_its_key() -> None:
    from generated.keys import all_sentences, district_toml, listen

    told = all_sentences(listen())
    assert all(sentence.strip() for sentence in told.values())
    text = district_toml()
    assert "`max_office_minutes` |" in text
    assert "`error` or `zero` or `drop` (default `error`)" in text
    assert " |  |\n" not in text.replace("| --- |", "")


def test_a_key_without_a_sentence_stops_the_build() -> None:
    from generated.said import held

    with pytest.raises(LookupError, match=r"keys.toml lacks \['a'\] and says too much of \['b'\]"):
        held({"b": "said"}, {"a"}, "keys.toml")


def test_every_command_and_option_is_in_the_reference() -> None:
    from generated.commands import commands

    text = commands()
    group = typer.main.get_command(app)
    for name, command in group.commands.items():
        assert f"## feeder {name}\n" in text
        section = text.split(f"## feeder {name}\n")[1].split("\n## feeder ")[0]
        for parameter in command.params:
            for spelled in parameter.opts if parameter.param_type_name == "option" else ():
                assert spelled in section, (name, spelled)
