"""What a district folder is said to hold: one frozen value a section of ``district.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from feeder.district.model import GRADE_COLUMNS, Access, Background
from feeder.district.schools.grade_systems import AMERICAN, GradeSystem
from feeder.scenario import Scenario

MANIFEST: Final = "district.toml"
SCHOOL_COLUMNS: Final = (
    "school_id",
    "name",
    "lat",
    "lon",
    "enrollment",
    "grades",
    "grade_low",
    "grade_high",
    "level",
    "capacity",
    "office_capacity",
    "campus_id",
    "region",
    "kind",
    "charter",
    "magnet",
    "virtual",
)
KIND_FLAGS: Final = ("charter", "magnet", "virtual")
"""Columns that say yes or no of one kind; they count only where they are mapped."""
FLOW_COLUMNS: Final = (
    "from_id",
    "to_id",
    "students",
    "share",
    "suppressed_cells",
    "source",
    "student_id",
    "grade",
)
SHAPES: Final = ("pairs", "matrix", "students")
"""How a flow table may be laid out: a row a pair of schools, a row a sender with a column a
receiver, a row a student."""
RESIDENT_COLUMNS: Final = ("students", "lat", "lon")
OFFICE_COLUMNS: Final = ("office_id", "name", "lat", "lon", "school_id", "community_id", "region")
COMMUNITY_COLUMNS: Final = (
    "community_id",
    "number",
    "name",
    "color",
    "office_school_id",
    "contact_name",
    "contact_email",
    "contact_phone",
)
"""Columns of communities.csv."""
GRADES: Final = tuple(grade for grade in GRADE_COLUMNS if grade != "UN")
Texts = Mapping[str, str]
NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSpec:
    """One table or layer: where it lies, what its columns are called, which rows count.

    ``columns`` maps our names to the table's; ``where`` a column of the table to the texts
    that keep a row; ``missing`` names texts that stand for nothing. ``sheet`` is one of a workbook;
    ``header`` the first and the last line of the header, where the section says so. ``match`` tells
    whether schools go by ``id`` or by ``name``.
    """

    section: str
    path: str
    layer: str | None = None
    sheet: str | None = None
    header: tuple[int, int] | None = None
    columns: Texts = field(default_factory=lambda: NOTHING)
    where: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: NOTHING)
    missing: tuple[str, ...] = ()
    match: str = "id"


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolsSpec:
    """The schools table; ``enrollment_by_grade`` maps grades (PK, K, 1 ... 12) to columns.

    ``system`` is what the district calls its grades.
    """

    table: TableSpec
    enrollment_by_grade: Texts
    missing_location: str
    missing_enrollment: str
    system: GradeSystem = AMERICAN


@dataclass(frozen=True, slots=True, kw_only=True)
class AreasSpec:
    """One layer of attendance areas: of one level, or of several.

    ``level`` is that of every area. Without it each area's own is told by the word of
    ``level_column`` (``levels`` maps words to levels), by the column that names its school
    (``by_level`` maps levels to columns), or by the grades of its school. ``separator`` parts
    several schools in one cell. ``system`` is what the district calls its grades.
    """

    table: TableSpec
    level: str | None
    level_column: str | None = None
    levels: Texts = field(default_factory=lambda: NOTHING)
    by_level: Texts = field(default_factory=lambda: NOTHING)
    separator: str | None = None
    system: GradeSystem = AMERICAN


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextSpec:
    """One layer of what readers find their way by: streets, water or neighborhoods."""

    table: TableSpec
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowsSpec:
    """The flow table; ``suppressed_range`` is what one suppressed cell may hold (students).

    ``system`` is what the district calls its grades.
    ``shape`` is one of :data:`SHAPES`; None where nobody said.
    """

    table: TableSpec
    source: str | None
    suppressed_range: tuple[float, float] | None
    shape: str | None = None
    system: GradeSystem = AMERICAN


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidentsSpec:
    """Where residents live: blocks, planning units or points.

    ``by_grade`` and ``by_level`` map grades and levels to columns of counts; ``columns`` of the
    table may map ``students``, the count of all, and ``lat`` and ``lon`` of points.
    """

    table: TableSpec
    by_grade: Texts
    by_level: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class RateSpec:
    """A rate: its column, the column of its denominator, ``percent`` or ``share``."""

    column: str
    denominator: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuresSpec:
    """Counts, rates and ratings by name, and the weights of the need figure by count.

    ``parts`` maps a count, or ``enrollment``, to the counts that add up to it.
    """

    table: TableSpec
    counts: Texts
    rates: Mapping[str, RateSpec]
    ratings: Texts
    need: Mapping[str, float]
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultSpec:
    """A result of one year: its students' column, and one of those counted or of their rate."""

    numerator: str | None
    rate: str | None
    denominator: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalSpec:
    """One goal: baseline, target (a column, or a number for all schools) and the past year.

    ``unit`` (``percent`` or ``share``) is that of the target and of rates; ``past`` is None where
    the baseline is the past year.
    """

    baseline: ResultSpec
    target: str | float
    unit: str
    better: str
    past: ResultSpec | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalsSpec:
    """The table of goals, and each goal by name."""

    table: TableSpec
    measures: Mapping[str, GoalSpec]


@dataclass(frozen=True, slots=True, kw_only=True)
class FundingSpec:
    """The keys of the formula by name, and the table of last year's amounts, if there is one."""

    table: TableSpec | None
    formula: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What ``district.toml`` says. A section it lacks, or that is unusable, is None or empty."""

    name: str
    year: str
    synthetic: bool
    schools: SchoolsSpec | None
    areas: tuple[AreasSpec, ...]
    boundary: TableSpec | None
    flows: FlowsSpec | None
    flow_ways: tuple[str, ...]
    residents: ResidentsSpec | None
    measures: MeasuresSpec | None
    goals: GoalsSpec | None
    existing_plan: TableSpec | None
    communities: TableSpec | None
    offices: TableSpec | None
    streets: TableSpec | None
    context: tuple[ContextSpec, ...]
    background: Background | None
    access: Access
    funding: FundingSpec | None
    scenario: Scenario
    system: GradeSystem = AMERICAN
    earlier: tuple[str, ...] = ()
