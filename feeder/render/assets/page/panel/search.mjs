// Search: a text box with a list of matches, for mouse and keyboard.

import { announce, element, nameOf } from "../elements.mjs";
import { t } from "../language.mjs";
import { shown } from "../state.mjs";
import { describe } from "./card.mjs";

const MOST_MATCHES = 12;

/** Returns what makes the communities of the plan on show those that are found. */
export function drawSearch(page, choose) {
  const input = document.getElementById("search");
  const list = document.getElementById("matches");
  const searched = (thing) => ({ thing, text: plain(thing.name) });
  const schools = page.schools.map(searched);
  let things = schools;
  let found = [];
  let active = -1;

  const mark = (index) => {
    active = index;
    found.forEach(({ item }, i) => item.setAttribute("aria-selected", String(i === active)));
    if (active < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", found[active].item.id);
    found[active].item.scrollIntoView({ block: "nearest" });
  };
  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    mark(-1);
  };
  const pick = (thing) => {
    input.value = thing.name;
    close();
    choose(thing);
  };
  const update = () => {
    found = matches(things, plain(input.value)).map((thing, i) => ({ thing, item: matchItem(thing, i, pick) }));
    list.replaceChildren(...found.map(({ item }) => item));
    if (input.value.trim() && !found.length) list.append(element("li", { class: "none", role: "option", "aria-disabled": "true" }, t("search.nothing")));
    if (input.value.trim()) announce(found.length ? t("search.found", { n: found.length }) : t("search.nothing"));
    list.hidden = !list.children.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    mark(found.length ? 0 : -1);
  };
  input.addEventListener("input", update);
  input.addEventListener("focus", () => input.select());
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length) mark((active + step + found.length) % found.length);
    else if (event.key === "Enter" && active >= 0 && !list.hidden) pick(found[active].thing);
    else if (event.key === "Escape" && !list.hidden) close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return () => {
    things = [...shown.plan.communities.map(searched), ...schools];
  };
}

function matchItem(thing, index, pick) {
  const note = thing.what === "school" ? describe(thing) : t("search.community");
  const item = element("li", { role: "option", id: `match-${index}` }, nameOf(thing), element("small", {}, note));
  // Before the box loses the focus, which would close the list.
  item.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    pick(thing);
  });
  return item;
}

/** Things whose name holds every word typed; a name that begins with the text comes first. */
function matches(things, typed) {
  if (!typed) return [];
  const words = typed.split(/\s+/);
  return things
    .filter(({ text }) => words.every((word) => text.includes(word)))
    .sort((a, b) => b.text.startsWith(typed) - a.text.startsWith(typed))
    .slice(0, MOST_MATCHES)
    .map(({ thing }) => thing);
}

/** A text without case and accents. */
function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
}
