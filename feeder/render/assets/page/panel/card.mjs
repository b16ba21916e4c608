// The card of what is selected: a school with its flows in words, or a community.

import { element, nameOf, badge, placeOf } from "../elements.mjs";
import { phrase, t } from "../language.mjs";
import { LEVELS } from "../map/symbols.mjs";
import { linkTo, shown } from "../state.mjs";
import { homeBefore } from "./changes.mjs";

/** Level, kind and grades of a school, in one line. */
export function describe(school) {
  const parts = [t(`card.level.${school.level}`)];
  if (school.kind) parts.push(school.kind);
  if (school.grades) parts.push(t("card.grades", { grades: school.grades }));
  return parts.join(", ");
}

export function showCard(box, page, thing, close) {
  box.hidden = !thing;
  if (!thing) return box.replaceChildren();
  const button = element("button", { type: "button", class: "close", "aria-label": t("card.close") }, "\u00d7");
  button.addEventListener("click", close);
  box.replaceChildren(button, ...(thing.what === "school" ? schoolCard(page, thing) : communityCard(page, thing)));
  box.scrollTop = 0;
}

function schoolCard(page, school) {
  const { below } = page;
  const home = school.community ? [badge(school.community), " ", linkTo(school.community)] : [t("card.no_community")];
  const sends = school.flows.filter((flow) => flow.from === school);
  const receives = school.flows.filter((flow) => flow.to === school);
  return [
    element("h2", {}, nameOf(school)),
    element("p", {}, describe(school), element("br"), enrollment(school.enrollment, below)),
    element("p", { class: "home" }, ...home),
    ...certaintyOf(school),
    ...homeBefore(page, school),
    ...flowList(t("card.sends"), sends, (flow) => flow.to),
    ...flowList(t("card.receives"), receives, (flow) => flow.from),
    ...(school.flows.length ? [] : [element("p", { class: "note" }, below ? t("card.no_flow_over", { below }) : t("card.no_flow"))]),
  ];
}

/** How many good plans of an ensemble agree on the school's community; nothing without one. */
function certaintyOf({ certainty }) {
  if (certainty === null) return [];
  return [element("p", { class: "note" }, t("card.certainty", { share: certainty / 100 }))];
}

function enrollment(students, below) {
  return students || !below ? t("card.students", { n: students }) : t("card.few_students", { below });
}

function flowList(title, flows, other) {
  if (!flows.length) return [];
  const order = [...flows].sort((a, b) => b.width - a.width || (b.students ?? b.percent) - (a.students ?? a.percent));
  return [element("h3", {}, title), element("ul", { class: "flows" }, ...order.map((flow) => flowItem(flow, other(flow))))];
}

function flowItem(flow, school) {
  const item = element("li", {}, linkTo(school), element("br"), flowWords(flow));
  if (flow.crossing) {
    const where = school.community ? phrase("card.in", { community: element("span", {}, ...placeOf(school.community)) }) : [t("card.no_community")];
    item.append(element("br"), element("span", { class: "away" }, ...where));
  }
  return item;
}

/** A count with its source, or a rounded share where there is only an estimate. */
function flowWords(flow) {
  if (flow.students !== null) return t("card.flow", { students: studentsOf(flow), source: t(`card.source.${flow.source}`) });
  return flow.percent ? t("card.flow_about", { share: flow.percent / 100 }) : t("card.flow_little", { share: 0.05 });
}

/** A count, or what suppressed cells leave open of it. */
function studentsOf({ students, range }) {
  if (!range) return t("card.students", { n: students });
  const [low, high] = range;
  return low ? t("card.students_range", { low, n: high }) : t("card.students_up_to", { n: high });
}

function communityCard({ rough }, community) {
  const estimated = (text) => (rough ? t("card.estimated", { text }) : text);
  const facts = [
    [t("table.schools"), String(community.schools)],
    [t("table.students"), t("card.students_deviation", { students: community.enrollment, deviation: community.deviation })],
    [t("table.continuity"), estimated(community.continuity)],
    [t("table.land"), landWords(community)],
    [t("table.k12"), estimated(community.k12)],
  ];
  const members = Object.keys(LEVELS).flatMap((level) => {
    const schools = community.members.filter((school) => school.level === level);
    if (!schools.length) return [];
    const list = schools.map((school) => element("li", {}, linkTo(school), school.grades ? ` (${school.grades})` : ""));
    return [element("h3", {}, t(`key.level.${level}`)), element("ul", {}, ...list)];
  });
  return [
    element("h2", {}, badge(community), " ", nameOf(community)),
    element("dl", { class: "facts" }, ...facts.flatMap(([term, words]) => [element("dt", {}, term), element("dd", {}, words)])),
    ...members,
  ];
}

function landWords(community) {
  if (community.land === "whole") return t("card.land_whole");
  if (community.land === "broken") return t("card.land_broken");
  return `${community.land}: ${community.landNote}`;
}
