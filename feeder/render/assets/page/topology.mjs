// TopoJSON: from quantised arcs to rings and borders in latitude and longitude.

/** Arcs of [dx, dy] steps as arrays of [lat, lon]. */
export function decodedArcs({ arcs, transform: { scale, translate } }) {
  return arcs.map((steps) => {
    let x = 0;
    let y = 0;
    return steps.map(([dx, dy]) => {
      x += dx;
      y += dy;
      return [y * scale[1] + translate[1], x * scale[0] + translate[0]];
    });
  });
}

/** One closed ring from arc numbers; ~i is arc i backwards, and arcs share their end points. */
export function ring(numbers, arcs) {
  const points = [];
  for (const number of numbers) {
    const arc = number < 0 ? arcs[~number].slice().reverse() : arcs[number];
    points.push(...(points.length ? arc.slice(1) : arc));
  }
  return points;
}

/**
 * Arcs that part two communities, or a community from the outside.
 *
 * An arc belongs to one or two tiles. It is a border when it has one side only, or when its
 * sides belong to different communities, and when one of them `counts`.
 */
export function communityBorders(tiles, communityOf, arcs, counts = () => true) {
  const sides = arcs.map(() => []);
  tiles.forEach((tile, index) => {
    for (const number of tile.flat(2)) {
      sides[number < 0 ? ~number : number].push(communityOf[index]);
    }
  });
  return arcs.filter((_, i) => sides[i].some(counts) && (sides[i].length < 2 || sides[i][0] !== sides[i][1]));
}
