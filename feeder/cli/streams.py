"""Standard output and standard error to the very end: full disks and closed pipes are no crash."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper

from feeder.cli.telling import STOPPED, reason, tell
from feeder.language import ENGLISH


@contextmanager
def streams_kept() -> Iterator[None]:
    """Keep what is printed from ending a command as a crash.

    A character that the terminal cannot show is told by its number. What cannot be printed ends
    with exit code 1 and a sentence; what Python would still flush at its own end goes nowhere.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        yield
    except OSError as error:  # help and version are printed outside any command
        _tell_lost(error)
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        tell(ENGLISH("terminal.stopped"))
        raise SystemExit(STOPPED) from None
    finally:
        # Python remembers an interruption inside exec(text), as libraries do while they load, and
        # would kill itself at the end instead of giving the exit code. Another exec forgets it.
        exec("")  # noqa: S102
        lost = [_flushed(stream) for stream in (sys.stdout, sys.stderr)]
    if any(lost):
        raise SystemExit(1)


def _tell_lost(error: OSError) -> None:
    tell(ENGLISH("terminal.not_printed", what=reason(error)), bold=True)


def _flushed(stream: object) -> bool:
    """Flush a stream; return whether it could not be, and let the rest go nowhere."""
    if not isinstance(stream, TextIOWrapper):
        return False
    try:
        stream.flush()
    except (OSError, ValueError):
        with suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)
        return True
    return False
