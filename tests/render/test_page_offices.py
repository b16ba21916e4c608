"""What the page is told of minutes: how to work them out by distance, all figures by streets."""

from dataclasses import replace

import numpy as np
from publication import published

from feeder.network.travel import StreetTravel
from feeder.planning import Assignment
from feeder.render.page.payload import page_data
from feeder.render.page.views import PlanView


def told(plan: Assignment) -> tuple[dict, PlanView]:
    view = PlanView("Plan", published(plan))
    data = page_data([view], tags=["en"], below=10, left_out={"en": ""})
    return data, view


def test_by_distance_the_page_computes(toy: Assignment) -> None:
    data, _ = told(toy)
    assert data["facts"]["travel"] == {"detour": 1.3, "speed_km_h": 30.0}
    assert data["plans"][0]["minutes"] is None
    assert data["minutesToday"] is None
    about = data["definitions"]["office_minutes_mean"]["facts"]["travel"]
    assert about == {"key": "definition.by_distance", "facts": {"detour": 1.3, "speed": 30}}


def test_by_streets_every_figure_is_told(toy: Assignment) -> None:
    n = len(toy.network.graph.school_ids)
    minutes = np.random.default_rng(3).uniform(1, 40, (n, n))
    np.fill_diagonal(minutes, 0)
    network = replace(toy.network, travel=StreetTravel(minutes))
    data, view = told(replace(toy, network=network))
    assert data["facts"]["travel"] is None
    given = data["plans"][0]["minutes"]
    for name in ("office_minutes_mean", "office_minutes_max"):
        assert given["plan"][name]["value"] == view.scorecard.plan[name].value
        assert given["communities"][name] == view.scorecard.communities[name].tolist()
    assert given["communities"]["office"] == view.scorecard.communities["office"].tolist()
    about = data["definitions"]["office_minutes_max"]["facts"]["travel"]
    assert about["key"] == "definition.by_streets"
