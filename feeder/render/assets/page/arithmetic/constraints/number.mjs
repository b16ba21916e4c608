// As many communities as were asked for, and none of them empty.
import { promise, violation } from "./plan.mjs";

/** The number of communities. */
export function communitiesPromise(plan) {
  const n = plan.facts.scenario.communities || plan.division.n;
  return [promise("communities", { n }, () => brokenNumber(plan))];
}

/** A school in every community. */
export function noEmptyCommunityPromise(plan) {
  return [promise("no_empty_community", {}, () => brokenEmpty(plan))];
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
