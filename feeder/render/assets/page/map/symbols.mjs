// What stands for what: a shape for every level, a line for every flow.

import { drawing } from "../elements.mjs";

export const LEVELS = {
  elementary: { shape: "circle", size: 4 },
  middle: { shape: "square", size: 4.6 },
  high: { shape: "diamond", size: 6.4 },
  span: { shape: "hexagon", size: 5.2 },
  other: { shape: "triangle", size: 4.8 },
};

export const SOURCES = ["observed", "zoned", "zoned_by_residents", "zoned_by_land", "estimated"];

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
export function outline(shape, x = 0, y = 0, r = 1) {
  if (shape === "circle") return `M${x - r},${y}a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0Z`;
  return `M${CORNERS[shape].map(([dx, dy]) => `${x + r * dx},${y + r * dy}`).join("L")}Z`;
}

/** A small picture for the key. */
export function sample(...shapes) {
  return drawing("svg", { class: "sample", viewBox: "0 0 30 14", width: 30, height: 14, "aria-hidden": "true" }, ...shapes);
}

export function schoolSample(level) {
  const { shape, size } = LEVELS[level];
  return narrow(sample(drawing("path", { class: `school ${level}`, d: outline(shape, 15, 7, size * 0.95) })));
}

export function ringSample() {
  return narrow(sample(drawing("circle", { class: "ring", cx: 15, cy: 7, r: 6 })));
}

/** A picture cut to the width of one symbol. */
function narrow(picture) {
  picture.setAttribute("viewBox", "7 0 16 14");
  picture.setAttribute("width", 16);
  return picture;
}

export function lineSample(classes, width = 2) {
  const curved = classes.includes("crossing");
  const line = drawing("path", { class: `flow ${classes}`, d: curved ? "M1,11Q15,-1 29,11" : "M1,7L29,7" });
  line.style.strokeWidth = `${width}px`;
  return sample(line);
}
