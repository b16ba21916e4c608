"""Assignment: every campus and vacant tile in one community."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from feeder.district.model import District
from feeder.network.model import Network
from feeder.scenario import Scenario


@dataclass(frozen=True, slots=True, eq=False)
class Assignment:
    """Every campus and vacant tile in one community: a plan before it is scored.

    Attributes
    ----------
    district, network, scenario
        What was planned, on what, under which promises (defaults filled in).
    node_community
        Shape (n_nodes,): index of the community of each node; -1 is no community.
    community_ids, community_names
        Shape (n_communities,): stable ids (``C01`` ... or the locked ids) and readable names.
    """

    district: District
    network: Network
    scenario: Scenario
    node_community: npt.NDArray[np.int64]
    community_ids: tuple[str, ...]
    community_names: tuple[str, ...]

    @property
    def n_communities(self) -> int:
        """Number of communities."""
        return len(self.community_ids)

    @property
    def school_community(self) -> npt.NDArray[np.int64]:
        """Shape (n_schools,): community index of each school of the network."""
        return self.node_community[self.network.graph.school_node]

    def plan_table(self) -> pd.DataFrame:
        """Return ``school_id`` and ``community_id`` of every school, sorted by school.

        Schools outside every community have an empty ``community_id``.
        """
        ids = np.array([*self.community_ids, ""], dtype=object)
        by_school = pd.Series(
            ids[self.school_community], index=pd.Index(self.network.graph.school_ids)
        )
        table = by_school.reindex(self.district.schools.index, fill_value="")
        return table.rename_axis("school_id").rename("community_id").reset_index()
