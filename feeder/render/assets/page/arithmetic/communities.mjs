// One row a community: what it has, and its share in every measure, in the columns of scorecard.json.
import { deviationsFromMean } from "./balance.mjs";
import { capacityColumns } from "./capacity.mjs";
import { nestingValues } from "./constraints/nested.mjs";
import { continuityByCommunity, k12ByCommunity } from "./continuity.mjs";
import { membersByCommunity, totalsByCommunity } from "./division.mjs";
import { LEVEL_NAMES } from "./facts.mjs";
import { gradeSpan } from "./grades.mjs";
import { officeColumns } from "./offices.mjs";

/**
 * Returns a row for each community. `found` is what the scorecard measured already: `stay` (chance by
 * school), `land`, `reach` (km by community), `outside` (by school) and `offices` (by
 * community).
 */
export function communityRows(facts, division, found) {
  const members = membersByCommunity(division);
  const flows = flowColumns(facts, division, found.stay);
  const land = landColumns(division, members, found);
  const sizes = sizeColumns(facts, division);
  const offices = officeColumns(found.offices, facts, division.n);
  const rates = rateColumns(facts, division);
  const room = capacityColumns(facts, division);
  return members.map((schools, c) => ({
    community_id: division.ids[c],
    name: division.names[c],
    ...rosterOf(facts, schools),
    ...valuesAt(sizes, c),
    ...valuesAt(room, c),
    ...valuesAt(flows, c),
    ...valuesAt(land, c),
    ...valuesAt(offices, c),
    ...valuesAt(rates, c),
  }));
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

function sizeColumns(facts, division) {
  const columns = {};
  for (const name of ["enrollment", "need"]) {
    if (!facts.schools[name]) continue;
    const sums = totalsByCommunity(facts.schools[name], division.school, division.n);
    columns[name] = sums;
    columns[`${name}_deviation`] = deviationsFromMean(sums)?.relative ?? sums.map(() => NaN);
  }
  return unknownAsNull(columns);
}

function flowColumns(facts, division, stay) {
  const { kept, changing } = continuityByCommunity(facts, division.school, division.n);
  const { staying, entering } = k12ByCommunity(facts, division, stay);
  return {
    ...rateOf("feeder_continuity", kept, changing),
    ...rateOf("k12_continuity", staying, entering),
  };
}

function rateOf(name, part, whole) {
  return {
    [name]: Array.from(part, (one, c) => (whole[c] > 0 ? one / whole[c] : null)),
    [`${name}_numerator`]: part,
    [`${name}_denominator`]: whole,
  };
}

function landColumns(division, members, { land, reach, outside }) {
  return {
    polsby_popper: land.polsbyPopper,
    diameter_km: reach,
    pieces: land.pieces,
    area_km2: land.area.map((area) => area / 1e6),
    schools_outside: members.map((schools) => schools.filter((school) => outside[school]).length),
  };
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

function unknownAsNull(columns) {
  const clean = ([name, column]) => [
    name,
    Array.from(column, (value) => (Number.isNaN(value) ? null : value)),
  ];
  return Object.fromEntries(Object.entries(columns).map(clean));
}
