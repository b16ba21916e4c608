// One row a community: its schools, what every family of measures tells of it, its own counts; in the columns of
// scorecard.json.
import { nestingValues } from "./constraints/nested.mjs";
import { membersByCommunity } from "./division.mjs";
import { LEVEL_NAMES } from "./facts.mjs";
import { countedColumns, familyColumns } from "./families.mjs";
import { gradeSpan } from "./grades.mjs";

/** Returns a row for each community of a subject of families.mjs. */
export function communityRows(subject) {
  const { facts, division } = subject;
  const columns = familyColumns(subject);
  const rates = rateColumns(facts, division);
  return membersByCommunity(division).map((schools, c) => ({
    community_id: division.ids[c],
    name: division.names[c],
    ...rosterOf(facts, schools),
    ...valuesAt(columns, c),
    ...valuesAt(rates, c),
  }));
}

/** Returns for each community only what rests on counts of students. */
export function countedRows(subject) {
  const columns = { ...countedColumns(subject), ...rateColumns(subject.facts, subject.division) };
  return subject.division.ids.map((_, c) => valuesAt(columns, c));
}

function valuesAt(columns, c) {
  return Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, column[c]]));
}

function rosterOf(facts, schools) {
  const { level, grades } = facts.schools;
  const { nested } = facts.scenario;
  const row = nested ? { region: nestingValues(nested, schools).join(", ") } : {};
  row.n_schools = schools.length;
  LEVEL_NAMES.forEach((name, place) => {
    row[`n_${name}`] = schools.filter((school) => level[school] === place).length;
  });
  row.grades = gradeSpan(schools.reduce((all, school) => all | grades[school], 0), facts.gradeNames);
  return row;
}

/** The district's own counts, and its rates with what they are rates of; null where nobody knows. */
function rateColumns({ measures }, division) {
  const { counts, rates } = measures;
  const columns = {};
  for (const [name, known] of Object.entries(counts)) columns[name] = knownTotals(known, division);
  for (const [name, shares] of Object.entries(rates)) {
    const wholes = rates[`${name}_denominator`];
    if (!wholes) continue;
    const isKnown = (school) => shares[school] !== null && wholes[school] !== null;
    const parts = shares.map((share, school) => (isKnown(school) ? share * wholes[school] : null));
    const of = wholes.map((whole, school) => (isKnown(school) ? whole : null));
    const [numerator, denominator] = [parts, of].map((column) => knownTotals(column, division));
    columns[name] = numerator.map((part, c) => (denominator[c] > 0 ? part / denominator[c] : null));
    columns[`${name}_numerator`] = numerator;
    columns[`${name}_denominator`] = denominator;
  }
  return columns;
}

function knownTotals(values, division) {
  const sums = new Array(division.n).fill(null);
  values.forEach((value, school) => {
    const home = division.school[school];
    if (home >= 0 && value !== null) sums[home] = (sums[home] ?? 0) + value;
  });
  return sums;
}
