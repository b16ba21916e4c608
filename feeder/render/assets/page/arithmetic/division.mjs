// Who belongs where: communities of schools and of land. A division never changes once it is made.
import { wholeLand } from "./land.mjs";

/**
 * Returns a plan as it was made. `school` and `node` hold places in `ids`; -1 is none. `office` holds the
 * schools that are to hold the offices; -1, or null for all, where the best are chosen.
 */
export function plannedDivision(ids, names, school, node, office = null) {
  return {
    ids,
    names,
    n: ids.length,
    school: Int32Array.from(school),
    node: Int32Array.from(node),
    office,
    landReason: null,
  };
}

/**
 * Returns the plan that `feeder score` reads from the communities of schools alone: a campus' tile
 * follows its first school that is placed, vacant tiles go where they keep the land whole.
 */
export function editedDivision(facts, ids, names, school, office = null) {
  const node = new Int32Array(facts.nNodes).fill(-1);
  for (let one = facts.nSchools - 1; one >= 0; one -= 1) {
    if (school[one] >= 0) node[facts.schools.node[one]] = school[one];
  }
  return plannedDivision(ids, names, school, wholeLand(facts, node), office);
}

/** Returns today's division, or null where the district has no existing plan. */
export function todaysDivision(facts) {
  const today = facts.today;
  if (!today) return null;
  const division = plannedDivision(today.ids, today.ids, today.school, today.node);
  return { ...division, landReason: today.land_reason };
}

/** Returns the sum of the weights in each community; what is in none is left out. */
export function totalsByCommunity(weights, community, n) {
  const sums = new Float64Array(n);
  for (let row = 0; row < community.length; row += 1) {
    if (community[row] >= 0) sums[community[row]] += weights[row];
  }
  return sums;
}

/** Returns the schools of each community, in their order. */
export function membersByCommunity(division) {
  const members = Array.from({ length: division.n }, () => []);
  division.school.forEach((community, school) => {
    if (community >= 0) members[community].push(school);
  });
  return members;
}
