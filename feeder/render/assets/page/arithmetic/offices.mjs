// Where the office of each community stands, and how far its schools have to go: what
// feeder/measures/hosts.py chooses, by distance. Minutes by streets are not among the facts.
import { membersByCommunity } from "./division.mjs";
import { onceForFacts } from "./facts.mjs";
import { chordMeters, earthPoints } from "./geodesic.mjs";
import { measured, missing } from "./value.mjs";

const SCHOOLS_UNLIMITED = Infinity;

/**
 * Returns, by community, its `host` (a school; null where none may hold the office or there is none) and
 * the `minutes` of its schools to it; null where minutes are by streets.
 */
export function officesOf(facts, division) {
  if (!facts.travel) return null;
  const capacity = facts.schools.officeCapacity;
  return membersByCommunity(division).map((members, community) => {
    const able = members.filter((school) => (capacity?.[school] ?? SCHOOLS_UNLIMITED) >= members.length);
    const wanted = members.filter((school) => school === division.office?.[community]);
    const allowed = wanted.length ? wanted : able;
    if (!allowed.length) return { host: null, members, minutes: [] };
    const away = allowed.map((host) => members.map((school) => minutesBetween(facts, school, host)));
    const best = bestHost(away, facts);
    return { host: allowed[best], members, minutes: away[best] };
  });
}

/** Returns the mean and the longest way to the office as measures, over the schools of all communities. */
export function officeMinutes(offices, division) {
  const none = (value) => ({ office_minutes_mean: value, office_minutes_max: value });
  if (!offices) return none(missing("minutes_not_in_page"));
  const minutes = offices.flatMap((office) => office.minutes);
  const without = division.ids.filter((_, c) => offices[c].host === null && offices[c].members.length);
  if (without.length) return none(missing("no_host", { communities: without }));
  if (!minutes.length) return none(missing("no_school"));
  const [numerator, denominator] = [sumOf(minutes), minutes.length];
  return {
    office_minutes_mean: measured(numerator / denominator, { numerator, denominator }),
    office_minutes_max: measured(largestOf(minutes)),
  };
}

/** Returns the columns of the communities: the host's name, and the minutes of its schools to it. */
export function officeColumns(offices, { schools }, n) {
  const each = offices ?? Array.from({ length: n }, () => ({ host: null, minutes: [] }));
  return {
    office: each.map(({ host }) => (host === null ? "" : schools.name[host])),
    office_minutes_mean: each.map(({ minutes }) => (minutes.length ? sumOf(minutes) / minutes.length : null)),
    office_minutes_max: each.map(({ minutes }) => (minutes.length ? largestOf(minutes) : null)),
  };
}

const placesOfSchools = onceForFacts(({ schools }) => earthPoints(schools.lat, schools.lon));

function minutesBetween(facts, school, host) {
  return chordMeters(placesOfSchools(facts), school, host) * facts.travel.minutesPerMeter;
}

/** The host with the fewest minutes beyond the most that is promised, then in all, then the first. */
function bestHost(away, { scenario, thresholds }) {
  const most = scenario.max_office_minutes ?? Infinity;
  const beyond = (minutes) => sumOf(minutes.map((one) => Math.max(one - most, 0)));
  const near = placesOfLeast(away.map(beyond), thresholds.slack);
  return near[placesOfLeast(near.map((host) => sumOf(away[host])), thresholds.slack)[0]];
}

/** The places of the least values, but for rounding. */
function placesOfLeast(values, slack) {
  const least = values.reduce((low, value) => Math.min(low, value), Infinity);
  const most = least + slack * Math.max(least, 1);
  return values.flatMap((value, place) => (value <= most ? [place] : []));
}

function sumOf(values) {
  return values.reduce((sum, value) => sum + value, 0);
}

function largestOf(values) {
  return values.reduce((most, value) => Math.max(most, value), 0);
}
