"""One layer of attendance areas: which schools each feature serves, and at which level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from feeder.district.land.area_checks import tell_cut, tell_overlaps
from feeder.district.land.area_levels import check_levels, level_of_grades, levels_by_word
from feeder.district.land.layers import clean_polygons
from feeder.district.land.whereabouts import check_together
from feeder.district.schools.names import Names
from feeder.district.schools.recognition import BY_NAME, parted, read_schools, recognised
from feeder.district.schools.roster import Place, Roster
from feeder.district.settings.specs import AreasSpec
from feeder.district.tables.nobody import is_zero, means_nobody
from feeder.district.tables.table import Table, kept_rows, require_columns, resolve_columns
from feeder.errors import Findings
from feeder.wording import counted, warn_grouped


class _Claim(NamedTuple):
    """A feature, the text that its area is called by, and its school; None where it has none."""

    feature: int
    key: str
    school_id: str | None


@dataclass(frozen=True, slots=True, eq=False)
class AreaLayer:
    """A section of ``[[attendance_areas]]`` while it is read.

    Attributes
    ----------
    spec, raw, table
        What ``district.toml`` says of the layer, its features, and these as a table of text.
    schools, roster, names
        The schools of the district, who is in it, and what the schools are called.
    findings
        Collects what is wrong.
    """

    spec: AreasSpec
    raw: pd.DataFrame
    table: Table
    schools: pd.DataFrame
    roster: Roster
    names: Names
    findings: Findings

    def features(self) -> list[pd.DataFrame]:
        """Return ``level``, ``area_id``, ``school_id`` (a list) and ``geometry`` of each feature.

        A frame a column of schools; an area without a school of the district has ``[None]``.
        """
        if self.raw.empty:
            tell_no_polygon(self.table, self.findings)
            return []
        columns = self._columns()
        keep = kept_rows(self.table, self.spec.table, self.findings)
        if not columns:
            return []
        named = {level: self._named(column, level, keep) for level, column in columns.items()}
        polygons = self._polygons(list(named.values()), keep)
        if polygons.empty:
            return []
        check_together(polygons, self.raw, self.spec.table.path, self.schools, self.findings)
        tell_cut(len(self.raw), named, self.schools, self.table, self.findings)
        return [
            self._areas(level, columns[level], ids[ids.index.isin(polygons.index)], polygons)
            for level, ids in named.items()
        ]

    def _columns(self) -> dict[str, str]:
        """Return the column that names the schools of each level; "" where others tell it."""
        spec, ours = self.spec, list(self.spec.by_level) or ["school_id"]
        found = resolve_columns(self.table, spec.table, ours, [], self.findings)
        if spec.level_column is not None:
            words = [spec.level_column]
            if not require_columns(self.table, words, spec.table.section, self.findings):
                return {}
        return {
            one if spec.by_level else spec.level or "": found[one] for one in ours if one in found
        }

    def _named(self, column: str, level: str, keep: npt.NDArray[np.bool_]) -> pd.Series[str]:
        """Return the schools that each feature names, a row each; blank where it names none."""
        match, place = self.spec.table.match, self._place(column)
        read = read_schools(self.table, {"id": column}, match, self.roster, self.findings)
        cells = read["id"][keep]
        cells = cells.mask(cells.isin(list(self.spec.table.missing)), "")
        nobody = (means_nobody(cells) | is_zero(cells)) & ~cells.map(self._is_id)
        warn_grouped(
            self.findings,
            rule="area-without-id",
            before=f"{counted(int(nobody.sum()), 'area')} without a school id, kept vacant",
            examples=[
                f"feature {row} ({word})" if word else f"feature {row}"
                for row, word in cells[nobody].items()
            ],
            file=self.table.file,
            column=column,
        )
        ids = parted(cells.where(~nobody, ""), self.spec.separator, self._is_school)
        return recognised(ids, place, match, self.roster, self.names, self.findings, level=level)

    def _polygons(
        self, named: list[pd.Series[str]], keep: npt.NDArray[np.bool_]
    ) -> gpd.GeoDataFrame:
        """Return the features that have a polygon, called by their school where they have one."""
        first = (
            dict(zip(named[0].index[::-1], named[0][::-1], strict=True)) if len(named) == 1 else {}
        )
        rows = self.raw.index[keep]
        texts = [self.roster.name(one) if (one := first.get(r)) else f"feature {r}" for r in rows]
        labels = pd.Series(texts, rows, dtype=str)
        raw = self.raw if keep.all() else self.raw[keep]
        file = self.table.file
        polygons = clean_polygons(raw, labels, file, self.findings, self.schools)
        if polygons.empty:
            tell_no_polygon(self.table, self.findings)
        return polygons

    def _areas(
        self, level: str, column: str, ids: pd.Series[str], polygons: gpd.GeoDataFrame
    ) -> pd.DataFrame:
        """Return the areas of one column of schools."""
        place = self._place(column)
        heard = ids[ids != ""].to_frame()
        for tell in (self.roster.tell_unheard, self.roster.tell_left_out):
            tell(heard, place, noun="area", fate="kept vacant", findings=self.findings)
        claims = self._claims(ids)
        owners = pd.Series(
            [one.school_id for one in claims], [one.feature for one in claims], dtype=object
        )
        levels = [level] * len(claims) if level else self._levels(owners).tolist()
        if level:
            members = owners.dropna()
            check_levels(
                members,
                self.schools,
                self.roster,
                level,
                self.table,
                self.findings,
                system=self.spec.system,
            )
        found: dict[tuple[int, str], list[_Claim]] = {}
        for claim, its in zip(claims, levels, strict=True):
            if its:
                found.setdefault((claim.feature, its), []).append(claim)
        areas = pd.DataFrame(
            [_area(its, found[feature, its]) for feature, its in sorted(found)],
            columns=["feature", "level", "area_id", "school_id"],
        )
        areas["geometry"] = polygons.geometry.loc[areas["feature"]].to_numpy()
        self._tell_shared(areas, column)
        tell_overlaps(areas, self.roster, self.table, self.findings)
        return areas[["level", "area_id", "school_id", "geometry"]]

    def _claims(self, ids: pd.Series[str]) -> list[_Claim]:
        """Return the members that each feature names; of one that names none, all that it says."""
        rows = list(zip(ids.index.tolist(), ids.tolist(), strict=True))
        claims = [_Claim(feature, one, one) for feature, one in rows if one in self.roster.members]
        served = {claim.feature for claim in claims}
        vacant: dict[int, list[str]] = {}
        for feature, one in rows:
            if feature not in served:
                vacant.setdefault(feature, []).append(one)
        return claims + [_Claim(n, "+".join(vacant[n]), None) for n in sorted(vacant)]

    def _levels(self, owners: pd.Series[str]) -> pd.Series[str]:
        """Return the level of each claim: by a word of its feature, or by its school's grades."""
        spec = self.spec
        grades = self.schools["grades"].map(partial(level_of_grades, system=spec.system))
        levels = owners.map(grades).fillna("")
        if spec.level_column is not None:
            words = self.table.text(spec.level_column).loc[owners.index]
            return levels_by_word(words, levels, spec, self.table, self.findings)
        counts = [f"{n:,} {level}" for level, n in levels[levels != ""].value_counts().items()]
        lost = [f"feature {row}" for row in levels.index[levels == ""]]
        message = (
            f"no level is given, so that areas are of their schools' levels: {', '.join(counts)}."
        )
        self.findings.warnings.append(self.table.problem("levels-by-school", message))
        warn_grouped(
            self.findings,
            rule="level-unknown",
            before=f"{counted(len(lost), 'area')} of no school that tells a level, left out",
            examples=lost,
            after="A column of levels would tell it: level_column.",
            file=self.table.file,
        )
        return levels

    def _tell_shared(self, areas: pd.DataFrame, column: str) -> None:
        """Tell of areas that name several schools of one level."""
        several = [len(schools) > 1 for schools in areas["school_id"]]
        shared = areas[several]
        warn_grouped(
            self.findings,
            rule="several-schools",
            before=f"{counted(len(shared), 'area')} of several schools in one cell",
            examples=[
                f"{' and '.join(self.roster.names(schools))} (feature {feature})"
                for feature, schools in zip(shared["feature"], shared["school_id"], strict=True)
            ],
            after="Schools of the same grades share such land as a zone of choice.",
            file=self.table.file,
            column=column,
        )

    def _place(self, column: str) -> Place:
        return Place(self.table, column, self.spec.table.section)

    def _is_id(self, text: str) -> bool:
        return text in self.roster.members or text in self.roster.left_out

    def _is_school(self, text: str) -> bool:
        """Return whether a text is an id, or a name where names may stand."""
        if self.spec.table.match == BY_NAME:
            return bool(self.names.find(text, self.spec.level or ""))
        return self._is_id(text)


def _area(level: str, claims: Sequence[_Claim]) -> tuple[int, str, str, list[str | None]]:
    """Return the feature, the level, the id and the schools of one area."""
    feature = claims[0].feature
    keys = {claim.key or f"feature-{feature}" for claim in claims}
    schools = sorted({claim.school_id for claim in claims if claim.school_id is not None})
    return feature, level, f"{level}-{'+'.join(sorted(keys))}", [*schools] or [None]


def tell_no_polygon(table: Table, findings: Findings) -> None:
    """Report a layer that no land comes of, unless it was told already why."""
    if not any(error.file == table.file for error in findings.errors):
        message = "the layer holds no polygon."
        findings.errors.append(table.problem("no-polygon", message, "Name a polygon layer."))
