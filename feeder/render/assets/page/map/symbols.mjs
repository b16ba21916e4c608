// What stands for what: a shape for every level, a line for every flow.

import { drawing } from "../elements.mjs";

export const LEVELS = {
  elementary: { shape: "circle", size: 4 },
  middle: { shape: "square", size: 4.6 },
  high: { shape: "diamond", size: 6.4 },
  span: { shape: "hexagon", size: 5.2 },
  other: { shape: "triangle", size: 4.8 },
};

export const SOURCES = ["observed", "zoned", "estimated"];

/** Percent of the good plans of an ensemble, rounded down, under which a school swings. */
const SWING = 50;

export const LINE_WIDTHS = [0.8, 1.6, 2.6, 4, 6];

export function swings({ certainty }) {
  return certainty !== null && certainty < SWING;
}

/** Corners of a shape around the origin, for a radius of 1. */
const CORNERS = {
  square: [[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]],
  diamond: [[0, -1.15], [1.15, 0], [0, 1.15], [-1.15, 0]],
  hexagon: [[-0.55, -0.95], [0.55, -0.95], [1.1, 0], [0.55, 0.95], [-0.55, 0.95], [-1.1, 0]],
  triangle: [[0, -1.15], [1.1, 0.85], [-1.1, 0.85]],
};

/** The outline of a shape as an SVG path. */
function outline(shape, x, y, r) {
  if (shape === "circle") return `M${x - r},${y}a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0Z`;
  return `M${CORNERS[shape].map(([dx, dy]) => `${x + r * dx},${y + r * dy}`).join("L")}Z`;
}

/** A Leaflet marker that draws the shape of its level. */
export const SchoolMark = L.CircleMarker.extend({
  _updatePath() {
    const { x, y } = this._point;
    this._renderer._setPath(this, this._empty() ? "M0 0" : outline(this.options.shape, x, y, this._radius));
  },
});

/** A small picture for the key. */
export function sample(...shapes) {
  return drawing("svg", { class: "sample", viewBox: "0 0 30 14", width: 30, height: 14, "aria-hidden": "true" }, ...shapes);
}

export function schoolSample(level) {
  const { shape, size } = LEVELS[level];
  return sample(drawing("path", { class: `school ${level}`, d: outline(shape, 15, 7, size * 0.95) }));
}

export function ringSample() {
  return sample(drawing("circle", { class: "ring", cx: 15, cy: 7, r: 6 }));
}

export function lineSample(classes, width = 2) {
  const curved = classes.includes("crossing");
  const line = drawing("path", { class: `flow ${classes}`, d: curved ? "M1,11Q15,-1 29,11" : "M1,7L29,7" });
  line.style.strokeWidth = `${width}px`;
  return sample(line);
}

/**
 * The line of a flow: straight inside a community, bowed where it crosses a border, so that
 * the two differ without colour.
 */
export function flowLine(from, to, crossing) {
  if (!crossing) return [from, to];
  const squeeze = Math.cos((from[0] * Math.PI) / 180);
  const [dy, dx] = [to[0] - from[0], (to[1] - from[1]) * squeeze];
  const bow = 0.14;
  const middle = [
    (from[0] + to[0]) / 2 + bow * dx,
    (from[1] + to[1]) / 2 - (bow * dy) / squeeze,
  ];
  return Array.from({ length: 9 }, (_, step) => {
    const t = step / 8;
    const at = (k) => (1 - t) ** 2 * from[k] + 2 * t * (1 - t) * middle[k] + t ** 2 * to[k];
    return [at(0), at(1)];
  });
}
