"""The efforts of a search by name; nothing heavy is imported, so that help answers at once."""

from typing import Literal

EffortName = Literal["quick", "standard", "long"]
"""For a district of any size: a look at what there is, a good plan, and four times as long."""
