// Arcs as pieces of SVG paths: each is projected once, and written once in each direction it is used.

/** The arcs of a topology on a sheet. */
export function makeLines(sheet, { arcs, transform }) {
  const points = arcs.map((steps) => projected(sheet, transform, steps));
  const [forth, back] = [[], []];
  const textOf = (number) => {
    if (number < 0) return (back[~number] ??= written(points[~number], true));
    return (forth[number] ??= written(points[number], false));
  };
  return {
    /** A closed ring; arcs share their end points, so every arc leaves its last one out. */
    ring: (numbers) => `M${numbers.map(textOf).join("")}Z`,
    /** Whole arcs, each a line of its own. */
    each: (indices) => indices.map((index) => `M${textOf(index)}${points[index].slice(-2).join(" ")}`).join(""),
    /** The rectangle around some arcs: `[left, top, right, bottom]`. */
    box: (numbers) => {
      const box = [Infinity, Infinity, -Infinity, -Infinity];
      for (const number of numbers) widen(box, points[number < 0 ? ~number : number]);
      return box;
    },
  };
}

function projected(sheet, { scale, translate }, steps) {
  const flat = new Int32Array(2 * steps.length);
  let [x, y] = [0, 0];
  steps.forEach(([dx, dy], i) => {
    x += dx;
    y += dy;
    const [left, top] = sheet.at([y * scale[1] + translate[1], x * scale[0] + translate[0]]);
    flat[2 * i] = left;
    flat[2 * i + 1] = top;
  });
  return flat;
}

function written(flat, backwards) {
  let text = "";
  if (backwards) for (let i = flat.length - 2; i > 0; i -= 2) text += `${flat[i]} ${flat[i + 1]} `;
  else for (let i = 0; i < flat.length - 2; i += 2) text += `${flat[i]} ${flat[i + 1]} `;
  return text;
}

function widen(box, flat) {
  for (let i = 0; i < flat.length; i += 2) {
    if (flat[i] < box[0]) box[0] = flat[i];
    if (flat[i] > box[2]) box[2] = flat[i];
    if (flat[i + 1] < box[1]) box[1] = flat[i + 1];
    if (flat[i + 1] > box[3]) box[3] = flat[i + 1];
  }
}
