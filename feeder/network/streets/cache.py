"""What takes long is kept: arrays by the hash of all that they were made of.

They lie in the user's cache folder. Where nothing can be written there, or what lies there cannot
be read, the arrays are made anew: a cache saves time and decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from hashlib import sha256
from io import BytesIO
from typing import Any, Final
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt
from platformdirs import user_cache_path

from feeder.writing.whole import replace_file

Arrays = Mapping[str, npt.NDArray[Any]]
VERSION: Final = "1"
"""Part of every key. To be raised when the same input would give other arrays."""


def kept(kind: str, key: str, make: Callable[[], Arrays]) -> Arrays:
    """Return arrays from the cache, or make and keep them.

    Parameters
    ----------
    kind
        What they are: the beginning of the file's name.
    key
        Hash of all that they are made of (:func:`key_of`).
    make
        Makes them.
    """
    path = user_cache_path("feeder", appauthor=False) / f"{kind}-{key}.npz"
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as found:
            return dict(found)
    except (OSError, ValueError, EOFError, BadZipFile):
        made = make()
    packed = BytesIO()
    np.savez(packed, allow_pickle=False, **made)
    with suppress(OSError):
        replace_file(path, packed.getvalue())
    return made


def key_of(*parts: str | float | npt.NDArray[Any]) -> str:
    """Hash texts, numbers and arrays, and the version of what is made of them."""
    found = sha256(VERSION.encode())
    for part in parts:
        found.update(b"\0")
        found.update(part.tobytes() if isinstance(part, np.ndarray) else repr(part).encode())
    return found.hexdigest()
