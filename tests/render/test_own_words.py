"""A district's own words for grades and levels, on whatever readers see."""

from dataclasses import replace

import pytest

from feeder.district.schools.grade_systems import AMERICAN, SYSTEMS, Level, own_system
from feeder.district.schools.grades import level_of, span_label, span_mask
from feeder.language import languages, words
from feeder.render.spoken import spoken

SCOTLAND = SYSTEMS["scotland"]


@pytest.mark.parametrize("tag", languages())
def test_where_grades_are_k_to_12_nothing_is_replaced(tag: str) -> None:
    assert spoken(tag, AMERICAN) is words(tag)


@pytest.mark.parametrize("tag", languages())
def test_no_reader_in_scotland_hears_of_kindergarten(tag: str) -> None:
    own = spoken(tag, SCOTLAND)
    for key in ("key.level.elementary", "card.level.elementary", "packet.rung.elementary"):
        assert own(key) == "Primary school"
    assert own("level.high", n=3) == "Secondary school"
    title = own("ladder.title", community="North")
    assert "P1" in title
    assert "S6" in title
    told = ("report.what", "promise.k12_coverage", "measure.k12_continuity", "level.other")
    texts = [str(own.texts[key]) for key in told]
    assert not any(word in text for text in texts for word in ("K-12", "kinder", "kínder"))


def test_spans_and_levels_of_scotland() -> None:
    assert span_label(span_mask(0, 6), SCOTLAND) == "P1-P7"
    assert level_of(span_mask(7, 12), SCOTLAND) == "high", "a secondary is no span"
    assert level_of(span_mask(7, 10), SCOTLAND) == "high"
    assert level_of(span_mask(0, 12), SCOTLAND) == "span"
    assert level_of(span_mask(7, 12)) == "span"


def test_levels_stand_for_those_of_their_place() -> None:
    levels = {"Infantil": (0, 1), "Primaria": (2, 7), "Secundaria": (8, 10), "Prepa": (11, 12)}
    system = replace(
        AMERICAN, levels=tuple(Level(name, span_mask(*span)) for name, span in levels.items())
    )
    assert system.level_names() == {
        "elementary": "Infantil",
        "middle": "Primaria / Secundaria",
        "high": "Prepa",
    }


def test_a_name_is_never_taken_for_a_gap() -> None:
    system = own_system(["{community}", "Two"])
    assert (
        spoken("en", system)("ladder.title", community="North") == "North, from (community) to Two"
    )


def test_a_rung_without_a_level_has_no_head() -> None:
    own = spoken("en", SCOTLAND)
    assert [own(f"packet.rung.{level}") for level in ("elementary", "middle", "high")] == [
        "Primary school",
        "",
        "Secondary school",
    ]
    assert spoken("en", own_system(["One", "Two"]))("packet.rung.middle") == "Middle"
