"""What an analysis is: a function of a plan or of a district, with typed options, and a result.

An analysis is one folder. Its package holds the function that bears its name, whose signature is
all there is to say of its options: what follows the subject is what the command line asks for, a
:class:`Flag` says how. The registry (:mod:`feeder.analyses.table`) makes of each a command, a
method of :class:`~feeder.pipeline.plan.Plan` and a function of the package; where it has something
to tell of every plan, a part of the report. Nothing heavy is imported by the packages themselves,
so that help answers at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import pandas as pd

    from feeder.errors import Problem
    from feeder.measures.grouping import HasNetwork
    from feeder.opening.stages import Progress
    from feeder.planning import Assignment
    from feeder.telling.sections import Section

F = TypeVar("F", bound="Callable[..., Result]")


class OptionsError(ValueError):
    """Options that do not go together, or name what is not there to name."""


class Subject(Enum):
    """What an analysis is of, and what its command asks for first."""

    DISTRICT = "a district folder"
    PLAN = "a district folder and a plan of it"
    TWO_PLANS = "a district folder, the plan that is left and the plan that comes"
    PLANS = "a district folder and plans of it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """How the command line asks for an option.

    Attributes
    ----------
    help
        What it is, in a sentence.
    name
        The flag, such as ``--regions``; by default the option's own name.
    metavar
        What stands for its value in the help.
    least, most
        Bounds of a number, both included.
    read
        From the text of the command line to the value; raises ValueError with a sentence where
        the text is wrong. By default the option's type says how.
    argument
        Whether it is asked for by place, not by a flag.
    written
        Whether it is a plan, and the command takes the one that ``feeder plan`` wrote, where there
        is one, if it is not asked for.
    """

    help: str
    name: str = ""
    metavar: str | None = None
    least: float | None = None
    most: float | None = None
    read: Callable[[str], Any] | None = None
    argument: bool = False
    written: bool = False


@dataclass(frozen=True, slots=True)
class OutFile:
    """One file that the command writes where it is asked to.

    Attributes
    ----------
    flag
        The flag that names it.
    content
        Which of the result's pages or tables it is.
    help
        What is written.
    """

    flag: str
    content: str
    help: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """An analysis as the registry knows it.

    Attributes
    ----------
    run
        The function.
    subject
        What it is of.
    command
        What its command is called.
    out
        Help of ``--out``: a folder for everything, or a CSV file for the first table.
    opens
        The page to open in a folder that is written without being asked for; empty where nothing
        is written unasked.
    files
        Single files that the command writes on demand.
    in_report
        What the report tells of every plan: sections, made from the published plan; None for
        nothing.
    """

    run: Callable[..., Result]
    subject: Subject
    command: str
    out: str
    opens: str = ""
    files: tuple[OutFile, ...] = ()
    in_report: Callable[[Assignment], tuple[Section, ...]] | None = None


class Result:
    """What an analysis found: tables and sections, to be shown, read on or written."""

    @property
    def about(self) -> HasNetwork:
        """The district, network and scenario that the result rests on; a plan has them."""
        raise NotImplementedError

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Every table by the name of its file, columns with units where they have any."""
        raise NotImplementedError

    @property
    def first(self) -> str:
        """The table that is written where one file is asked for."""
        return next(iter(self.tables))

    @property
    def desk(self) -> frozenset[str]:
        """Names of the tables that may never be published: money, need, goals or students."""
        return frozenset()

    @property
    def sections(self) -> tuple[Section, ...]:
        """What a reader is told, in any language."""
        raise NotImplementedError

    @property
    def pages(self) -> Mapping[str, str | bytes]:
        """What else is written, by file name: maps, drawings."""
        return {}

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What was repaired, left out or looks odd in the district and its network."""
        return (*self.about.district.warnings, *self.about.network.warnings)

    @property
    def record(self) -> dict[str, Any]:
        """What ``run.json`` tells of where the result comes from."""
        from feeder.opening.record import origin

        return origin(self.about)

    def content(self, name: str) -> str | bytes:
        """Return one page, or one table as CSV.

        Raises
        ------
        FeederError
            Where the district has nothing to put into it.
        """
        from feeder.errors import FeederError
        from feeder.writing.texts import csv_text

        if name in self.pages:
            return self.pages[name]
        if name not in self.tables:
            raise FeederError(self.why_not(name))
        return csv_text(self.tables[name])

    def why_not(self, name: str) -> str:
        """Return why there is no such page or table."""
        return f"There is no {name} of this district."

    def write(self, out: Path | str, *, progress: Progress | None = None) -> Path:
        """Write every table and page into folder ``out``, all or nothing, and return the folder.

        Raises
        ------
        OutputError
            Where the folder cannot be written or must not be replaced.
        """
        from feeder.opening.stages import quiet, timed
        from feeder.render.files.desk import set_apart
        from feeder.render.files.folder import check_folder, warn_mended, write_run
        from feeder.writing.texts import csv_text

        folder, source = Path(out), self.about.district.folder
        warn_mended(check_folder(folder, source=source))
        timings: dict[str, float] = {}
        with timed("write", timings, progress or quiet):
            texts = {name: csv_text(table) for name, table in self.tables.items()}
            files: dict[str, str | bytes] = {**set_apart(texts, self.desk), **self.pages}
        write_run(folder, files, self.record, source=source)
        return folder

    def _repr_html_(self) -> str:
        """Show the sections in a notebook, or the first table where there are none."""
        from feeder.telling.sections import sections_html

        if self.sections:
            return sections_html(self.sections)
        return str(self.tables[self.first].to_html(index=False))


def analysis(
    subject: Subject,
    *,
    out: str,
    command: str = "",
    opens: str = "",
    files: tuple[OutFile, ...] = (),
    in_report: Callable[[Assignment], tuple[Section, ...]] | None = None,
) -> Callable[[F], F]:
    """Say how a function is an analysis (:class:`Analysis`)."""

    def told(run: F) -> F:
        run.analysis = Analysis(  # type: ignore[attr-defined]  # a function may carry what it is
            run=run,
            subject=subject,
            command=command or run.__name__,
            out=out,
            opens=opens,
            files=files,
            in_report=in_report,
        )
        return run

    return told
