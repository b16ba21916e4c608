"""What readers find their way by: streets, water and neighborhoods, as layers of the folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from feeder.district.files.folder import Folder
from feeder.district.land.layers import clean_shapes
from feeder.district.land.whereabouts import check_together
from feeder.district.model import WGS84
from feeder.district.settings.specs import ContextSpec
from feeder.district.tables.table import kept_rows, resolve_columns
from feeder.errors import Findings
from feeder.wording import counted, warn_grouped

_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "streets": "lines",
        "water": "lines or polygons",
        "neighborhoods": "polygons or points",
    }
)
_POINT, _LINE, _AREA = 0, 1, 2
_DIMENSIONS: Final[Mapping[str, tuple[int, ...]]] = MappingProxyType(
    {
        "streets": (_LINE,),
        "water": (_LINE, _AREA),
        "neighborhoods": (_POINT, _AREA),
    }
)
"""What a kind is drawn from: points, lines or areas."""


def read_context(
    specs: Sequence[ContextSpec], folder: Folder, schools: pd.DataFrame, findings: Findings
) -> gpd.GeoDataFrame | None:
    """Read every layer of ``[[context]]``.

    Returns
    -------
    GeoDataFrame or None
        As :attr:`feeder.district.model.District.context`, in the order of the sections. Shapes of
        another dimension than their kind is drawn from are left out with a warning.
    """
    layers = [_read_layer(spec, folder, schools, findings) for spec in specs]
    found = [layer for layer in layers if layer is not None and len(layer)]
    if not found:
        return None
    return gpd.GeoDataFrame(pd.concat(found, ignore_index=True), geometry="geometry", crs=WGS84)


def _read_layer(
    spec: ContextSpec, folder: Folder, schools: pd.DataFrame, findings: Findings
) -> gpd.GeoDataFrame | None:
    """Return ``kind``, ``name`` and ``geometry`` of each feature of one layer."""
    raw = folder.layer(spec.table)
    table = folder.table(spec.table) if raw is not None else None
    if raw is None or table is None:
        return None
    columns = resolve_columns(table, spec.table, [], ["name"], findings)
    keep = kept_rows(table, spec.table, findings)
    labels = pd.Series([f"feature {row}" for row in raw.index], raw.index)
    placed = clean_shapes(raw[keep], labels, table.file, findings, schools)
    shapes = placed.geometry.to_numpy()
    check_together(placed[~placed.is_empty], raw, table.file, schools, findings)
    fit = np.isin(shapely.get_dimensions(shapes), _DIMENSIONS[spec.kind])
    fit &= ~(shapely.is_empty(shapes) | shapely.is_missing(shapes))
    warn_grouped(
        findings,
        rule="context-shape",
        before=f"{counted(int((~fit).sum()), 'feature')} that no {spec.kind} are drawn from, "
        "left out",
        examples=list(labels.loc[placed.index[~fit]]),
        after=f"Give {_WORDS[spec.kind]}.",
        file=table.file,
    )
    names = table.text(columns["name"]) if "name" in columns else pd.Series("", table.frame.index)
    frame = pd.DataFrame({"kind": spec.kind, "name": names.loc[placed.index[fit]]})
    return gpd.GeoDataFrame(frame, geometry=shapely.make_valid(shapes[fit]), crs=WGS84)
