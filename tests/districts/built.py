"""Districts whose folders are written from shared data that come without one."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from districts import santa_rosa, seattle, virginia

Build = Callable[[Path, Path], Path]

BUILT: Mapping[str, tuple[str, Build]] = {
    "seattle_wa": ("seattle_wa", seattle.build),
    "santa_rosa_ca": ("santa_rosa_ca", santa_rosa.build),
    **{
        name: ("virginia_sabs_2015_16", partial(virginia.build, name))
        for name in virginia.DIVISIONS
    },
}
"""Name of a district to the shared folder it is made from, and how."""
