// What the counts that are told leave open, as in feeder/publishing: figures of communities between the least and
// the most of what may be known (ranges.py), and measures of a plan (figures.py).
import { countedRows } from "./communities.mjs";
import { k12Range } from "./continuity.mjs";
import { countedMeasures, subjectOf } from "./families.mjs";
import { missing } from "./value.mjs";

const DEVIATIONS = { enrollment: "enrollment_deviation", need: "need_deviation" };
const OF_CHANCE = "k12_continuity";
/** Figures that an open estimate bounds in no way. */
const UNBOUNDED = ["small_feeds"];
/** Sources from this place on are a method's result. */
const FIRST_MODELED = 2;
/** Measures that grow, or fall, with every count. */
const OF_SUMS = ["students_moved", "schools_over_capacity", "schools_under_capacity"];

/** Returns for each community what is open of its figures, `{column: [low, high]}`. */
export function communityRanges(subject) {
  const { facts, division, today } = subject;
  if (!facts.ends) return division.ids.map(() => ({}));
  const tables = [facts.ends.least, facts.ends.most].map((end) => countedRows(subjectOf(end, division, today)));
  const names = Object.keys(tables[0][0] ?? {});
  const columns = Object.fromEntries(names.map((name) => [name, sumRanges(tables, name)]));
  for (const name of names) {
    if (names.includes(`${name}_numerator`) && name !== OF_CHANCE) columns[name] = rateRanges(tables, name, name in facts.measures.rates);
  }
  for (const [name, deviation] of Object.entries(DEVIATIONS)) {
    if (names.includes(deviation)) columns[deviation] = deviationRanges(columns[name]);
  }
  columns[OF_CHANCE] = k12Range(facts, division);
  columns[`${OF_CHANCE}_numerator`] = columns[OF_CHANCE].map((shares, c) => shares.map((share, end) => share * columns[`${OF_CHANCE}_denominator`][c][end]));
  return division.ids.map((_, c) => {
    const open = Object.entries(columns).filter(([, ranges]) => ranges.some(([low, high]) => low !== high));
    return Object.fromEntries(open.map(([name, ranges]) => [name, ranges[c]]));
  });
}

function sumRanges([least, most], name) {
  return least.map((row, c) => {
    const ends = [row[name], most[c][name]];
    return ends.includes(null) ? [null, null] : [Math.min(...ends), Math.max(...ends)];
  });
}

/**
 * A rate grows with each student in its part, and falls with each of the rest. The rest of a district's own rate
 * is no count: it is what lies between the ends of the whole and those of the part.
 */
function rateRanges(tables, name, isOwn) {
  return tables[0].map((_, c) => {
    const [parts, wholes] = ["numerator", "denominator"].map((part) => tables.map((rows) => rows[c][`${name}_${part}`]));
    const rests = isOwn ? [wholes[0] - parts[1], wholes[1] - parts[0]].map((rest) => Math.max(rest, 0)) : wholes.map((whole, end) => whole - parts[end]);
    const share = (part, rest) => (part + rest > 0 ? part / (part + rest) : null);
    return [share(Math.min(...parts), Math.max(...rests)), share(Math.max(...parts), Math.min(...rests))];
  });
}

function deviationRanges(sums) {
  const total = (end) => sums.reduce((all, range) => all + range[end], 0);
  const [least, most] = [total(0), total(1)];
  const ratio = (own, others) => (own + others > 0 ? (sums.length * own) / (own + others) - 1 : null);
  return sums.map(([low, high]) => [ratio(low, most - high), ratio(high, least - low)]);
}

/** Returns the measures of a plan, with what is open of those that are no headline. */
export function rangedMeasures(subject, plan, trueHeadlines) {
  const { facts, division, today } = subject;
  if (!facts.ends) return plan;
  const ends = [facts.ends.least, facts.ends.most].map((end) => countedMeasures(subjectOf(end, division, today)));
  const untold = hasOpenEstimates(facts) ? UNBOUNDED : [];
  const found = {};
  for (const name of Object.keys(plan)) {
    const at = (end) => end[name] ?? plan[name];
    const get = () => {
      if (trueHeadlines.includes(name)) return plan[name];
      return untold.includes(name) ? missing("not_told") : ranged(name, plan[name], ends.map(at), facts.flows.isOpen);
    };
    Object.defineProperty(found, name, { enumerable: true, get });
  }
  return found;
}

function hasOpenEstimates({ flows, ends: { least, most } }) {
  return flows.source.some((source, row) => source >= FIRST_MODELED && least.flows.students[row] < most.flows.students[row]);
}

function ranged(name, middle, ends, flowsOpen) {
  const values = [middle, ...ends];
  if (values.some(({ value }) => value === null)) return middle;
  if (values.every(({ value }) => value === middle.value) && !(flowsOpen && middle.low !== null)) return middle;
  if (!OF_SUMS.includes(name) && middle.low === null) return missing("not_told");
  const bounds = values.flatMap(({ value, low, high }) => [value, low, high]).filter((bound) => bound !== null);
  return { ...middle, low: Math.min(...bounds), high: Math.max(...bounds), isRange: true };
}
