// The land of a community as polygons: the arcs around its tiles, put together into rings.

/** Polygons (rings of [longitude, latitude], the outer one first and counterclockwise) of a community. */
export function communityBorderRings({ topology, arcs }, plan, community) {
  const used = new Map();
  topology.tiles.forEach((tile, index) => {
    if (plan.lands[index] !== community) return;
    for (const number of tile.flat(2)) {
      // An arc between two tiles of the community is used once in each direction.
      if (used.has(~number)) used.delete(~number);
      else used.set(number, directed(arcs, number));
    }
  });
  const rings = ringsOf([...used.values()]);
  const outward = Math.sign(rings.map(signedArea).reduce((most, area) => (Math.abs(area) > Math.abs(most) ? area : most), 0));
  const polygons = rings.filter((ring) => Math.sign(signedArea(ring)) === outward).map((ring) => [ring]);
  for (const hole of rings.filter((ring) => Math.sign(signedArea(ring)) === -outward)) {
    const around = polygons.filter(([outer]) => contains(outer, pointInside(hole)));
    around.sort((a, b) => Math.abs(signedArea(a[0])) - Math.abs(signedArea(b[0])))[0]?.push(hole);
  }
  return polygons.map((own) => own.map((ring, i) => counterclockwise(ring, i === 0)));
}

function directed(arcs, number) {
  const points = number < 0 ? arcs[~number].slice().reverse() : arcs[number];
  return points.map(([lat, lon]) => [lon, lat]);
}

/** Rings that touch themselves nowhere: a walk that comes back to a place closes a ring there. */
function ringsOf(lines) {
  const from = new Map();
  for (const line of lines) {
    const start = keyOf(line[0]);
    from.set(start, [...(from.get(start) ?? []), line]);
  }
  const rings = [];
  for (const first of lines) {
    if (!from.get(keyOf(first[0]))?.includes(first)) continue;
    let walk = [];
    let at = keyOf(first[0]);
    while (from.get(at)?.length) {
      const line = from.get(at).pop();
      walk.push(line);
      at = keyOf(line.at(-1));
      const back = walk.findIndex((one) => keyOf(one[0]) === at);
      if (back < 0) continue;
      const loop = walk.splice(back);
      rings.push([...loop.flatMap((one) => one.slice(0, -1)), loop[0][0]]);
    }
  }
  return rings.filter((ring) => ring.length > 3 && signedArea(ring) !== 0);
}

function keyOf([x, y]) {
  return `${x},${y}`;
}

function signedArea(ring) {
  const [[x0, y0]] = ring;
  let sum = 0;
  for (let i = 1; i < ring.length; i += 1) {
    sum += (ring[i - 1][0] - x0) * (ring[i][1] - y0) - (ring[i][0] - x0) * (ring[i - 1][1] - y0);
  }
  return sum / 2;
}

function counterclockwise(ring, is) {
  return signedArea(ring) > 0 === is ? ring : ring.slice().reverse();
}

/** A point inside a ring: beside the middle of its longest step, whichever side is inside. */
function pointInside(ring) {
  let best = [0, ring[0], ring[1]];
  for (let i = 1; i < ring.length; i += 1) {
    const long = Math.hypot(ring[i][0] - ring[i - 1][0], ring[i][1] - ring[i - 1][1]);
    if (long > best[0]) best = [long, ring[i - 1], ring[i]];
  }
  const [long, [x, y], [toX, toY]] = best;
  const off = 1e-6;
  const side = (sign) => [(x + toX) / 2 - (sign * off * (toY - y)) / long, (y + toY) / 2 + (sign * off * (toX - x)) / long];
  return contains(ring, side(1)) ? side(1) : side(-1);
}

function contains(ring, [x, y]) {
  let inside = false;
  for (let i = 1; i < ring.length; i += 1) {
    const [[ax, ay], [bx, by]] = [ring[i - 1], ring[i]];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}
