"""The models by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from feeder.analyses.models.affinity import affinity
from feeder.analyses.models.cohort import cohort
from feeder.analyses.models.families import families
from feeder.analyses.models.model_input import Model
from feeder.analyses.models.searched import clusters, communities, networks
from feeder.analyses.models.zones import zones

MODELS: Final[Mapping[str, Model]] = MappingProxyType(
    {
        "communities": communities,
        "families": families,
        "zones": zones,
        "clusters": clusters,
        "networks": networks,
        "affinity": affinity,
        "cohort": cohort,
    }
)
"""In the order in which they are shown; ``model.NAME`` says in a sentence what each is."""
