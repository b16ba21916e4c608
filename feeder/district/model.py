"""The district as validated tables: what every later stage may rely on.

Grades are whole numbers, K is 0, 1 to 12 are themselves; a set of grades is a bit mask with
bit ``g`` for grade ``g``. Pre-kindergarten has its own bit, :data:`PK_BIT`, so that
``mask & K12_MASK`` is what K-12 coverage looks at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd
from shapely.geometry.base import BaseGeometry

from feeder.district.schools.grade_systems import AMERICAN, GradeSystem
from feeder.errors import Problem
from feeder.scenario import Scenario

PK_BIT: Final = 1 << 13
K12_MASK: Final = (1 << 13) - 1
GRADE_COLUMNS: Final = ("PK", "K", *(str(grade) for grade in range(1, 13)), "UN")
"""Columns of ``District.grade_enrollment``; ``UN`` is the ungraded remainder."""
LEVELS: Final = ("elementary", "middle", "high", "span", "other")
TABLE_SOURCES: Final = ("observed", "zoned", "estimated")
"""What a flow table may say of its rows."""
ZONED_BY_AREAS: Final = ("zoned_by_residents", "zoned_by_land")
"""Flows worked out from the attendance areas themselves."""
SOURCES: Final = ("observed", "zoned", *ZONED_BY_AREAS, "estimated")
"""Where flows come from, the surest first."""
MODELED: Final = frozenset({*ZONED_BY_AREAS, "estimated"})
"""Sources that are a method's result: their range is that of the method's variants."""
FLOW_WAYS: Final = ("table", "areas", "estimate")
"""Ways to a sender's flows, in the order in which they are tried."""
CONTEXT_KINDS: Final = ("streets", "water", "neighborhoods")
"""What readers find their way by on a map."""
STREET_FORMATS: Final = (".graphml", ".osm", ".xml")
"""Endings of a street network: GraphML, and OSM XML under its two names."""
WGS84: Final = "EPSG:4326"
_KM: Final = 1000.0
_MINUTES: Final = 60.0


@dataclass(frozen=True, slots=True)
class InputFile:
    """One file that was read: its path inside the folder and the SHA-256 of its bytes."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True, eq=False)
class CommunityRows:
    """What communities go by, as a table has it, before a plan says which there are.

    Attributes
    ----------
    file
        The table.
    rows
        The columns of ``communities.csv`` as text, blank where it says nothing; the index is the
        line or row of each.
    columns
        Headers of the columns that the table has.
    """

    file: str
    rows: pd.DataFrame
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Background:
    """Map pictures from a server, which a page shows only when its reader asks for them.

    ``url`` is an https address with ``{z}``, ``{x}`` and ``{y}``; ``attribution`` is what its
    publisher wants to be told of it.
    """

    url: str
    attribution: str

    @property
    def host(self) -> str:
        """The scheme and the host: all that a page may ask for pictures."""
        return "/".join(self.url.split("/", 3)[:3])


@dataclass(frozen=True, slots=True)
class Access:
    """How people get about where no streets are given, and how often somebody calls at a school.

    Attributes
    ----------
    detour
        Length of the way over the straight distance.
    speed_km_h
        Kilometres an hour, stops included.
    visits
        Visits a school gets in a year from a crew that starts at the office.
    """

    detour: float = 1.3
    speed_km_h: float = 30.0
    visits: float = 12.0

    @property
    def minutes_a_metre(self) -> float:
        """Minutes that a metre of straight distance takes."""
        return self.detour / _KM * _MINUTES / self.speed_km_h


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Funding:
    """How money is shared among schools: a formula, in dollars a year.

    Attributes
    ----------
    total
        The budget to share; None lets the formula's amounts stand as they are.
    held_centrally
        Share of the total that never reaches a community, 0 or more and less than 1.
    per_school, per_community
        Fixed for each school, and for each community's office.
    per_pupil, per_need
        For each student, and for one unit of the need figure. Where there is a total, only their
        ratio counts.
    hold_harmless
        Share of last year's amount below which no school falls, 0 to 1.
    last_year
        Dollars by ``school_id`` (all schools, sorted), NaN where unknown; None without a table.
    """

    total: float | None = None
    held_centrally: float = 0.0
    per_school: float = 0.0
    per_community: float = 0.0
    per_pupil: float = 0.0
    per_need: float = 0.0
    hold_harmless: float = 0.0
    last_year: pd.Series[float] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Statistics:
    """Counts, rates and ratings of each school, indexed by ``school_id`` (all schools, sorted).

    Attributes
    ----------
    counts
        One float column a count (students); NaN where unknown. They add up.
    rates
        Two float columns a rate, ``NAME`` (a share, 0 to 1) and ``NAME_denominator`` (students);
        NaN where unknown. They never add up: numerator = share * denominator does.
    ratings
        One float column an ordered rating; NaN where there is none.
    need_weights
        Count name to weight.
    need
        Weighted sum of the counts (students; unknown counts as 0), or None without ``need``.
    parts
        Counts that add up to another one, or to ``enrollment``, as the district declares them.
    """

    counts: pd.DataFrame
    rates: pd.DataFrame
    ratings: pd.DataFrame
    need_weights: dict[str, float]
    need: pd.Series[float] | None
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Goal:
    """What each school is to reach in one measure, such as chronic absence.

    Attributes
    ----------
    name
        As ``district.toml`` calls it.
    better
        ``lower`` or ``higher``.
    schools
        Indexed by ``school_id`` (all schools, sorted); float columns ``numerator`` and
        ``denominator`` (students of the baseline), ``target`` (a share, 0 to 1),
        ``past_numerator`` and ``past_denominator`` (students of the past year: those of the
        baseline where it is the past year). NaN where unknown.
    """

    name: str
    better: str
    schools: pd.DataFrame


@dataclass(frozen=True, slots=True, eq=False)
class District:
    """A school district, read, checked and repaired. Nothing downstream checks it again.

    Attributes
    ----------
    name, year
        As the folder's ``district.toml`` gives them; ``year`` may be empty.
    folder
        Where it was read from.
    synthetic
        True for an invented district, which every map then says.
    schools
        Indexed by ``school_id`` (text, sorted). Columns: ``name`` (text), ``level`` (one of
        LEVELS), ``grades`` (int64 mask), ``grade_low``, ``grade_high`` (int64; -1 is PK),
        ``lat``, ``lon`` (degrees), ``enrollment`` (int64 students), ``leavers`` (float students a
        year), ``leavers_estimated`` (bool), ``entering`` (float: kindergartners), ``capacity``
        (float, NaN unknown), ``office_capacity`` (float: schools that an office on its
        site can serve; 0 where it can hold none, NaN where any number), ``campus_id``,
        ``region``, ``kind`` (text, "" unknown).
    extra
        The remaining columns of the schools table as text, same index, for ``nested_in``.
    grade_enrollment
        Same index, columns GRADE_COLUMNS, float students, NaN where a school has no figures;
        None when the folder gives no enrollment by grade.
    areas
        EPSG:4326; columns ``level`` (as in district.toml), ``area_id`` (text), ``school_id``
        (None: vacant, its school is unknown or left out), ``geometry`` (valid polygons). One row
        an area and school: an area that several schools of a level share has a row each, with
        one ``area_id`` and one geometry. None without attendance areas.
    boundary
        The district's outline in EPSG:4326, or None.
    flows
        Columns ``from_id``, ``to_id``, ``students`` (float), ``students_low``,
        ``students_high`` (equal to ``students`` where counted), ``source``; one row a pair,
        sorted; no self flows. None when the folder has no flow table.
    flow_ways
        The ways to a sender's flows that may be used, in the order in which they are tried: some
        of FLOW_WAYS.
    residents
        Where residents live, in EPSG:4326: ``students`` (float), grades (``K`` to ``12``) or levels
        where they are counted so, ``geometry`` (polygons or points). None where nobody says.
    statistics
        Counts, rates and ratings.
    existing_plan
        ``school_id`` to today's community id (text), schools unassigned today left out; or None.
    offices
        Today's offices in the order of the file: ``office_id``, ``name``, ``school_id``,
        ``community_id``, ``region`` (text, "" where not said), ``lat``, ``lon`` (degrees) and other
        columns as given (text). None when the folder has none.
    communities
        What communities go by, as ``[communities]`` has it; None where the folder does not say.
    scenario
        The folder's defaults.
    warnings
        What was repaired, left out or looks odd, in reading order.
    inputs
        Every file read, ``district.toml`` first.
    context
        What readers find their way by, in EPSG:4326: ``kind`` (one of CONTEXT_KINDS), ``name``
        (text, may be empty), ``geometry`` (lines and polygons; points too of neighborhoods). None
        when the folder has none.
    background
        Map pictures that a reader may ask for; None where the folder names none.
    access
        How travel is reckoned.
    streets
        The file of the street network, read when minutes are first asked for; None where the
        folder names none.
    goals
        What schools are to reach, in the order of ``district.toml``; None where it has no goals.
    funding
        How money is shared; None where the folder does not say.
    grade_system
        What the district calls its grades and levels.
    earlier
        Folders published before, from the district's folder: the audit takes in their plans.

    Examples
    --------
    >>> district
    District('Cormorant Bay Unified (invented district)', 130 schools, 76,295 students)
    >>> district.schools["level"].value_counts().idxmax()
    'elementary'
    """

    name: str
    year: str
    folder: Path
    synthetic: bool
    schools: pd.DataFrame
    extra: pd.DataFrame
    grade_enrollment: pd.DataFrame | None
    areas: gpd.GeoDataFrame | None
    boundary: BaseGeometry | None
    flows: pd.DataFrame | None
    statistics: Statistics
    existing_plan: pd.Series[str] | None
    offices: pd.DataFrame | None
    scenario: Scenario
    warnings: tuple[Problem, ...]
    inputs: tuple[InputFile, ...]
    context: gpd.GeoDataFrame | None = None
    background: Background | None = None
    access: Access = Access()
    streets: InputFile | None = None
    goals: tuple[Goal, ...] | None = None
    funding: Funding | None = None
    flow_ways: tuple[str, ...] = FLOW_WAYS
    residents: gpd.GeoDataFrame | None = None
    communities: CommunityRows | None = None
    grade_system: GradeSystem = AMERICAN
    earlier: tuple[str, ...] = ()

    def __repr__(self) -> str:
        students = int(self.schools["enrollment"].sum())
        return f"District({self.name!r}, {len(self.schools)} schools, {students:,} students)"
