// Beside the map: what was changed in this copy, back and forth, and the ways to send it on.

import { announce, element, folded } from "../elements.mjs";
import { say, t } from "../language.mjs";
import { changeSentence } from "../panel/changes.mjs";
import { rehomed } from "../plans.mjs";
import { shown } from "../state.mjs";
import { communitiesGeojson, fileName, planCsv, save } from "./files.mjs";

const MOST_MOVES = 8;

/** Draw the bar for the plan on show; `act` does `undo`, `redo`, `reset` and `take(code)`. */
export function drawBar(page, desk, act) {
  const { plan } = shown;
  const { given } = plan;
  const moves = plan === given ? [] : rehomed(page.schools, given, plan);
  const { done, undone } = desk.historyOf(given);
  const code = desk.code(plan);
  const box = document.getElementById("edits");
  const unfolded = [...box.querySelectorAll("details[open]")].map((part) => part.dataset.fold);
  box.replaceChildren(
    element("h2", {}, t("edit.title")),
    element("p", {}, moves.length ? t("edit.moved", { n: moves.length, plan: given.name }) : t("edit.none")),
    ...(moves.length ? [element("p", { class: "note" }, t("edit.published"))] : []),
    ...movesList(given, plan, moves),
    element(
      "div",
      { class: "buttons" },
      button("undo", act.undo, !done.length),
      button("redo", act.redo, !undone.length),
      button("reset", act.reset, plan === given),
    ),
    element(
      "div",
      { class: "buttons" },
      button("save_csv", () => save(nameFor(page, plan, code, "csv"), planCsv(page.facts, plan), "text/csv;charset=utf-8")),
      button("save_geojson", () => save(nameFor(page, plan, code, "geojson"), communitiesGeojson(page, plan), "application/geo+json")),
      button("print", () => print()),
    ),
    codeSection(code, act.take),
  );
  for (const part of box.querySelectorAll("details")) part.open = unfolded.includes(part.dataset.fold);
}

function movesList(given, plan, moves) {
  if (!moves.length) return [];
  const list = element("ul", { class: "changes" }, ...moves.map((move) => element("li", {}, ...changeSentence(move, given, plan))));
  return [moves.length > MOST_MOVES ? folded("moves", t("edit.every_move"), list) : list];
}

function button(name, act, disabled = false) {
  const made = element("button", { type: "button", id: `edit-${name}`, class: "action" }, t(`edit.${name}`));
  // Not the attribute `disabled`: a button that loses its use keeps the focus.
  if (disabled) made.setAttribute("aria-disabled", "true");
  made.addEventListener("click", () => {
    if (!disabled) act();
  });
  return made;
}

function nameFor(page, plan, code, ending) {
  const edit = code ? [t("edit.file"), code.slice(-6)] : [];
  return fileName([document.querySelector("h1").textContent, plan.given.name, ...edit], ending);
}

/** The code of this edit to copy, and a box that takes another's. */
function codeSection(code, take) {
  const own = element("input", { id: "edit-code", readonly: "", value: code, "aria-describedby": "edit-code-note" });
  const copy = element("button", { type: "button", id: "edit-copy", class: "action" }, t("edit.copy"));
  copy.addEventListener("click", () => {
    own.select();
    const copied = navigator.clipboard?.writeText(code) ?? Promise.reject(new Error("none"));
    copied.catch(() => document.execCommand("copy")).finally(() => announce(t("edit.copied")));
  });
  const field = element("input", { id: "edit-paste", autocomplete: "off", spellcheck: "false" });
  const answer = element("p", { id: "edit-answer", role: "alert" });
  const form = element("form", {}, element("label", { for: "edit-paste" }, t("edit.paste")), field, element("button", { type: "submit", class: "action" }, t("edit.apply")), answer);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const refused = take(field.value);
    const box = document.getElementById("edit-answer");
    if (refused) box.replaceChildren(say(refused));
  });
  const mine = code
    ? [element("label", { for: "edit-code" }, t("edit.code")), own, copy, element("p", { id: "edit-code-note", class: "note" }, t("edit.code_note"))]
    : [];
  return folded("code", t("edit.exchange"), ...mine, form);
}
