// The land of communities without a polygon: areas add up, a perimeter is the rims of the tiles and the
// borders to other communities, and pieces are parts of tiles that no border joins.
import { membersByCommunity, totalsByCommunity } from "./division.mjs";
import { onceForFacts } from "./facts.mjs";
import { earthPoints, widestMeters } from "./geodesic.mjs";
import { joinedGroups } from "./land.mjs";
import { countedOf, measured, missing } from "./value.mjs";

/**
 * Returns, by community, the area (square meters), the number of pieces and the compactness of its
 * land without offshore parts. Compactness is null without land.
 */
export function communityLand(facts, division) {
  const { node, n } = division;
  const { tiles, land, partContacts } = facts;
  const area = totalsByCommunity(tiles.area, node, n);
  const perimeter = totalsByCommunity(tiles.rim, node, n);
  const addSeam = (one, other, border) => {
    if (node[one] === node[other]) return;
    if (node[one] >= 0) perimeter[node[one]] += border;
    if (node[other] >= 0) perimeter[node[other]] += border;
  };
  for (let row = 0; row < land.a.length; row += 1) addSeam(land.a[row], land.b[row], land.border[row]);
  for (let row = 0; row < partContacts.a.length; row += 1) {
    const ends = [partContacts.a[row], partContacts.b[row]].map((part) => tiles.partNode[part]);
    addSeam(ends[0], ends[1], partContacts.border[row]);
  }
  const polsbyPopper = Array.from(area, (one, c) =>
    perimeter[c] > 0 ? (4 * Math.PI * one) / perimeter[c] ** 2 : null,
  );
  return { area, polsbyPopper, pieces: piecesOfLand(facts, division) };
}

/** Returns the mean compactness of the communities that have land. */
export function meanPolsbyPopper(each) {
  const known = each.filter((value) => value !== null);
  if (!known.length) return missing("no_land");
  return measured(known.reduce((sum, value) => sum + value, 0) / known.length);
}

/** Returns the share of contacts between tiles that a division cuts. */
export function cutContacts(facts, node) {
  const { a, b } = facts.land;
  let cut = 0;
  let total = 0;
  for (let row = 0; row < a.length; row += 1) {
    if (node[a[row]] < 0 || node[b[row]] < 0) continue;
    total += 1;
    if (node[a[row]] !== node[b[row]]) cut += 1;
  }
  const parts = { numerator: cut, denominator: total };
  if (total === 0) return missing("no_contacts", {}, parts);
  return measured(cut / total, parts);
}

/**
 * Returns the largest distance between two schools of each community, in km: 0 for one school, null
 * for none.
 */
export function diametersKm(facts, division) {
  const { lat, lon } = facts.schools;
  const points = schoolPoints(facts);
  return membersByCommunity(division).map((schools) =>
    schools.length ? widestMeters(schools, lat, lon, points) / 1000 : null,
  );
}

/** Returns the largest diameter of a community. */
export function largestDiameter(reach) {
  const known = reach.filter((km) => km !== null);
  if (!known.length) return missing("no_school");
  return measured(Math.max(...known));
}

/** Returns, for each school, whether its point lies outside the land of its community. */
export function schoolsOutside(facts, division) {
  const { tilesAt } = facts.schools;
  return Array.from(
    division.school,
    (home, school) => home >= 0 && !tilesAt[school].some((node) => division.node[node] === home),
  );
}

/** Returns the number of schools outside their community, of those that have one. */
export function countedOutside(division, outside) {
  const placed = division.school.filter((home) => home >= 0).length;
  return countedOf(outside.filter((away) => away).length, placed);
}

const schoolPoints = onceForFacts(({ schools }) => earthPoints(schools.lat, schools.lon));

/** The number of separate polygons of each community's land. */
function piecesOfLand(facts, { node, n }) {
  const { land, partContacts, tiles } = facts;
  const isSingle = (one) => tiles.parts[one] === 1;
  const group = joinedGroups(tiles.partNode.length, (join) => {
    for (let row = 0; row < land.a.length; row += 1) {
      const [a, b] = [land.a[row], land.b[row]];
      if (node[a] < 0 || node[a] !== node[b] || land.isBridge[row]) continue;
      if (isSingle(a) && isSingle(b)) join(tiles.firstPart[a], tiles.firstPart[b]);
    }
    for (let row = 0; row < partContacts.a.length; row += 1) {
      const [a, b] = [partContacts.a[row], partContacts.b[row]];
      const home = node[tiles.partNode[a]];
      if (home >= 0 && home === node[tiles.partNode[b]]) join(a, b);
    }
  });
  const pieces = new Int32Array(n);
  const seen = new Set();
  group.forEach((one, part) => {
    const home = node[tiles.partNode[part]];
    if (home >= 0 && !seen.has(one)) pieces[home] += 1;
    seen.add(one);
  });
  return pieces;
}
