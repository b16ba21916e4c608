"""The notice of compiling appears when something is compiled, and only then."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numba
import pytest

from feeder.cli.progress import COMPILING, progress
from feeder.language import languages, words
from feeder.opening.stages import STAGES
from feeder.partition.compiling import first_compilation

KERNEL = """
import sys

from feeder.partition.compiling import first_compilation
from feeder.partition.kernels import compiler


def double(x: float) -> float:
    return 2.0 * x


double.__module__ = "feeder.partition.kernels.made"
sys.modules[double.__module__] = sys.modules[__name__]
double = compiler.entry(double)
told = []
with first_compilation(lambda: told.append(1)):
    assert double(3.0) == 6.0
    assert double(4.0) == 8.0
print(len(told), sum(double.stats.cache_hits.values()))
"""


def made(module: str) -> Callable[[float], float]:
    """Return a compiled function that calls itself one of a module, compiled by nobody yet."""

    def double(x: float) -> float:
        return 2.0 * x

    double.__module__ = module
    return numba.njit(double)


def test_a_kernel_that_the_cache_holds_is_not_told(tmp_path: Path, request) -> None:
    """The first process compiles and tells; the second reads the cache and is silent."""
    (tmp_path / "made.py").write_text(KERNEL)
    path = os.pathsep.join(map(str, [tmp_path, request.config.rootpath]))

    def run() -> str:
        return subprocess.run(
            [sys.executable, "-c", "import made"],
            env={**os.environ, "PYTHONPATH": path, "NUMBA_CACHE_DIR": str(tmp_path / "cache")},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()

    assert [run(), run()] == ["1 0", "0 1"]


def test_many_kernels_are_told_once_and_other_functions_never() -> None:
    told: list[str] = []
    kernels = [made(f"feeder.partition.kernels.made_{k}") for k in range(2)]
    other = made("somewhere.kernels")
    with first_compilation(lambda: told.append("compiled")):
        other(1.0)
        assert told == []
        for kernel in kernels:
            kernel(1.0)
            assert told == ["compiled"]
    with first_compilation(lambda: told.append("again")):
        kernels[0](2.0)
    assert told == ["compiled"]


def test_the_notice_stands_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    kernel = made("feeder.partition.kernels.made")
    with progress() as report:
        report("prepare", 0.0)
        kernel(1.0)
        report("prepare", 1.0)
    first = capsys.readouterr()
    assert " ".join(first.err.split()).count(str(COMPILING)) == 1
    assert first.out == ""
    with progress() as report:
        report("prepare", 0.0)
        kernel(1.0)
        report("prepare", 1.0)
    assert str(COMPILING) not in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize("tag", languages())
def test_every_stage_has_its_words(tag: str) -> None:
    said = [words(tag)(f"stage.{stage}") for stage in STAGES]
    assert len(set(said)) == len(STAGES)
    assert max(map(len, said)) <= 28, "the bars would not stand in line"
