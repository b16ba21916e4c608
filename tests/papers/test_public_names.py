"""Public names stay what they are, whatever was asked of the package before."""

import inspect
import subprocess
import sys

import feeder
from feeder.analyses.table import ANALYSES


def test_no_module_takes_the_place_of_a_function() -> None:
    """A module of a package becomes its attribute, over a function of the same name."""
    told = (
        "import inspect, feeder; every = [getattr(feeder, name) for name in feeder.__all__ * 2];"
        "print([value for value in every if inspect.ismodule(value)])"
    )
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_analysis_is_a_public_function() -> None:
    names = [one.run.__name__ for one in ANALYSES]
    assert names
    for name in names:
        assert name in feeder.__all__
        assert inspect.isfunction(getattr(feeder, name))
