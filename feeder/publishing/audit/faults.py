"""What an audit of files finds wrong in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["false", "more", "differs", "narrowed", "headline"]
KINDS: Final[tuple[Kind, ...]] = ("false", "more", "differs", "narrowed", "headline")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is wrong in a file.

    Attributes
    ----------
    kind
        ``false`` is not so; ``more`` tells more than follows from what may be known; ``differs``
        is no figure that the folder's map tells; ``narrowed`` a count that can be narrowed;
        ``headline`` a headline told with too many digits.
    file
        The file, or the files that tell it together.
    figure
        The figure's name.
    where
        Whose figure it is: a school, a sender and a receiver, a community, a plan.
    """

    kind: Kind
    file: str
    figure: str
    where: str
