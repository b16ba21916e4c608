// All constraints, in the order in which they are reported: that of feeder/planning/constraints/table.py,
// which makes the same sentences of the same facts.
import { membersByCommunity } from "../division.mjs";
import { enrollmentPromise, needPromise } from "./balance.mjs";
import { budgetPromises } from "./budgets.mjs";
import { capacityPromise } from "./capacity.mjs";
import { contiguityPromise } from "./contiguity.mjs";
import { coveragePromise } from "./coverage.mjs";
import { keepApartPromise, keepTogetherPromise, lockedPromise } from "./groups.mjs";
import { nestedInPromise } from "./nested.mjs";
import { communitiesPromise, noEmptyCommunityPromise } from "./number.mjs";
import { officeMinutesPromise } from "./offices.mjs";
import { campusWholePromise, everySchoolPlacedPromise } from "./placement.mjs";
import { schoolsPromise } from "./schools.mjs";

const CONSTRAINTS = [
  communitiesPromise,
  noEmptyCommunityPromise,
  schoolsPromise,
  enrollmentPromise,
  needPromise,
  capacityPromise,
  coveragePromise,
  contiguityPromise,
  everySchoolPlacedPromise,
  campusWholePromise,
  officeMinutesPromise,
  budgetPromises,
  nestedInPromise,
  keepTogetherPromise,
  keepApartPromise,
  lockedPromise,
];

/** What any plan should be: today's is judged by these alone. */
const OF_ANY_PLAN = new Set([
  noEmptyCommunityPromise,
  coveragePromise,
  contiguityPromise,
  everySchoolPlacedPromise,
  campusWholePromise,
]);

/** Returns every promise of the scenario (`plan.mjs`), in order; `isToday` where the plan is today's. */
export function checkedPromises(facts, division, today, offices, isToday) {
  const plan = { facts, division, today, offices, members: membersByCommunity(division) };
  return CONSTRAINTS.filter((one) => !isToday || OF_ANY_PLAN.has(one)).flatMap((promises) => promises(plan));
}
