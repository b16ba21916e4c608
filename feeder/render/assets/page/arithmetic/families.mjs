// What is measured of a division, a family at a time, as in feeder/measures/families.py: every measure, every
// column of a community.
import { deviationsFromMean, largestDeviation } from "./balance.mjs";
import { capacityColumns, capacityMeasures } from "./capacity.mjs";
import { continuityByCommunity, feederContinuity, k12ByCommunity, k12Continuity, stayChance } from "./continuity.mjs";
import { disruptionOf } from "./disruption.mjs";
import { totalsByCommunity } from "./division.mjs";
import { smallFeeds, splitAcrossCommunities, splitFeeders } from "./feeders.mjs";
import { officeColumns, officeMinutes, officesOf } from "./offices.mjs";
import { communityLand, countedOutside, cutContacts } from "./shape.mjs";
import { diametersKm, largestDiameter, meanPolsbyPopper, schoolsOutside } from "./shape.mjs";
import { measured, missing, whenAsked } from "./value.mjs";

/** Returns a division with what several families look at, each worked out when it is asked for. */
export function subjectOf(facts, division, today) {
  const found = whenAsked({
    stay: () => stayChance(facts, division.school),
    land: () => communityLand(facts, division),
    reach: () => diametersKm(facts, division),
    outside: () => schoolsOutside(facts, division),
    offices: () => officesOf(facts, division),
  });
  return { facts, division, today, found };
}

/** Returns every measure, in the order in which they are shown, each worked out when it is asked for. */
export function familyMeasures(subject) {
  const makers = Object.assign({}, ...FAMILIES.map(({ measures }) => measures(subject)));
  return whenAsked(Object.fromEntries(Object.keys(subject.facts.units).map((name) => [name, makers[name]])));
}

/** Returns what every family tells of each community: columns by name, unknown as null. */
export function familyColumns(subject) {
  return Object.assign({}, ...FAMILIES.flatMap(({ columns }) => (columns ? [columns(subject)] : [])));
}

/** Returns the measures that rest on counts of students, each worked out when it is asked for. */
export function countedMeasures(subject) {
  return whenAsked(Object.assign({}, ...COUNTED.map(({ measures }) => measures(subject))));
}

/** Returns the columns of communities that rest on counts of students. */
export function countedColumns(subject) {
  return Object.assign({}, ...COUNTED.flatMap(({ columns }) => (columns ? [columns(subject)] : [])));
}

const sizes = {
  measures: ({ facts: { schools }, division: { school, n } }) => ({
    enrollment_deviation: () => largestDeviation(totalsByCommunity(schools.enrollment, school, n), "students"),
    need_deviation: () =>
      schools.need ? largestDeviation(totalsByCommunity(schools.need, school, n), "need") : missing("no_need_figure"),
  }),
  columns({ facts: { schools }, division: { school, n } }) {
    const columns = {};
    for (const name of ["enrollment", "need"]) {
      if (!schools[name]) continue;
      const sums = totalsByCommunity(schools[name], school, n);
      columns[name] = sums;
      columns[`${name}_deviation`] = deviationsFromMean(sums)?.relative ?? Array.from(sums, () => null);
    }
    return columns;
  },
};

const capacity = {
  measures({ facts, division }) {
    const room = whenAsked({ all: () => capacityMeasures(facts, division) });
    const names = ["capacity_utilization", "capacity_deviation", "schools_over_capacity", "schools_under_capacity"];
    return Object.fromEntries(names.map((name) => [name, () => room.all[name]]));
  },
  columns: ({ facts, division }) => capacityColumns(facts, division),
};

const flows = {
  measures: ({ facts, division: { school }, found }) => ({
    feeder_continuity: () => feederContinuity(facts, school),
    k12_continuity: () => k12Continuity(facts, school, found.stay),
    split_feeders: () => splitFeeders(facts),
    split_across_communities: () => splitAcrossCommunities(facts, school),
    small_feeds: () => smallFeeds(facts),
  }),
  columns({ facts, division, found }) {
    const { kept, changing } = continuityByCommunity(facts, division.school, division.n);
    const { staying, entering } = k12ByCommunity(facts, division, found.stay);
    return { ...rateOf("feeder_continuity", kept, changing), ...rateOf("k12_continuity", staying, entering) };
  },
};

const land = {
  measures({ facts, division, found }) {
    const ofLand = (measure) => () =>
      division.landReason ? measured(null, { said: division.landReason }) : measure();
    return {
      polsby_popper: ofLand(() => meanPolsbyPopper(found.land.polsbyPopper)),
      cut_contacts: ofLand(() => cutContacts(facts, division.node)),
      diameter_km: () => largestDiameter(found.reach),
      schools_outside_their_community: ofLand(() => countedOutside(division, found.outside)),
    };
  },
  columns: ({ division: { school, n }, found }) => ({
    polsby_popper: found.land.polsbyPopper,
    diameter_km: found.reach,
    pieces: found.land.pieces,
    area_km2: Array.from(found.land.area, (area) => area / 1e6),
    schools_outside: totalsByCommunity(Array.from(found.outside, Number), school, n),
  }),
};

const offices = {
  measures({ division, found }) {
    const ways = whenAsked({ all: () => officeMinutes(found.offices, division) });
    return { office_minutes_mean: () => ways.all.office_minutes_mean, office_minutes_max: () => ways.all.office_minutes_max };
  },
  columns: ({ facts, division: { n }, found }) => officeColumns(found.offices, facts, n),
};

const disruption = {
  measures({ facts, division, today }) {
    const changes = whenAsked({ all: () => disruptionOf(facts, division, today) });
    const names = ["schools_moved", "students_moved", "variation_of_information", "students_separated"];
    return Object.fromEntries(names.map((name) => [name, () => changes.all[name]]));
  },
};

/** Every family, in the order of their columns. */
const FAMILIES = [sizes, capacity, flows, land, offices, disruption];
const COUNTED = [sizes, capacity, flows, disruption];

function rateOf(name, part, whole) {
  return {
    [name]: Array.from(part, (one, c) => (whole[c] > 0 ? one / whole[c] : null)),
    [`${name}_numerator`]: part,
    [`${name}_denominator`]: whole,
  };
}
