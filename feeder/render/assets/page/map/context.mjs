// What readers find their way by: streets and water under the borders, names of neighborhoods on top.

import { drawing, element, nameOf } from "../elements.mjs";
import { sample } from "./symbols.mjs";

/** Zoom steps beyond the opening view from which neighborhoods are named. */
const NAMED_FROM = 1;

/** Draw the context that the page has; classes of the map turn each kind off. */
export function drawContext(map, sheet, page) {
  const { streets = [], water = [], places = [] } = page.context;
  const lines = (steps, name) => drawing("path", { class: name, d: steps.map((line) => pathOf(sheet, page, line)).join("") });
  if (water.length) {
    const open = water.filter((line) => !closes(line));
    sheet.groups.context.append(lines(water.filter(closes), "water area"), lines(open, "water"));
  }
  if (streets.length) sheet.groups.context.append(lines(streets, "street"));
  if (!places.length) return;
  const layer = L.layerGroup();
  for (const place of places) {
    const icon = L.divIcon({ html: element("div", { class: "neighborhood" }, nameOf(place)), className: "label-place", iconSize: [0, 0] });
    L.marker([place.lat, place.lon], { icon, pane: "names", interactive: false, keyboard: false }).addTo(layer);
  }
  const start = map.getZoom();
  const follow = () => (map.getZoom() >= start + NAMED_FROM ? layer.addTo(map) : layer.remove());
  map.on("zoomend", follow);
  follow();
}

/** A small picture of a kind for the key. */
export function contextSample(kind) {
  if (kind === "places") return sample(drawing("text", { x: 15, y: 11, class: "letter light" }, "Aa"));
  return sample(drawing("path", { class: kind === "water" ? "water" : "street", d: "M1,10Q10,2 15,8T29,5" }));
}

function pathOf(sheet, { topology }, steps) {
  const { scale, translate } = topology.transform;
  let [x, y] = [0, 0];
  const points = steps.map(([dx, dy]) => {
    x += dx;
    y += dy;
    return sheet.at([y * scale[1] + translate[1], x * scale[0] + translate[0]]);
  });
  return `M${points.join(" ")}`;
}

/** Whether steps lead back to where they began. */
function closes([, ...steps]) {
  return steps.length > 2 && [0, 1].every((axis) => steps.reduce((sum, step) => sum + step[axis], 0) === 0);
}
