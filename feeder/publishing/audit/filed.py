"""The verdict on output folders: whether what they tell together is true and narrows no count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from feeder.district.model import District
from feeder.language import Message
from feeder.network.model import Network
from feeder.publishing.audit import counts, headlines
from feeder.publishing.audit.faults import Fault
from feeder.publishing.audit.folders import Page, digest, name_of, pages, published_files
from feeder.publishing.audit.shown import Shown, of_document, of_layer, shown_plans
from feeder.publishing.audit.truth import Truth, assigned, is_of
from feeder.publishing.audit.verdict import Verdict
from feeder.scenario import Scenario

PACKET, NO_MAP, NO_TABLES, OTHER_SCHOOLS = "packet", "no_map", "no_tables", "other_schools"
"""Why a file was not judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """The verdict on some folders.

    Attributes
    ----------
    files
        Every published file and its SHA-256.
    read
        How many figures were read of each file that was judged.
    skipped
        Why each other file was not judged.
    plans
        How many plans the maps tell.
    protected
        Counts of 1 to 9 students in the true data that pages could tell.
    hidden
        Counts that pages tell as a range.
    faults
        What is false, too much, or narrows a count.
    headlines
        The audits of the headlines of all plans of one district together.
    """

    files: tuple[tuple[str, str], ...]
    read: Mapping[str, int]
    skipped: Mapping[str, str]
    plans: int
    protected: int
    hidden: int
    faults: tuple[Fault, ...]
    headlines: tuple[Verdict, ...]

    @property
    def holds(self) -> bool:
        """Whether every map was judged, nothing is false and no count is narrowed."""
        return bool(self.read) and not self.faults and not self.unjudged

    @property
    def unjudged(self) -> int:
        """How many files are of other schools than those they would be judged by."""
        return sum(why == OTHER_SCHOOLS for why in self.skipped.values())

    def lines(self) -> list[Message]:
        """Return the verdict in sentences."""
        key, n = ("fails", len(self.faults)) if self.faults else ("partly", self.unjudged)
        key = "holds" if self.holds else key if self.read else "nothing"
        found = [Message(f"audit.{key}", {"n": n})]
        if self.read:
            scope = {
                "figures": sum(self.read.values()),
                "files": len(self.read),
                "others": len(self.skipped),
            }
            few = {"protected": self.protected, "hidden": self.hidden}
            found += [Message("audit.read", scope), Message("audit.protected", few)]
        if self.holds:
            found.append(Message("audit.ranges"))
        found += [Message("audit.headlines", _proof(one)) for one in self.headlines]
        if self.headlines:
            found.append(Message("audit.edits", {"n": self.plans}))
        found += [
            Message(
                f"audit.{one.kind}",
                {"file": one.file, "figure": one.figure, "where": one.where or "-"},
            )
            for one in self.faults
        ]
        return found + [self._file(name, sha) for name, sha in self.files]

    def _file(self, name: str, sha: str) -> Message:
        if name in self.read:
            return Message("audit.file", {"file": name, "sha256": sha, "n": self.read[name]})
        why = Message(f"audit.why_{self.skipped[name]}")
        return Message("audit.file_not_read", {"file": name, "sha256": sha, "why": why})


def _proof(one: Verdict) -> dict[str, int | float]:
    return {
        "plans": one.plans,
        "counts": one.counts,
        "values": one.tried,
        "worlds": one.worlds,
        "seconds": round(one.seconds, 1),
    }


def filed(
    folders: Sequence[Path], district: District, network: Network, scenario: Scenario
) -> Filed:
    """Audit the published files of output folders of one district, all of them together.

    Parameters
    ----------
    folders
        Output folders: plans or seeds of one district and year.
    district, network, scenario
        The true data.
    """
    every = pages(folders)
    read = [page for page in every if is_of(page, network) and page.plans]
    skipped = {page.file: OTHER_SCHOOLS for page in every if page not in read}
    faults, judged = list[Fault](), {page.file: page.n_figures for page in read}
    protected, audits = 0, tuple[Verdict, ...]()
    if read:
        first = assigned(read[0].plans[0], district, network, scenario)
        truth = Truth(district, network, scenario, first)
        faults, protected = counts.of_pages(read, truth)
        found, verdict = headlines.of_pages(read, truth)
        faults, audits = [*faults, *found], () if verdict is None else (verdict,)
        for page in read:
            wrong, told = _beside(page, truth)
            faults, judged = [*faults, *wrong], judged | told
    files = [file for folder in folders for file in published_files(folder)]
    for file in files:
        if (name := name_of(file)) not in judged:
            skipped.setdefault(name, _why(file, every, read))
    return Filed(
        files=tuple((name_of(file), digest(file)) for file in files),
        read=judged,
        skipped=skipped,
        plans=len({one.plan_id for page in read for one in page.plans if not one.is_today}),
        protected=protected,
        hidden=counts.open_counts(read),
        faults=tuple(dict.fromkeys(faults)),
        headlines=audits,
    )


def together(verdicts: Sequence[Filed]) -> Filed:
    """Return the verdicts on folders of several districts or years as one."""
    if len(verdicts) == 1:
        return verdicts[0]
    return Filed(
        files=tuple(file for one in verdicts for file in one.files),
        read={name: n for one in verdicts for name, n in one.read.items()},
        skipped={name: why for one in verdicts for name, why in one.skipped.items()},
        plans=sum(one.plans for one in verdicts),
        protected=sum(one.protected for one in verdicts),
        hidden=sum(one.hidden for one in verdicts),
        faults=tuple(fault for one in verdicts for fault in one.faults),
        headlines=tuple(verdict for one in verdicts for verdict in one.headlines),
    )


def _beside(page: Page, truth: Truth) -> tuple[list[Fault], dict[str, int]]:
    """Judge the files beside a map."""
    faults, told = list[Fault](), dict[str, int]()
    shown: list[Shown] | None = None
    for file in published_files(page.folder):
        if name_of(file) == page.file or file.suffix not in (".geojson", ".html"):
            continue
        shown = shown_plans(page, truth) if shown is None else shown
        if not shown:
            continue
        wrong, n = (
            of_layer(file, shown[0]) if file.suffix == ".geojson" else of_document(file, shown)
        )
        if n:
            faults += wrong
            told[name_of(file)] = n
    return faults, told


def _why(file: Path, every: Sequence[Page], read: Sequence[Page]) -> str:
    """Return why a file was not judged."""
    if file.suffix == ".pdf":
        return PACKET
    if any(page.folder == file.parent for page in read):
        return NO_TABLES
    return OTHER_SCHOOLS if any(page.folder == file.parent for page in every) else NO_MAP
