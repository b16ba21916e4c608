"""Try every hostile column and write the page of outcomes; ``FILE:COLUMN`` tries these alone."""

import sys

from hostile.judging import outcome
from hostile.page import PAGE, cases, counts, kept, page

asked = {tuple(column.split(":")) for column in sys.argv[1:]}
known = kept(PAGE.read_text(encoding="utf-8")) if asked else {}
found = {
    case: known[case] if case[:2] not in asked and case in known else outcome(*case)
    for case in cases()
}
PAGE.write_text(page(found), encoding="utf-8")
sys.stdout.write(f"{counts(found.values())}\n")
