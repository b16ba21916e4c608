// The parts put together: whatever the fragment names is shown everywhere.

import { announce, atLeisure, keepingFocus, translate, unfold } from "./elements.mjs";
import { offerEdits } from "./edit/api.mjs";
import { drawBar } from "./edit/bar.mjs";
import { codeWithin } from "./edit/code.mjs";
import { changeTold } from "./edit/give.mjs";
import { say, speak, t } from "./language.mjs";
import { drawColourMenu, drawLegend, paint } from "./map/colouring.mjs";
import { drawKey } from "./map/key.mjs";
import { drawLabels } from "./map/labels.mjs";
import { drawMap, paintMap } from "./map/map.mjs";
import { describe, showCard } from "./panel/card.mjs";
import { drawLadder } from "./panel/ladder.mjs";
import { drawPanel } from "./panel/panel.mjs";
import { drawSearch } from "./panel/search.mjs";
import { drawLanguages, drawSwitch } from "./panel/switch.mjs";
import { markRow } from "./panel/table.mjs";
import { readPage, settle } from "./reading.mjs";
import { counterpart, fragmentOf, go, named, openWith, refreshLinks, shown } from "./state.mjs";

/** Milliseconds: a browser takes only so many changes of its address. */
const REMEMBER_AFTER = 250;

/** Schools from which on a page draws its map before its figures. */
const MANY_SCHOOLS = 400;

const page = readPage(JSON.parse(document.getElementById("data").textContent));
openWith(page.plans[0], page.languages[0].tag);
// Names of plans are said while the fragment is read: its language comes first.
const asked = new URLSearchParams(location.hash.slice(1)).get("lang");
speakAs((page.languages.find(({ tag }) => tag === asked) ?? page.languages[0]).tag);
Object.assign(shown, named(page));

const key = document.getElementById("key");
const card = document.getElementById("card");
key.open = !matchMedia("(max-width: 50rem)").matches;
let fromMap = false;
let opener = null;
let remembering = 0;
let isOpening = true;
/** What a reader does to the plan on show; each says whether anything changed, `take` why not. */
const act = {
  give: (school, community) => step((plan) => page.desk.give(plan, school.index, community)),
  undo: () => step((plan) => page.desk.undo(plan)),
  redo: () => step((plan) => page.desk.redo(plan)),
  reset: () => step((plan) => page.desk.reset(plan)),
  take: (text) => {
    let refused = null;
    step((plan) => {
      refused = page.desk.take(plan, codeWithin(text));
      return !refused;
    });
    return refused;
  },
};
const choose = (thing) => {
  fromMap = false;
  go({ thing });
};
// Switches and key first: the map fills the room that they leave.
drawControls();
const { map, view, present: paintPlan, show: showOnMap } = drawMap(page, (thing) => {
  fromMap = thing?.what === "school" || !thing;
  go({ thing });
});
const drawnOnMap = [paintPlan, drawLabels(map), drawSearch(page, choose)];
const drawnBeside = [() => drawPanel(page), () => drawBar(page, page.desk, act)];

/** What stands around the map. */
function drawControls() {
  drawLanguages(page, (tag) => go({ tag }));
  drawSwitch(page, (given) => {
    const plan = page.desk.planOf(given);
    go({ plan, edit: page.desk.code(plan), thing: counterpart(plan, shown.thing) });
  });
  drawColourMenu(page, (colour) => go({ colour }));
  drawLegend(document.getElementById("legend"), page, paint(page));
  drawKey(document.getElementById("map"), page, key);
}

function speakAs(tag) {
  speak(page.languages.find((one) => one.tag === tag));
  if (document.documentElement.lang === tag) return;
  document.documentElement.lang = tag;
  translate(document);
}

/** Draw the plan on show, in the language on show; the view of the map stays. */
function present() {
  drawControls();
  presentMap();
  presentBeside();
}

function presentMap() {
  settle(page, shown.plan);
  translate(map.getContainer());
  for (const draw of drawnOnMap) draw();
}

function presentBeside() {
  for (const draw of drawnBeside) draw();
  isOpening = false;
}

/** When a large district opens, its map can be used first; what stands beside it comes right after. */
function finishOpening() {
  if (!isOpening) return;
  presentBeside();
  markRow(shown.thing);
  refreshLinks();
}

/** Draw what is selected; a thing that was shown already does not move the map. */
function select(before) {
  const { plan, thing } = shown;
  showCard(card, page, paint(page), { close, give: act.give });
  drawLadder(document.getElementById("ladder"), page);
  showOnMap(thing, !fromMap && !(thing && counterpart(plan, before.thing) === thing));
  markRow(thing);
  refreshLinks();
}

/** Show what the fragment names. */
function follow() {
  const before = { ...shown };
  Object.assign(shown, named(page));
  const { plan, thing, tag, colour } = shown;
  const isNew = thing && thing !== counterpart(plan, before.thing);
  keepingFocus(() => {
    if (tag !== before.tag) speakAs(tag);
    if (plan !== before.plan || tag !== before.tag) present();
    else if (colour !== before.colour) {
      document.getElementById("colour").value = colour;
      paintMap(map, page);
      drawLegend(document.getElementById("legend"), page, paint(page));
    }
    select(before);
  });
  if (shown.refused) showRefusal(say(shown.refused));
  if (shown.edit || (!shown.refused && /[#&]edit=/.test(location.hash))) remember();
  if (isNew) announce(t("page.shown", { name: thing.name, what: thing.what === "school" ? describe(thing) : t("search.community") }));
  if (isNew && !fromMap) bringIntoView();
  fromMap = false;
}

/** On a narrow screen the map may lie far from what was tapped. */
function bringIntoView() {
  const chart = document.querySelector(".chart");
  const { top, bottom } = chart.getBoundingClientRect();
  if (bottom < 200 || top > innerHeight - 200) chart.scrollIntoView({ block: "start" });
}

/** A code in the address that cannot be used is told where another can be pasted. */
function showRefusal(text) {
  finishOpening();
  document.querySelector('#edits [data-fold="code"]').open = true;
  document.getElementById("edit-answer").textContent = text;
}

function close() {
  choose(null);
  if (opener?.isConnected) opener.focus({ preventScroll: true });
}

// Who opens a card by keyboard reads on in it, and comes back to where it was opened.
addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-what]");
  if (!link || event.detail !== 0) return;
  if (!card.contains(link)) opener = link;
  addEventListener("hashchange", () => document.getElementById("card-title")?.focus({ preventScroll: true }), { once: true });
});
/** Do a step on the plan on show; everything follows at once, the fragment a little later. */
function step(change) {
  const before = { ...shown };
  if (!change(before.plan)) return false;
  const plan = page.desk.planOf(before.plan);
  Object.assign(shown, { plan, edit: page.desk.code(plan), refused: null, thing: counterpart(plan, shown.thing) });
  keepingFocus(() => {
    present();
    select(before);
  });
  announce(changeTold(page, before.plan, plan));
  remember();
  return true;
}

/** Let the fragment say what is on show, a little later. */
function remember() {
  clearTimeout(remembering);
  remembering = setTimeout(() => history.replaceState(null, "", fragmentOf()), REMEMBER_AFTER);
}

addEventListener("hashchange", follow);
addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z" || event.target.closest?.("input, textarea")) return;
  event.preventDefault();
  act[event.shiftKey ? "redo" : "undo"]();
});
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && shown.thing) close();
});
addEventListener("beforeprint", () => {
  finishOpening();
  document.body.classList.add("printing");
  unfold(document.querySelectorAll("#key, #changes details, #promises details"));
  map.invalidateSize({ animate: false });
  view();
});
addEventListener("afterprint", () => {
  document.body.classList.remove("printing");
  map.invalidateSize({ animate: false });
  view();
});
shown.thing = null;
if (page.backdrop) drawControls(); // the key has one line more once there is a map
presentMap();
follow();
offerEdits(page, page.desk, act);
document.getElementById("static").remove();
document.documentElement.classList.add("started");
if (document.hidden || page.schools.length < MANY_SCHOOLS) finishOpening();
else atLeisure(finishOpening);
