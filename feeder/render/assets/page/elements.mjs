// Elements made from text alone: whatever a table holds is shown as typed, never parsed.

import { t } from "./language.mjs";

const FOR_PAPER = "forpaper";
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

/** A community's number on its color, as on the map and in the table. */
export function badge(community) {
  const mark = element("span", { class: "badge" }, String(community.number));
  mark.style.backgroundColor = community.color;
  mark.style.color = community.ink;
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

/** The same for long content, which is made when the line is opened for the first time, or for paper. */
export function foldedLater(key, summary, make) {
  const part = folded(key, summary);
  const fill = () => part.append(make());
  part.addEventListener("toggle", fill, { once: true });
  part.addEventListener(FOR_PAPER, () => part.dispatchEvent(new Event("toggle")));
  return part;
}

/** Open every line there is, and what waits behind it at once. */
export function unfold(parts) {
  for (const part of parts) {
    part.dispatchEvent(new Event(FOR_PAPER));
    part.open = true;
  }
}

/** Say a result to those who listen. */
export function announce(text) {
  document.getElementById("live").textContent = text;
}

/** Do something when nothing else waits: whatever a reader does goes first. */
export function atLeisure(act) {
  (window.requestIdleCallback ?? setTimeout)(act);
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

/** Draw anew, and give the focus back to what stands where it was. */
export function keepingFocus(draw) {
  const had = document.activeElement;
  const place = had && placeOfFocus(had);
  draw();
  if (place && !had.isConnected) (document.querySelector(place) ?? document.getElementById("card-title"))?.focus({ preventScroll: true });
}

/** A selector that finds a control after it was drawn anew; null where there is none. */
function placeOfFocus(control) {
  if (control.id) return `#${CSS.escape(control.id)}`;
  const { what, id } = control.dataset ?? {};
  const box = control.parentElement?.closest("[id]");
  return what && box ? `#${CSS.escape(box.id)} a[data-what="${what}"][data-id="${CSS.escape(id)}"]` : null;
}

function filled(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}
