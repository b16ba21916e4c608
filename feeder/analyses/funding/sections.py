"""What a formula gives a plan's communities, as a section for any reader."""

from __future__ import annotations

from typing import Final

import pandas as pd

from feeder.analyses.funding.allocation import Allocation
from feeder.analyses.funding.tables import by_community, by_region, change, equity_table, ledger
from feeder.language import Message
from feeder.language.words import Fact
from feeder.telling.adding_up import SHARE_DECIMALS, adding_up
from feeder.telling.sections import Section, Shown
from feeder.telling.units import units_of, with_units

PLAN: Final = "plan"
TODAY: Final = "today"
_THOUSANDTHS: Final = 1_000
_EVERY_PART: Final = ("base", "for_students", "for_need", "held_harmless")


def funding_section(found: Allocation, today: Allocation | None) -> Section:
    """Return the ledger, the communities beside today's, the regions and the equity of a plan.

    Parameters
    ----------
    found
        The plan's money.
    today
        Today's communities under the same formula; None where there is no plan of today.
    """
    plans = {PLAN: found} | ({} if today is None else {TODAY: today})
    even = equity_table(plans)
    tables = [
        Shown(Message("funding.ledger"), _ledger(found)),
        Shown(Message("funding.communities"), _brief(by_community(found))),
    ]
    if today is not None:
        tables.append(Shown(Message("funding.change"), _change(change(found, today))))
    if found.assignment.district.schools["region"].ne("").any():
        tables.append(Shown(Message("funding.regions"), _brief(by_region(found))))
    tables.append(Shown(Message("funding.equity"), _equity(even)))
    sentences = [*_formula(found), *_evenness(even), Message("funding.equity_definition")]
    if today is not None:
        sentences.append(Message("funding.same_formula"))
    return Section(Message("funding.title"), tuple(sentences), tuple(tables))


def _ledger(found: Allocation) -> pd.DataFrame:
    """Return the ledger with its parts in words, without parts that hold nothing."""
    table = ledger(found)
    units = units_of(table)
    told = table[(table["dollars"] != 0) | (table["part"] == "total")].copy()
    parts = told["part"] != "total"
    told.loc[parts, "share"] = adding_up(told.loc[parts, "share"], SHARE_DECIMALS)
    told["part"] = pd.Series([Message(f"funding.{name}") for name in told["part"]], told.index)
    return with_units(told, units)


def _brief(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table of groups without the parts of the schools' amounts, which the CSV has."""
    left_out = [name for name in (*_EVERY_PART, "community_id") if name in table]
    if not table["need"].any():
        left_out.append("need")
    return _named(table.drop(columns=left_out))


def _change(table: pd.DataFrame) -> pd.DataFrame:
    return _named(table.drop(columns="community_id"))


def _named(table: pd.DataFrame) -> pd.DataFrame:
    """Put words where a row has no name of its own."""
    told = table.copy()
    if "name" in told:
        left = told["today_id"] if "today_id" in told else pd.Series("", told.index)
        told["name"] = pd.Series(
            [
                name or Message("funding.no_longer" if was else "funding.outside")
                for name, was in zip(told["name"], left, strict=True)
            ],
            told.index,
            dtype=object,
        )
    units = table.attrs["units"]
    return with_units(told, {str(name): units[name] for name in told})


def _equity(table: pd.DataFrame) -> pd.DataFrame:
    """Return the equity with the plans in words; Theil's index is told in sentences."""
    told = table.drop(columns=["theil", "theil_between"])
    told["plan"] = pd.Series([Message(f"funding.of_{name}") for name in told["plan"]], told.index)
    units = table.attrs["units"]
    return with_units(told, {str(name): units[name] for name in told})


def _formula(found: Allocation) -> list[Message]:
    """Say what the money rests on."""
    funding = found.funding
    total = Message("funding.dollars", {"n": found.total / 100})
    held: dict[str, Fact] = {"total": total, "share": funding.held_centrally}
    per_pupil, per_need = funding.per_pupil, funding.per_need
    shared = "funding.of_total" if per_need else "funding.of_total_by_students"
    said = [Message("funding.from_below" if funding.total is None else shared, held)]
    if funding.total is not None and per_need and per_pupil:
        said.append(Message("funding.need_ratio", {"share": per_need / per_pupil}))
    if funding.hold_harmless and funding.last_year is not None:
        raised = found.cents["held_harmless"].clip(lower=0)
        moved = Message("funding.dollars", {"n": int(raised.sum()) / 100})
        facts: dict[str, Fact] = {
            "n": int((raised > 0).sum()),
            "dollars": moved,
            "share": funding.hold_harmless,
        }
        how = "funding.harmless" if funding.total is not None else "funding.harmless_added"
        said.append(Message(how, facts))
    return said


def _evenness(table: pd.DataFrame) -> list[Message]:
    """Say how even it is, in the figures that no table shows."""
    said = []
    for plan, theil, between in table[["plan", "theil", "theil_between"]].itertuples(index=False):
        if theil == theil and between == between:  # noqa: PLR0124 - NaN
            facts = {"theil": theil * _THOUSANDTHS, "between": between}
            said.append(Message(f"funding.theil_{plan}", facts))
    return said
