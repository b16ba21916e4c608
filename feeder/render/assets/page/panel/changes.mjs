// What a plan changes: schools whose community is another one than in the reference plan.

import { element, folded, nameOf, placeOf } from "../elements.mjs";
import { inOrder, phrase, t } from "../language.mjs";
import { linkTo, shown } from "../state.mjs";

/** Communities of two plans are the same where their ids are; null is none. */
export function changesBetween(schools, reference, plan) {
  return schools.flatMap((school, i) => {
    const [from, to] = [reference.homes[i], plan.homes[i]];
    return from?.id === to?.id ? [] : [{ school, from, to }];
  });
}

/** How many schools differ, in one sentence. */
export function changesCounted({ reference }) {
  const { plan } = shown;
  if (plan === reference) return [t("change.reference")];
  const facts = { n: plan.changes.length, plan: nameOf(reference) };
  return phrase(facts.n ? "change.counted" : "change.none", facts);
}

const MOST_CHANGES = 6;

/** The schools that differ, one sentence each; many wait behind a line. */
export function drawChanges(section, page) {
  const { changes } = shown.plan;
  section.hidden = !changes.length;
  if (section.hidden) return section.replaceChildren();
  const order = [...changes].sort((a, b) => inOrder(a.school.name, b.school.name));
  const list = element("ul", { class: "changes" }, ...order.map(changeItem));
  const content = order.length > MOST_CHANGES ? folded("changes", t("change.every"), list) : list;
  section.replaceChildren(
    element("h2", {}, ...phrase("change.title", { plan: nameOf(page.reference) })),
    element("p", {}, ...changesCounted(page)),
    content,
  );
}

function changeItem({ school, from, to }) {
  const place = (community) => (community ? nameOf(community) : t("change.no_community"));
  return element("li", {}, ...phrase("change.moves", { school: linkTo(school), from: place(from), to: place(to) }));
}

/** Where the reference plan has a school, if that is elsewhere; for its card. */
export function homeBefore({ reference }, school) {
  const change = shown.plan.changes.find((one) => one.school === school);
  if (!change) return [];
  return [element("p", { class: "note before" }, nameOf(reference), ": ", ...placeOf(change.from))];
}
