// Land without a school of its own goes to whichever community needs it to be whole: the same steps,
// in the same order, as feeder/planning/land.py.

/**
 * Returns the community of every node after each vacant tile without one has been given to one: what
 * a landless campus leans on, then what joins pieces of a community, then ring by ring.
 */
export function wholeLand(facts, node) {
  const home = Int32Array.from(node);
  const isOpen = new Uint8Array(facts.nNodes);
  let open = 0;
  for (let tile = facts.nCampuses; tile < facts.nNodes; tile += 1) {
    if (facts.tiles.hasLand[tile] && home[tile] < 0) {
      isOpen[tile] = 1;
      open += 1;
    }
  }
  if (!open) return home;
  carryLandless(facts, home, isOpen);
  while (isOpen.includes(1)) {
    const joint = shortestJoint(facts, home, isOpen);
    if (!joint) break;
    for (const tile of joint.tiles) {
      home[tile] = joint.community;
      isOpen[tile] = 0;
    }
  }
  return fillRings(facts, home, isOpen);
}

/**
 * Returns the number of the piece of land of each node: pieces hang together by borders and bridges
 * inside their community, and are numbered by their first node.
 */
export function landPieces(facts, node) {
  const { a, b } = facts.land;
  return joinedGroups(facts.nNodes, (join) => {
    for (let row = 0; row < a.length; row += 1) {
      if (node[a[row]] >= 0 && node[a[row]] === node[b[row]]) join(a[row], b[row]);
    }
  });
}

/**
 * Returns the group of each of n things after `joinAll(join)` has joined pairs of them; groups are
 * numbered in the order of their first members.
 */
export function joinedGroups(n, joinAll) {
  const parent = Int32Array.from({ length: n }, (_, one) => one);
  const rootOf = (one) => {
    while (parent[one] !== one) {
      parent[one] = parent[parent[one]];
      one = parent[one];
    }
    return one;
  };
  joinAll((one, other) => {
    const [first, second] = [rootOf(one), rootOf(other)];
    parent[Math.max(first, second)] = Math.min(first, second);
  });
  const group = new Int32Array(n);
  let count = 0;
  for (let one = 0; one < n; one += 1) {
    const root = rootOf(one);
    if (root === one) {
      group[one] = count;
      count += 1;
    } else {
      group[one] = group[root];
    }
  }
  return group;
}

/**
 * Campuses without land that touch too little of it get the free tiles they lean on most; a tile that
 * several want goes to the community of most of them.
 */
function carryLandless(facts, home, isOpen) {
  const { campus, to, share } = facts.touch;
  const least = facts.thresholds.least_share * (1 - facts.thresholds.slack);
  const order = campus.map((_, row) => row);
  order.sort((i, j) => campus[i] - campus[j] || share[j] - share[i] || to[i] - to[j]);
  for (;;) {
    const touched = new Float64Array(facts.nNodes);
    for (const row of order) {
      if (home[campus[row]] >= 0 && home[campus[row]] === home[to[row]]) {
        touched[campus[row]] += share[row];
      }
    }
    const isShort = (one) => home[one] >= 0 && touched[one] < least;
    const votes = new Map();
    let last = -1;
    for (const row of order) {
      if (campus[row] === last || !isOpen[to[row]] || !isShort(campus[row])) continue;
      last = campus[row];
      const wanted = votes.get(to[row]) ?? new Map();
      wanted.set(home[last], (wanted.get(home[last]) ?? 0) + 1);
      votes.set(to[row], wanted);
    }
    if (!votes.size) return;
    for (const [tile, wanted] of votes) {
      home[tile] = [...wanted].sort((one, other) => other[1] - one[1] || one[0] - other[0])[0][0];
      isOpen[tile] = 0;
    }
  }
}

/** Returns the community and the fewest open tiles that join two of its pieces, or null. */
function shortestJoint(facts, home, isOpen) {
  const piece = landPieces(facts, home);
  const pieces = new Map(); // community -> piece -> nodes
  for (const node of facts.tiles.node) {
    if (home[node] < 0) continue;
    if (!pieces.has(home[node])) pieces.set(home[node], new Map());
    const own = pieces.get(home[node]);
    if (!own.has(piece[node])) own.set(piece[node], []);
    own.get(piece[node]).push(node);
  }
  let best = null;
  for (const community of [...pieces.keys()].sort((one, other) => one - other)) {
    const own = pieces.get(community);
    for (const one of [...own.keys()].sort((p, q) => p - q).slice(0, -1)) {
      const tiles = pathOfTiles(facts, own.get(one), home, isOpen);
      if (tiles.length && (!best || tiles.length < best.tiles.length)) best = { community, tiles };
    }
  }
  return best;
}

/** Returns the open tiles of a shortest way from a piece to another one of its community. */
function pathOfTiles(facts, start, home, isOpen) {
  const before = new Map(start.map((node) => [node, -1]));
  const queue = [...start];
  for (let next = 0; next < queue.length; next += 1) {
    const at = queue[next];
    for (const near of facts.neighbors[at]) {
      if (before.has(near)) continue;
      if (home[near] === home[start[0]]) return wayBack(at, before);
      if (isOpen[near]) {
        before.set(near, at);
        queue.push(near);
      }
    }
  }
  return [];
}

function wayBack(end, before) {
  const tiles = [];
  for (let at = end; before.get(at) >= 0; at = before.get(at)) tiles.push(at);
  return tiles;
}

/** Gives each open tile, ring by ring, to the neighbor with the longest border. */
function fillRings(facts, home, isOpen) {
  const { a, b, border } = facts.land;
  const sides = [];
  for (let row = 0; row < a.length; row += 1) {
    if (isOpen[a[row]]) sides.push({ tile: a[row], near: b[row], border: border[row] });
    if (isOpen[b[row]]) sides.push({ tile: b[row], near: a[row], border: border[row] });
  }
  sides.sort((i, j) => i.tile - j.tile || j.border - i.border || i.near - j.near);
  for (;;) {
    const ring = new Map();
    for (const { tile, near } of sides) {
      if (home[tile] < 0 && home[near] >= 0 && !ring.has(tile)) ring.set(tile, home[near]);
    }
    if (!ring.size) return home;
    for (const [tile, community] of ring) home[tile] = community;
  }
}
