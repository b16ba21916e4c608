"""The price of a constraint, as a section for any reader and as a drawing."""

from __future__ import annotations

import io
from typing import Final

import pandas as pd

from feeder.analyses.prices.prices import TIGHTER
from feeder.language import ENGLISH, Message, Words
from feeder.telling.sections import Section, Shown, cell
from feeder.telling.units import units_of, with_units

_INK: Final = "#332288"
_SIZE: Final = (6.0, 3.6)
"""Inches."""


def price_section(table: pd.DataFrame, *, constraint: str, seed: int) -> Section:
    """Return what each step of a constraint costs, for a reader.

    ``table`` is that of :func:`feeder.analyses.prices.prices.price_table`.
    """
    units = units_of(table)
    told = table.drop(columns="found_at")
    at = zip(table["found"], table["found_at"], strict=True)
    told["found"] = pd.Series([_fate(found, step, units["step"]) for found, step in at], told.index)
    shown = with_units(told, {name: unit for name, unit in units.items() if name != "found_at"})
    return Section(
        Message("price.title", {"limit": constraint}),
        (Message("price.step", {"seed": f"{seed}"}), Message("price.cost")),
        (Shown(Message("price.table"), shown),),
    )


def price_drawing(table: pd.DataFrame, *, constraint: str, words: Words = ENGLISH) -> str:
    """Return the cost over the constraint, loosest left, as an SVG of the same bytes every time.

    Steps without a plan stand on the axis, but have no dot.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    unit = units_of(table)["step"]
    with mpl.rc_context({"svg.hashsalt": "feeder", "svg.fonttype": "none"}):
        figure = Figure(figsize=_SIZE, layout="constrained")
        axes = figure.subplots()
        axes.plot(table["step"], table["cost"], color=_INK, marker="o")
        axes.set_xticks(
            table["step"].tolist(), [cell(step, unit, words).text for step in table["step"]]
        )
        low, high = table["step"].min(), table["step"].max()
        room = 0.05 * (high - low) or 1.0
        axes.set_xlim(high + room, low - room)
        axes.set_ylim(bottom=0)
        axes.set_xlabel(constraint)
        axes.set_ylabel(words("price.axis"))
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None})
    return out.getvalue()


def _fate(found: str, step: float, unit: str) -> Message:
    facts = {"step": cell(step, unit).text} if found == TIGHTER else {}
    return Message(f"price.{found}", facts)
