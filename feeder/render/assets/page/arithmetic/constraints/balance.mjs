// Enrollment, and need, of every community within a band of the mean community.
import { deviationsFromMean } from "../balance.mjs";
import { totalsByCommunity } from "../division.mjs";
import { promise, violation } from "./plan.mjs";

/** A community's students within a share of the mean community's. */
export function enrollmentPromise(plan) {
  const share = plan.facts.scenario.enrollment_tolerance;
  const { enrollment } = plan.facts.schools;
  const broken = () => brokenBand(plan, enrollment, share, "enrollment");
  return [promise("enrollment_tolerance", { share }, broken)];
}

/** The same of the need figure. */
export function needPromise(plan) {
  const share = plan.facts.scenario.need_tolerance;
  if (share === null) return [];
  return [promise("need_tolerance", { share }, () => brokenNeed(plan, share))];
}

function brokenBand(plan, weights, tolerance, what) {
  const sums = totalsByCommunity(weights, plan.division.school, plan.division.n);
  const found = deviationsFromMean(sums);
  if (!found) return [];
  const { mean, relative } = found;
  return Array.from(relative).flatMap((one, c) => {
    if (!(Math.abs(one) > tolerance + plan.facts.thresholds.sum_slack)) return [];
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
