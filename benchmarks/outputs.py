"""Hash every output of the commands: what a pure move of code must leave as it is.

    python benchmarks/outputs.py --save before.json            # on the code before
    python benchmarks/outputs.py --check before.json           # on the code after

Runs the commands on the embedded district and on real ones (``FEEDER_DATA``), with
``SOURCE_DATE_EPOCH`` set, each as a planner would; hashes every file that they write and every
line that they print. ``--keep FOLDER`` keeps the outputs, so that a difference can be looked at.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("FEEDER_DATA", ROOT.parent / "shared" / "data"))
DISTRICTS = {
    "embedded": ROOT / "geodata",
    "fairfax": DATA / "fairfax_va",
    "washington": DATA / "washington_dc",
}
PLANS = "60"
"""Plans of an ensemble: enough for every file of it."""
FORMULA = ("--total", "1e9", "--held-centrally", "0.03", "--per-school", "400000")
FORMULA += ("--per-pupil", "1")


ASIDE = re.compile(
    rb"^\s*(//|/\*|\*).*$|<meta http-equiv=.Content-Security-Policy.*$", re.MULTILINE
)
"""Comments of the page's code, which name other files of the project, and the hash over them."""


def hashed(file: Path) -> str:
    """Return the hash of an output; that of a page does not see the comments of its code."""
    content = file.read_bytes()
    if file.suffix == ".html":
        content = ASIDE.sub(b"", content)
    return hashlib.sha256(content).hexdigest()[:16]


def commands(name: str) -> dict[str, list[str]]:
    """Return the arguments of every command on one district by the folder it runs in."""
    d, plan = f"districts/{name}", "plan/plan.csv"
    embedded = name == "embedded"
    found = {
        "plan": ["plan", d, "--out", "plan"],
        "validate": ["validate", d, "--json", "findings.json"],
        "score": ["score", d, plan, "--out", "score"],
        "candidates": ["candidates", d, "--n", "3", "--out", "candidates"],
        "ensemble": ["ensemble", d, "--plans", PLANS, "--plan", plan, "--out", "ensemble"],
        "offices": ["offices", d, plan, "--out", "offices.csv", "--headquarters", "2"],
        "funding": ["funding", d, plan, "--out", "funding", *([] if embedded else FORMULA)],
        "goals": ["goals", d, plan, *(["--out", "goals.csv"] if embedded else [])],
        "models": ["models", d, "--out", "models"],
        "regions": [
            *("regions", d, plan, "--regions", "2"),
            *("--out", "regions.csv", "--map", "regions.html"),
        ],
        "diff": ["diff", d, "today", plan, "--out", "diff.csv"],
        "print": ["print", d, plan, "--out", "packet.pdf"],
        "compare": ["compare", d, plan, "--out", "compared.csv", "--map", "compared.html"],
        "export": ["export", d, plan, "--to", "gerrychain", "--out", "graph.json"],
    }
    if embedded:
        found["explain"] = ["explain", d, plan, "0101", "--out", "explained.csv"]
        found["price"] = [
            *("price", d, "--of", "enrollment_tolerance", "--steps", "0.2,0.1"),
            *("--out", "price.csv", "--plot", "price.svg"),
        ]
    return found


def run(name: str, folder: Path, only: set[str]) -> dict[str, str]:
    """Run the commands on a district and return the hash of every output."""
    (folder / "districts").mkdir(parents=True)
    (folder / "districts" / name).symlink_to(DISTRICTS[name])
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1790000000", "COLUMNS": "120"}
    environment["PYTHONPATH"] = str(ROOT)
    hashes = {}
    for command, arguments in commands(name).items():
        if only and command not in only | {"plan"}:
            continue
        done = subprocess.run(
            [sys.executable, "-m", "feeder", *arguments],
            cwd=folder,
            env=environment,
            capture_output=True,
            check=False,
        )
        told = f"exit {done.returncode}\n".encode() + done.stdout + b"\n--\n" + done.stderr
        lines = [line for line in told.splitlines() if not line.startswith(b"Compiling the")]
        (folder / f"{command}.told.txt").write_bytes(b"\n".join(lines))
    for file in sorted(folder.rglob("*")):
        if file.is_file() and "districts" not in file.relative_to(folder).parts:
            key = f"{name}/{file.relative_to(folder)}"
            hashes[key] = hashed(file)
    return hashes


def main() -> int:
    """Run, then save or check; exit code 1 where an output differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--districts", nargs="+", default=list(DISTRICTS), choices=list(DISTRICTS))
    parser.add_argument("--commands", nargs="+", default=[], help="only these, after plan")
    parser.add_argument("--save", type=Path)
    parser.add_argument("--check", type=Path)
    parser.add_argument("--keep", type=Path, help="new folder in which the outputs stay")
    asked = parser.parse_args()
    hashes: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as scratch:
        top = asked.keep or Path(scratch)
        for name in asked.districts:
            hashes |= run(name, top / name, set(asked.commands))
            print(name, sum(key.startswith(f"{name}/") for key in hashes), "outputs", flush=True)
    if asked.save:
        asked.save.write_text(json.dumps(hashes, indent=1) + "\n")
    if not asked.check:
        return 0
    before = json.loads(asked.check.read_text())
    before = {key: one for key, one in before.items() if key.split("/")[0] in asked.districts}
    if asked.commands:
        before = {key: one for key, one in before.items() if key in hashes}
    differ = sorted(
        key for key in hashes.keys() | before.keys() if hashes.get(key) != before.get(key)
    )
    for key in differ:
        print("differs:", key)
    print(f"{len(before) - len(differ)} of {len(before)} outputs are the same")
    return int(bool(differ))


if __name__ == "__main__":
    sys.exit(main())
