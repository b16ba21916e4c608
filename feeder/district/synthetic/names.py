"""Names and ids of the schools: trees, birds, water and streets, no persons, no real places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from feeder.district.synthetic.city import City
from feeder.district.synthetic.places import Places
from feeder.district.synthetic.roster import LAST_HIGH, Roster

FIRST: Final = (
    "Alder Aspen Bayberry Birch Bluestem Briar Buckeye Cedar Chestnut Clover Copper Coral "
    "Cormorant Cottonwood Cypress Dogwood Egret Elderberry Elm Fern Finch Fir Foxglove Goldfinch "
    "Granite Gull Hawthorn Hazel Heron Hickory Ibis Indigo Ironwood Juniper Kestrel Kingfisher "
    "Larch Lark Laurel Linden Lupine Madrone Magnolia Manzanita Maple Meadowlark Mulberry Myrtle "
    "Oak Osprey Pelican Pepperwood Pine Plover Poplar Quail Quartz Redbud Redwood Sandpiper Silver "
    "Spruce Starling Sumac Swallow Swan Sycamore Tamarack Teal Tern Thistle Walnut Willow Yarrow"
)
SECOND: Final = {
    "coast": "Bay Beach Bluff Channel Cove Harbor Landing Point Sands Shore Strand",
    "town": "Avenue Bridge Commons Gate Heights Mill Park Place Square Street Terrace",
    "country": (
        "Canyon Creek Flats Glen Grove Hill Hollow Knoll Meadow Mesa Orchard Ranch Ridge Run "
        "Springs Vale Valley"
    ),
}
SPECIAL: Final = {
    "coast": (
        "Gull's Rest",
        "Bahía Serena",
        "Punta Gaviota",
        "Marea Alta",
        "Concha Rosada",
        "Lighthouse Lane",
        "Sailor's Reach",
    ),
    "town": (
        "Third Street",
        "Calle Jardín",
        "Mercado Viejo",
        "Ropewalk",
        "Clocktower",
        "Cannery Yard",
        "Founders' Green",
        "Eleventh Street",
    ),
    "country": (
        "Cañada Verde",
        "Río Claro",
        "Álamo Alto",
        "Peña Blanca",
        "Cerro Azul",
        "Valle Escondido",
        "Nogal Dulce",
        "Llano Largo",
    ),
}
SPECIAL_SHARE: Final = 0.16
STEM: Final = (
    "Alder Ash Birch Briar Brook Cedar East Elm Fern Heron Lark Maple North Oak Pine Sage "
    "South Stone Thorn West Willow"
)
ENDING: Final = "bridge crest dale field ford gate haven mont ridge view wood"
BEFORE: Final = ("", "North ", "South ", "East ", "West ", "Upper ", "Lower ", "Old ", "New ")
"""Without a prefix first; the others are needed in districts of thousands of schools."""
MAGNETS: Final = ("Science Magnet", "Arts Magnet", "Language Magnet")
LEVEL_DIGIT: Final = {"elementary": "0", "middle": "4", "high": "7", "choice": "8"}


@dataclass(frozen=True, slots=True)
class Labels:
    """What schools and closed schools are called.

    Attributes
    ----------
    name, school_id
        One a school.
    closed_name, closed_id
        One a vacant area.
    """

    name: tuple[str, ...]
    school_id: tuple[str, ...]
    closed_name: tuple[str, ...]
    closed_id: tuple[str, ...]


def make_labels(city: City, roster: Roster, places: Places, rng: np.random.Generator) -> Labels:
    """Name every school after its surroundings and number the schools by level and name."""
    stock = {setting: _stock(setting, rng) for setting in sorted(SECOND)}
    one_word = _one_word(rng)
    name: list[str] = []
    paired: dict[int, str] = {}
    for school in range(roster.n):
        if roster.role[school] == "high" or roster.high[school] == LAST_HIGH:
            base = next(one_word)
        elif int(roster.area[school]) in paired:
            base = paired[int(roster.area[school])]
        else:
            base = next(stock[str(city.setting[places.cell[school]])])
        if roster.area[school] >= 0:
            paired[int(roster.area[school])] = base
        name.append(f"{base} {_kind_of_school(roster, school, rng)}")
    closed = [f"{next(stock['town'])} Elementary" for _ in roster.vacant]
    level = [LEVEL_DIGIT[str(role)] for role in roster.role] + ["0"] * len(closed)
    ids = _ids(name + closed, level, rng)
    return Labels(tuple(name), ids[: roster.n], tuple(closed), ids[roster.n :])


def _kind_of_school(roster: Roster, school: int, rng: np.random.Generator) -> str:
    """Return the second half of a name, which tells what kind of school it is."""
    span = (int(roster.low[school]), int(roster.high[school]))
    usual = {
        (0, 5): "Elementary",
        (0, 2): "Primary",
        (3, 5): "Upper Elementary",
        (0, 8): "School",
        (6, 8): "Middle",
        (6, 12): "Secondary",
        (9, 12): "High",
        (10, 12): "High",
    }[span]
    match str(roster.kind[school]):
        case "magnet":
            magnet = MAGNETS[int(rng.integers(len(MAGNETS)))]
            return magnet if usual == "Elementary" else f"{usual} {magnet}"
        case "charter":
            return "Charter School"
        case "alternative":
            return "Continuation High"
    return usual


def _stock(setting: str, rng: np.random.Generator) -> Iterator[str]:
    """Yield the names of a setting in random order, special ones strewn among the others."""
    special = iter(SPECIAL[setting])
    first = True
    for before in BEFORE:
        pairs = [f"{before}{a} {b}" for a in FIRST.split() for b in SECOND[setting].split()]
        for i in rng.permutation(len(pairs)):
            if first or rng.random() < SPECIAL_SHARE:
                first = False
                yield from (word for word in [next(special, None)] if word is not None)
            yield pairs[i]


def _one_word(rng: np.random.Generator) -> Iterator[str]:
    """Yield names for high schools, such as Oakhaven, in random order."""
    for before in BEFORE:
        words = [f"{before}{stem}{ending}" for stem in STEM.split() for ending in ENDING.split()]
        yield from (words[i] for i in rng.permutation(len(words)))


def _ids(names: list[str], level: list[str], rng: np.random.Generator) -> tuple[str, ...]:
    """Return ids of four or five digits, rising with the names of a level, with gaps."""
    width = 3 if len(names) < 450 else 4  # noqa: PLR2004 - gaps of two fit into three digits
    number = dict.fromkeys(LEVEL_DIGIT.values(), 0)
    ids = [""] * len(names)
    for i in sorted(range(len(names)), key=lambda i: (level[i], names[i])):
        number[level[i]] += int(rng.integers(1, 4))
        ids[i] = f"{level[i]}{number[level[i]]:0{width}d}"
    return tuple(ids)
