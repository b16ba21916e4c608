// TopoJSON: quantised arcs, each a line between tiles or around them.

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

/**
 * Numbers of the arcs that part two communities, or a community from the outside.
 *
 * An arc belongs to one or two tiles. It is a border when it has one side only, or when its
 * sides belong to different communities, and when one of them `counts`.
 */
export function communityBorders({ tiles, arcs }, communityOf, counts = () => true) {
  const sides = arcs.map(() => []);
  tiles.forEach((tile, index) => {
    for (const number of tile.flat(2)) {
      sides[number < 0 ? ~number : number].push(communityOf[index]);
    }
  });
  return [...sides.keys()].filter((i) => sides[i].some(counts) && (sides[i].length < 2 || sides[i][0] !== sides[i][1]));
}
