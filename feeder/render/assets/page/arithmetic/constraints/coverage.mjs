// Every K-12 grade that the district serves, served in every community, with seats enough.
import { totalsByCommunity } from "../division.mjs";
import { gradeName, gradeSpan } from "../grades.mjs";
import { promise, violation } from "./plan.mjs";

const N_GRADES = 13;
const K12_MASK = (1 << N_GRADES) - 1;
const PARTS_OF_A_SEAT = 8;

/** No community without a grade, or with hardly a seat in it. */
export function coveragePromise(plan) {
  const share = plan.facts.scenario.coverage_share;
  if (!share) return [promise("k12_coverage", {}, () => brokenCoverage(plan, 0))];
  return [promise("k12_coverage", { share }, () => brokenCoverage(plan, share), "_seats")];
}

function brokenCoverage(plan, share) {
  const { facts, division } = plan;
  const isMember = facts.schools.node.map((node) => !facts.isApart[node]);
  const grades = Array.from(facts.schools.grades, (mask, school) => (isMember[school] ? mask & K12_MASK : 0));
  const every = grades.reduce((all, mask) => all | mask, 0);
  const seats = seatsByGrade(facts, isMember);
  const least = seats.map((own) => (share * own.reduce((sum, one) => sum + one, 0)) / division.n);
  const held = seats.map((own) => totalsByCommunity(own, division.school, division.n));
  return plan.members.flatMap((schools, c) => {
    const missing = every & ~schools.reduce((all, school) => all | grades[school], 0);
    const text = gradeSpan(missing, facts.gradeNames);
    const unserved = missing
      ? [violation(plan, c, text, gradeSpan(every, facts.gradeNames), "grades", "broken.grades", { grades: text })]
      : [];
    return [...unserved, ...tooFewSeats(plan, c, missing, held.map((own) => own[c]), least)];
  });
}

/** What a community with too few seats in some grades is told, by the one that lacks most. */
function tooFewSeats(plan, c, missing, own, least) {
  const slack = plan.facts.thresholds.sum_slack;
  const short = least.flatMap((bound, grade) => (!((missing >> grade) & 1) && own[grade] < bound - slack ? [grade] : []));
  if (!short.length) return [];
  const worst = short.reduce((most, grade) => (own[grade] / least[grade] < own[most] / least[most] ? grade : most));
  const told = {
    grades: gradeSpan(short.reduce((mask, grade) => mask | (1 << grade), 0), plan.facts.gradeNames),
    grade: gradeName(worst, plan.facts.gradeNames),
    value: own[worst],
    bound: least[worst],
  };
  return [violation(plan, c, own[worst], least[worst], "seats", "broken.seats", told)];
}

/** Seats of every school, by grade: as they are told, else enrollment over grades served; 0 for schools apart. */
function seatsByGrade(facts, isMember) {
  const { grades, enrollment } = facts.schools;
  const told = facts.scenario.seats ?? null;
  const seats = Array.from({ length: N_GRADES }, () => new Float64Array(enrollment.length));
  let at = 0;
  grades.forEach((mask, school) => {
    const served = Array.from({ length: N_GRADES }, (_, grade) => grade).filter((grade) => (mask >> grade) & 1);
    const even = Math.round((enrollment[school] / served.length) * PARTS_OF_A_SEAT);
    for (const grade of served) {
      const parts = told === null ? even : told[at];
      at += 1;
      if (isMember[school]) seats[grade][school] = parts / PARTS_OF_A_SEAT;
    }
  });
  return seats;
}
