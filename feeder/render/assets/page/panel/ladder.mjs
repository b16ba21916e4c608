// The schools of one community as a ladder from kindergarten to grade 12: a column a level, lines
// as wide as the flows between them; and the same as a nested list.

import { badge, drawing, element, folded, nameOf } from "../elements.mjs";
import { inOrder, phrase, t } from "../language.mjs";
import { schoolSample } from "../map/symbols.mjs";
import { linkTo, shown } from "../state.mjs";
import { flowAmount } from "./flows.mjs";

const STEPS = [["elementary"], ["middle"], ["high"], ["span", "other"]];
const GAP_PERCENT = 8;
const WIDEST_PX = 9;

/** Draw the ladder of the community on show, or of the school's; none without a community. */
export function drawLadder(section, page) {
  const { thing } = shown;
  const community = thing?.what === "school" ? thing.community : thing;
  section.hidden = !community;
  if (!community) return section.replaceChildren();
  const open = section.querySelector("details")?.open ?? false;
  const columns = orderedColumns(community);
  const flows = page.flows.filter(({ from, to }) => from.community === community && to.community === community);
  const list = folded("ladder", t("ladder.as_list"), nestedList(community, flows));
  list.open = open;
  section.replaceChildren(
    element("h2", {}, ...phrase("ladder.title", { community: element("span", {}, badge(community), " ", nameOf(community)) })),
    ladderOf(columns, flows),
    list,
  );
}

function ladderOf(columns, flows) {
  const place = (part, k) => {
    part.style.insetInlineStart = `${columnStart(k, columns.length)}%`;
    part.style.width = `${columnWidth(columns.length)}%`;
    return part;
  };
  const heads = columns.map(({ level }, k) => place(element("span", {}, t(`key.level.${level}`)), k));
  const lists = columns.map(({ level, schools }, k) => place(element("ol", { "aria-label": t(`key.level.${level}`) }, ...schools.map(ladderSchool)), k));
  const rungs = element("div", { class: "rungs" }, ladderLines(columns, flows), ...lists);
  rungs.style.setProperty("--rows", Math.max(...columns.map(({ schools }) => schools.length)));
  return element("div", { class: "ladder" }, element("div", { class: "heads", "aria-hidden": "true" }, ...heads), rungs);
}

function ladderSchool(school) {
  const link = linkTo(school);
  link.prepend(schoolSample(school.level));
  link.title = school.grades ? t("ladder.school", { name: school.name, grades: school.grades }) : school.name;
  if (school === shown.thing) link.setAttribute("aria-current", "true");
  return element("li", {}, link);
}

/** Columns from left to right. A school stands beside the one that it sends most to. */
function orderedColumns({ members }) {
  const columns = STEPS.map((levels) => ({ level: levels[0], schools: members.filter(({ level }) => levels.includes(level)) })).filter(({ schools }) => schools.length);
  const rank = new Map();
  for (const { schools } of [...columns].reverse()) {
    const place = (school) => rank.get(mainReceiver(school)) ?? 1;
    schools.sort((a, b) => place(a) - place(b) || inOrder(a.name, b.name));
    schools.forEach((school, row) => rank.set(school, (row + 0.5) / schools.length));
  }
  return columns;
}

function mainReceiver(school) {
  const inside = school.flows.filter(({ from, to }) => from === school && to.community === school.community);
  return inside.sort((a, b) => b.amount - a.amount)[0]?.to;
}

/** All flows inside, in percent of the ladder's width and height, behind the schools. */
function ladderLines(columns, flows) {
  const most = Math.max(...flows.map(({ amount }) => amount), 0);
  const at = new Map(columns.flatMap(({ schools }, k) => schools.map((school, row) => [school, { k, y: (100 * (row + 0.5)) / schools.length }])));
  const width = columnWidth(columns.length);
  const start = (k) => columnStart(k, columns.length);
  const lines = flows.map(({ from, to, amount, source }) => {
    const [a, b] = [at.get(from), at.get(to)];
    const x1 = start(a.k) + (a.k <= b.k ? width : 0);
    const x2 = start(b.k) + (a.k < b.k ? 0 : width);
    const bend = a.k === b.k ? x1 + GAP_PERCENT : (x1 + x2) / 2;
    const line = drawing("path", { class: `flow inside ${source}`, d: `M${x1},${a.y}C${bend},${a.y} ${bend},${b.y} ${x2},${b.y}`, "vector-effect": "non-scaling-stroke" });
    line.style.strokeWidth = `${Math.max(0.8, (WIDEST_PX * amount) / most)}px`;
    return line;
  });
  return drawing("svg", { viewBox: "0 0 100 100", preserveAspectRatio: "none", "aria-hidden": "true" }, ...lines);
}

function columnWidth(count) {
  return (100 - GAP_PERCENT * (count - 1)) / count;
}

function columnStart(k, count) {
  return k * (columnWidth(count) + GAP_PERCENT);
}

/** From the schools that nobody of the community sends to, step by step to the last. */
function nestedList({ members }, flows) {
  const received = new Set(flows.map(({ to }) => to));
  const item = (school, words, above) => {
    const next = flows.filter(({ from, to }) => from === school && !above.includes(to)).sort((a, b) => b.amount - a.amount);
    const below = next.map((flow) => item(flow.to, `: ${flowAmount(flow)}`, [...above, school]));
    return element("li", {}, linkTo(school), words, ...(below.length ? [element("ul", {}, ...below)] : []));
  };
  const starts = members.filter((school) => !received.has(school)).sort((a, b) => inOrder(a.name, b.name));
  return element("ul", { class: "nested" }, ...starts.map((school) => item(school, "", [])));
}
