// How full schools are, as in feeder/measures/capacity.py: enrollment over capacity, of the schools whose
// capacity is known.
import { totalsByCommunity } from "./division.mjs";
import { onceForFacts } from "./facts.mjs";
import { countedOf, measured, missing } from "./value.mjs";

/** Returns every measure of capacity of a division. */
export function capacityMeasures(facts, { school, n }) {
  const { known, over, under } = fullness(facts);
  const placed = (which) => which.reduce((count, is, one) => count + (is && school[one] >= 0 ? 1 : 0), 0);
  const counted = placed(known);
  if (!counted) {
    const none = missing("no_capacity");
    return { capacity_utilization: none, capacity_deviation: none, schools_over_capacity: none, schools_under_capacity: none };
  }
  const { here, room } = roomByCommunity(facts, school, n);
  const [numerator, denominator] = [here, room].map((sums) => sums.reduce((all, one) => all + one, 0));
  const whole = numerator / denominator;
  const off = Array.from(here, (students, c) => (room[c] > 0 && whole > 0 ? Math.abs(students / room[c] / whole - 1) : 0));
  return {
    capacity_utilization: measured(whole, { numerator, denominator }),
    capacity_deviation: measured(Math.max(...off)),
    schools_over_capacity: countedOf(placed(over), counted),
    schools_under_capacity: countedOf(placed(under), counted),
  };
}

/** Returns the columns of the communities; none where no school's capacity is known. */
export function capacityColumns(facts, { school, n }) {
  const { known, over, under } = fullness(facts);
  if (!known.includes(1)) return {};
  const { here, room } = roomByCommunity(facts, school, n);
  return {
    capacity_utilization: Array.from(here, (students, c) => (room[c] > 0 ? students / room[c] : null)),
    capacity_utilization_numerator: here,
    capacity_utilization_denominator: room,
    schools_over_capacity: totalsByCommunity(over, school, n),
    schools_under_capacity: totalsByCommunity(under, school, n),
    schools_without_capacity: totalsByCommunity(known.map((is) => 1 - is), school, n),
  };
}

function roomByCommunity(facts, school, n) {
  const { students, places } = fullness(facts);
  return { here: totalsByCommunity(students, school, n), room: totalsByCommunity(places, school, n) };
}

/** By school: whether its capacity is known, what it counts then, and whether it is above or below. */
const fullness = onceForFacts(({ nSchools, schools, thresholds }) => {
  const { full, underused, slack } = thresholds;
  const capacity = Array.from({ length: nSchools }, (_, one) => schools.capacity?.[one] ?? 0);
  const known = Uint8Array.from(capacity, (places) => (places > 0 ? 1 : 0));
  const flags = (is) => Uint8Array.from(capacity, (places, one) => (known[one] && is(schools.enrollment[one], places) ? 1 : 0));
  return {
    known,
    students: schools.enrollment.map((students, one) => (known[one] ? students : 0)),
    places: Float64Array.from(capacity, (places, one) => (known[one] ? places : 0)),
    over: flags((students, places) => students > full * places * (1 + slack)),
    under: flags((students, places) => students < underused * places * (1 - slack)),
  };
});
