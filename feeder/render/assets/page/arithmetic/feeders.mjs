// Split feeders and small feeds: how pupils fan out and trickle in. Definitions as in
// feeder/measures/feeders.py; each stands for the students used, and for both ends of their ranges.
import { totalsByCommunity } from "./division.mjs";
import { onceForFacts } from "./facts.mjs";
import { measured, withRange } from "./value.mjs";

/** Returns the number of schools with two or more branches, of those that send students on. */
export const splitFeeders = onceForFacts((facts) => {
  const { sender, students } = facts.flows;
  const counts = branchReadings(facts).map((branch) => splitSchools(facts, branch));
  const sending = new Set(sender.filter((_, row) => students[row] > 0)).size;
  return rangeOfCounts(counts, sending);
});

/** Returns the number of split feeders whose branches lie in two or more communities. */
export function splitAcrossCommunities(facts, community) {
  const { start, receiver } = facts.flows;
  const readings = branchReadings(facts);
  const counts = readings.map((branch) => {
    let torn = 0;
    for (let school = 0; school < facts.nSchools; school += 1) {
      let first = -1;
      for (let row = start[school]; row < start[school + 1]; row += 1) {
        const there = branch[row] ? community[receiver[row]] : -1;
        if (there < 0 || there === first) continue;
        if (first >= 0) {
          torn += 1;
          break;
        }
        first = there;
      }
    }
    return torn;
  });
  return rangeOfCounts(counts, splitSchools(facts, readings[0]));
}

/** Returns the number of flows below the small share of their receiver's intake, of all flows. */
export const smallFeeds = onceForFacts((facts) => {
  const { receiver, students, low, high } = facts.flows;
  const least = facts.thresholds.small * (1 - facts.thresholds.slack);
  const small = (own, others) => {
    const intake = totalsByCommunity(others, receiver, facts.nSchools);
    let count = 0;
    for (let row = 0; row < own.length; row += 1) {
      const all = intake[receiver[row]] - others[row] + own[row];
      if (students[row] > 0 && own[row] < least * all) count += 1;
    }
    return count;
  };
  const count = small(students, students);
  return withRange(
    measured(count, {
      numerator: count,
      denominator: students.filter((pupils) => pupils > 0).length,
      low: small(high, low),
      high: small(low, high),
    }),
  );
});

/**
 * Rows with at least the split share of their sender's leavers (its flows' students where these are
 * unknown), in each reading.
 */
const branchReadings = onceForFacts((facts) => {
  const { sender, students, low, high } = facts.flows;
  const least = facts.thresholds.split * (1 - facts.thresholds.slack);
  const sent = totalsByCommunity(students, sender, facts.nSchools);
  const base = facts.schools.leavers.map((leavers, school) => (leavers > 0 ? leavers : sent[school]));
  return [students, low, high].map((reading) =>
    Uint8Array.from(reading, (pupils, row) =>
      pupils > 0 && pupils >= least * base[sender[row]] ? 1 : 0,
    ),
  );
});

function splitSchools(facts, branch) {
  return totalsByCommunity(branch, facts.flows.sender, facts.nSchools).filter((n) => n > 1).length;
}

function rangeOfCounts(counts, denominator) {
  const range = { low: Math.min(...counts), high: Math.max(...counts) };
  return withRange(measured(counts[0], { numerator: counts[0], denominator, ...range }));
}
