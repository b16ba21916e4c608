// What a plan changes: schools that are not where their community of the reference plan is carried on.

import { element, foldedLater, nameOf, placeOf } from "../elements.mjs";
import { inOrder, phrase, t } from "../language.mjs";
import { linkTo, shown } from "../state.mjs";
import { rounded, whole } from "./flows.mjs";

/** How many schools differ, in one sentence. */
export function changesCounted({ reference }) {
  const { plan } = shown;
  if (plan === reference) return [t("change.reference")];
  const facts = { n: plan.changes.length, of: plan.comparable, plan: nameOf(reference) };
  return phrase(facts.n ? "change.counted" : "change.none", facts);
}

const MOST_CHANGES = 6;

/** The schools that differ, one sentence each; many wait behind a line. */
export function drawChanges(section, page) {
  const { changes } = shown.plan;
  section.hidden = !changes.length;
  if (section.hidden) return section.replaceChildren();
  const { plan } = shown;
  const list = () => {
    const order = [...changes].sort((a, b) => inOrder(a.school.name, b.school.name));
    return element("ul", { class: "changes" }, ...order.map((change) => element("li", {}, ...changeSentence(change, page.reference, plan))));
  };
  const content = changes.length > MOST_CHANGES ? foldedLater("changes", t("change.every"), list) : list();
  section.replaceChildren(
    element("h2", {}, ...phrase("change.title", { plan: nameOf(page.reference) })),
    element("p", {}, ...changesCounted(page)),
    content,
  );
}

/** One school that differs: where it goes, and what that means for its students. */
export function changeSentence({ school, from, to }, before, after) {
  const facts = { school: linkTo(school), from: from && nameOf(from), to: to && newNameOf(from, to) };
  const move = phrase(`change.${from ? (to ? "moves" : "leaves") : "joins"}`, facts);
  const effect = changeEffect(school, before, after);
  return effect ? phrase("change.sentence", { move, effect }) : phrase("change.only", { move });
}

/** The name of a community that a school comes to; of one that only shares its name, "(new)" beside it. */
function newNameOf(from, to) {
  return from?.name === to.name ? phrase("change.namesake", { community: nameOf(to) }) : nameOf(to);
}

/**
 * How many leavers stay with their classmates, before and after; of a school that sends nobody
 * on, how many of those who come to it. What is not known exactly is told as a share.
 */
function changeEffect(school, before, after) {
  const sends = school.flows.filter((flow) => flow.from === school);
  const flows = sends.length ? sends : school.flows;
  const of = sends.length ? "leavers" : "comers";
  const [was, is] = [before, after].map((plan) => keptFlow(flows, plan));
  const all = flows.reduce((sum, flow) => sum + flow.amount, 0);
  if (!all) return "";
  if (flows.some(({ source, low, high }) => source === "estimated" || low < high)) {
    const [share, old] = [is, was].map((kept) => rounded(kept / all));
    return share === old ? t(`change.${of}_about_same`, { share }) : t(`change.${of}_about`, { share, old });
  }
  const facts = { kept: whole(is), n: whole(all), old: whole(was) };
  return facts.kept === facts.old ? t(`change.${of}_same`, facts) : t(`change.${of}`, facts);
}

/** Students of some flows who stay in one community under a plan. */
function keptFlow(flows, plan) {
  const inside = ({ from, to }) => plan.homes[from.index] && plan.homes[from.index] === plan.homes[to.index];
  return flows.filter(inside).reduce((sum, flow) => sum + flow.amount, 0);
}

/** Where the reference plan has a school, if that is elsewhere; for its card. */
export function homeBefore({ reference }, school) {
  const change = shown.plan.changes.find((one) => one.school === school);
  if (!change) return [];
  return [element("p", { class: "note before" }, nameOf(reference), ": ", ...placeOf(change.from))];
}
