// Scorecards as the test vectors tell them, and where two of them differ.

const LAND_FIGURES = ["polsby_popper", "area_km2"]; // from rounded borders, so close but not equal

// Returns communities by column, and measures without what is unknown or empty.
export function toldScorecard({ plan, communities, constraints, island_communities }) {
  const columns = Object.keys(communities[0] ?? {});
  const column = (name) => [name, communities.map((row) => row[name])];
  return {
    plan: toldMeasures(plan),
    communities: Object.fromEntries(columns.map(column)),
    constraints,
    island_communities,
  };
}

// Returns measures with their ranges, and what is open of the communities, by column.
export function toldOpen({ plan, ranges }) {
  const columns = Object.keys(ranges[0] ?? {});
  return { plan: toldMeasures(plan), ranges: Object.fromEntries(columns.map((name) => [name, ranges.map((row) => row[name])])) };
}

export function toldMeasures(plan) {
  const known = (value) => Object.entries(value).filter(([, part]) => part !== null && part !== "");
  const told = ([name, value]) => [name, Object.fromEntries(known(value))];
  return Object.fromEntries(Object.entries(plan).map(told));
}

// Names every place where the page's figures are not Python's: whole numbers and texts are equal, other
// numbers to 1e-9 of them.
export function differences(page, python, at = "") {
  if (typeof page === "number" && typeof python === "number") {
    const slack = LAND_FIGURES.some((name) => at.includes(name)) ? 1e-6 : 1e-9;
    const isWhole = Number.isInteger(page) && Number.isInteger(python);
    const largest = Math.max(Math.abs(page), Math.abs(python));
    const isClose = isWhole ? page === python : Math.abs(page - python) <= slack * largest;
    return isClose ? [] : [`${at}: ${page} in the page, ${python} in Python`];
  }
  if (page && python && typeof page === "object" && typeof python === "object") {
    const keys = new Set([...Object.keys(page), ...Object.keys(python)]);
    return [...keys].flatMap((key) => differences(page[key], python[key], `${at}.${key}`));
  }
  return Object.is(page, python) ? [] : [`${at}: ${page} in the page, ${python} in Python`];
}
