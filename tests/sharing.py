"""What one worker makes for all: made once a run, by whoever needs it first."""

import fcntl
from collections.abc import Callable
from pathlib import Path


def made_once(path: Path, make: Callable[[Path], object]) -> Path:
    """Make a folder or file that all workers of a run share, and return it.

    Whoever comes first makes it under a lock that goes with its process; the others wait for it
    and use it. What fails leaves nothing, and the next one tries anew.

    Parameters
    ----------
    path
        Where it lies: in a folder that is new in every run, so that nothing old is ever used.
    make
        Makes it at the path that it is given.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(f"{path.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            unfinished = path.with_name(f"{path.name}.unfinished")
            make(unfinished)
            unfinished.rename(path)
    return path
