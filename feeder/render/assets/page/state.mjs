// What is on show, in one place. The page's fragment carries it: #plan=B&school=123&lang=es

import { element, nameOf } from "./elements.mjs";

/**
 * The plan on show, what is selected in it, the edit of it as a code, the colouring ("" tells
 * communities apart), the tag of the language, and the order of the table.
 */
export const shown = { plan: null, thing: null, edit: "", refused: null, colour: "", tag: "", order: { column: "community", down: false } };

/** Plans and codes this copy has been at: an older step of the browser's history does not bring them back. */
const codesTold = new Set();

/** What goes without saying in the fragment. */
const opening = { plan: null, tag: "" };

/** Say what the page opens with. */
export function openWith(plan, tag) {
  Object.assign(opening, { plan, tag });
}

/** The fragment for what is on show, with some of it changed. */
export function fragmentOf(changes = {}) {
  const { plan, thing, edit, colour, tag } = { ...shown, ...changes };
  const parts = [];
  if (plan.id !== opening.plan.id) parts.push(["plan", plan.id]);
  if (thing) parts.push([thing.what, thing.id]);
  if (edit) {
    parts.push(["edit", edit]);
    codesTold.add(`${plan.id} ${edit}`);
  }
  if (colour) parts.push(["colour", colour]);
  if (tag !== opening.tag) parts.push(["lang", tag]);
  return `#${parts.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&")}`;
}

/** Show something else. */
export function go(changes) {
  location.hash = fragmentOf(changes);
}

/** What the fragment names, as far as the page has it. */
export function named(page) {
  const parts = new URLSearchParams(location.hash.slice(1));
  const given = page.plans.find(({ id }) => id === parts.get("plan")) ?? opening.plan;
  const edit = parts.get("edit") ?? "";
  const refused = settleEdit(page.desk, given, edit);
  const plan = page.desk.planOf(given);
  const find = (things, what) => things.find(({ id }) => id === parts.get(what));
  return {
    plan,
    thing: find(page.schools, "school") ?? find(plan.communities, "community") ?? null,
    edit: page.desk.code(plan),
    refused,
    colour: page.colourings.some(({ id }) => id === parts.get("colour")) ? parts.get("colour") : "",
    tag: page.languages.some(({ tag }) => tag === parts.get("lang")) ? parts.get("lang") : opening.tag,
  };
}

/** Bring a plan to where a code has it, as one step; without a code it stays as it is. Returns why not. */
function settleEdit(desk, given, edit) {
  const isNew = edit && !codesTold.has(`${given.id} ${edit}`) && edit !== desk.code(desk.planOf(given));
  return isNew ? desk.take(given, edit) : null;
}

/** The same thing as another plan has it; null where it has none. */
export function counterpart(plan, thing) {
  if (thing?.what !== "community") return thing;
  return plan.communities.find(({ id }) => id === thing.id) ?? null;
}

/** A link that selects something, whatever else is on show by then. */
export function linkTo(thing) {
  return element("a", { href: fragmentOf({ thing }), "data-what": thing.what, "data-id": thing.id }, nameOf(thing));
}

/** Let every link keep what is on show now. */
export function refreshLinks() {
  for (const link of document.querySelectorAll("a[data-what]")) {
    const { what, id } = link.dataset;
    link.setAttribute("href", fragmentOf({ thing: { what, id } }));
  }
}
