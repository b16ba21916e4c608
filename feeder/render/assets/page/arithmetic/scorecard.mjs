// Score a division: every measure of it, every promise, one row a community; what feeder/measures/score.py
// scores on the same facts.
import { largestDeviation } from "./balance.mjs";
import { capacityMeasures } from "./capacity.mjs";
import { communityRows } from "./communities.mjs";
import { checkedPromises } from "./constraints/table.mjs";
import { feederContinuity, k12Continuity, stayChance } from "./continuity.mjs";
import { disruptionOf } from "./disruption.mjs";
import { totalsByCommunity } from "./division.mjs";
import { smallFeeds, splitAcrossCommunities, splitFeeders } from "./feeders.mjs";
import { islandCommunities } from "./islands.mjs";
import { officeMinutes, officesOf } from "./offices.mjs";
import { communityLand, countedOutside, cutContacts } from "./shape.mjs";
import { diametersKm, largestDiameter, meanPolsbyPopper, schoolsOutside } from "./shape.mjs";
import { measured, missing, whenAsked } from "./value.mjs";

/**
 * Returns `{plan, communities, constraints, island_communities}` of a division; `today` is today's, or
 * null. `plan` holds, by measure, `{value, numerator, denominator, low, high, said}`. Each part is worked
 * out when it is asked for.
 */
export function scorecard(facts, division, today) {
  const found = whenAsked({
    stay: () => stayChance(facts, division.school),
    land: () => communityLand(facts, division),
    reach: () => diametersKm(facts, division),
    outside: () => schoolsOutside(facts, division),
    offices: () => officesOf(facts, division),
  });
  return whenAsked({
    plan: () => planMeasures(facts, division, today, found),
    communities: () => communityRows(facts, division, found),
    constraints: () => checkedPromises(facts, division, today, found.offices),
    island_communities: () => islandCommunities(facts, division, found.land.pieces),
  });
}

/** Every measure, in the order in which they are shown, each worked out when it is asked for. */
function planMeasures(facts, division, today, found) {
  const { school, n } = division;
  const { enrollment, need } = facts.schools;
  const ofLand = (measure) => () =>
    division.landReason ? measured(null, { said: division.landReason }) : measure();
  const changes = whenAsked({ all: () => disruptionOf(facts, division, today) });
  const room = whenAsked({ all: () => capacityMeasures(facts, division) });
  const ways = whenAsked({ all: () => officeMinutes(found.offices, division) });
  const change = (name) => () => changes.all[name];
  return whenAsked({
    feeder_continuity: () => feederContinuity(facts, school),
    k12_continuity: () => k12Continuity(facts, school, found.stay),
    split_feeders: () => splitFeeders(facts),
    split_across_communities: () => splitAcrossCommunities(facts, school),
    small_feeds: () => smallFeeds(facts),
    enrollment_deviation: () => largestDeviation(totalsByCommunity(enrollment, school, n), "students"),
    need_deviation: () =>
      need ? largestDeviation(totalsByCommunity(need, school, n), "need") : missing("no_need_figure"),
    capacity_utilization: () => room.all.capacity_utilization,
    capacity_deviation: () => room.all.capacity_deviation,
    schools_over_capacity: () => room.all.schools_over_capacity,
    schools_under_capacity: () => room.all.schools_under_capacity,
    polsby_popper: ofLand(() => meanPolsbyPopper(found.land.polsbyPopper)),
    cut_contacts: ofLand(() => cutContacts(facts, division.node)),
    diameter_km: () => largestDiameter(found.reach),
    office_minutes_mean: () => ways.all.office_minutes_mean,
    office_minutes_max: () => ways.all.office_minutes_max,
    schools_moved: change("schools_moved"),
    students_moved: change("students_moved"),
    variation_of_information: change("variation_of_information"),
    students_separated: change("students_separated"),
    schools_outside_their_community: ofLand(() => countedOutside(division, found.outside)),
  });
}
