"""A plan as it may be published: redacted first, then computed."""

from __future__ import annotations

from dataclasses import replace

from feeder.measures.scorecard import Scorecard


def with_promises(public: Scorecard, full: Scorecard) -> Scorecard:
    """Return the published scorecard with the promises as the whole data keeps them.

    That a promise is kept tells no count; where one is broken, its figures are the redacted ones.
    """
    told = {constraint.name: constraint for constraint in public.constraints}
    return replace(
        public,
        constraints=tuple(
            constraint if constraint.satisfied else replace(told[constraint.name], satisfied=False)
            for constraint in full.constraints
        ),
    )
