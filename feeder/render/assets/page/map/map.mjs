// The map: tiles in the colours of their communities, borders, flows and schools, all as SVG.

import { badge, drawing, element, nameOf, placeOf } from "../elements.mjs";
import { describe } from "../panel/card.mjs";
import { shown } from "../state.mjs";
import { communityBorders } from "../topology.mjs";
import { paint, unknownPattern, valueLine } from "./colouring.mjs";
import { flowLine, LEVELS, SchoolMark, swings } from "./symbols.mjs";

const RING_GAP = 3.5;
const PANES = ["tiles", "borders", "flows", "schools", "names"];

/** Draw what is the same in every plan; `choose(thing)` is called when a reader clicks. */
export function drawMap(page, choose) {
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
  const home = L.latLngBounds(page.home);
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
  renderers.tiles.addTo(map);
  map.getPane("tiles").querySelector("svg").prepend(unknownPattern());

  drawTiles(map, renderers.tiles, page, choose);
  const borders = drawBorders(map, renderers.borders);
  drawFlows(map, renderers.flows, page);
  drawSchools(map, renderers.schools, page, choose);
  const rings = L.layerGroup().addTo(map);
  const fit = fitToZoom(map, page);
  map.on("click", () => choose(null));
  const present = () => {
    paintMap(map, page);
    borders.setLatLngs(communityBorders(page.topology.tiles, shown.plan.lands, page.arcs));
    presentFlows(page);
    presentRings(rings, renderers.schools, page);
    fit();
  };
  return { map, view, present, show: (thing, zoom) => show(map, page, thing, zoom) };
}

/** Colour tiles and schools: by community, or by the measure on show. */
export function paintMap(map, page) {
  const painted = paint(page);
  map.getContainer().classList.toggle("painted", Boolean(painted));
  const ofSchools = painted?.of === "school";
  for (const { shape, community, schools } of page.tiles) {
    let fillColor = community ? community.colour : "#FFFFFF";
    if (painted) fillColor = painted.fill(ofSchools ? painted.value(schools) : community && painted.value(community));
    shape.setStyle({ fillColor });
  }
  for (const school of page.schools) {
    school.shape.getElement().style.fill = ofSchools ? painted.fill(painted.value([school])) : "";
  }
}

/** Below the zoom buttons: back to the whole district. */
function wholeButton(act) {
  const house = drawing("path", { d: "M3,10L10,4L17,10M5,9V16H15V9" });
  const picture = drawing("svg", { viewBox: "0 0 20 20", width: 20, height: 20, "aria-hidden": "true" }, house);
  const button = element("button", { type: "button", "data-say-title": "page.whole_district", "data-say-aria-label": "page.whole_district" }, picture);
  button.addEventListener("click", act);
  const bar = element("div", { class: "leaflet-bar leaflet-control whole" }, button);
  L.DomEvent.disableClickPropagation(bar);
  return bar;
}

function drawTiles(map, renderer, page, choose) {
  for (const tile of page.tiles) {
    tile.shape = L.polygon(tile.rings, {
      renderer,
      pane: "tiles",
      className: "tile",
      smoothFactor: 0,
      bubblingMouseEvents: false,
    }).addTo(map);
    tile.shape.on("click", () => choose(tile.community));
    tile.shape.bindTooltip(() => tileHint(page, tile), { sticky: true, className: "hint" });
  }
}

function tileHint(page, { community, schools }) {
  const painted = paint(page);
  const values = painted?.of === "school" ? schools.flatMap((school) => [element("br"), nameOf(school), element("br"), ...valueLine(painted, school)]) : valueLine(painted, community).flatMap((line) => [element("br"), line]);
  return element("div", {}, ...placeOf(community), ...values);
}

function drawBorders(map, renderer) {
  const options = { renderer, pane: "borders", interactive: false, smoothFactor: 0 };
  return L.polyline([], { ...options, className: "border" }).addTo(map);
}

function drawFlows(map, renderer, page) {
  // The strongest last, so that they lie on top.
  for (const flow of [...page.flows].sort((a, b) => a.width - b.width)) {
    flow.shape = L.polyline([], {
      renderer,
      pane: "flows",
      className: `flow ${flow.source} width-${flow.width}`,
      interactive: false,
      smoothFactor: 0.5,
    }).addTo(map);
  }
}

function presentFlows(page) {
  for (const flow of page.flows) {
    const { shape, from, to, crossing } = flow;
    if (flow.drawn === crossing) continue;
    flow.drawn = crossing;
    shape.setLatLngs(flowLine(from.at, to.at, crossing));
    shape.getElement().classList.toggle("crossing", crossing);
    shape.getElement().classList.toggle("inside", !crossing);
  }
}

/** Schools that a ring marks: elsewhere in the reference of several plans; of one plan, those that swing. */
function marked({ plans, schools }) {
  return plans.length > 1 ? shown.plan.changes.map(({ school }) => school) : schools.filter(swings);
}

function presentRings(rings, renderer, page) {
  rings.clearLayers();
  for (const school of page.schools) school.ring = null;
  for (const school of marked(page)) {
    const options = { renderer, pane: "schools", className: `ring ${school.level}`, interactive: false };
    school.ring = L.circleMarker(school.at, options).addTo(rings);
  }
}

function drawSchools(map, renderer, page, choose) {
  const order = Object.keys(LEVELS);
  for (const school of [...page.schools].sort((a, b) => order.indexOf(a.level) - order.indexOf(b.level))) {
    school.shape = new SchoolMark(school.at, {
      renderer,
      pane: "schools",
      className: `school ${school.level}`,
      shape: LEVELS[school.level].shape,
      bubblingMouseEvents: false,
    }).addTo(map);
    school.shape.on("click", () => choose(school));
    school.shape.bindTooltip(() => schoolHint(page, school), { className: "hint", direction: "top", offset: [0, -6] });
  }
}

function schoolHint(page, school) {
  const lines = [element("strong", {}, nameOf(school)), element("br"), describe(school)];
  if (school.community) lines.push(element("br"), badge(school.community), " ", nameOf(school.community));
  for (const line of valueLine(paint(page), school)) lines.push(element("br"), line);
  return element("div", {}, ...lines);
}

/** Symbols and lines grow as a reader comes closer, and shrink where schools are many. */
function fitToZoom(map, page) {
  const start = map.getZoom();
  const [low, high] = page.home.map((corner) => map.latLngToContainerPoint(corner));
  const spacing = Math.sqrt(((high.x - low.x) * (low.y - high.y)) / page.schools.length);
  const dense = Math.min(1, Math.max(0.4, spacing / 34));
  const fit = () => {
    const scale = Math.min(1.9, Math.max(0.4, dense * 2 ** ((map.getZoom() - start) / 2.5)));
    for (const { shape, ring, level } of page.schools) {
      shape.setRadius(scale * LEVELS[level].size);
      ring?.setRadius(scale * (LEVELS[level].size + RING_GAP));
    }
    const { style } = map.getContainer();
    style.setProperty("--scale", Math.max(0.7, scale).toFixed(3));
    style.setProperty("--stroke", `${Math.min(1.2, 0.35 + 0.65 * scale).toFixed(3)}px`);
  };
  map.on("zoomend", fit);
  return fit;
}

/** Light up a school with its flows, or a community with its land, schools and flows. */
function show(map, page, thing, zoom) {
  const container = map.getContainer();
  container.classList.toggle("focus", Boolean(thing));
  const mine = (school) => school === thing || (thing && school.community === thing);
  for (const flow of page.flows) light(flow.shape, mine(flow.from) || mine(flow.to));
  const near = new Set(page.flows.filter((f) => mine(f.from) || mine(f.to)).flatMap((f) => [f.from, f.to]));
  for (const school of page.schools) {
    const lit = mine(school) || near.has(school);
    light(school.shape, lit);
    if (school.ring) light(school.ring, lit);
    school.shape.getElement().classList.toggle("chosen", school === thing);
  }
  for (const { shape, community } of page.tiles) {
    light(shape, thing && community && (community === thing || community === thing.community));
  }
  if (thing && zoom) zoomTo(map, page, thing);
}

function light(shape, on) {
  shape.getElement().classList.toggle("lit", Boolean(on));
}

function zoomTo(map, page, thing) {
  const points = thing.what === "school" ? [thing.at, ...thing.flows.flatMap((f) => [f.from.at, f.to.at])] : landOf(page, thing);
  if (points.length) {
    map.fitBounds(L.latLngBounds(points), { paddingTopLeft: [60, 40], paddingBottomRight: besideCard(map), maxZoom: 15 });
  }
}

/** Corners of a community's land, without islands far out, which are left out of every view. */
function landOf(page, community) {
  const home = L.latLngBounds(page.home);
  const own = page.tiles.filter((tile) => tile.community === community);
  return own.flatMap((tile) => tile.rings.flat(2)).filter((point) => home.contains(point));
}

/** Room that the card takes from the map: on its right, or below on a narrow screen. */
function besideCard(map) {
  const card = document.getElementById("card");
  const { x, y } = map.getSize();
  const narrow = card.offsetWidth > x / 2;
  return narrow ? [30, Math.min(card.offsetHeight, y / 2) + 20] : [card.offsetWidth + 40, 40];
}
