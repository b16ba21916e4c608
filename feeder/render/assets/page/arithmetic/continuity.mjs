// How far children stay in their community: from one school to the next, and to graduation. The
// definitions are those of feeder/measures/continuity.py.
import { totalsByCommunity } from "./division.mjs";
import { onceForFacts } from "./facts.mjs";
import { measured, missing, withRange } from "./value.mjs";

const K12_GRADES = (1 << 13) - 1;
const SETTLED = 1e-14;
const MOST_ROUNDS = 10000;

/** Returns the share of students who change school and stay in their community. */
export function feederContinuity(facts, community) {
  const { students, low, high } = facts.flows;
  const kept = keptFlows(facts, community);
  const stay = [0, 0, 0];
  const go = [0, 0, 0];
  kept.forEach((isKept, row) => {
    const sums = isKept ? stay : go;
    sums[0] += students[row];
    sums[1] += low[row];
    sums[2] += high[row];
  });
  const all = stay[0] + go[0];
  if (all === 0) {
    return missing("nobody_changes", {}, { numerator: 0, denominator: 0 });
  }
  const value = stay[0] / all;
  const share = (part, rest) => (part + rest > 0 ? part / (part + rest) : value);
  const range = { low: share(stay[1], go[2]), high: share(stay[2], go[1]) };
  return withRange(measured(value, { numerator: stay[0], denominator: all, ...range }));
}

/** Returns students kept and all students who change school, by community of the sender. */
export function continuityByCommunity(facts, community, n) {
  const { sender, students } = facts.flows;
  const kept = keptFlows(facts, community);
  const parts = { kept: new Float64Array(n), changing: new Float64Array(n) };
  for (let row = 0; row < sender.length; row += 1) {
    const home = community[sender[row]];
    if (home < 0) continue;
    parts.changing[home] += students[row];
    if (kept[row]) parts.kept[home] += students[row];
  }
  return parts;
}

/**
 * Returns the share of entering kindergartners who stay to the district's last grade. `stay` is the
 * chance of each school's children.
 */
export function k12Continuity(facts, community, stay) {
  const { entering } = facts.schools;
  const weighted = (chance) => entering.reduce((sum, pupils, one) => sum + pupils * chance[one], 0);
  const total = entering.reduce((sum, pupils) => sum + pupils, 0);
  if (total === 0) {
    return missing("nobody_enters", {}, { numerator: 0, denominator: 0 });
  }
  const numerator = weighted(stay);
  const value = numerator / total;
  if (!facts.flows.isOpen) return measured(value, { numerator, denominator: total });
  const [low, high] = [false, true].map((best) => weighted(extremeStay(facts, community, best)) / total);
  return withRange(
    measured(value, {
      numerator,
      denominator: total,
      low: Math.min(low, value),
      high: Math.max(high, value),
    }),
  );
}

/** Returns entering kindergartners who stay, and all of them, by community. */
export function k12ByCommunity(facts, division, stay) {
  const staying = facts.schools.entering.map((pupils, school) => pupils * stay[school]);
  return {
    staying: totalsByCommunity(staying, division.school, division.n),
    entering: totalsByCommunity(facts.schools.entering, division.school, division.n),
  };
}

/**
 * Returns the chance that a child of each school reaches the last grade in its community: an
 * absorbing Markov chain, solved ring by ring from the schools where it ends.
 */
export function stayChance(facts, community) {
  const { start, receiver, students } = facts.flows;
  const { rings, out, servesLast } = chainOf(facts);
  const kept = keptFlows(facts, community);
  const chance = new Float64Array(facts.nSchools);
  for (const ring of rings) {
    if (ring.length > 1) {
      solveRing(facts, community, ring, chance);
      continue;
    }
    const school = ring[0];
    if (servesLast[school] && community[school] >= 0) {
      chance[school] = 1;
      continue;
    }
    let sum = 0;
    for (let row = start[school]; row < start[school + 1]; row += 1) {
      if (kept[row] && students[row] > 0) sum += (students[row] / out[school]) * chance[receiver[row]];
    }
    chance[school] = Math.min(Math.max(sum, 0), 1);
  }
  return chance;
}

/** Returns whether both schools of each flow lie in one community. */
export function keptFlows(facts, community) {
  const { sender, receiver } = facts.flows;
  const kept = new Uint8Array(sender.length);
  for (let row = 0; row < kept.length; row += 1) {
    const here = community[sender[row]];
    kept[row] = here >= 0 && here === community[receiver[row]] ? 1 : 0;
  }
  return kept;
}

/**
 * What the chain of any plan is made of: who serves the last grade, how many leave each school, and
 * the rings of schools that reach each other, those where children end first.
 */
const chainOf = onceForFacts((facts) => {
  const grades = Array.from(facts.schools.grades, (mask) => mask & K12_GRADES);
  const every = grades.reduce((all, mask) => all | mask, 0);
  const last = every ? 31 - Math.clz32(every) : 0;
  return {
    servesLast: Uint8Array.from(grades, (mask) => (mask >> last) & 1),
    out: leavingSchool(facts),
    rings: ringsOfSchools(facts),
  };
});

/** Leavers, or the students of a school's flows where these are more. */
function leavingSchool(facts) {
  const sent = totalsByCommunity(facts.flows.students, facts.flows.sender, facts.nSchools);
  return facts.schools.leavers.map((leavers, school) => Math.max(leavers, sent[school]));
}

/** The strongly connected components of the flows, receivers before senders (Tarjan, 1972). */
function ringsOfSchools(facts) {
  const { start, receiver } = facts.flows;
  const index = new Int32Array(facts.nSchools).fill(-1);
  const lowest = new Int32Array(facts.nSchools);
  const onStack = new Uint8Array(facts.nSchools);
  const stack = [];
  const rings = [];
  let count = 0;
  const enter = (school) => {
    index[school] = lowest[school] = count;
    count += 1;
    stack.push(school);
    onStack[school] = 1;
    return { school, row: start[school] };
  };
  for (let root = 0; root < facts.nSchools; root += 1) {
    if (index[root] >= 0) continue;
    const path = [enter(root)];
    while (path.length) {
      const here = path[path.length - 1];
      if (here.row < start[here.school + 1]) {
        const next = receiver[here.row];
        here.row += 1;
        if (index[next] < 0) path.push(enter(next));
        else if (onStack[next]) lowest[here.school] = Math.min(lowest[here.school], index[next]);
        continue;
      }
      path.pop();
      if (path.length) {
        const above = path[path.length - 1].school;
        lowest[above] = Math.min(lowest[above], lowest[here.school]);
      }
      if (lowest[here.school] === index[here.school]) {
        const ring = stack.splice(stack.indexOf(here.school));
        for (const school of ring) onStack[school] = 0;
        rings.push(ring);
      }
    }
  }
  return rings;
}

/**
 * Solves the chances of schools that send children round in a ring, by elimination. Schools from which
 * no way leads on have none, and would make the equations singular.
 */
function solveRing(facts, community, ring, chance) {
  const { start, receiver, students } = facts.flows;
  const { out, servesLast } = chainOf(facts);
  const kept = keptFlows(facts, community);
  const waiting = ring.filter((school) => !(servesLast[school] && community[school] >= 0));
  for (const school of ring) chance[school] = waiting.includes(school) ? 0 : 1;
  const moves = new Map(waiting.map((school) => [school, []]));
  for (const school of waiting) {
    for (let row = start[school]; row < start[school + 1]; row += 1) {
      if (kept[row] && students[row] > 0) {
        moves.get(school).push([receiver[row], students[row] / out[school]]);
      }
    }
  }
  const live = new Set();
  for (let grown = true; grown; ) {
    grown = false;
    for (const school of waiting) {
      const leads = ([to]) => chance[to] > 0 || live.has(to);
      if (!live.has(school) && moves.get(school).some(leads)) {
        live.add(school);
        grown = true;
      }
    }
  }
  const states = [...live];
  const system = states.map((school, i) => {
    const row = new Float64Array(states.length + 1);
    row[i] = 1;
    for (const [to, share] of moves.get(school)) {
      const j = states.indexOf(to);
      if (j >= 0) row[j] -= share;
      else row[states.length] += share * chance[to];
    }
    return row;
  });
  eliminated(system).forEach((value, i) => {
    chance[states[i]] = Math.min(Math.max(value, 0), 1);
  });
}

/** Solves linear equations, each a row with its right side last (Gauss, pivots by size). */
function eliminated(system) {
  const n = system.length;
  for (let i = 0; i < n; i += 1) {
    let pivot = i;
    for (let k = i + 1; k < n; k += 1) {
      if (Math.abs(system[k][i]) > Math.abs(system[pivot][i])) pivot = k;
    }
    [system[i], system[pivot]] = [system[pivot], system[i]];
    for (let k = 0; k < n; k += 1) {
      if (k === i || system[k][i] === 0) continue;
      const factor = system[k][i] / system[i][i];
      for (let j = i; j <= n; j += 1) system[k][j] -= factor * system[i][j];
    }
  }
  return system.map((row, i) => row[n] / row[i]);
}

/**
 * Returns the least or greatest chance to stay that the rows' ranges allow, school by school on its
 * own: value iteration from below, in the order in which children move.
 */
function extremeStay(facts, community, best, ends = facts.flows, { leavers } = facts.schools) {
  const { start, receiver } = facts.flows;
  const { rings, servesLast } = chainOf(facts);
  const kept = keptFlows(facts, community);
  const chance = Float64Array.from(servesLast, (last, one) => (last && community[one] >= 0 ? 1 : 0));
  const senders = rings.flat().filter((one) => start[one] < start[one + 1] && chance[one] === 0);
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    let moved = 0;
    for (const school of senders) {
      const rows = [];
      for (let row = start[school]; row < start[school + 1]; row += 1) {
        rows.push({ row, worth: kept[row] ? chance[receiver[row]] : 0 });
      }
      const mean = extremeMean(ends, rows, leavers[school], best);
      moved = Math.max(moved, Math.abs(mean - chance[school]));
      chance[school] = mean;
    }
    if (moved < SETTLED) break;
  }
  return chance;
}

/** Returns the least and the greatest K-12 continuity of each community. */
export function k12Range(facts, { school, n }) {
  const { least, most } = facts.ends;
  const ends = { low: least.schools.entering, high: most.schools.entering };
  const flows = { low: least.flows.students, high: most.flows.students }; // of any source
  const [low, high] = [
    [most, false],
    [least, true],
  ].map(([end, best]) => {
    const chance = extremeStay(facts, school, best, flows, end.schools);
    const rows = Array.from({ length: n }, () => []);
    school.forEach((home, one) => {
      if (home >= 0) rows[home].push({ row: one, worth: chance[one] });
    });
    const enters = (own) => own.some(({ row }) => ends.high[row] > 0);
    return rows.map((own) => (enters(own) ? extremeMean(ends, own, 0, best) : null));
  });
  return low.map((one, c) => [one, high[c] - one > facts.thresholds.sum_slack ? high[c] : one]);
}

/**
 * Returns the extreme of sum(x * worth) / max(leavers, sum(x)) over low <= x <= high: rows go from low
 * to high in order of worth up to some row, or until they make up the leavers.
 */
function extremeMean({ low, high }, rows, leavers, best) {
  rows.sort((one, other) => (best ? other.worth - one.worth : one.worth - other.worth));
  let total = 0;
  let gain = 0;
  for (const { row, worth } of rows) {
    total += low[row];
    gain += low[row] * worth;
  }
  const ratio = () => (Math.max(leavers, total) > 0 ? gain / Math.max(leavers, total) : 0);
  let extreme = ratio();
  for (const { row, worth } of rows) {
    const step = high[row] - low[row];
    if (best && leavers > 0 && total < leavers && total + step >= leavers) {
      extreme = Math.max(extreme, (gain + (leavers - total) * worth) / leavers);
    }
    total += step;
    gain += step * worth;
    extreme = best ? Math.max(extreme, ratio()) : Math.min(extreme, ratio());
  }
  return extreme;
}
