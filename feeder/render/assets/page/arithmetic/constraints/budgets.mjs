// Budgets of change against today's plan.
import { disruptionOf } from "../disruption.mjs";
import { promise, violation } from "./plan.mjs";

/** The most of each figure of change. */
export function budgetPromises(plan) {
  return plan.facts.scenario.budgets.map(([name, most]) =>
    promise(`budget_${name}`, { most }, () => brokenBudget(plan, name, most)),
  );
}

function brokenBudget(plan, name, most) {
  const { facts, division, today } = plan;
  const unit = facts.units[name];
  if (!today) {
    return [violation(plan, null, "unknown", most, unit, "broken.no_existing_plan", {})];
  }
  const { value, said } = disruptionOf(facts, division, today)[name];
  if (value === null) {
    return [violation(plan, null, "unknown", most, unit, said.key, said.facts)];
  }
  const { slack, sum_slack: sumSlack } = facts.thresholds;
  if (value <= most * (1 + slack) + sumSlack) return [];
  return [violation(plan, null, value, most, unit, `broken.budget_${name}`, { n: value, most })];
}
