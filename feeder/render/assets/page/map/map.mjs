// The map: tiles in the colors of their communities, borders, flows and schools, all as SVG.

import { badge, drawing, element, nameOf, placeOf } from "../elements.mjs";
import { describe } from "../panel/card.mjs";
import { shown } from "../state.mjs";
import { communityBorders } from "../topology.mjs";
import { makeBackdrop } from "./backdrop.mjs";
import { paint, unknownPattern, valueLine } from "./colouring.mjs";
import { drawContext } from "./context.mjs";
import { drawFlows } from "./flows.mjs";
import { makeLines } from "./lines.mjs";
import { hints, Sheet } from "./sheet.mjs";
import { LEVELS, outline, swings } from "./symbols.mjs";

const RING_GAP = 3.5;
const INSIDE = "inside-dashed";
const GROUPS = ["tiles", "dashes", "context", "borders", "flows", "picked", "schools", "rings"];

/** Draw what is the same in every plan; `choose(thing)` is called when a reader clicks. */
export function drawMap(page, choose) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map("map", {
    attributionControl: false,
    zoomSnap: 0.1,
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
  const zoom = map.getContainer().querySelector(".leaflet-control-zoom");
  for (const [name, link] of [["zoom_in", zoom.firstChild], ["zoom_out", zoom.lastChild]]) {
    for (const attribute of ["title", "aria-label"]) link.setAttribute(`data-say-${attribute}`, `page.${name}`);
  }
  zoom.after(wholeButton(() => {
    choose(null);
    view();
  }));
  map.createPane("backdrop").style.zIndex = 200;
  // The key and the switch leave more or less room, as they are unfolded and in each language.
  new ResizeObserver(() => map.invalidateSize({ animate: false, pan: false })).observe(map.getContainer());
  map.createPane("sheet").style.zIndex = 400;
  page.backdrop = page.background && makeBackdrop(map, page.background);
  map.createPane("names").style.zIndex = 440;
  map.getPane("names").style.pointerEvents = "none";

  const sheet = new Sheet(home.getNorthWest(), GROUPS);
  const lines = makeLines(sheet, page.topology);
  const pattern = unknownPattern();
  sheet.groups.tiles.append(pattern);
  drawTiles(sheet, page, lines);
  drawContext(map, sheet, page);
  const [inside, dashes] = [drawing("path", { "clip-rule": "evenodd" }), drawing("path", { class: "dashes", "clip-path": `url(#${INSIDE})` })];
  sheet.groups.dashes.append(drawing("clipPath", { id: INSIDE }, inside), dashes);
  const border = drawing("path", { class: "border" });
  const broken = drawing("path", { class: "broken-border" });
  sheet.groups.borders.append(border, broken);
  drawSchools(sheet, page);
  const flows = drawFlows(sheet, page);
  sheet.addTo(map);
  answer(map, sheet, page, choose);
  const fit = fitToZoom(map, sheet, page, pattern);
  const present = () => {
    paintMap(map, page);
    // Half of the line lies inside the communities that are dashed; the rest is cut off.
    const isDashed = (community) => Boolean(community?.dashed);
    inside.setAttribute("d", page.tiles.filter(({ community }) => isDashed(community)).map(({ shape }) => shape.getAttribute("d")).join(""));
    dashes.setAttribute("d", lines.each(communityBorders(page.topology, shown.plan.lands.map((one) => (isDashed(one) ? one : null)), isDashed)));
    border.setAttribute("d", lines.each(communityBorders(page.topology, shown.plan.lands)));
    const isBroken = (community) => Boolean(community) && shown.plan.broken.has(community.id);
    broken.setAttribute("d", lines.each(communityBorders(page.topology, shown.plan.lands.map((one) => (isBroken(one) ? one : null)), isBroken)));
    flows.present();
    presentRings(sheet, page);
    fit();
  };
  return { map, view, present, show: (thing, zoom) => show({ map, sheet, page, flows }, thing, zoom) };
}

/** A reader points at and clicks on tiles and schools; on anything else is on nothing. */
function answer(map, sheet, page, choose) {
  const things = new Map([...page.tiles, ...page.schools].map((thing) => [thing.shape, thing]));
  const thingOf = (target) => things.get(target);
  hints(map, sheet, thingOf, (thing) => (thing.what === "school" ? schoolHint : tileHint)(page, thing));
  sheet.getElement().addEventListener("click", (event) => {
    const thing = thingOf(event.target);
    if (!thing || map.dragging.moved()) return;
    choose(thing.what === "school" ? thing : thing.community);
    event.stopPropagation();
  });
  map.on("click", () => choose(null));
}

/** Colour tiles and schools: by community, or by the measure on show. */
export function paintMap(map, page) {
  const painted = paint(page);
  map.getContainer().classList.toggle("painted", Boolean(painted));
  const ofSchools = painted?.of === "school";
  for (const { shape, community, schools } of page.tiles) {
    let fill = community ? community.color : "#FFFFFF";
    if (painted) fill = painted.fill(ofSchools ? painted.value(schools) : community && painted.value(community));
    shape.setAttribute("fill", fill);
  }
  for (const school of page.schools) school.shape.style.fill = ofSchools ? painted.fill(painted.value([school])) : "";
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

function drawTiles(sheet, page, lines) {
  for (const tile of page.tiles) {
    const rings = page.topology.tiles[tile.index].flat();
    tile.shape = drawing("path", { class: "tile", d: rings.map(lines.ring).join("") });
    tile.box = lines.box(rings.flat());
  }
  sheet.groups.tiles.append(...page.tiles.map(({ shape }) => shape));
}

/** Schools that a ring marks: elsewhere in the reference of several plans; of one plan, those that swing. */
function marked({ plans, schools }) {
  return plans.length > 1 ? shown.plan.changes.map(({ school }) => school) : schools.filter(swings);
}

function presentRings(sheet, page) {
  for (const school of page.schools) school.ring = null;
  for (const school of marked(page)) {
    school.ring = drawing("path", { class: `ring ${school.level}`, d: outline("circle") });
  }
  sheet.groups.rings.replaceChildren(...page.schools.flatMap(({ ring }) => ring ?? []));
}

function drawSchools(sheet, page) {
  for (const school of page.schools) {
    school.spot = sheet.at(school.at);
    school.shape = drawing("path", { class: `school ${school.level}`, d: outline(LEVELS[school.level].shape) });
  }
  const levels = Object.keys(LEVELS);
  const order = [...page.schools].sort((a, b) => levels.indexOf(a.level) - levels.indexOf(b.level));
  sheet.groups.schools.append(...order.map(({ shape }) => shape));
}

function schoolHint(page, school) {
  const lines = [element("strong", {}, nameOf(school)), element("br"), describe(school)];
  if (school.community) lines.push(element("br"), badge(school.community), " ", nameOf(school.community));
  for (const line of valueLine(paint(page), school)) lines.push(element("br"), line);
  return element("div", {}, ...lines);
}

function tileHint(page, { community, schools }) {
  const painted = paint(page);
  const lines = placeOf(community);
  for (const line of valueLine(painted, community)) lines.push(element("br"), line);
  if (painted?.of === "school") {
    for (const school of schools) lines.push(element("br"), nameOf(school), element("br"), ...valueLine(painted, school));
  }
  return element("div", {}, ...lines);
}

/** Symbols and lines grow as a reader comes closer, and shrink where schools are many. */
function fitToZoom(map, sheet, page, pattern) {
  const start = map.getZoom();
  const [low, high] = page.home.map((corner) => map.latLngToContainerPoint(corner));
  const spacing = Math.sqrt(((high.x - low.x) * (low.y - high.y)) / page.schools.length);
  const dense = Math.min(1, Math.max(0.4, spacing / 34));
  const fit = () => {
    const scale = Math.min(1.9, Math.max(0.4, dense * 2 ** ((map.getZoom() - start) / 2.5)));
    const unit = sheet.unit() * scale;
    for (const { shape, ring, level, spot } of page.schools) {
      const place = `translate(${spot})`;
      shape.setAttribute("transform", `${place} scale(${unit * LEVELS[level].size})`);
      ring?.setAttribute("transform", `${place} scale(${unit * (LEVELS[level].size + RING_GAP / scale)})`);
    }
    pattern.firstChild.setAttribute("patternTransform", `scale(${sheet.unit()})`);
    const { style } = map.getContainer();
    style.setProperty("--scale", Math.max(0.7, scale).toFixed(3));
    style.setProperty("--stroke", `${Math.min(1.2, 0.35 + 0.65 * scale).toFixed(3)}px`);
  };
  map.on("zoomend", fit);
  return fit;
}

/** Light up a school with its flows, or a community with its land, schools and flows. */
function show({ map, sheet, page, flows }, thing, zoom) {
  const container = map.getContainer();
  container.classList.toggle("focus", Boolean(thing));
  const mine = (school) => school === thing || (thing && school.community === thing);
  const own = thing ? page.flows.filter(({ from, to }) => mine(from) || mine(to)) : [];
  flows.pick(own);
  const near = new Set(own.flatMap(({ from, to }) => [from, to]));
  for (const school of page.schools) {
    const lit = mine(school) || near.has(school);
    light(school.shape, lit);
    if (school.ring) light(school.ring, lit);
    school.shape.classList.toggle("chosen", school === thing);
  }
  for (const { shape, community } of page.tiles) {
    light(shape, thing && community && (community === thing || community === thing.community));
  }
  if (thing && zoom) zoomTo(map, sheet, page, thing);
}

function light(shape, on) {
  shape.classList.toggle("lit", Boolean(on));
}

function zoomTo(map, sheet, page, thing) {
  const bounds = thing.what === "school" ? L.latLngBounds([thing.at, ...thing.flows.flatMap((f) => [f.from.at, f.to.at])]) : landOf(sheet, page, thing);
  if (bounds.isValid()) {
    map.fitBounds(bounds, { paddingTopLeft: [60, 40], paddingBottomRight: besideCard(map), maxZoom: 15 });
  }
}

/** Around a community's land, without islands far out, which are left out of every view. */
function landOf(sheet, page, community) {
  const home = L.latLngBounds(page.home);
  const corners = page.tiles
    .filter((tile) => tile.community === community)
    .flatMap(({ box: [left, top, right, bottom] }) => [[left, top], [right, bottom]])
    .map((point) => sheet.placeOf(point));
  return L.latLngBounds(corners.filter((place) => home.pad(0.001).contains(place)));
}

/** Room that the card takes from the map: on its right, or below on a narrow screen. */
function besideCard(map) {
  const card = document.getElementById("card");
  const { x, y } = map.getSize();
  const narrow = card.offsetWidth > x / 2;
  return narrow ? [30, Math.min(card.offsetHeight, y / 2) + 20] : [card.offsetWidth + 40, 40];
}
