// What changes for schools and students against today's plan, as in feeder/measures/disruption.py.
import { countedOf, measured, missing } from "./value.mjs";

const NAMES = ["schools_moved", "students_moved", "variation_of_information", "students_separated"];

/** Returns every measure of disruption of a division against today's (null where there is none). */
export function disruptionOf(facts, division, today) {
  if (!today) return withoutAll("no_existing_plan");
  if (division === today) return withoutAll("is_today");
  const shared = placedByBoth(facts, division, today);
  if (!shared.length) return withoutAll("nothing_shared");
  const joint = jointTables(facts, shared, division, today);
  return {
    ...countedOfMoved(facts, shared, division, today),
    variation_of_information: variationOfInformation(joint.students),
    students_separated: studentsSeparated(facts, shared, joint.students),
  };
}

function withoutAll(why) {
  return Object.fromEntries(NAMES.map((name) => [name, missing(why)]));
}

/** Schools and students by pair of communities, the plan's and today's. */
function jointTables(facts, shared, division, today) {
  const table = () => Array.from({ length: division.n }, () => new Float64Array(today.n));
  const [schools, students] = [table(), table()];
  for (const school of shared) {
    schools[division.school[school]][today.school[school]] += 1;
    students[division.school[school]][today.school[school]] += facts.schools.enrollment[school];
  }
  return { schools, students };
}

/** Returns the schools that have a community in both divisions. */
export function placedByBoth(facts, division, today) {
  return [...facts.schools.enrollment.keys()].filter((one) => division.school[one] >= 0 && today.school[one] >= 0);
}

/**
 * Returns the community that carries on each of today's: the one that holds most of its students, then
 * most of its schools, then the first; -1 where no school of it is placed.
 */
export function carriedOn(facts, division, today) {
  const { schools, students } = jointTables(facts, placedByBoth(facts, division, today), division, today);
  return Array.from({ length: today.n }, (_, home) => {
    let best = -1;
    for (let c = 0; c < division.n; c += 1) {
      if (!schools[c][home]) continue;
      const more = best < 0 ? 1 : students[c][home] - students[best][home] || schools[c][home] - schools[best][home];
      if (more > 0) best = c;
    }
    return best;
  });
}

/** Returns the schools that change: those placed by both that are not where their community is carried on. */
export function movedSchools(facts, division, today) {
  const carried = carriedOn(facts, division, today);
  return placedByBoth(facts, division, today).filter((one) => carried[today.school[one]] !== division.school[one]);
}

function countedOfMoved(facts, shared, division, today) {
  const moved = movedSchools(facts, division, today);
  const students = (schools) => schools.reduce((sum, one) => sum + facts.schools.enrollment[one], 0);
  return {
    schools_moved: countedOf(moved.length, shared.length),
    students_moved: countedOf(students(moved), students(shared)),
  };
}

function variationOfInformation(students) {
  const { rows, columns, all } = sumsOfTable(students);
  if (all === 0) {
    return missing("no_shared_students");
  }
  let sum = 0;
  students.forEach((row, c) =>
    row.forEach((count, home) => {
      if (!count) return;
      const share = count / all;
      sum -= share * Math.log(share ** 2 / ((rows[c] / all) * (columns[home] / all)));
    }),
  );
  return measured(Math.max(0, sum));
}

/** Pairs of students of two schools that share a community today and no longer do, of all that do. */
function studentsSeparated(facts, shared, students) {
  const { columns } = sumsOfTable(students);
  const squares = (sum, one) => sum + one ** 2;
  const own = shared.reduce((sum, school) => sum + facts.schools.enrollment[school] ** 2, 0);
  const together = (columns.reduce(squares, 0) - own) / 2;
  const still = (students.reduce((sum, row) => row.reduce(squares, sum), 0) - own) / 2;
  if (together === 0) {
    return missing("no_pair_today", {}, { numerator: 0, denominator: 0 });
  }
  const apart = together - still;
  return measured(apart / together, { numerator: apart, denominator: together });
}

function sumsOfTable(table) {
  const columns = new Float64Array(table[0].length);
  const rows = table.map((row) =>
    row.reduce((sum, count, column) => {
      columns[column] += count;
      return sum + count;
    }, 0),
  );
  return { rows, columns, all: rows.reduce((sum, row) => sum + row, 0) };
}
