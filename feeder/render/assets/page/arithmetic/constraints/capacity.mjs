// Utilization of every community, enrollment over capacity, within a band of the district's. Schools
// whose capacity is unknown count in neither sum.
import { totalsByCommunity } from "../division.mjs";
import { promise, violation } from "./plan.mjs";

/** A community's utilization within a share of the district's. */
export function capacityPromise(plan) {
  const share = plan.facts.scenario.capacity_tolerance;
  if (share === undefined) return [];
  return [promise("capacity_tolerance", { share }, () => brokenCapacity(plan, share))];
}

function brokenCapacity(plan, tolerance) {
  const { facts, division } = plan;
  const rooms = facts.schools.id.map((_, school) => facts.schools.capacity?.[school] ?? 0);
  const students = rooms.map((one, school) => (one > 0 ? facts.schools.enrollment[school] : 0));
  const district = utilizationOfMembers(facts, students, rooms);
  const [filled, size] = [students, rooms].map((one) => {
    return totalsByCommunity(one, division.school, division.n);
  });
  return Array.from(size).flatMap((own, c) => {
    if (!(own > 0)) return [violation(plan, c, "unknown", district, "share", "broken.capacity_unknown", {})];
    const value = filled[c] / own;
    const relative = district > 0 ? value / district - 1 : 0;
    if (!(Math.abs(relative) > tolerance + facts.thresholds.sum_slack)) return [];
    const sign = relative > 0 ? 1 : -1;
    const bound = district * (1 + sign * tolerance);
    const told = { value, share: Math.abs(relative), district, bound };
    const key = `broken.capacity_${sign > 0 ? "above" : "below"}`;
    return [violation(plan, c, value, bound, "share", key, told)];
  });
}

/** Enrollment over capacity of all schools but those that stay apart; 0 where there is no capacity. */
function utilizationOfMembers(facts, students, rooms) {
  let [filled, size] = [0, 0];
  rooms.forEach((one, school) => {
    if (facts.isApart[facts.schools.node[school]]) return;
    filled += students[school];
    size += one;
  });
  return size > 0 ? filled / size : 0;
}
