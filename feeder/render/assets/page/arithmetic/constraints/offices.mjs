// Every school within the longest way to the office of its community.
import { promise, schoolNames, violation } from "./plan.mjs";

/** A longest way to the office. */
export function officeMinutesPromise(plan) {
  const minutes = plan.facts.scenario.max_office_minutes;
  if (minutes === null) return [];
  return [promise("max_office_minutes", { minutes }, () => brokenOffices(plan, minutes))];
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
    const far = members.filter((_, place) => minutes[place] > most * (1 + facts.thresholds.slack));
    if (!far.length) return [];
    const longest = minutes.reduce((high, one) => Math.max(high, one), 0);
    const told = { minutes: longest, most, office: facts.schools.name[host] };
    const names = { schools: schoolNames(plan, far) };
    const key = "broken.max_office_minutes";
    return [violation(plan, c, longest, most, unit, key, { ...names, ...told })];
  });
}
