// The card of what is selected: a school with its flows in words, or a community.

import { badge, element, nameOf, placeOf } from "../elements.mjs";
import { t } from "../language.mjs";
import { giveSection } from "../edit/give.mjs";
import { valueLine } from "../map/colouring.mjs";
import { linkTo, shown } from "../state.mjs";
import { homeBefore } from "./changes.mjs";
import { communityTexts } from "./figures.mjs";
import { communityFlows, schoolFlows } from "./flows.mjs";

/** Level, kind and grades of a school, in one line. */
export function describe(school) {
  const parts = [t(`card.level.${school.level}`)];
  if (school.kind) parts.push(school.kind);
  if (school.grades) parts.push(t("card.grades", { grades: school.grades }));
  return parts.join(", ");
}

/** Show the card of a thing, or hide it; `painted` is the colouring on show. */
export function showCard(box, page, painted, { close, give }) {
  const { thing } = shown;
  box.hidden = !thing;
  if (!thing) return box.replaceChildren();
  const button = element("button", { type: "button", class: "close", id: "card-close", "aria-label": t("card.close") }, "\u00d7");
  button.addEventListener("click", close);
  const value = valueLine(painted, thing).map((line) => element("p", {}, line));
  box.replaceChildren(button, ...(thing.what === "school" ? schoolCard : communityCard)(page, thing, value, give));
  box.scrollTop = 0;
}

function schoolCard(page, school, value, give) {
  const home = school.community ? [badge(school.community), " ", linkTo(school.community)] : placeOf(null);
  return [
    element("h2", { id: "card-title", tabindex: "-1" }, nameOf(school)),
    element("p", {}, describe(school), element("br"), enrollmentText(school, page.below)),
    element("p", { class: "home" }, ...home),
    ...value,
    ...certaintyOf(school),
    ...homeBefore(page, school),
    ...schoolFlows(page, school),
    ...giveSection(page, page.desk, school, give),
  ];
}

/** How many good plans of an ensemble agree on the school's community; nothing without one. */
function certaintyOf({ certainty }) {
  if (certainty === null) return [];
  return [element("p", { class: "note" }, t("card.certainty", { share: certainty / 100 }))];
}

function enrollmentText({ enrollmentEnds: [low, high] }, below) {
  if (low === high) return t("card.students", { n: low });
  return high < below ? t("card.few_students", { below }) : t("amount.students_range", { low, high });
}

function communityCard(page, community, value) {
  const texts = communityTexts(page, shown.plan, community);
  const estimated = (name, text) => (page.rough && page.definitions[name].ofFlows ? t("card.estimated", { text }) : text);
  const facts = [
    [t("table.schools"), texts.schools],
    [t("table.students"), t("card.students_deviation", { students: texts.enrollment, deviation: texts.deviation })],
    ...page.columns.map((name) => [t(`short.${name}`), estimated(name, texts.shares[name])]),
    [t("table.land"), landWords(texts)],
  ];
  return [
    element("h2", { id: "card-title", tabindex: "-1" }, badge(community), " ", nameOf(community)),
    ...value,
    element("dl", { class: "facts" }, ...facts.flatMap(([term, words]) => [element("dt", {}, term), element("dd", {}, words)])),
    ...communityFlows(page, community),
  ];
}

function landWords({ land, torn, island }) {
  if (torn) return t("card.land_broken");
  return island ? `${land}: ${island}` : t("card.land_whole");
}
