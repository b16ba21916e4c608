// Elements made from text alone: whatever a table holds is shown as typed, never parsed.

import { t } from "./language.mjs";

const SVG = "http://www.w3.org/2000/svg";

/** An HTML element with attributes and children; a text child becomes a text node. */
export function element(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/** The same for a drawing. */
export function drawing(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

/** A name from a table, kept apart from the direction of the text around it. */
export function nameOf(thing) {
  return element("bdi", { class: "name" }, thing.name);
}

/** A community's number on its colour, as on the map and in the table. */
export function badge(community) {
  const mark = element("span", { class: "badge" }, String(community.key));
  mark.style.backgroundColor = community.colour;
  return mark;
}

/** A community as a badge and a name; without one, words that say so. */
export function placeOf(community) {
  return community ? [badge(community), " ", nameOf(community)] : [t("card.no_community")];
}

/** Content that waits behind a line; `key` tells it apart when the panel is drawn again. */
export function folded(key, summary, ...content) {
  return element("details", { "data-fold": key }, element("summary", {}, ...[summary].flat()), ...content);
}

/** Say a result to those who listen. */
export function announce(text) {
  document.getElementById("live").textContent = text;
}

/** Put the texts of the template into the language that is spoken. */
export function translate(root) {
  for (const part of root.querySelectorAll("[data-say]")) {
    part.textContent = t(part.dataset.say, JSON.parse(part.dataset.facts ?? "{}"));
  }
  for (const name of ["aria-label", "placeholder", "title"]) {
    for (const part of root.querySelectorAll(`[data-say-${name}]`)) part.setAttribute(name, t(part.getAttribute(`data-say-${name}`)));
  }
}

function filled(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}
