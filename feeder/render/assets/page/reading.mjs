// The page's data as objects: schools, flows and tiles once, and every plan of them.

import { t } from "./language.mjs";
import { changesBetween } from "./panel/changes.mjs";
import { decodedArcs } from "./topology.mjs";

/** Everything in the page; schools, flows and tiles are the same in every plan. */
export function readPage(data) {
  const schools = rows(data.schools, "school").map((school, index) =>
    Object.assign(school, { index, level: data.levels[school.level], at: [school.lat, school.lon], flows: [] }),
  );
  const flows = rows(data.flows, "flow").map((flow) =>
    Object.assign(flow, { from: schools[flow.from], to: schools[flow.to], source: data.sources[flow.source], amount: flow.students ?? flow.percent }),
  );
  for (const flow of flows) {
    flow.from.flows.push(flow);
    flow.to.flows.push(flow);
  }
  const arcs = decodedArcs(data.topology);
  const tiles = data.topology.tiles.map(() => ({ what: "tile" }));
  const plans = data.plans.map((plan) => readPlan(plan, schools));
  const reference = plans.find(({ today }) => today) ?? plans[0];
  for (const plan of plans) plan.changes = changesBetween(schools, reference, plan);
  return { ...data, schools, flows, arcs, tiles, plans, reference };
}

/** Lay a plan over schools, tiles and flows: they carry it until the next one comes. */
export function settle(page, plan) {
  page.schools.forEach((school, i) => Object.assign(school, { community: plan.homes[i], certainty: plan.certainty?.[i] ?? null }));
  page.tiles.forEach((tile, i) => Object.assign(tile, { community: plan.lands[i] }));
  for (const flow of page.flows) flow.crossing = !flow.from.community || flow.from.community !== flow.to.community;
}

/** Turn a table given by column into objects. */
function rows(table, what) {
  const names = Object.keys(table);
  return table[names[0]].map((_, i) => Object.fromEntries([["what", what], ...names.map((name) => [name, table[name][i]])]));
}

/** A plan: its communities, and the home of every school and tile. Its id is what the table calls it. */
function readPlan(plan, schools) {
  const communities = rows(plan.communities, "community");
  const home = (index) => communities[index] ?? null;
  const homes = plan.schoolCommunity.map(home);
  for (const community of communities) community.members = schools.filter((_, i) => homes[i] === community);
  return {
    ...plan,
    id: plan.name,
    get name() {
      return plan.today ? t("switch.today") : plan.name;
    },
    communities,
    homes,
    lands: plan.tileCommunity.map(home),
  };
}
