// Single schools that are locked to a community, kept together, or kept apart.
import { promise, schoolNames, violation } from "./plan.mjs";

/** Groups that share one community. */
export function keepTogetherPromise(plan) {
  if (!plan.facts.scenario.keep_together) return [];
  return [promise("keep_together", {}, () => brokenTogether(plan))];
}

/** Groups of which no two share a community. */
export function keepApartPromise(plan) {
  if (!plan.facts.scenario.keep_apart) return [];
  return [promise("keep_apart", {}, () => brokenApart(plan))];
}

/** Schools in the community they are locked to. */
export function lockedPromise(plan) {
  if (!plan.facts.scenario.locked) return [];
  return [promise("locked", {}, () => brokenLocks(plan))];
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
