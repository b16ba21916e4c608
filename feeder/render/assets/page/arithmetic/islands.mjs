// Communities in several pieces through no fault of the plan: islands of a tile, and bridges.

const MOST_TOLD = 5;
const LONGEST_TOLD = 120;

/**
 * Returns `{community_id, name, pieces, reason}` of each; the text is that of
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
    const reasons = [
      ["tiles in several pieces", torn.map((one) => facts.nodeIds[one])],
      ["bridges", bridgesInside(facts, node, community)],
    ];
    const told = reasons.filter(([, places]) => places.length);
    if (!told.length) return;
    found.push({
      community_id: ids[community],
      name: names[community],
      pieces: count,
      reason: told.map(([what, places]) => `${what}: ${firstTold(places)}`).join("; "),
    });
  });
  return found;
}

function bridgesInside({ land, nodeIds }, node, community) {
  const bridges = [];
  land.isBridge.forEach((isBridge, row) => {
    const [a, b] = [land.a[row], land.b[row]];
    if (isBridge && node[a] === community && node[b] === community) {
      bridges.push(`${nodeIds[a]} to ${nodeIds[b]}`);
    }
  });
  return bridges;
}

function firstTold(places) {
  const told = places.slice(0, MOST_TOLD).map(onOneLine).join("; ");
  const more = places.length - MOST_TOLD;
  return more > 0 ? `${told} and ${more.toLocaleString("en-US")} more` : told;
}

/** A text cut when long, without marks that do not print. */
function onOneLine(text) {
  const marks = Array.from(text, (mark) => {
    if (mark === " " || !/[\p{C}\p{Z}]/u.test(mark)) return mark;
    return /[\p{Z}\t-\r\x1c-\x1f\x85]/u.test(mark) ? " " : "\ufffd";
  });
  return marks.length <= LONGEST_TOLD ? marks.join("") : `${marks.slice(0, LONGEST_TOLD - 4).join("")} ...`;
}
