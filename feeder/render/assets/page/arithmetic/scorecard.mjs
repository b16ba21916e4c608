// Score a division: every measure of it, every promise, one row a community; what feeder/measures/score.py
// scores on the same facts.
import { communityRows } from "./communities.mjs";
import { checkedPromises } from "./constraints/table.mjs";
import { familyMeasures, subjectOf } from "./families.mjs";
import { islandCommunities } from "./islands.mjs";
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
