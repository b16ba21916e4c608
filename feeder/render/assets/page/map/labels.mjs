// Names of communities: whole where there is room, as the number of the table where there is not.

import { element, nameOf } from "../elements.mjs";
import { shown } from "../state.mjs";

// As the style sheet has them.
const LETTERS = 12;
const WIDEST = 120;
const MOST_LINES = 3;
const MOST_LETTERS = 200;

/** Keep labels apart at every zoom. Returns what puts one into every community of the plan. */
export function drawLabels(map) {
  const places = L.layerGroup().addTo(map);
  let labels = [];
  map.on("zoomend", () => arrangeLabels(map, labels));
  return () => {
    places.clearLayers();
    const sizeOf = measure();
    labels = shown.plan.communities
      .filter((community) => community.label)
      .map((community) => ({ ...putLabel(places, community), size: sizeOf(`${community.number} ${community.name}`) }));
    // The largest land first: it has most room, and is missed most.
    labels.sort((a, b) => b.community.labelRadius - a.community.labelRadius);
    arrangeLabels(map, labels);
  };
}

function putLabel(places, community) {
  const sign = shown.plan.broken.has(community.id) ? "\u26a0 " : "";
  const full = element("span", { class: "full" }, `${sign}${community.number} `, nameOf(community));
  const box = element("div", { class: "label" }, element("span", { class: "key-number" }, `${sign}${community.number}`), full);
  const icon = L.divIcon({ html: box, className: "label-place", iconSize: [0, 0] });
  L.marker(community.label, { icon, pane: "names", interactive: false, keyboard: false }).addTo(places);
  return { community, box };
}

/**
 * Returns what tells the size of a name as its label sets it, in lines of at most WIDEST pixels.
 * Counted rather than asked for: asking makes a browser lay out the whole page.
 */
function measure() {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `700 ${LETTERS}px "Helvetica Neue", Helvetica, Arial, "Liberation Sans", sans-serif`;
  const space = pen.measureText(" ").width;
  return (name) => {
    let [line, widest, lines] = [0, 0, 1];
    for (const word of name.slice(0, MOST_LETTERS).split(/\s+/)) {
      const width = pen.measureText(word).width;
      const breaks = line > 0 && line + space + width > WIDEST;
      line = breaks || !line ? width : line + space + width;
      lines += Number(breaks);
      widest = Math.max(widest, line);
    }
    return { width: Math.min(widest, WIDEST), height: Math.min(lines, MOST_LINES) * LETTERS * 1.15 };
  };
}

/** Every number has its place; a full name takes one only where it hides no other label. */
function arrangeLabels(map, labels) {
  const placed = labels.map(({ community, box, size }) => {
    const at = map.latLngToContainerPoint(community.label);
    const edge = L.latLng(community.label).toBounds(2 * community.labelRadius);
    const room = Math.abs(map.latLngToContainerPoint(edge.getNorthEast()).y - at.y);
    return { box, at, room, name: around(at, size.width, size.height), number: around(at, 18, 16) };
  });
  const taken = [];
  for (const one of placed) {
    const wide = one.name.right - one.at.x > 1.7 * one.room;
    const others = placed.filter((other) => other !== one).map((other) => other.number);
    const short = wide || [...taken, ...others].some((box) => overlap(box, one.name));
    one.box.classList.toggle("short", short);
    if (!short) taken.push(one.name);
  }
}

function around({ x, y }, width, height) {
  const pad = 2;
  return { left: x - width / 2 - pad, right: x + width / 2 + pad, top: y - height / 2 - pad, bottom: y + height / 2 + pad };
}

function overlap(a, b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
