"""The page beside a folium page of the same content: bytes, and time until a reader can use it.

``npm install --prefix DIR leaflet@1.9.3 jquery@3.7.1 bootstrap@5.2.2 leaflet.awesome-markers
@fortawesome/fontawesome-free@6.2.0`` fetches what a folium page asks the network for; then ``python
benchmarks/page_peer.py DIR [DISTRICT]`` prints a table. Without a district one of 1,400 schools is
invented. Both pages hold the tiles, schools and flows of one plan, a card for every school, the
names and the table of the communities; folium's has no second language, search, figures, ladder or
editing. Both are opened in turn in one browser. A page is interactive when it is loaded: its map is
drawn and answers a click; it is settled when the second frame after that is on the screen.
"""

from __future__ import annotations

import re
import sys
import tempfile
from html import escape
from pathlib import Path

import folium
import numpy as np
import pandas as pd
from playwright.sync_api import Browser, sync_playwright

from feeder import Plan, plan_district
from feeder.district.synthetic import write_synthetic
from feeder.render.labels import label_points
from feeder.render.page.topology import simplified

SCHOOLS = 1_400
ROUNDS = 7
CHROMIUM = "/usr/bin/chromium"
READY = """
window.readyAfter = new Promise((done) => addEventListener("load", () => {
  const loaded = performance.now();
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(
    () => done([loaded, performance.now()]))));
}));
"""


def folium_page(plan: Plan, modules: Path) -> str:
    """Return what the page shows of a plan as folium draws it, its files inlined."""
    assignment = plan.assignment
    network, colors = assignment.network, assignment.community_colors
    schools = assignment.district.schools.loc[list(network.graph.school_ids)]
    shown = folium.Map(prefer_canvas=False, tiles=None)
    layers = {name: folium.FeatureGroup(name) for name in ("Land", "Flows", "Schools", "Names")}
    _land(plan, colors).add_to(layers["Land"])
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
    return _with_table(_inlined(shown.get_root().render(), modules), plan)


def _land(plan: Plan, colors: tuple[str, ...]) -> folium.GeoJson:
    """Return the tiles in the colors of their communities."""
    network = plan.assignment.network
    community = plan.assignment.node_community[network.tiles["node"].to_numpy()]
    tiles = network.tiles[["tile_id", "geometry"]].to_crs("EPSG:4326")
    names = plan.assignment.community_names
    tiles["color"] = [colors[c] if c >= 0 else "#ffffff" for c in community]
    tiles["community"] = [names[c] if c >= 0 else "" for c in community]
    tiles["geometry"] = simplified(network.tiles).geometry.to_crs("EPSG:4326").to_numpy()
    return folium.GeoJson(
        tiles,
        style_function=lambda tile: {"fillColor": tile["properties"]["color"], "weight": 1},
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


def _inlined(page: str, modules: Path) -> str:
    """Put the files a folium page asks for into it; what npm does not have is left out."""

    def script(found: re.Match[str]) -> str:
        return f"<script>{_file(found[1], modules)}</script>"

    def style(found: re.Match[str]) -> str:
        return f"<style>{_file(found[1], modules)}</style>"

    page = re.sub(r'<script src="(https?://[^"]*)"></script>', script, page)
    return re.sub(r'<link rel="stylesheet" href="(https?://[^"]*)"\s*/?>', style, page)


def _file(url: str, modules: Path) -> str:
    """Return the text of a file by the address folium gives it; pictures and fonts stay away."""
    name = url.rsplit("/", 1)[1]
    found = re.search(r"/npm/((?:@[^/@]+/)?[^/@]+)@[^/]+/(.+)$", url)
    places = [modules / found[1] / found[2]] if found else sorted(modules.glob(f"*/dist/{name}"))
    places += sorted(modules.glob(f"*/dist/{re.sub(r'-[0-9.]+', '.', name)}"))
    for place in places:
        if place.exists():
            text = place.read_text(encoding="utf-8").replace("</script", "<\\/script")
            return re.sub(r"url\([^)]*\)", "none", text) if name.endswith(".css") else text
    return ""


def ready_after(browser: Browser, file: Path) -> tuple[float, float]:
    """Return the milliseconds until a page is interactive, and until it is settled."""
    page = browser.new_page(viewport={"width": 1280, "height": 850})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.add_init_script(READY)
    page.goto(file.as_uri())
    loaded, settled = page.evaluate("window.readyAfter")
    page.close()
    assert not errors, errors
    return loaded, settled


def main() -> None:
    """Print bytes and milliseconds of both pages, and their ratios."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        district = Path(sys.argv[2]) if len(sys.argv) > 2 else work / "district"
        if len(sys.argv) == 2:
            write_synthetic(district, schools=SCHOOLS, seed=0)
        plan = plan_district(district)
        plan.write(work / "plan")
        pages = {"feeder": work / "plan" / "map.html", "folium": work / "folium.html"}
        pages["folium"].write_text(
            folium_page(plan, Path(sys.argv[1]) / "node_modules"), encoding="utf-8"
        )
        with sync_playwright() as run:
            browser = run.chromium.launch(
                executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
            )
            times: dict[str, list[tuple[float, float]]] = {kind: [] for kind in pages}
            for _ in range(ROUNDS):
                for kind, file in pages.items():
                    times[kind].append(ready_after(browser, file))
            browser.close()
        sizes = {kind: file.stat().st_size for kind, file in pages.items()}
    medians = {kind: np.median(times[kind], axis=0) for kind in pages}
    for kind in pages:
        loaded, settled = medians[kind]
        print(
            f"{kind:8} {sizes[kind]:>10,} bytes {loaded:7.0f} ms interactive {settled:7.0f} settled"
        )
    loaded, settled = medians["feeder"] / medians["folium"]
    weight = sizes["feeder"] / sizes["folium"]
    print(f"feeder / folium: {weight:.2f} of the bytes, {loaded:.2f} and {settled:.2f} of the time")


if __name__ == "__main__":
    main()
