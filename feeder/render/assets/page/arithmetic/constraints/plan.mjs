// What every constraint says of a plan: a promise, checked when it is asked for, and where it is broken.
// A plan is `{facts, division, today, offices, members}`: `today` is today's division, or null, `offices`
// are those of `offices.mjs`, and `members` the schools of each community.
import { whenAsked } from "../value.mjs";

/** Returns what a message calls a community: its id, and its name where that is another. */
export function communityLabel({ ids, names }, community) {
  const [id, name] = [ids[community], names[community]];
  if (id === name) return { key: "community.id", facts: { id } };
  return { key: "community.id_and_name", facts: { id, name } };
}

/** Returns a promise, checked when it is asked for: `{name, said, satisfied, violations}`. */
export function promise(name, facts, violations, variant = "") {
  const said = { key: `promise.${name}${variant}`, facts };
  const checked = whenAsked({
    name: () => name,
    said: () => said,
    satisfied: () => !checked.violations.length,
    violations,
  });
  return checked;
}

/**
 * Returns a violation of one community, or of none where `community` is null:
 * `{community_id, value, bound, unit, said}`; a sentence is `{key, facts}`.
 */
export function violation({ division }, community, value, bound, unit, key, facts) {
  const own = community === null ? {} : { community: communityLabel(division, community) };
  const id = community === null ? "" : division.ids[community];
  return { community_id: id, value, bound, unit, said: { key, facts: { ...own, ...facts } } };
}

/** Returns schools by name and id. */
export function schoolNames({ facts }, schools) {
  return schools.map((school) => `${facts.schools.name[school]} (${facts.schools.id[school]})`);
}

/** Returns nodes: a campus is told by the name of its first school, a vacant tile as such. */
export function placeNames({ facts }, nodes) {
  const { id, name, node: nodeOf } = facts.schools;
  return nodes.map((node) => {
    const own = facts.nodeIds[node];
    if (node >= facts.nCampuses) return { key: "place.vacant", facts: { id: own } };
    return `${name[nodeOf.indexOf(node)]} (${id[nodeOf.indexOf(node)]})`;
  });
}
