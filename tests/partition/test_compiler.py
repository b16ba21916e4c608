"""Compiled code is kept between runs, and made anew when any kernel's source changes."""

import os
import subprocess
import sys
from pathlib import Path

from feeder.partition.kernels import annealing, compiler, moves

LOOP = """
from feeder.partition.kernels import compiler

compiler.SOURCES = "{version}"


@compiler.entry
def double(x: float) -> float:
    return 2.0 * x


assert double(3.0) == 6.0
print(sum(double.stats.cache_hits.values()), sum(double.stats.cache_misses.values()))
"""


def test_a_change_of_the_sources_is_a_miss_and_no_change_a_hit(tmp_path: Path, request):
    """The compiled file itself stays as it is: only what its closure holds changes."""
    script, driver = tmp_path / "loop.py", tmp_path / "driver.py"
    script.write_text(LOOP.replace('"{version}"', "__import__('sys').argv[1]"))
    driver.write_text("import loop\n")

    root = request.config.rootpath

    def run(version: str) -> str:
        return subprocess.run(
            [sys.executable, str(driver), version],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, [tmp_path, root]))},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()

    assert [run("one"), run("one"), run("two"), run("two")] == ["0 1", "1 0", "0 1", "1 0"]


def test_every_kernel_holds_the_hash_of_all_sources():
    for loop in (annealing.anneal, annealing.total_penalty, moves.apply_move):
        (cell,) = loop.py_func.__closure__
        assert cell.cell_contents == compiler.SOURCES
    assert len(compiler.SOURCES) == 64


def test_a_copy_with_a_closure_tells_the_same_of_itself():
    def plain(x: int) -> int:
        """Add one."""
        return x + 1

    copy = compiler.with_closure(plain, "x")
    assert (copy.__name__, copy.__doc__, copy.__module__) == (
        plain.__name__,
        plain.__doc__,
        plain.__module__,
    )
    assert copy.__code__.co_code == plain.__code__.co_code
