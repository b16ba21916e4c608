// Who may go where. A school goes with its campus, all schools on one node; a reason is told as key and facts.

/** The schools that share a campus with one, itself among them, in their order. */
export function campusOf(facts, school) {
  const { node } = facts.schools;
  const found = [];
  node.forEach((one, other) => {
    if (one === node[school]) found.push(other);
  });
  return found;
}

/**
 * Why a school may not go to a community; null where it may.
 *
 * `plan` is an edited plan, `school` and `community` are places in the tables of schools and of
 * the given plan's communities. A reason with `overrule` is advice: the move can be made anyway.
 */
export function refusalOf(facts, given, plan, school, community) {
  const name = facts.schools.name[school];
  const refused = (key, told = {}) => ({ key: `edit.${key}`, facts: { school: name, ...told }, overrule: false });
  if (facts.isApart[facts.schools.node[school]]) return refused("stays_apart");
  const campus = campusOf(facts, school);
  const goal = labelOf(given, community);
  if (campus.every((one) => plan.homes[one] === community)) return refused("own_community", { community: goal });
  const lock = lockOf(facts, given, campus, community);
  if (lock) return refused("locked", lock);
  if (!neighborsOf(facts, plan, school).has(community)) return { ...refused("not_neighbors", { community: goal }), overrule: true };
  return null;
}

/** The moves that take a whole campus to a community. */
export function campusMoves(facts, plan, school, community) {
  const movers = campusOf(facts, school).filter((one) => plan.homes[one] !== community);
  return movers.map((one) => [one, plan.homes[one], community]);
}

/** Communities that a campus touches: by its tile's borders and bridges, or by what it leans on without a tile. */
export function neighborsOf(facts, plan, school) {
  const node = facts.schools.node[school];
  const { campus, to } = facts.touch;
  const touched = facts.tiles.hasLand[node] ? facts.neighbors[node] : to.filter((_, row) => campus[row] === node);
  const homes = touched.map((near) => plan.lands[near]);
  return new Set(homes.filter((home) => home >= 0));
}

/** Whether edited homes follow the rules: no campus parted, no school moved that is locked or stays apart. */
export function isAllowed(facts, given, homes) {
  return homes.every((home, school) => {
    if (home === given.school[school]) return true;
    const campus = campusOf(facts, school);
    if (facts.isApart[facts.schools.node[school]] || lockOf(facts, given, campus, home)) return false;
    return campus.every((one) => homes[one] === home);
  });
}

/** What a sentence calls a community: its id, and its name where that is another. */
export function labelOf({ ids, names }, community) {
  const [id, name] = [ids[community], names[community]];
  return id === name ? { key: "community.id", facts: { id } } : { key: "community.id_and_name", facts: { id, name } };
}

/**
 * The communities that a school may be given to, neighbors first, each with what would change.
 *
 * `before` is the scorecard of `plan`, `measure(homes)` returns that of another one. Without
 * `everywhere` only neighbors are told.
 */
export function choicesOf(facts, given, plan, school, { before, measure, everywhere = false }) {
  const near = neighborsOf(facts, plan, school);
  const all = given.ids.map((_, community) => community);
  const open = all.filter((one) => !(refusalOf(facts, given, plan, school, one)?.overrule === false));
  const told = open.filter((one) => everywhere || near.has(one)).sort((a, b) => near.has(b) - near.has(a) || a - b);
  return told.map((community) => {
    const homes = Int32Array.from(plan.homes);
    for (const [one, , to] of campusMoves(facts, plan, school, community)) homes[one] = to;
    return {
      community,
      neighbor: near.has(community),
      ...differenceOf(before, measure(homes)),
      mates: classmatesOf(facts, plan.homes, homes, campusOf(facts, school)),
    };
  });
}

/** What a plan makes of the measures of another: continuity, and promises newly broken or kept again. */
export function differenceOf(before, after) {
  const value = ({ plan }) => plan.feeder_continuity?.value ?? null;
  const told = ({ constraints }) => constraints.flatMap(({ name, violations }) => violations.map((one) => ({ name, ...one })));
  const [old, now] = [told(before), told(after)];
  const [wereSaid, areSaid] = [old, now].map((violations) => new Set(violations.map(({ said }) => JSON.stringify(said))));
  const places = new Set(now.map(placeOfViolation));
  return {
    continuity: [value(before), value(after)],
    broken: now.filter(({ said }) => !wereSaid.has(JSON.stringify(said))),
    mended: old.filter((one) => !areSaid.has(JSON.stringify(one.said)) && !places.has(placeOfViolation(one))),
  };
}

/** The same promise broken at the same place, whatever the figure. */
function placeOfViolation({ name, community_id: id, said }) {
  return JSON.stringify([name, id, id ? "" : said]);
}

/**
 * How many students of a campus stay with classmates of their community, before and after.
 *
 * Those it sends on where it sends any, else those that come to it. `estimated` where any of these
 * flows is: then only shares may be told.
 */
export function classmatesOf(facts, before, after, campus) {
  const { sender, receiver, students, isEstimated } = facts.flows;
  const mine = new Set(campus);
  const rowsOf = (ends) => [...students.keys()].filter((row) => mine.has(ends[row]) && students[row] > 0);
  const sent = rowsOf(sender);
  const rows = sent.length ? sent : rowsOf(receiver);
  const stay = (homes) => rows.filter((row) => homes[sender[row]] >= 0 && homes[sender[row]] === homes[receiver[row]]);
  const sum = (some) => some.reduce((all, row) => all + students[row], 0);
  return {
    sends: sent.length > 0,
    all: sum(rows),
    before: sum(stay(before)),
    after: sum(stay(after)),
    estimated: rows.some((row) => isEstimated[row]),
  };
}

/** The lock that keeps a campus from a community; null where there is none. */
function lockOf(facts, given, campus, community) {
  for (const [school, home] of facts.scenario.locked ?? []) {
    if (campus.includes(school) && home !== given.ids[community]) return { locked: facts.schools.name[school], wanted: home };
  }
  return null;
}
