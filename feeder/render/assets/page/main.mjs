// The parts put together: whatever the fragment names is shown everywhere.

import { announce, keepingFocus, translate, unfold } from "./elements.mjs";
import { speak, t } from "./language.mjs";
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
import { counterpart, go, named, openWith, refreshLinks, shown } from "./state.mjs";

const page = readPage(JSON.parse(document.getElementById("data").textContent));
openWith(page.plans[0], page.languages[0].tag);
Object.assign(shown, named(page));
speakAs(shown.tag);

const key = document.getElementById("key");
const card = document.getElementById("card");
key.open = !matchMedia("(max-width: 50rem)").matches;
let fromMap = false;
let opener = null;
const choose = (thing) => {
  fromMap = false;
  go({ thing });
};
// Switches and key first: the map fills the room that they leave.
drawControls();
const { map, view, present: presentMap, show: showOnMap } = drawMap(page, (thing) => {
  fromMap = thing?.what === "school" || !thing;
  go({ thing });
});
const drawnOnPlan = [presentMap, drawLabels(map), drawSearch(page, choose), () => drawPanel(page)];

/** What stands around the map. */
function drawControls() {
  drawLanguages(page, (tag) => go({ tag }));
  drawSwitch(page, (plan) => go({ plan, thing: counterpart(plan, shown.thing) }));
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
  settle(page, shown.plan);
  translate(map.getContainer());
  drawControls();
  for (const draw of drawnOnPlan) draw();
}

/** Draw what is selected; a thing that was shown already does not move the map. */
function select(before) {
  const { plan, thing } = shown;
  showCard(card, page, paint(page), close);
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
  if (isNew) announce(t("page.shown", { name: thing.name, what: thing.what === "school" ? describe(thing) : t("search.community") }));
  fromMap = false;
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
addEventListener("hashchange", follow);
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && shown.thing) close();
});
addEventListener("beforeprint", () => {
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
present();
follow();
document.getElementById("static").remove();
document.documentElement.classList.add("started");
