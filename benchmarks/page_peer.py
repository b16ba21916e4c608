"""The page beside a folium page of the same content: bytes, and time until a reader can use it.

``python benchmarks/page_peer.py [DISTRICT]`` prints a table; without a district one of 1,400
schools is invented. Both pages hold the tiles, schools and flows of one plan, a card for every
school, the names and the table of the communities. Folium's page asks for ten files from the
network; here Leaflet and jQuery stand in it and the rest is left out, which favors it. Both are
opened in turn in one browser, and the clock stops when the second frame after loading is drawn and
the page takes input again.
"""

from __future__ import annotations

import re
import statistics
import sys
import tempfile
from html import escape
from pathlib import Path

import folium
import pandas as pd
from playwright.sync_api import Browser, sync_playwright
from xstatic.pkg import jquery, leaflet

from feeder.district.synthetic import write_synthetic
from feeder.pipeline import Plan, plan_district
from feeder.render.colours import community_colours
from feeder.render.labels import label_points
from feeder.render.topology import simplified

SCHOOLS = 1_400
ROUNDS = 7
CHROMIUM = "/usr/bin/chromium"
READY = """
window.readyAfter = new Promise((done) => addEventListener("load", () =>
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(
    () => done(performance.now()))))));
"""


def folium_page(plan: Plan) -> str:
    """Return what the page shows of a plan as folium draws it, Leaflet and jQuery inlined."""
    assignment = plan.assignment
    network, colours = assignment.network, community_colours(assignment)
    schools = assignment.district.schools.loc[list(network.graph.school_ids)]
    shown = folium.Map(prefer_canvas=False, tiles=None)
    layers = {name: folium.FeatureGroup(name) for name in ("Land", "Flows", "Schools", "Names")}
    _land(plan, colours).add_to(layers["Land"])
    at = schools[["lat", "lon"]].to_numpy().tolist()
    graph = network.graph
    lines = zip(graph.flow_from.tolist(), graph.flow_to.tolist(), strict=True)
    for sender, receiver in lines:
        folium.PolyLine([at[sender], at[receiver]], weight=1).add_to(layers["Flows"])
    for point, name, text in zip(at, schools["name"], _cards(plan, schools), strict=True):
        mark = folium.CircleMarker(point, radius=3, tooltip=escape(name), popup=folium.Popup(text))
        mark.add_to(layers["Schools"])
    for name, point in zip(assignment.community_names, label_points(assignment)[0], strict=True):
        icon = folium.DivIcon(html=escape(name), icon_size=(120, 20))
        folium.Marker(point.tolist(), icon=icon).add_to(layers["Names"])
    for layer in layers.values():
        layer.add_to(shown)
    folium.LayerControl().add_to(shown)
    corners = schools[["lat", "lon"]]
    shown.fit_bounds([corners.min().tolist(), corners.max().tolist()])
    return _with_table(_inlined(shown.get_root().render()), plan)


def _land(plan: Plan, colours: tuple[str, ...]) -> folium.GeoJson:
    """Return the tiles in the colours of their communities."""
    network = plan.assignment.network
    community = plan.assignment.node_community[network.tiles["node"].to_numpy()]
    tiles = network.tiles[["tile_id", "geometry"]].to_crs("EPSG:4326")
    names = plan.assignment.community_names
    tiles["colour"] = [colours[c] if c >= 0 else "#ffffff" for c in community]
    tiles["community"] = [names[c] if c >= 0 else "" for c in community]
    tiles["geometry"] = simplified(network.tiles).geometry.to_crs("EPSG:4326").to_numpy()
    return folium.GeoJson(
        tiles,
        style_function=lambda tile: {"fillColor": tile["properties"]["colour"], "weight": 1},
        tooltip=folium.GeoJsonTooltip(["community"]),
    )


def _cards(plan: Plan, schools: pd.DataFrame) -> list[str]:
    """Return the card of every school: what it is, its community, its flows."""
    assignment = plan.assignment
    graph, names = assignment.network.graph, schools["name"].tolist()
    lines: list[list[str]] = [[] for _ in names]
    flows = (graph.flow_from.tolist(), graph.flow_to.tolist(), graph.flow_students.tolist())
    for sender, receiver, students in zip(*flows, strict=True):
        lines[sender].append(f"<li>to {escape(names[receiver])}: {students:,.0f}</li>")
        lines[receiver].append(f"<li>from {escape(names[sender])}: {students:,.0f}</li>")
    homes = [assignment.community_names[c] if c >= 0 else "" for c in assignment.school_community]
    facts = zip(names, schools["level"], schools["enrollment"], homes, lines, strict=True)
    return [
        f"<h4>{escape(name)}</h4><p>{level}, {students:,} students, {escape(home)}</p>"
        f"<ul>{''.join(own)}</ul>"
        for name, level, students, home, own in facts
    ]


def _with_table(page: str, plan: Plan) -> str:
    """Put the table of communities below the map."""
    return page.replace("</body>", plan.communities.to_html(classes="table") + "</body>", 1)


def _inlined(page: str) -> str:
    """Put Leaflet into a folium page and take out every address it would ask for."""
    folder = Path(leaflet.BASE_DIR)
    files = (folder / "leaflet.js", Path(jquery.BASE_DIR) / "jquery.js")
    code = "\n".join(file.read_text(encoding="utf-8") for file in files)
    style = (folder / "leaflet.css").read_text(encoding="utf-8")
    page = re.sub(r'<script src="https?://[^"]*"></script>', "", page)
    page = re.sub(r'<link rel="stylesheet" href="https?://[^"]*"\s*/?>', "", page)
    return page.replace("<head>", f"<head><style>{style}</style><script>{code}</script>", 1)


def ready_after(browser: Browser, file: Path) -> float:
    """Return the milliseconds until a page can be used."""
    page = browser.new_page(viewport={"width": 1280, "height": 850})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.add_init_script(READY)
    page.goto(file.as_uri())
    found = float(page.evaluate("window.readyAfter"))
    page.close()
    assert not errors, errors
    return found


def main() -> None:
    """Print bytes and milliseconds of both pages, and their ratios."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        district = Path(sys.argv[1]) if len(sys.argv) > 1 else work / "district"
        if len(sys.argv) == 1:
            write_synthetic(district, schools=SCHOOLS, seed=0)
        plan = plan_district(district)
        plan.write(work / "plan")
        pages = {"feeder": work / "plan" / "map.html", "folium": work / "folium.html"}
        pages["folium"].write_text(folium_page(plan), encoding="utf-8")
        with sync_playwright() as run:
            browser = run.chromium.launch(
                executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
            )
            times: dict[str, list[float]] = {kind: [] for kind in pages}
            for _ in range(ROUNDS):
                for kind, file in pages.items():
                    times[kind].append(ready_after(browser, file))
            browser.close()
        sizes = {kind: file.stat().st_size for kind, file in pages.items()}
    for kind in pages:
        low, middle = min(times[kind]), statistics.median(times[kind])
        print(f"{kind:8} {sizes[kind]:>10,} bytes  {middle:7.0f} ms (least {low:.0f})")
    ratio = statistics.median(times["feeder"]) / statistics.median(times["folium"])
    weight = sizes["feeder"] / sizes["folium"]
    print(f"feeder / folium: {weight:.2f} of the bytes, {ratio:.2f} of the time")


if __name__ == "__main__":
    main()
