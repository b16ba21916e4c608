// No community with schools of two values of a column.
import { promise, violation } from "./plan.mjs";

/** Communities nested in regions. */
export function nestedInPromise(plan) {
  const { nested_in: column } = plan.facts.scenario;
  return column === null ? [] : [promise("nested_in", { column }, () => brokenNesting(plan))];
}

function brokenNesting(plan) {
  const { nested, nested_in: column } = plan.facts.scenario;
  return plan.members.flatMap((schools, c) => {
    const inside = nestingValues(nested, schools);
    if (inside.length < 2) return [];
    const told = { values: inside };
    return [violation(plan, c, inside.join(", "), 1, column, "broken.nested", told)];
  });
}

/** Returns the values that schools have in the column of nesting, sorted. */
export function nestingValues(nested, schools) {
  const places = [...new Set(schools.map((school) => nested.school[school]))];
  return places.sort((one, other) => one - other).map((place) => nested.values[place]);
}
