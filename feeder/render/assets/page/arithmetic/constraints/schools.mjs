// Schools per community within their bounds.
import { promise, violation } from "./plan.mjs";

/** Fewest and most schools of a community. */
export function schoolsPromise(plan) {
  const [least, most] = plan.facts.scenario.schools;
  return [promise("schools", { least, n: most }, () => brokenSizes(plan, least, most))];
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
