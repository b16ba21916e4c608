"""A comparison as one table: measures, promises and schools, one column a plan."""

from __future__ import annotations

import pandas as pd

from feeder.analyses.comparison.comparison import Comparison


def comparison_table(comparison: Comparison) -> pd.DataFrame:
    """Return every row of a comparison.

    Columns: ``kind`` (``measure``, ``promise`` or ``school``), ``id``, ``name`` (a school's),
    ``unit``, ``sense``, ``best`` and ``changes``, then one column a plan: the value of a measure,
    how often a promise is broken, the matched community of a school.
    """
    measures = comparison.measures.rename_axis("id").reset_index().assign(kind="measure")
    measures["best"] = [", ".join(comparison.best[name]) for name in measures["id"]]
    promises = comparison.promises.rename_axis("id").reset_index()
    promises = promises.assign(kind="promise", unit="violations", sense="lower")
    schools = comparison.schools.rename_axis("id").reset_index().assign(kind="school")
    parts = [part.astype(object) for part in (measures, promises, schools)]
    columns = ["kind", "id", "name", "unit", "sense", "best", "changes"]
    return pd.concat(parts, ignore_index=True)[[*columns, *comparison.names]]
