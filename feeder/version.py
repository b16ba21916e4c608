"""Which feeder this is: the name to install it by, and the version that its metadata tell."""

from importlib import metadata
from typing import Final

DISTRIBUTION: Final = "feeder-plan"
"""The name to install feeder by; ``feeder`` itself is another project's."""


def version() -> str:
    """Return the installed version; it is written down in ``pyproject.toml`` alone."""
    return metadata.version(DISTRIBUTION)
