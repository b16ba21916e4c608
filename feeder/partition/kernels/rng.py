"""A small random number generator whose whole state is one array element.

numba keeps its own hidden generator per thread; a search that must give the same bytes on any
number of threads, and when cut into chunks, needs a state it can hold in its hand. SplitMix64
(Steele, Lea and Flood 2014) passes the usual statistical batteries and is four lines long.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from feeder.partition.kernels.compiler import kernel

_INCREMENT = np.uint64(0x9E3779B97F4A7C15)
_MIX_A = np.uint64(0xBF58476D1CE4E5B9)
_MIX_B = np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
_TO_UNIT = 1.0 / 9007199254740992.0  # 2 ** -53


@kernel
def uniform(state: npt.NDArray[np.uint64]) -> float:
    """Return a float in [0, 1) and advance ``state`` (uint64 array of one element)."""
    state[0] += _INCREMENT
    z = state[0]
    z = (z ^ (z >> _S30)) * _MIX_A
    z = (z ^ (z >> _S27)) * _MIX_B
    z ^= z >> _S31
    return np.float64(z >> _S11) * _TO_UNIT


@kernel
def below(state: npt.NDArray[np.uint64], n: int) -> int:
    """Return a whole number in [0, n) and advance ``state``."""
    return int(uniform(state) * n)
