// What the colours of the map say: which community, or how large a measure.

import { drawing, element } from "../elements.mjs";
import { number, t } from "../language.mjs";
import { shown } from "../state.mjs";
import { classBounds, classOf } from "./classes.mjs";

const SEQUENCE = ["#ffffcc", "#c7e9b4", "#7fcdbb", "#41b6c4", "#225ea8"];
const ONE_CLASS = "#41b6c4";
const HATCHED = "url(#unknown)";
const HATCHED_IN_LEGEND = "url(#unknown-legend)";

/**
 * Every colouring the page has data for: `{id, of, label, form, value, told}`. `value` takes a list of
 * schools (those of a tile, or one alone) or a community; null is unknown. `told` says whether any is known.
 */
export function colourings(page) {
  const { counts, rates } = page.measures;
  const { open } = page;
  const found = [{ id: "enrollment", of: "school", label: () => t("color.enrollment"), form: ",", value: (schools) => sum(schools, published) }];
  if (page.schools.some(({ need }) => need !== null)) {
    found.push({ id: "need", of: "school", label: () => t("color.need"), form: ",.1f", value: (schools) => ratio(schools, ({ need, index }) => (open.need.has(index) ? null : need && 100 * need), published) });
  }
  for (const [name, values] of Object.entries(counts)) {
    const count = ({ index }) => (open.counts[name]?.has(index) ? null : values[index]);
    found.push({ id: `count.${name}`, of: "school", label: () => t("color.count", { name: readable(name) }), form: "%", value: (schools) => ratio(schools, count, published) });
  }
  for (const [name, values] of Object.entries(rates)) {
    const base = rates[`${name}_denominator`];
    if (!base) continue;
    const isHidden = (index) => open.rates[name]?.has(index) || open.rates[`${name}_denominator`]?.has(index);
    const part = ({ index }) => (values[index] === null || isHidden(index) ? null : values[index] * base[index]);
    found.push({ id: `rate.${name}`, of: "school", label: () => readable(name), form: "%", value: (schools) => ratio(schools, part, ({ index }) => base[index]) });
  }
  for (const name of ["enrollment_deviation", "feeder_continuity", "need_deviation", "capacity_utilization"]) {
    const form = name.endsWith("deviation") ? "+%" : "%";
    const of = { need_deviation: page.facts.schools.need, capacity_utilization: page.facts.schools.capacity };
    const told = () => of[name] !== null;
    found.push({ id: name, of: "community", told, label: () => t(`color.${name}`), form, value: (community) => community.measures[name] ?? null });
  }
  const told = ({ value }) => page.schools.some((school) => value([school]) !== null);
  return found.map((one) => ({ told: () => told(one), ...one }));
}

/** Draw the menu of colourings; a group for schools and one for communities. */
export function drawColourMenu(page, choose) {
  const option = ({ id, label }) => element("option", { value: id }, label());
  const groups = ["school", "community"].map((of) => {
    const own = page.colourings.filter((one) => one.of === of && one.told());
    return own.length ? [element("optgroup", { label: t(`color.of_${of}`) }, ...own.map(option))] : [];
  });
  const menu = element("select", { id: "colour" }, element("option", { value: "" }, t("color.communities")), ...groups.flat());
  menu.value = shown.colour;
  menu.addEventListener("change", () => choose(menu.value));
  document.getElementById("colours").replaceChildren(element("label", { for: "colour" }, t("color.by")), menu);
}

/** The colouring on show with its classes and what fills them; null where colours tell communities apart. */
export function paint(page) {
  const colouring = page.colourings.find(({ id }) => id === shown.colour);
  if (!colouring) return null;
  const { bounds, decimals } = classBounds(known(page, colouring));
  const fill = (value) => (value === null ? HATCHED : colourOfClass(classOf(value, bounds), bounds));
  return { ...colouring, bounds, decimals, fill };
}

/** Label and value of a school or a community in the colouring on show; nothing without one. */
export function valueLine(painted, thing) {
  if (!painted || !thing || painted.of !== thing.what) return [];
  const value = painted.value(thing.what === "school" ? [thing] : thing);
  const ends = thing.what === "community" && thing.ranges[painted.id];
  if (ends) {
    const [low, high] = ends.map((end) => valueText(painted, end, 1));
    return [element("span", { class: "value" }, t("color.value", { label: painted.label(), value: t("figure.range", { low, high }) }))];
  }
  return [element("span", { class: "value" }, t("color.value", { label: painted.label(), value: valueText(painted, value, 1) }))];
}

/** The legend of a choropleth, with what is unknown. */
export function drawLegend(box, page, painted) {
  box.hidden = !painted;
  if (!painted) return box.replaceChildren();
  const { bounds } = painted;
  const words = bounds.length
    ? [
        t("color.under", { high: valueText(painted, bounds[0]) }),
        ...bounds.slice(1).map((high, k) => t("color.between", { low: valueText(painted, bounds[k]), high: valueText(painted, high) })),
        t("color.over", { low: valueText(painted, bounds.at(-1)) }),
      ]
    : known(page, painted).slice(0, 1).map((value) => valueText(painted, value));
  const items = words.map((text, k) => legendItem(colourOfClass(k, bounds), text));
  if (hasUnknown(page, painted)) items.push(legendItem(HATCHED_IN_LEGEND, t("color.unknown"), unknownPattern("unknown-legend")));
  box.replaceChildren(element("h2", {}, painted.label()), element("ul", {}, ...items));
}

/** The pattern that stands for what is unknown. */
export function unknownPattern(id = "unknown") {
  const lines = drawing("path", { d: "M-2,2L2,-2M0,8L8,0M6,10L10,6", stroke: "#6b7480", "stroke-width": 1.4 });
  const ground = drawing("rect", { width: 8, height: 8, fill: "#ffffff" });
  return drawing("defs", {}, drawing("pattern", { id, width: 8, height: 8, patternUnits: "userSpaceOnUse" }, ground, lines));
}

/** A value with the decimals of the bounds, at least `least`. */
function valueText({ form, decimals }, value, least = 0) {
  if (value === null) return t("color.unknown");
  if (form.endsWith("%")) return number(value, `${form.slice(0, -1)}.${Math.max(least, decimals - 2)}%`);
  return form === "," ? number(Math.round(value)) : number(value, `,.${Math.max(least, decimals)}f`);
}

function legendItem(fill, text, ...definitions) {
  const patch = drawing("rect", { x: 1, y: 1, width: 24, height: 14, fill, class: "patch" });
  return element("li", {}, drawing("svg", { viewBox: "0 0 26 16", width: 26, height: 16, "aria-hidden": "true" }, ...definitions, patch), text);
}

/** Few classes lie as far apart in the sequence as many. */
function colourOfClass(k, bounds) {
  return bounds.length ? SEQUENCE[Math.round((k * (SEQUENCE.length - 1)) / bounds.length)] : ONE_CLASS;
}

function known(page, colouring) {
  return everyValue(page, colouring).filter((value) => value !== null);
}

function hasUnknown(page, colouring) {
  return everyValue(page, colouring).includes(null) || (colouring.of === "school" && page.tiles.some(({ schools }) => !schools.length));
}

function everyValue(page, { of, value }) {
  return of === "school" ? page.schools.map((school) => value([school])) : shown.plan.communities.map(value);
}

/** A school's enrollment, where it is told. */
function published({ enrollmentEnds: [low, high] }) {
  return low === high ? low || null : null;
}

function sum(schools, of) {
  const values = schools.map(of).filter((value) => value !== null);
  return values.length ? values.reduce((total, value) => total + value, 0) : null;
}

/** Sum over sum, of the schools for which both are known. */
function ratio(schools, part, whole) {
  const both = schools.filter((school) => part(school) !== null && whole(school));
  return both.length ? sum(both, part) / sum(both, whole) : null;
}

function readable(name) {
  const words = name.replaceAll("_", " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
