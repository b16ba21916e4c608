// Flows in words: who sends, who receives, how many, and how that is known.

import { element, folded, placeOf } from "../elements.mjs";
import { phrase, t } from "../language.mjs";
import { linkTo } from "../state.mjs";

const MOST_FLOWS = 8;
/** What a share of an estimate is a share of. */
const SHARE_OF = { out: "community", into: "arrivals" };

/** A count, or a rounded share of the sender's leavers where there is only an estimate. */
export function flowAmount(flow) {
  if (flow.source === "estimated") return aboutShare("leavers", flow.share);
  return counted([flow]);
}

/** A share of an estimate, in steps of five percent: more would look like knowledge. */
export function rounded(share) {
  return Math.round(20 * share) / 20;
}

/** Whole students; a half goes to the even number, as in Python. */
export function whole(students) {
  const nearest = Math.round(students);
  return students % 1 === 0.5 && nearest % 2 ? nearest - 1 : nearest;
}

/** What a school sends and receives, flow by flow. */
export function schoolFlows({ below }, school) {
  if (!school.flows.length) return [element("p", { class: "note" }, below ? t("card.no_flow_over", { below }) : t("card.no_flow"))];
  const sends = school.flows.filter(({ from }) => from === school);
  const receives = school.flows.filter(({ to }) => to === school);
  return [...flowList("sends", sends, ({ to }) => to), ...flowList("receives", receives, ({ from }) => from)];
}

/** What a community keeps, and which schools outside receive from it or send to it. */
export function communityFlows(page, community) {
  const leaving = page.flows.filter(({ from }) => from.community === community);
  const out = leaving.filter(({ to }) => to.community !== community);
  const into = page.flows.filter(({ from, to }) => to.community === community && from.community !== community);
  const total = amountOf(leaving);
  const kept = total - amountOf(out);
  return [
    ...(total ? [element("p", { class: "stay" }, stayText(leaving, out))] : []),
    ...outsideList("out", out, ({ to }) => to, total),
    ...outsideList("into", into, ({ from }) => from, kept + amountOf(into)),
  ];
}

/** How many who leave a school of a community go on inside it. */
function stayText(leaving, out) {
  const inside = leaving.filter((flow) => !out.includes(flow));
  const total = amountOf(leaving);
  const kept = amountOf(inside);
  if (leaving.some(({ source }) => source === "estimated")) return t("card.stay_about", { share: rounded(kept / total) });
  const [low, high] = shareRange(inside, out);
  if (low === high) return t("card.stay", { kept: whole(kept), n: whole(total), share: low });
  return t("card.stay_range", { low, high });
}

/** The least and the greatest share of some flows in them and others. */
function shareRange(flows, others) {
  const sum = (rows, end) => rows.reduce((all, flow) => all + flow[end], 0);
  const share = (part, rest) => (part + rest > 0 ? part / (part + rest) : 0);
  return [share(sum(flows, "low"), sum(others, "high")), share(sum(flows, "high"), sum(others, "low"))];
}

function flowList(side, flows, other) {
  if (!flows.length) return [];
  const amount = side === "sends" ? (flow) => sentAmount(flow, flows) : flowAmount;
  const items = bySize(flows).map((flow) => flowItem(other(flow), amount(flow), [flow], flow.crossing));
  return [element("h3", {}, t(`card.${side}`)), shortened(`flows-${side}`, items)];
}

/** What a school sends, a count with its share of all that it sends. */
function sentAmount(flow, all) {
  const amount = flowAmount(flow);
  if (flow.source === "estimated") return amount;
  const [low, high] = shareRange([flow], all.filter((other) => other !== flow));
  if (Math.round(100 * low) !== Math.round(100 * high)) return t("card.of_leavers_range", { amount, low, high });
  return t("card.of_leavers", { amount, share: flow.share });
}

/** Schools outside, `total` being the leavers of the community, or all who come to its schools; the flows of one school are added up. */
function outsideList(side, flows, other, total) {
  if (!flows.length) return [];
  const own = new Map();
  for (const flow of flows) own.set(other(flow), [...(own.get(other(flow)) ?? []), flow]);
  const order = [...own].map(([school, theirs]) => ({ school, theirs, amount: amountOf(theirs) }));
  const items = bySize(order).map(({ school, theirs, amount }) => {
    const rough = theirs.some(({ source }) => source === "estimated");
    const share = SHARE_OF[side];
    return flowItem(school, rough ? aboutShare(share, amount / total) : counted(theirs), theirs, true);
  });
  return [element("h3", {}, t(`card.${side}`)), shortened(`outside-${side}`, items)];
}

function flowItem(school, amount, flows, away) {
  const sources = [...new Set(flows.map(({ source }) => source))].map((source) => t(`card.source.${source}`)).join(", ");
  const item = element("li", {}, linkTo(school), element("br"), t("card.flow", { amount, source: sources }));
  if (away) item.append(element("br"), element("span", { class: "away" }, ...whereabouts(school)));
  return item;
}

function whereabouts({ community }) {
  return community ? phrase("card.in", { community: element("span", {}, ...placeOf(community)) }) : [t("card.no_community")];
}

/** A list whose tail waits behind a line. */
function shortened(key, items) {
  if (items.length <= MOST_FLOWS + 1) return element("ul", { class: "flows" }, ...items);
  const rest = items.splice(MOST_FLOWS);
  return element("div", {}, element("ul", { class: "flows" }, ...items), folded(key, t("page.more", { n: rest.length }), element("ul", { class: "flows" }, ...rest)));
}

/** Students of counted flows, or what suppressed cells leave open of them. */
function counted(flows) {
  const [low, n] = ["low", "high"].map((end) => flows.reduce((sum, flow) => sum + whole(flow[end]), 0));
  if (low === n) return t("card.students_a_year", { n });
  return low ? t("card.students_range", { low, n }) : t("card.students_up_to", { n });
}

function aboutShare(whole, share) {
  const known = rounded(share);
  return known ? t(`card.about_${whole}`, { share: known }) : t(`card.little_${whole}`, { share: 0.05 });
}

function amountOf(flows) {
  return flows.reduce((sum, { amount }) => sum + amount, 0);
}

function bySize(things) {
  return [...things].sort((a, b) => b.amount - a.amount);
}
