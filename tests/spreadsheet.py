"""CSV as a spreadsheet reads it, where that is not as Python does."""


def records(text: str) -> list[list[str]]:
    """Read CSV as LibreOffice does: outside quotes a carriage return ends a record as well."""
    rows, row, cell, quoted = [], [], "", False
    at = 0
    while at < len(text):
        mark = text[at]
        if quoted:
            if mark == '"' and text[at + 1 : at + 2] == '"':
                cell, at = f'{cell}"', at + 1
            elif mark == '"':
                quoted = False
            else:
                cell += mark
        elif mark == '"' and not cell:
            quoted = True
        elif mark == ",":
            row, cell = [*row, cell], ""
        elif mark in "\r\n\x0b\x0c\x85\u2028\u2029":
            rows, row, cell = [*rows, [*row, cell]], [], ""
        else:
            cell += mark
        at += 1
    assert not quoted
    return rows
