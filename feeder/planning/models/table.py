"""The models by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from feeder.planning.models.affinity import affinity
from feeder.planning.models.case import Model
from feeder.planning.models.cohort import cohort
from feeder.planning.models.families import families
from feeder.planning.models.searched import clusters, communities, networks
from feeder.planning.models.zones import zones

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
