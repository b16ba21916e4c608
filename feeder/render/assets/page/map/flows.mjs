// Flows as lines: all of one look are one path, and those of what is selected lie on top, one by one.

import { drawing } from "../elements.mjs";

/** Draw the flows. Returns what follows the plan on show, and what picks out some of them. */
export function drawFlows(sheet, page) {
  // The strongest last, so that they lie on top.
  const order = [...page.flows].sort((a, b) => a.width - b.width);
  const present = () => {
    const looks = new Map();
    for (const flow of order) {
      const look = lookOf(flow);
      looks.set(look, (looks.get(look) ?? "") + flowLine(flow));
    }
    sheet.groups.flows.replaceChildren(...[...looks].map(([look, d]) => drawing("path", { class: look, d })));
  };
  const pick = (flows) => {
    sheet.groups.picked.replaceChildren(
      ...flows.map((flow) => drawing("path", { class: `${lookOf(flow)} lit`, d: flowLine(flow) })),
    );
  };
  return { present, pick };
}

function lookOf({ source, width, crossing }) {
  return `flow ${source} width-${width} ${crossing ? "crossing" : "inside"}`;
}

/** Straight inside a community, bowed where it crosses a border, so that the two differ without colour. */
function flowLine({ from, to, crossing }) {
  const [[x, y], [toX, toY]] = [from.spot, to.spot];
  if (!crossing) return `M${x} ${y}L${toX} ${toY}`;
  const bow = 0.14;
  return `M${x} ${y}Q${(x + toX) / 2 - bow * (toY - y)} ${(y + toY) / 2 + bow * (toX - x)} ${toX} ${toY}`;
}
