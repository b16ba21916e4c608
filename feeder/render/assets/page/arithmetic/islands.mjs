// Communities in several pieces through no fault of the plan: islands of a tile, and bridges.

const LONGEST_TOLD = 120;

/**
 * Returns `{community_id, name, pieces, reason}` of each; the reason is key and facts, as in
 * feeder/measures/islands.py. `pieces` is the number of pieces of each community's land.
 */
export function islandCommunities(facts, division, pieces) {
  const { node, ids, names } = division;
  const found = [];
  pieces.forEach((count, community) => {
    if (count < 2) return;
    const torn = Array.from(facts.tiles.node).filter(
      (one) => node[one] === community && facts.tiles.parts[one] > 1,
    );
    const across = bridgesInside(facts, node, community);
    if (!torn.length && !across.length) return;
    found.push({
      community_id: ids[community],
      name: names[community],
      pieces: count,
      reason: islandReason(torn.map((one) => facts.nodeIds[one]), across),
    });
  });
  return found;
}

function bridgesInside({ land, nodeIds }, node, community) {
  const bridges = [];
  land.isBridge.forEach((isBridge, row) => {
    const [a, b] = [land.a[row], land.b[row]];
    if (isBridge && node[a] === community && node[b] === community) {
      const ends = { a: onOneLine(nodeIds[a]), b: onOneLine(nodeIds[b]) };
      bridges.push({ key: "island.bridge", facts: ends });
    }
  });
  return bridges;
}

function islandReason(torn, across) {
  const tiles = { key: "island.tiles", facts: { tiles: torn } };
  const bridges = { key: "island.bridges", facts: { bridges: across } };
  if (torn.length && across.length) return { key: "island.both", facts: { tiles, bridges } };
  return torn.length ? tiles : bridges;
}

/** A text cut when long, without marks that do not print. */
function onOneLine(text) {
  const marks = Array.from(text, (mark) => {
    if (mark === " " || !/[\p{C}\p{Z}]/u.test(mark)) return mark;
    return /[\p{Z}\t-\r\x1c-\x1f\x85]/u.test(mark) ? " " : "\ufffd";
  });
  return marks.length <= LONGEST_TOLD ? marks.join("") : `${marks.slice(0, LONGEST_TOLD - 4).join("")} ...`;
}
