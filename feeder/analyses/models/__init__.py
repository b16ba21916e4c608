"""Organizing models side by side on one district."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Unpack

from feeder.analyses.contract import Flag, OptionsError, Subject, analysis
from feeder.analyses.reading import EFFORT, listed_words
from feeder.partition.efforts import EffortName

if TYPE_CHECKING:
    from feeder.analyses.models.run import Models
    from feeder.opening.keys import ScenarioKeys
    from feeder.opening.runs import DistrictLike
    from feeder.opening.stages import Progress


MODEL_NAMES: Final = (
    "communities",
    "families",
    "zones",
    "clusters",
    "networks",
    "affinity",
    "cohort",
)
"""In the order in which they are made; what makes each stands in the registry."""


def _model_names(text: str) -> list[str]:
    names = listed_words(text)
    check_models(names)
    return names


def check_models(names: Sequence[str]) -> None:
    """Check names of models.

    Raises
    ------
    OptionsError
        Where there is no such model.
    """
    unknown = [name for name in names if name not in MODEL_NAMES]
    if unknown or not names:
        known = ", ".join(MODEL_NAMES)
        raise OptionsError(f"{', '.join(unknown) or 'nothing'}: no such model. Known: {known}.")


@analysis(
    Subject.DISTRICT, out="Output folder, or a CSV file for the table alone.", opens="models.html"
)
def models(  # noqa: PLR0913 - one parameter an option
    district: DistrictLike = None,
    *,
    only: Annotated[
        Sequence[str] | None,
        Flag(
            metavar="MODEL,...",
            help=f"Only these, with commas: {', '.join(MODEL_NAMES)}. [default: all]",
            read=_model_names,
        ),
    ] = None,
    cohort: Annotated[
        str | None,
        Flag(
            metavar="SCHOOL",
            help="High school of the cohort: its id, or a part of its name that no other has. "
            "[default: the largest]",
        ),
    ] = None,
    clusters: Annotated[
        int | None, Flag(least=1, help="Number of clusters. [default: one per 24 schools]")
    ] = None,
    networks: Annotated[
        int | None,
        Flag(least=1, help="Number of networks. [default: one per 24 schools, at most 32]"),
    ] = None,
    headquarters: Annotated[
        int | None,
        Flag(least=1, help="Headquarters of the networks. [default: one per 6 networks]"),
    ] = None,
    effort: Annotated[EffortName, EFFORT] = "standard",
    scenario: Path | str | None = None,
    progress: Progress | None = None,
    **keys: Unpack[ScenarioKeys],
) -> Models:
    """Make a district's plan under each organizing model, and put them side by side.

    Writes models.csv (one column a model), models.html (a map that switches between them) and
    plan_MODEL.csv. A model that the district cannot have is told and left out.

    Parameters
    ----------
    district
        District folder, a district that was read, or a plan of one; None is the embedded district.
    only
        Names of models (:data:`feeder.analyses.models.registry.MODELS`); None makes all.
    cohort
        High school of the cohort, by its id or its name; None takes the largest.
    clusters, networks
        How many of each; None makes one per 24 schools, of networks at most 32.
    headquarters
        Regions of the networks; None makes one per 6 networks.
    effort, scenario, progress, **keys
        As for :func:`~feeder.pipeline.runs.plan_district`.

    Raises
    ------
    InputError
        Where the folder or the scenario cannot be used, the cohort's high school is unknown, or the
        district can have none of the models.
    OptionsError
        Where there is no such model.

    Examples
    --------
    >>> found = models(small, only=["families"], effort="quick", communities=2)
    >>> list(found.made)
    ['families']
    """
    from feeder.analyses.models.model_input import ModelOptions
    from feeder.analyses.models.run import organized

    if only is not None:
        check_models(only)
    return organized(
        district,
        only=only,
        options=ModelOptions(cohort=cohort, clusters=clusters, networks=networks, effort=effort),
        headquarters=headquarters,
        scenario=scenario,
        progress=progress,
        keys=keys,
    )
