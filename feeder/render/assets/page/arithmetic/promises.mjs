// Every promise of the scenario, checked on a division: which are broken, where, by how much. The
// sentences are the keys and facts that feeder/measures/constraints.py makes.
import { deviationsFromMean } from "./balance.mjs";
import { disruptionOf } from "./disruption.mjs";
import { membersByCommunity, totalsByCommunity } from "./division.mjs";
import { gradeSpan } from "./grades.mjs";
import { LEAST_SHARE, SLACK, landPieces } from "./land.mjs";
import { whenAsked } from "./value.mjs";

const BUDGET_UNITS = {
  schools_moved: "schools",
  students_moved: "students",
  variation_of_information: "nats",
  students_separated: "share",
};
const K12_MASK = (1 << 13) - 1;

/**
 * Returns `{name, said, satisfied, violations}` of every promise, in order; `today` is today's division,
 * or null, and `offices` are those of `offices.mjs`. A violation is
 * `{community_id, value, bound, unit, said}`; a sentence is `{key, facts}`.
 */
export function checkedPromises(facts, division, today, offices) {
  const { scenario } = facts;
  const plan = { facts, division, today, offices, members: membersByCommunity(division) };
  const [least, most] = scenario.schools;
  const promises = [
    promise("communities", { n: scenario.communities || division.n }, () => brokenNumber(plan)),
    promise("no_empty_community", {}, () => brokenEmpty(plan)),
    promise("schools", { least, n: most }, () => brokenSizes(plan, least, most)),
    promise(
      "enrollment_tolerance",
      { share: scenario.enrollment_tolerance },
      () => brokenBand(plan, facts.schools.enrollment, scenario.enrollment_tolerance, "enrollment"),
    ),
  ];
  if (scenario.need_tolerance !== null) {
    const share = scenario.need_tolerance;
    promises.push(promise("need_tolerance", { share }, () => brokenNeed(plan, share)));
  }
  const policy = scenario.choice_schools;
  const land = () => [...brokenLand(plan), ...brokenLandless(plan)];
  promises.push(
    promise("k12_coverage", {}, () => brokenCoverage(plan)),
    promise("contiguity", { share: LEAST_SHARE }, land, policy === "flow" ? "_by_flow" : ""),
    promise("every_school_placed", {}, () => brokenPlaces(plan), policy === "apart" ? "_apart" : ""),
    promise("campus_whole", {}, () => brokenCampuses(plan)),
  );
  if (scenario.max_office_minutes !== null) {
    const minutes = scenario.max_office_minutes;
    promises.push(promise("max_office_minutes", { minutes }, () => brokenOffices(plan, minutes)));
  }
  for (const [name, most] of scenario.budgets) {
    promises.push(promise(`budget_${name}`, { most }, () => brokenBudget(plan, name, most)));
  }
  if (scenario.nested_in !== null) {
    promises.push(promise("nested_in", { column: scenario.nested_in }, () => brokenNesting(plan)));
  }
  if (scenario.keep_together) promises.push(promise("keep_together", {}, () => brokenTogether(plan)));
  if (scenario.keep_apart) promises.push(promise("keep_apart", {}, () => brokenApart(plan)));
  if (scenario.locked) promises.push(promise("locked", {}, () => brokenLocks(plan)));
  return promises;
}

/** Returns what a message calls a community: its id, and its name where that is another. */
export function communityLabel({ ids, names }, community) {
  const [id, name] = [ids[community], names[community]];
  if (id === name) return { key: "community.id", facts: { id } };
  return { key: "community.id_and_name", facts: { id, name } };
}

/** A promise, checked when it is asked for. */
function promise(name, facts, violations, variant = "") {
  const said = { key: `promise.${name}${variant}`, facts };
  const checked = whenAsked({
    name: () => name,
    said: () => said,
    satisfied: () => !checked.violations.length,
    violations,
  });
  return checked;
}

/** A violation of one community, or of none where `community` is null. */
function violation({ division }, community, value, bound, unit, key, facts) {
  const own = community === null ? {} : { community: communityLabel(division, community) };
  const id = community === null ? "" : division.ids[community];
  return { community_id: id, value, bound, unit, said: { key, facts: { ...own, ...facts } } };
}

function schoolNames({ facts }, schools) {
  return schools.map((school) => `${facts.schools.name[school]} (${facts.schools.id[school]})`);
}

/** A campus is told by the name of its first school, a vacant tile as such. */
function placeNames({ facts }, nodes) {
  const { id, name, node: nodeOf } = facts.schools;
  return nodes.map((node) => {
    const own = facts.nodeIds[node];
    if (node >= facts.nCampuses) return { key: "place.vacant", facts: { id: own } };
    return `${name[nodeOf.indexOf(node)]} (${id[nodeOf.indexOf(node)]})`;
  });
}

function brokenNumber(plan) {
  const wanted = plan.facts.scenario.communities;
  const n = plan.division.n;
  if (wanted === null || wanted === n) return [];
  return [violation(plan, null, n, wanted, "communities", "broken.communities", { n, wanted })];
}

function brokenEmpty(plan) {
  return plan.members.flatMap((schools, c) =>
    schools.length ? [] : [violation(plan, c, 0, 1, "schools", "broken.empty", {})],
  );
}

function brokenSizes(plan, least, most) {
  return plan.members.flatMap((schools, c) => {
    const n = schools.length;
    if (n >= least && n <= most) return [];
    const bound = n < least ? least : most;
    const key = n < least ? "broken.too_few_schools" : "broken.too_many_schools";
    return [violation(plan, c, n, bound, "schools", key, { n, bound })];
  });
}

function brokenBand(plan, weights, tolerance, what) {
  const sums = totalsByCommunity(weights, plan.division.school, plan.division.n);
  const found = deviationsFromMean(sums);
  if (!found) return [];
  const { mean, relative } = found;
  return Array.from(relative).flatMap((one, c) => {
    if (!(Math.abs(one) > tolerance + SLACK)) return [];
    const sign = one > 0 ? 1 : -1;
    const bound = mean * (1 + sign * tolerance);
    const told = { value: sums[c], share: Math.abs(one), mean, bound };
    const key = `broken.${what}_${sign > 0 ? "above" : "below"}`;
    return [violation(plan, c, sums[c], bound, "students", key, told)];
  });
}

function brokenNeed(plan, tolerance) {
  const { need } = plan.facts.schools;
  if (need) return brokenBand(plan, need, tolerance, "need");
  const unit = "share of the mean";
  return [violation(plan, null, "unknown", tolerance, unit, "broken.need_unknown", {})];
}

function brokenCoverage(plan) {
  const grades = Array.from(plan.facts.schools.grades, (mask) => mask & K12_MASK);
  const every = grades.reduce((all, mask) => all | mask, 0);
  return plan.members.flatMap((schools, c) => {
    const missing = every & ~schools.reduce((all, school) => all | grades[school], 0);
    if (!missing) return [];
    const text = gradeSpan(missing);
    return [violation(plan, c, text, gradeSpan(every), "grades", "broken.grades", { grades: text })];
  });
}

/** Communities whose landed nodes fall into several parts, or that have none. */
function brokenLand(plan) {
  const { facts, division } = plan;
  const piece = landPieces(facts, division.node);
  const landed = Array.from({ length: division.n }, () => []);
  for (const node of facts.tiles.node) {
    if (division.node[node] >= 0) landed[division.node[node]].push(node);
  }
  return landed.flatMap((nodes, c) => {
    const sizes = new Map();
    for (const node of nodes) sizes.set(piece[node], (sizes.get(piece[node]) ?? 0) + 1);
    const unit = "parts of land";
    if (!sizes.size) return [violation(plan, c, 0, 1, unit, "broken.no_land", {})];
    if (sizes.size === 1) return [];
    const [largest] = [...sizes].sort((one, other) => other[1] - one[1] || one[0] - other[0])[0];
    const stray = placeNames(plan, nodes.filter((node) => piece[node] !== largest));
    const told = { n: sizes.size, places: stray };
    return [violation(plan, c, sizes.size, 1, unit, "broken.parts", told)];
  });
}

/**
 * Schools on landless campuses that touch too little of their community's land; those of one campus in
 * one community are told together.
 */
function brokenLandless(plan) {
  const { facts, division } = plan;
  const short = new Map();
  for (let school = 0; school < facts.nSchools; school += 1) {
    const [node, home] = [facts.schools.node[school], division.school[school]];
    if (home < 0 || facts.tiles.hasLand[node] || facts.isApart[node]) continue;
    const share = shareOnLand(facts, division, node, home);
    if (!(share < LEAST_SHARE * (1 - SLACK))) continue;
    const place = node * division.n + home;
    if (!short.has(place)) short.set(place, { node, home, share, schools: [] });
    short.get(place).schools.push(school);
  }
  return [...short.keys()].sort((one, other) => one - other).map((place) => {
    const { node, home, share, schools } = short.get(place);
    const names = schoolNames(plan, schools);
    if (facts.isFed[node]) {
      // Without a figure: it may be few pupils.
      const told = { schools: names, bound: LEAST_SHARE };
      const unit = "share of its pupils";
      return violation(plan, home, "fewer", LEAST_SHARE, unit, "broken.too_few_pupils", told);
    }
    const told = { schools: names, share, bound: LEAST_SHARE };
    return violation(plan, home, share, LEAST_SHARE, "share of its area", "broken.landless", told);
  });
}

function shareOnLand({ touch }, division, campus, home) {
  let share = 0;
  for (let row = 0; row < touch.campus.length; row += 1) {
    if (touch.campus[row] === campus && division.node[touch.to[row]] === home) {
      share += touch.share[row];
    }
  }
  return share;
}

/** Campuses whose schools are in several communities; schools in none are told apart. */
function brokenCampuses(plan) {
  const { facts, division } = plan;
  const onCampus = Array.from({ length: facts.nCampuses }, () => []);
  division.school.forEach((home, school) => {
    if (home >= 0) onCampus[facts.schools.node[school]].push(school);
  });
  return onCampus.flatMap((schools) => {
    const homes = [...new Set(schools.map((school) => division.school[school]))];
    if (homes.length < 2) return [];
    const where = homes.map((home) => {
      const own = schools.filter((school) => division.school[school] === home);
      const community = communityLabel(division, home);
      return { key: "place.in", facts: { schools: schoolNames(plan, own), community } };
    });
    const said = { key: "broken.campus", facts: { n: homes.length, where } };
    const unit = "communities of a campus";
    return [{ community_id: division.ids[homes[0]], value: homes.length, bound: 1, unit, said }];
  });
}

/** Schools and tiles without a community, and schools with one that stay apart. */
function brokenPlaces(plan) {
  const { facts, division } = plan;
  const unit = "communities";
  const [unplaced, notApart] = [[], []];
  division.school.forEach((home, school) => {
    const isApart = facts.isApart[facts.schools.node[school]];
    const told = { schools: schoolNames(plan, [school]) };
    if (home < 0 && !isApart) {
      unplaced.push(violation(plan, null, 0, 1, unit, "broken.unplaced", told));
    } else if (home >= 0 && isApart) {
      notApart.push(violation(plan, home, 1, 0, unit, "broken.not_apart", told));
    }
  });
  const tiles = Array.from(facts.tiles.node).filter((node) => division.node[node] < 0);
  const told = { places: placeNames(plan, tiles) };
  const land = tiles.length
    ? [violation(plan, null, tiles.length, 0, "tiles", "broken.land_unplaced", told)]
    : [];
  return [...unplaced, ...notApart, ...land];
}

function brokenNesting(plan) {
  const { nested, nested_in: column } = plan.facts.scenario;
  return plan.members.flatMap((schools, c) => {
    const inside = nestingValues(nested, schools);
    if (inside.length < 2) return [];
    const told = { values: inside };
    return [violation(plan, c, inside.join(", "), 1, column, "broken.nested", told)];
  });
}

/** Returns the values that schools have in the column of nesting, sorted. */
export function nestingValues(nested, schools) {
  const places = [...new Set(schools.map((school) => nested.school[school]))];
  return places.sort((one, other) => one - other).map((place) => nested.values[place]);
}

/** Communities with schools too far from their office, or that can have none. */
function brokenOffices(plan, most) {
  const { facts, offices } = plan;
  const unit = "minutes";
  if (!offices) {
    return [violation(plan, null, "unknown", most, unit, "missing.minutes_not_in_page", {})];
  }
  return offices.flatMap(({ host, members, minutes }, c) => {
    if (!members.length) return [];
    if (host === null) return [violation(plan, c, "none", most, unit, "broken.no_host", {})];
    const far = members.filter((_, place) => minutes[place] > most * (1 + SLACK));
    if (!far.length) return [];
    const longest = minutes.reduce((high, one) => Math.max(high, one), 0);
    const told = { minutes: longest, most, office: facts.schools.name[host] };
    const names = { schools: schoolNames(plan, far) };
    const key = "broken.max_office_minutes";
    return [violation(plan, c, longest, most, unit, key, { ...names, ...told })];
  });
}

function brokenBudget(plan, name, most) {
  const { facts, division, today } = plan;
  const unit = BUDGET_UNITS[name];
  if (!today) {
    return [violation(plan, null, "unknown", most, unit, "broken.no_existing_plan", {})];
  }
  const { value, said } = disruptionOf(facts, division, today)[name];
  if (value === null) {
    return [violation(plan, null, "unknown", most, unit, said.key, said.facts)];
  }
  if (value <= most * (1 + SLACK) + SLACK) return [];
  return [violation(plan, null, value, most, unit, `broken.budget_${name}`, { n: value, most })];
}

function brokenTogether(plan) {
  const { facts, division } = plan;
  return facts.scenario.keep_together.flatMap((group) => {
    const homes = [...new Set(group.map((school) => division.school[school]))];
    homes.sort((one, other) => one - other);
    if (homes.length < 2) return [];
    const ids = homes.filter((home) => home >= 0).map((home) => division.ids[home]).join(", ");
    const key = homes[0] >= 0 ? "broken.together" : "broken.together_unplaced";
    const told = { schools: schoolNames(plan, group), ids };
    return [violation(plan, null, homes.length, 1, "communities", key, told)];
  });
}

function brokenApart(plan) {
  const { facts, division } = plan;
  return facts.scenario.keep_apart.flatMap((group) => {
    const homes = [...new Set(group.map((school) => division.school[school]))];
    return homes.sort((one, other) => one - other).flatMap((home) => {
      const both = group.filter((school) => division.school[school] === home);
      if (home < 0 || both.length < 2) return [];
      const told = { schools: schoolNames(plan, both) };
      return [
        violation(plan, home, both.length, 1, "schools of one group", "broken.apart", told),
      ];
    });
  });
}

function brokenLocks(plan) {
  const { facts, division } = plan;
  return facts.scenario.locked.flatMap(([school, wanted]) => {
    const home = division.ids[division.school[school]] ?? "";
    if (home === wanted) return [];
    const key = home ? "broken.locked" : "broken.locked_unplaced";
    const said = { key, facts: { schools: schoolNames(plan, [school]), wanted, id: home } };
    return [{ community_id: home, value: home, bound: wanted, unit: "community", said }];
  });
}
