// What changes for schools and students against today's plan, as in feeder/measures/disruption.py.
import { bestMatching } from "./matching.mjs";
import { countedOf, measured, missing } from "./value.mjs";

const NAMES = ["schools_moved", "students_moved", "variation_of_information", "students_separated"];

/** Returns every measure of disruption of a division against today's (null where there is none). */
export function disruptionOf(facts, division, today) {
  if (!today) return withoutAll("no_existing_plan");
  if (division === today) return withoutAll("is_today");
  const shared = [];
  for (let school = 0; school < facts.nSchools; school += 1) {
    if (division.school[school] >= 0 && today.school[school] >= 0) shared.push(school);
  }
  if (!shared.length) return withoutAll("nothing_shared");
  const joint = jointTables(facts, shared, division, today);
  return {
    ...movedBy(facts, shared, division, today, joint),
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

/** Communities are matched so that most schools, then most students, stay. */
function movedBy(facts, shared, division, today, joint) {
  if (division.n !== today.n) {
    const none = missing("other_number", { plan: division.n, today: today.n });
    return { schools_moved: none, students_moved: none };
  }
  const { enrollment } = facts.schools;
  const all = shared.reduce((sum, school) => sum + enrollment[school], 0);
  const weights = joint.schools.map((row, c) =>
    row.map((count, home) => count * (all + 1) + joint.students[c][home]),
  );
  const match = bestMatching(weights, today.n);
  const moved = shared.filter((school) => match[division.school[school]] !== today.school[school]);
  const students = moved.reduce((sum, school) => sum + enrollment[school], 0);
  return {
    schools_moved: countedOf(moved.length, shared.length),
    students_moved: countedOf(students, all),
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
