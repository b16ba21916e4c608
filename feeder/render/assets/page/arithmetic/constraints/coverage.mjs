// Every K-12 grade that the district serves, served in every community.
import { gradeSpan } from "../grades.mjs";
import { promise, violation } from "./plan.mjs";

const K12_MASK = (1 << 13) - 1;

/** No community without a grade. */
export function coveragePromise(plan) {
  return [promise("k12_coverage", {}, () => brokenCoverage(plan))];
}

function brokenCoverage(plan) {
  const grades = Array.from(plan.facts.schools.grades, (mask) => mask & K12_MASK);
  const every = grades.reduce((all, mask) => all | mask, 0);
  return plan.members.flatMap((schools, c) => {
    const missing = every & ~schools.reduce((all, school) => all | grades[school], 0);
    if (!missing) return [];
    const text = gradeSpan(missing);
    return [violation(plan, c, text, gradeSpan(every), "grades", "broken.grades", { grades: text })];
  });
}
