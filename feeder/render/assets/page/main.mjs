// The parts put together: whatever the fragment names is shown everywhere.

import { announce, translate } from "./elements.mjs";
import { speak, t } from "./language.mjs";
import { drawKey } from "./map/key.mjs";
import { drawLabels } from "./map/labels.mjs";
import { drawMap } from "./map/map.mjs";
import { describe, showCard } from "./panel/card.mjs";
import { drawPanel, markRow } from "./panel/panel.mjs";
import { drawSearch } from "./panel/search.mjs";
import { drawLanguages, drawSwitch } from "./panel/switch.mjs";
import { readPage, settle } from "./reading.mjs";
import { counterpart, go, named, openWith, refreshLinks, shown } from "./state.mjs";

const page = readPage(JSON.parse(document.getElementById("data").textContent));
openWith(page.plans[0], page.languages[0].tag);
Object.assign(shown, named(page));
speakAs(shown.tag);

const key = document.getElementById("key");
key.open = !matchMedia("(max-width: 50rem)").matches;
let fromMap = false;
const choose = (thing) => {
  fromMap = false;
  go({ thing });
};
// Switch and key first: the map fills the room that they leave.
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
  drawKey(document.getElementById("map"), page, key);
}

function speakAs(tag) {
  speak(page.languages.find((one) => one.tag === tag));
  document.documentElement.lang = tag;
}

/** Draw the plan on show, in the language on show; the view of the map stays. */
function present() {
  const focused = document.activeElement?.id;
  settle(page, shown.plan);
  translate(document);
  drawControls();
  for (const draw of drawnOnPlan) draw();
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

/** Show what the fragment names. A thing that was shown already does not move the map. */
function follow() {
  const before = { ...shown };
  Object.assign(shown, named(page));
  const { plan, thing, tag } = shown;
  if (tag !== before.tag) speakAs(tag);
  if (plan !== before.plan || tag !== before.tag) present();
  showCard(document.getElementById("card"), page, thing, () => choose(null));
  showOnMap(thing, !fromMap && !(thing && counterpart(plan, before.thing) === thing));
  markRow(thing);
  refreshLinks();
  if (thing && thing !== before.thing) announce(t("page.shown", { name: thing.name, what: thing.what === "school" ? describe(thing) : t("search.community") }));
  fromMap = false;
}

addEventListener("hashchange", follow);
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && shown.thing) choose(null);
});
addEventListener("beforeprint", () => {
  document.body.classList.add("printing");
  for (const part of document.querySelectorAll("#key, #changes details, #promises details")) part.open = true;
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
