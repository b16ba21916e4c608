"""Colors: measured for four kinds of eyes and in grey, and given to maps of 160 communities."""

from itertools import combinations

import networkx as nx
import numpy as np
import pytest
from scipy.spatial import Delaunay

from feeder.planning.colors import DASHED, PALETTE, SOLID, colored, has_dashes, ink_on

SIGHT = {
    "normal": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
"""Machado, Oliveira and Fernandes (2009), severity 1, of linear red, green and blue."""
TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
WHITE = np.array([0.95047, 1.0, 1.08883])


def lab(color: str, sight: object) -> np.ndarray:
    """CIELAB of a color as somebody sees it (D65)."""
    share = np.array([*bytes.fromhex(color[1:])]) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(sight) @ linear, 0, 1)
    t = TO_XYZ @ seen / WHITE
    x, y, z = np.where(t > 216 / 24389, np.cbrt(t), (24389 / 27 * t + 16) / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def ciede2000(one: np.ndarray, other: np.ndarray) -> float:
    """Sharma, Wu and Dalal (2005), equations 2 to 22."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    g = 0.5 * (1 - np.sqrt(mean**7 / (mean**7 + 25.0**7)))
    c1, c2 = np.hypot((1 + g) * a1, b1), np.hypot((1 + g) * a2, b2)
    h1, h2 = (np.degrees(np.arctan2(b, (1 + g) * a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    gap = h2 - h1 if c1 * c2 else 0.0
    gap -= 360 * np.sign(gap) * (abs(gap) > 180)
    hue = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(gap / 2))
    light, c, h = (l1 + l2) / 2, (c1 + c2) / 2, (h1 + h2) / 2
    if not c1 * c2:
        h = h1 + h2
    elif abs(h1 - h2) > 180:
        h += 180 if h1 + h2 < 360 else -180
    cosines = ((0.17, 1, 30), (-0.24, 2, 0), (-0.32, 3, -6), (0.20, 4, 63))
    t = 1 - sum(weight * np.cos(np.radians(n * h - off)) for weight, n, off in cosines)
    turn = -2 * np.sqrt(c**7 / (c**7 + 25.0**7))
    turn *= np.sin(np.radians(60 * np.exp(-(((h - 275) / 25) ** 2))))
    light = (l2 - l1) / (1 + 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2))
    chroma, hue = (c2 - c1) / (1 + 0.045 * c), hue / (1 + 0.015 * c * t)
    return float(np.sqrt(light**2 + chroma**2 + hue**2 + turn * chroma * hue))


def planar(n: int, seed: int) -> nx.Graph:
    """A triangulation of random points: as many borders as a plane map can have."""
    borders = nx.Graph()
    borders.add_nodes_from(range(n))
    for corners in Delaunay(np.random.default_rng(seed).random((n, 2))).simplices.tolist():
        borders.add_edges_from(combinations(corners, 2))
    return borders


def alike(colors: dict[int, str], graph: nx.Graph) -> int:
    return sum(colors[a] == colors[b] for a, b in graph.edges)


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, -1.3802, -84.2814), (50, 0, -82.7485), 1.0),
        ((50, 2.5, 0), (61, -5, 29), 22.8977),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_measure_is_that_of_its_authors(
    one: tuple[float, ...], other: tuple[float, ...], apart: float
) -> None:
    """Pairs of the table that Sharma, Wu and Dalal publish with the formula."""
    assert ciede2000(np.array(one), np.array(other)) == pytest.approx(apart, abs=1e-4)


@pytest.mark.parametrize("sight", SIGHT)
def test_any_two_colors_are_apart_for_every_eye(sight: str) -> None:
    assert 8 <= len(set(PALETTE)) <= 12
    seen = [lab(color, SIGHT[sight]) for color in PALETTE]
    assert min(ciede2000(one, other) for one, other in combinations(seen, 2)) >= 15


def test_in_grey_lightness_or_a_dashed_border_tells_them_apart() -> None:
    for group in (SOLID, DASHED):
        light = sorted(lab(color, SIGHT["normal"])[0] for color in group)
        assert min(np.diff(light)) >= 10
        assert light[0] > 49  # symbols and flows stay visible on it
    assert [has_dashes(color) for color in PALETTE] == [False] * len(SOLID) + [True] * len(DASHED)


@pytest.mark.parametrize("seed", range(6))
def test_neighbors_differ_and_their_neighbors_nearly_always(seed: int) -> None:
    borders = planar(160, seed)
    colors = colored(borders)
    assert set(colors.values()) <= set(PALETTE)
    assert alike(colors, borders) == 0
    sight = nx.power(borders, 2)
    assert alike(colors, sight) < 0.01 * sight.number_of_edges()
    assert colored(borders) == colors


def test_all_in_sight_differ_where_it_can_be_had() -> None:
    """A grid of six by six: nine colors would do for a community and the eight in its sight."""
    grid = nx.convert_node_labels_to_integers(nx.grid_2d_graph(6, 6), ordering="sorted")
    assert alike(colored(grid), nx.power(grid, 2)) == 0


def test_colors_that_are_given_stay_and_the_rest_keeps_apart() -> None:
    borders = planar(40, 1)
    fixed = {0: PALETTE[3], 7: "#123456", 21: PALETTE[8]}
    colors = colored(borders, fixed)
    assert {one: colors[one] for one in fixed} == fixed
    assert alike(colors, borders) == 0


def test_what_no_plane_map_has_is_colored_as_well_as_can_be() -> None:
    """Twelve communities, each beside each other: two colors stand twice."""
    colors = colored(nx.complete_graph(12))
    assert set(colors.values()) == set(PALETTE)
    assert alike(colors, nx.complete_graph(12)) == 12 - len(PALETTE)


def test_numbers_are_read_on_every_color() -> None:
    """WCAG's contrast of text, 4.5, on the palette and on the darkest and lightest colors."""
    for color in (*PALETTE, "#000000", "#FFFFFF", "#332288", "#777777"):
        lightness = [lab(one, SIGHT["normal"])[0] for one in (color, ink_on(color))]
        light = [((one + 16) / 116) ** 3 if one > 8 else one / 903.3 for one in lightness]
        assert (max(light) + 0.05) / (min(light) + 0.05) > 4.5
