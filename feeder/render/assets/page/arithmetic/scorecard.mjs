// Score a division: every measure of it, every promise, one row a community; what feeder/measures/score.py
// scores on the same facts.
import { communityRows } from "./communities.mjs";
import { checkedPromises } from "./constraints/table.mjs";
import { familyMeasures, subjectOf } from "./families.mjs";
import { islandCommunities } from "./islands.mjs";
import { communityRanges, rangedMeasures } from "./ranges.mjs";
import { whenAsked } from "./value.mjs";

/**
 * Returns `{plan, communities, constraints, island_communities}` of a division; `today` is today's, or
 * null; `isToday` where the division itself is that of today. `plan` holds, by measure, `{value, numerator,
 * denominator, low, high, said}`. Each part is worked
 * out when it is asked for.
 */
export function scorecard(facts, division, today, isToday = false) {
  const subject = subjectOf(facts, division, today);
  const { found } = subject;
  return whenAsked({
    plan: () => familyMeasures(subject),
    communities: () => communityRows(subject),
    constraints: () => checkedPromises(facts, division, today, found.offices, isToday),
    island_communities: () => islandCommunities(facts, division, found.land.pieces),
  });
}

/**
 * Returns a scorecard as it may be told: a measure that is no headline with what is open of it, and for each
 * community, as `ranges`, what is open of its figures.
 */
export function publishedScorecard(facts, division, today, headlines, isToday = false) {
  const card = scorecard(facts, division, today, isToday);
  const subject = subjectOf(facts, division, today);
  const found = whenAsked({
    plan: () => rangedMeasures(subject, card.plan, headlines),
    ranges: () => communityRanges(subject),
  });
  return Object.create(card, {
    plan: { get: () => found.plan },
    ranges: { get: () => found.ranges },
  });
}
