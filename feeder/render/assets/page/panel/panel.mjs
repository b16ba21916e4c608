// Beside the map: the figures, what differs, the promises and the table of communities.

import { atLeisure, element, folded } from "../elements.mjs";
import { t } from "../language.mjs";
import { shown } from "../state.mjs";
import { drawChanges } from "./changes.mjs";
import { allFigures, mainFigures, planFacts, promiseTexts } from "./figures.mjs";
import { drawTable } from "./table.mjs";

/** Draw the panel for the plan on show; what a reader has unfolded stays so. */
export function drawPanel(page) {
  const { plan } = shown;
  document.getElementById("facts").textContent = planFacts(page, plan);
  document.getElementById("plan-name").textContent = t("page.plan_named", { plan: nameWithEdit(plan) });
  // An edited plan has no name of its own until it is scored.
  const planId = shown.edit ? "" : plan.told.planId;
  for (const code of document.querySelectorAll(".plan-id")) code.textContent = planId;
  document.getElementById("figures").replaceChildren(...mainFigures(page, plan).flatMap(figureRow));
  drawMeasures(page, document.getElementById("measures"));
  const unfolded = [...document.querySelectorAll(".panel details[open][data-fold]")].map((part) => part.dataset.fold);
  drawPromises(document.getElementById("promises"), promiseTexts(plan));
  if (page.plans.length > 1) drawChanges(document.getElementById("changes"), page);
  for (const part of document.querySelectorAll(".panel details[data-fold]")) part.open = unfolded.includes(part.dataset.fold);
  drawTable(document.getElementById("communities"), page);
}

/** Every measure; behind a closed line it is drawn when the browser has nothing else to do. */
function drawMeasures(page, box) {
  const list = box.querySelector("dl");
  const fill = () => list.replaceChildren(...allFigures(page, shown.plan).flatMap(measureRow));
  if (box.open) return fill();
  list.replaceChildren();
  atLeisure(fill);
}

/** On paper the end of its code tells one edit from another, as in the names of the files. */
function nameWithEdit({ name }) {
  return shown.edit ? `${name} (${shown.edit.slice(-6)})` : name;
}

function figureRow(figure) {
  const value = element("dd", {}, element("strong", {}, figure.text));
  if (figure.today) value.append(element("small", {}, t("page.today", { text: figure.today })));
  if (figure.range) value.append(element("small", {}, figure.range));
  const label = element("dt", {}, figure.label);
  if (figure.note) label.append(element("small", {}, figure.note));
  return [label, value];
}

function measureRow({ label, text, definition }) {
  return [element("dt", {}, label, ": ", element("strong", {}, text)), element("dd", {}, definition)];
}

/** Broken promises in full; the kept ones wait behind a line. */
function drawPromises(section, promises) {
  const broken = promises.filter((promise) => !promise.kept);
  const kept = promises.filter((promise) => promise.kept);
  section.replaceChildren();
  if (broken.length) section.append(element("ul", { class: "promises" }, ...broken.map(promiseItem)));
  if (!kept.length) return;
  const words = broken.length ? t("page.promises_kept", { n: kept.length, all: promises.length }) : t("page.all_promises_kept", { n: kept.length });
  section.append(folded("promises", words, element("ul", { class: "promises" }, ...kept.map(promiseItem))));
}

const MOST_VIOLATIONS = 3;

function promiseItem(promise) {
  const sign = element("span", { class: "sign", "aria-hidden": "true" }, promise.kept ? "\u2713" : "\u2717");
  const spoken = element("span", { class: "unseen" }, t(promise.kept ? "page.kept" : "page.broken"));
  const item = element("li", { class: promise.kept ? "kept" : "broken" }, sign, spoken, " ", promise.text);
  if (promise.violations.length) {
    const messages = promise.violations.map((message) => element("li", {}, message));
    const first = messages.length > MOST_VIOLATIONS + 1 ? messages.splice(0, MOST_VIOLATIONS) : messages.splice(0);
    item.append(element("ul", {}, ...first));
    if (messages.length) item.append(folded(`promise-${promise.name}`, t("page.more", { n: messages.length }), element("ul", {}, ...messages)));
  }
  return item;
}
