// Where the names of edited communities stand: where they stood, or on the tile nearest their middle.


/** `label` and `labelRadius` of the communities `rows` of a given plan whose land was edited. */
export function labelPlaces(page, given, { lands }, rows) {
  const { label, labelRadius } = given.told.communities;
  const before = given.seats.lands;
  const changed = new Set();
  lands.forEach((home, node) => {
    if (home !== before[node]) changed.add(home).add(before[node]);
  });
  const found = rows.map((k) => (changed.has(k) ? middleOf(page, lands, k) : { at: label[k], radius: labelRadius[k] }));
  return { label: found.map(({ at }) => at), labelRadius: found.map(({ radius }) => radius) };
}

function middleOf(page, lands, community) {
  const own = page.tiles.filter(({ node }) => lands[node] === community).map(({ node, index }) => ({ area: page.facts.tiles.area[node], at: centerOf(page, index) }));
  if (!own.length) return { at: null, radius: 0 };
  const all = own.reduce((sum, { area }) => sum + area, 0);
  const middle = [0, 1].map((axis) => own.reduce((sum, { area, at }) => sum + area * at[axis], 0) / all);
  const far = ({ at }) => (at[0] - middle[0]) ** 2 + (at[1] - middle[1]) ** 2;
  const nearest = own.reduce((best, one) => (far(one) < far(best) ? one : best));
  return { at: nearest.at, radius: Math.sqrt(all / Math.PI) / 2 };
}

/** The middle of a tile's largest polygon, as latitude and longitude. */
function centerOf({ topology, arcs }, index) {
  const boxes = topology.tiles[index].map(([outer]) => boxOf(outer.flatMap((number) => arcs[number < 0 ? ~number : number])));
  const size = ([south, west, north, east]) => (north - south) * (east - west);
  const [south, west, north, east] = boxes.reduce((best, box) => (size(box) > size(best) ? box : best));
  return [(south + north) / 2, (west + east) / 2];
}

function boxOf(points) {
  return points.reduce(
    ([south, west, north, east], [lat, lon]) => [Math.min(south, lat), Math.min(west, lon), Math.max(north, lat), Math.max(east, lon)],
    [Infinity, Infinity, -Infinity, -Infinity],
  );
}
