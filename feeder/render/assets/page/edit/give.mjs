// In the card of a school: which communities it may go to, and what each would change.

import { atLeisure, badge, element, folded, nameOf } from "../elements.mjs";
import { number, say, t } from "../language.mjs";
import { rounded, whole } from "../panel/flows.mjs";
import { shown } from "../state.mjs";
import { choicesOf, differenceOf, neighborsOf } from "./rules.mjs";

const MOST_BROKEN = 2;

/** The choices for a school; `give(school, place)` is called with a place in the given plan's communities. */
export function giveSection(page, desk, school, give) {
  const { plan } = shown;
  const title = element("h3", { id: "give-title" }, t("edit.give"));
  const firm = firmReason(desk, plan, school);
  if (firm) return [title, element("p", { class: "note" }, say(firm))];
  const near = neighborsOf(page.facts, plan.seats, school.index);
  const open = plan.given.communities.map((_, place) => place).filter((place) => !isRefused(desk.refusal(plan, school.index, place)));
  const items = new Map(open.filter((place) => near.has(place)).map((place) => [place, choiceItem(plan.given, school, place, give)]));
  const far = open.filter((place) => !near.has(place));
  atLeisure(() => tellEffects(page, desk, plan, school, items));
  return [
    title,
    element("ul", { class: "choices-list" }, ...items.values()),
    ...(items.size ? [] : [element("p", { class: "note" }, t("edit.no_neighbor"))]),
    ...(far.length ? [folded("far", t("edit.elsewhere"), element("ul", { class: "choices-list" }, ...far.map((place) => farItem(desk, plan, school, place, give))))] : []),
  ];
}

/** What each choice would change takes a scorecard of its own, so it follows when the card is on the screen. */
function tellEffects(page, desk, plan, school, items) {
  if (plan !== shown.plan || ![...items.values()].some(({ isConnected }) => isConnected)) return;
  const measure = (homes) => desk.tried(plan, homes);
  for (const choice of choicesOf(page.facts, plan.given.division, plan.seats, school.index, { before: plan.card, measure })) {
    items.get(choice.community)?.append(...effects(page, choice).map(({ text, bad }) => element("small", { class: bad ? "bad" : "" }, text)));
  }
}

/** Why a school can go nowhere; null where it can. */
function firmReason(desk, plan, school) {
  const reasons = plan.given.communities.map((_, place) => desk.refusal(plan, school.index, place));
  const firm = reasons.find((reason) => reason && ["edit.stays_apart", "edit.locked"].includes(reason.key));
  return reasons.every((reason) => isRefused(reason)) ? (firm ?? reasons[0]) : null;
}

function isRefused(reason) {
  return Boolean(reason) && !reason.overrule;
}

function choiceItem(given, school, place, give) {
  const community = given.communities[place];
  const button = element("button", { type: "button", class: "choice", id: `give-${place}` }, badge(community), " ", nameOf(community));
  button.addEventListener("click", () => give(school, place));
  return element("li", {}, button);
}

/** What a choice changes, in short sentences. */
function effects(page, { continuity: [before, after], broken, mates }) {
  const form = page.rough ? ".0%" : ".1%";
  const found = [];
  if (before !== null && after !== null) {
    const [old, now] = [before, after].map((value) => number(value, form));
    found.push({ text: old === now ? t("edit.continuity_same", { now }) : t("edit.continuity", { old, now }) });
  }
  if (mates.all) found.push({ text: matesText(mates) });
  for (const one of broken.slice(0, MOST_BROKEN)) found.push({ text: t("edit.breaks", { message: say(one.said) }), bad: true });
  if (broken.length > MOST_BROKEN) found.push({ text: t("page.more", { n: broken.length - MOST_BROKEN }), bad: true });
  return found;
}

/** How many stay with classmates; of an estimate the share. */
function matesText({ sends, all, before, after, estimated }) {
  const of = sends ? "leavers" : "comers";
  if (estimated) {
    const [share, old] = [after, before].map((kept) => rounded(kept / all));
    return share === old ? t(`change.${of}_about_same`, { share }) : t(`change.${of}_about`, { share, old });
  }
  const facts = { n: whole(all), kept: whole(after), old: whole(before) };
  return facts.kept === facts.old ? t(`change.${of}_same`, facts) : t(`change.${of}`, facts);
}

/** A community elsewhere: refused with its reason, unless the reader insists. */
function farItem(desk, plan, school, place, give) {
  const community = plan.given.communities[place];
  const item = element("li", {});
  const button = element("button", { type: "button", class: "choice", id: `give-${place}` }, badge(community), " ", nameOf(community));
  button.addEventListener("click", () => {
    const insist = element("button", { type: "button", class: "insist", id: `insist-${place}` }, t("edit.insist"));
    insist.addEventListener("click", () => give(school, place));
    item.replaceChildren(button, element("p", { class: "refused", role: "alert" }, say(desk.refusal(plan, school.index, place))), insist);
    insist.focus();
  });
  item.append(button);
  return item;
}

/** One sentence of what a step changed, for those who listen. */
export function changeTold(page, before, after) {
  const form = page.rough ? ".0%" : ".1%";
  const { continuity: [was, is], broken } = differenceOf(before.card, after.card);
  const [old, now] = [was ?? 0, is ?? 0].map((value) => number(value, form));
  const continuity = is === null ? "" : t(old === now ? "edit.continuity_same" : "edit.continuity", { old, now });
  return [continuity, promisesTold(after, broken)].filter(Boolean).join(". ");
}

function promisesTold({ promises }, broken) {
  if (broken.length) return t("edit.breaks", { message: say(broken[0].said) });
  const kept = promises.filter(({ satisfied }) => satisfied).length;
  const all = promises.length;
  return kept === all ? t("page.all_promises_kept", { n: all }) : t("page.promises_kept", { n: kept, all });
}
