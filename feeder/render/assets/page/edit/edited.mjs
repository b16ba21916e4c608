// A plan that was edited, as `feeder score` would read it from its plan.csv: communities by the schools they have,
// tiles by their campus, vacant tiles where they keep the land whole.

import { editedDivision } from "../arithmetic/division.mjs";

/**
 * The plan after edits.
 *
 * `division` is what is measured: only communities that have a school, in the order in which a
 * plan.csv is read. `homes` and `lands` hold places in the communities of the given plan, by
 * school and by node; -1 is none.
 */
export function editedPlan(facts, given, homes) {
  const kept = [...new Set(homes)].filter((home) => home >= 0).sort((a, b) => inNaturalOrder(given.ids[a], given.ids[b]));
  const place = new Map(kept.map((home, at) => [home, at]));
  const of = (names) => kept.map((home) => names[home]);
  const school = homes.map((home) => place.get(home) ?? -1);
  const division = editedDivision(facts, of(given.ids), of(given.names), school, given.office && of(given.office));
  return { division, homes, lands: division.node.map((at) => kept[at] ?? -1) };
}

/** The given plan in the same form; its vacant tiles lie where it has them. */
export function givenPlan(given) {
  return { division: given, homes: given.school, lands: given.node };
}

/** Whether schools live where the given plan has them. */
export function isGiven(given, homes) {
  return homes.every((home, school) => home === given.school[school]);
}

/** C9 before C10: as feeder/opening/reading.py sorts communities. */
function inNaturalOrder(one, other) {
  const [a, b] = [one, other].map((text) => text.split(/(\p{Nd}+)/u));
  for (let i = 0; i < Math.min(a.length, b.length); i += 1) {
    const order = digitsOf(a[i]) - digitsOf(b[i]) || (a[i] < b[i] ? -1 : Number(a[i] > b[i]));
    if (order) return order;
  }
  return a.length - b.length;
}

function digitsOf(part) {
  return /^\p{Nd}+$/u.test(part) ? part.replace(/^0+/, "").length : 0;
}
