"""Line breaks inside cells: a text stands on one line from here on."""

from __future__ import annotations

import pandas as pd

from feeder.errors import Findings
from feeder.wording import counted, one_line, warn_grouped


def on_one_line(frame: pd.DataFrame, file: str, findings: Findings) -> pd.DataFrame:
    """Return a table of text cells with a space for each line break, told once a column.

    Parameters
    ----------
    frame
        Text cells.
    file
        The file's path inside the district folder.
    findings
        Collects what was joined.
    """
    whole = frame
    for name in frame.columns:
        before = frame[name].tolist()
        if one_line(text := "|".join(before)) == text:
            continue
        after = [one_line(text) for text in before]
        joined = [new for old, new in zip(before, after, strict=True) if new != old]
        whole = whole.assign(**{name: pd.Series(after, index=frame.index, dtype=str)})
        warn_grouped(
            findings,
            rule="line-breaks",
            before=f"{counted(len(joined), 'cell')} had line breaks, read as spaces",
            examples=list(dict.fromkeys(joined)),
            file=file,
            column=name,
        )
    return whole
