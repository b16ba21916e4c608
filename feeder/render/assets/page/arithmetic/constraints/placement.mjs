// Every school and tile in a community, and the schools of one campus in the same.
import { communityLabel, placeNames, promise, schoolNames, violation } from "./plan.mjs";

/** Nothing without a community, but for schools that stay apart. */
export function everySchoolPlacedPromise(plan) {
  const variant = plan.facts.isApart.some(Boolean) ? "_apart" : "";
  return [promise("every_school_placed", {}, () => brokenPlaces(plan), variant)];
}

/** No campus parted. */
export function campusWholePromise(plan) {
  return [promise("campus_whole", {}, () => brokenCampuses(plan))];
}

/** Schools and tiles without a community, and schools with one that stay apart. */
function brokenPlaces(plan) {
  const { facts, division } = plan;
  const unit = "communities";
  const [unplaced, notApart] = [[], []];
  division.school.forEach((home, school) => {
    const isApart = facts.isApart[facts.schools.node[school]];
    const told = { schools: schoolNames(plan, [school]) };
    if (home < 0 && !isApart) {
      unplaced.push(violation(plan, null, 0, 1, unit, "broken.unplaced", told));
    } else if (home >= 0 && isApart) {
      notApart.push(violation(plan, home, 1, 0, unit, "broken.not_apart", told));
    }
  });
  const tiles = Array.from(facts.tiles.node).filter((node) => division.node[node] < 0);
  const told = { places: placeNames(plan, tiles) };
  const land = tiles.length
    ? [violation(plan, null, tiles.length, 0, "tiles", "broken.land_unplaced", told)]
    : [];
  return [...unplaced, ...notApart, ...land];
}

/** Campuses whose schools are in several communities; schools in none are told apart. */
function brokenCampuses(plan) {
  const { facts, division } = plan;
  const onCampus = Array.from({ length: facts.nCampuses }, () => []);
  division.school.forEach((home, school) => {
    if (home >= 0) onCampus[facts.schools.node[school]].push(school);
  });
  return onCampus.flatMap((schools) => {
    const homes = [...new Set(schools.map((school) => division.school[school]))];
    if (homes.length < 2) return [];
    const where = homes.map((home) => {
      const own = schools.filter((school) => division.school[school] === home);
      const community = communityLabel(division, home);
      return { key: "place.in", facts: { schools: schoolNames(plan, own), community } };
    });
    const said = { key: "broken.campus", facts: { n: homes.length, where } };
    const unit = "communities of a campus";
    return [{ community_id: division.ids[homes[0]], value: homes.length, bound: 1, unit, said }];
  });
}
