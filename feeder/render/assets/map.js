// The map: tiles in the colours of their communities, borders, flows and schools, all as SVG.

const PANES = ["tiles", "borders", "flows", "schools", "names"];

/** Draw the plan; `choose(thing)` is called when a reader clicks. */
function drawMap(plan, choose) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map("map", {
    attributionControl: false,
    zoomSnap: 0.25,
    zoomDelta: 0.5,
    wheelPxPerZoomLevel: 120,
    zoomAnimation: !calm,
    fadeAnimation: !calm,
    inertia: !calm,
  });
  const home = L.latLngBounds(plan.home);
  const view = () => map.fitBounds(home, { padding: [12, 12], animate: false });
  view();
  L.control.scale({ position: "bottomright" }).addTo(map);
  map.getContainer().querySelector(".leaflet-control-zoom").after(wholeButton(() => {
    choose(null);
    view();
  }));
  const renderers = {};
  PANES.forEach((name, depth) => {
    map.createPane(name).style.zIndex = 400 + 10 * depth;
    renderers[name] = L.svg({ pane: name, padding: 0.5 });
  });
  map.getPane("names").style.pointerEvents = "none";

  drawTiles(map, renderers.tiles, plan, choose);
  drawBorders(map, renderers.borders, plan);
  drawFlows(map, renderers.flows, plan);
  drawSchools(map, renderers.schools, plan, choose);
  fitToZoom(map, plan);
  map.on("click", () => choose(null));
  return { map, view, show: (thing, zoom) => show(map, plan, thing, zoom) };
}

/** Below the zoom buttons: back to the whole district. */
function wholeButton(act) {
  const house = drawing("path", { d: "M3,10L10,4L17,10M5,9V16H15V9" });
  const picture = drawing("svg", { viewBox: "0 0 20 20", width: 20, height: 20, "aria-hidden": "true" }, house);
  const button = element("button", { type: "button", title: "Whole district", "aria-label": "Whole district" }, picture);
  button.addEventListener("click", act);
  const bar = element("div", { class: "leaflet-bar leaflet-control whole" }, button);
  L.DomEvent.disableClickPropagation(bar);
  return bar;
}

function drawTiles(map, renderer, plan, choose) {
  plan.tiles.forEach((rings, index) => {
    const community = plan.communities[plan.tileCommunity[index]];
    const shape = L.polygon(rings, {
      renderer,
      pane: "tiles",
      className: "tile",
      fillColor: community ? community.colour : "#FFFFFF",
      smoothFactor: 0,
      bubblingMouseEvents: false,
    }).addTo(map);
    if (!community) return;
    community.shapes.push(shape);
    shape.on("click", () => choose(community));
    shape.bindTooltip(() => element("div", {}, badge(community), " ", nameOf(community)), {
      sticky: true,
      className: "hint",
    });
  });
}

function drawBorders(map, renderer, plan) {
  const options = { renderer, pane: "borders", interactive: false, smoothFactor: 0 };
  L.polyline(plan.borders, { ...options, className: "border" }).addTo(map);
}

function drawFlows(map, renderer, plan) {
  // The strongest last, so that they lie on top.
  for (const flow of [...plan.flows].sort((a, b) => a.width - b.width)) {
    const way = flow.crossing ? "crossing" : "inside";
    flow.shape = L.polyline(flowLine(flow.from.at, flow.to.at, flow.crossing), {
      renderer,
      pane: "flows",
      className: `flow ${way} ${flow.source} width-${flow.width}`,
      interactive: false,
      smoothFactor: 0.5,
    }).addTo(map);
  }
}

function drawSchools(map, renderer, plan, choose) {
  const order = Object.keys(LEVELS);
  for (const school of [...plan.schools].sort((a, b) => order.indexOf(a.level) - order.indexOf(b.level))) {
    school.shape = new SchoolMark(school.at, {
      renderer,
      pane: "schools",
      className: `school ${school.level}`,
      shape: LEVELS[school.level].shape,
      bubblingMouseEvents: false,
    }).addTo(map);
    school.shape.on("click", () => choose(school));
    school.shape.bindTooltip(() => schoolHint(school), { className: "hint", direction: "top", offset: [0, -6] });
  }
}

function schoolHint(school) {
  const lines = [element("strong", {}, nameOf(school)), element("br"), describe(school)];
  if (school.community) lines.push(element("br"), badge(school.community), " ", nameOf(school.community));
  return element("div", {}, ...lines);
}

/** Symbols and lines grow as a reader comes closer, and shrink where schools are many. */
function fitToZoom(map, plan) {
  const start = map.getZoom();
  const [low, high] = plan.home.map((corner) => map.latLngToContainerPoint(corner));
  const spacing = Math.sqrt(((high.x - low.x) * (low.y - high.y)) / plan.schools.length);
  const dense = Math.min(1, Math.max(0.4, spacing / 34));
  const fit = () => {
    const scale = Math.min(1.9, Math.max(0.4, dense * 2 ** ((map.getZoom() - start) / 2.5)));
    for (const school of plan.schools) school.shape.setRadius(scale * LEVELS[school.level].size);
    const { style } = map.getContainer();
    style.setProperty("--scale", Math.max(0.7, scale).toFixed(3));
    style.setProperty("--stroke", `${Math.min(1.2, 0.35 + 0.65 * scale).toFixed(3)}px`);
  };
  map.on("zoomend", fit);
  fit();
}

/** Light up a school with its flows, or a community with its land, schools and flows. */
function show(map, plan, thing, zoom) {
  const container = map.getContainer();
  container.classList.toggle("focus", Boolean(thing));
  const mine = (school) => school === thing || (thing && school.community === thing);
  for (const flow of plan.flows) light(flow.shape, mine(flow.from) || mine(flow.to));
  const near = new Set(plan.flows.filter((f) => mine(f.from) || mine(f.to)).flatMap((f) => [f.from, f.to]));
  for (const school of plan.schools) light(school.shape, mine(school) || near.has(school));
  for (const community of plan.communities) {
    const lit = community === thing || (thing && thing.community === community);
    for (const shape of community.shapes) light(shape, lit);
  }
  for (const school of plan.schools) school.shape.getElement().classList.toggle("chosen", school === thing);
  if (thing && zoom) zoomTo(map, thing);
}

function light(shape, on) {
  shape.getElement().classList.toggle("lit", Boolean(on));
}

function zoomTo(map, thing) {
  const points = thing.what === "school" ? [thing.at, ...thing.flows.flatMap((f) => [f.from.at, f.to.at])] : thing.points();
  if (points.length) {
    map.fitBounds(L.latLngBounds(points), { paddingTopLeft: [60, 40], paddingBottomRight: besideCard(map), maxZoom: 15 });
  }
}

/** Room that the card takes from the map: on its right, or below on a narrow screen. */
function besideCard(map) {
  const card = document.getElementById("card");
  const { x, y } = map.getSize();
  const narrow = card.offsetWidth > x / 2;
  return narrow ? [30, Math.min(card.offsetHeight, y / 2) + 20] : [card.offsetWidth + 40, 40];
}
