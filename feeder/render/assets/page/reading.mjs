// The page's data as objects: schools, flows and tiles once, and every plan of them.

import { readFacts } from "./arithmetic/facts.mjs";
import { makeDesk } from "./edit/desk.mjs";
import { gradeSpan } from "./arithmetic/grades.mjs";
import { colourings } from "./map/colouring.mjs";
import { makePlan, readToday } from "./plans.mjs";
import { decodedArcs } from "./topology.mjs";

/** Everything in the page; schools, flows and tiles are the same in every plan. */
export function readPage(data) {
  const facts = readFacts(data.facts);
  const { measures } = facts;
  const open = openRows(data.facts.ends);
  const schools = facts.schools.id.map((_, index) => readSchool(data, facts, index));
  const flows = readFlowsOf(data, facts, schools);
  const tiles = tilesWithSchools(facts, schools);
  const rough = flows.some(({ source }) => source === "estimated");
  const page = { ...data, facts, open, measures, schools, flows, tiles, rough, today: readToday(facts, data.headlinesToday, data.minutesToday) };
  page.plans = data.plans.map((told) => makePlan(page, told));
  page.reference = page.plans.find(({ today }) => today) ?? page.plans[0];
  page.colourings = colourings(page);
  page.desk = makeDesk(page);
  let arcs = null;
  Object.defineProperty(page, "arcs", { get: () => (arcs ??= decodedArcs(data.topology)) });
  return page;
}

/** Lay a plan over schools, tiles and flows: they carry it until the next one comes. */
export function settle(page, plan) {
  page.schools.forEach((school, i) => Object.assign(school, { community: plan.homes[i], certainty: plan.certainty?.[i] ?? null }));
  page.tiles.forEach((tile, i) => Object.assign(tile, { community: plan.lands[i] }));
  for (const flow of page.flows) flow.crossing = !flow.from.community || flow.from.community !== flow.to.community;
}

/** Which schools' counts are known as a range only: by column, and by the name of a count or rate. */
function openRows(ends) {
  const rows = (range) => new Set(range?.[0] ?? []);
  const named = (ranges = {}) => Object.fromEntries(Object.entries(ranges).map(([name, range]) => [name, rows(range)]));
  return { need: rows(ends?.schools.need), counts: named(ends?.counts), rates: named(ends?.rates) };
}

function readSchool({ levels, kind }, { schools, gradeNames, ends }, index) {
  const mask = schools.grades[index];
  return {
    what: "school",
    index,
    id: schools.id[index],
    name: schools.name[index],
    level: levels[schools.level[index]],
    get grades() {
      return mask ? gradeSpan(mask, gradeNames) : "";
    },
    kind: kind?.[index] ?? "",
    enrollment: schools.enrollment[index],
    /** The least and the most students that it may have. */
    enrollmentEnds: ["least", "most"].map((end) => (ends?.[end].schools ?? schools).enrollment[index]),
    need: schools.need ? schools.need[index] : null,
    at: [schools.lat[index], schools.lon[index]],
    node: schools.node[index],
    flows: [],
  };
}

/** Flows between schools; `share` is of all that the sender sends. */
function readFlowsOf({ sources, widthBreaks }, { flows }, schools) {
  const sent = new Float64Array(schools.length);
  flows.sender.forEach((from, row) => {
    sent[from] += flows.students[row];
  });
  return Array.from(flows.sender, (from, row) => {
    const amount = flows.students[row];
    const flow = {
      what: "flow",
      from: schools[from],
      to: schools[flows.receiver[row]],
      amount,
      low: flows.low[row],
      high: flows.high[row],
      share: sent[from] ? amount / sent[from] : 0,
      width: widthBreaks.filter((width) => width <= amount).length,
      source: sources[flows.source[row]],
    };
    flow.from.flows.push(flow);
    if (flow.to !== flow.from) flow.to.flows.push(flow);
    return flow;
  });
}

function tilesWithSchools({ tiles }, schools) {
  const standing = new Map(Array.from(tiles.node, (node) => [node, []]));
  for (const school of schools) standing.get(school.node)?.push(school);
  return Array.from(tiles.node, (node, index) => ({ what: "tile", index, node, schools: standing.get(node) }));
}
