"""When a run is: now, or the moment that asks for the same bytes."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Final

from feeder.errors import InputError, Problem
from feeder.language.words import shown

EPOCH: Final = "SOURCE_DATE_EPOCH"
_LAST: Final = 253_402_300_799
"""The last second of the year 9999."""


def run_moment() -> datetime:
    """Return when the run is, in UTC: SOURCE_DATE_EPOCH where it is set.

    Raises
    ------
    InputError
        Where that is no number of seconds up to the year 9999.
    """
    epoch = os.environ.get(EPOCH)
    if not epoch:
        return datetime.now(tz=UTC)
    if not (epoch.isascii() and epoch.isdigit() and int(epoch[:20]) <= _LAST):
        problem = Problem(
            rule="source-date-epoch",
            message=f"the environment variable {EPOCH} is {shown(epoch)}, no moment in time.",
            fix="Set it to whole seconds since 1970, such as 1767225600, or leave it out.",
        )
        raise InputError([problem])
    return datetime.fromtimestamp(int(epoch), tz=UTC)
