// Edits as values: back and forth without loss, one code for one edit, rules that hold.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { codeOf, codeWithin, homesFromCode } from "../../feeder/render/assets/page/edit/code.mjs";
import { communityBorderRings } from "../../feeder/render/assets/page/edit/dissolve.mjs";
import { editedPlan, givenPlan, isGiven } from "../../feeder/render/assets/page/edit/edited.mjs";
import { fileName, planCsv } from "../../feeder/render/assets/page/edit/files.mjs";
import { doneAgain, homesAfter, movesBetween, takenBack, UNTOUCHED, withStep } from "../../feeder/render/assets/page/edit/history.mjs";
import { campusMoves, campusOf, isAllowed, neighborsOf, refusalOf } from "../../feeder/render/assets/page/edit/rules.mjs";
import { plannedDivision, readFacts } from "./arithmetic.mjs";

const read = (name) => JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), "utf-8"));
const vector = read("toy");
const facts = readFacts(vector.facts);
const [first] = vector.cases;
const given = plannedDivision(first.ids, first.names, first.school, first.node);

/** Numbers from 0 to n - 1 that are the same in every run (a linear congruence). */
function dice(seed) {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

function randomHistory(roll, steps) {
  let history = UNTOUCHED;
  for (let i = 0; i < steps; i += 1) {
    const homes = homesAfter(given.school, history);
    const moves = campusMoves(facts, editedPlan(facts, given, homes), roll(facts.nSchools), roll(given.n));
    history = withStep(history, moves);
  }
  return history;
}

test("undo takes back one step, redo does it again, a new step gives up what was taken back", () => {
  const roll = dice(1);
  let history = UNTOUCHED;
  const seen = [homesAfter(given.school, history)];
  for (let i = 0; i < 60; i += 1) {
    const plan = editedPlan(facts, given, seen.at(-1));
    const next = withStep(history, campusMoves(facts, plan, roll(facts.nSchools), roll(given.n)));
    if (next === history) continue;
    history = next;
    seen.push(homesAfter(given.school, history));
  }
  for (let i = seen.length - 2; i >= 0; i -= 1) {
    history = takenBack(history);
    assert.deepEqual(homesAfter(given.school, history), seen[i]);
  }
  assert.ok(isGiven(given, homesAfter(given.school, history)));
  for (let i = 1; i < seen.length; i += 1) {
    history = doneAgain(history);
    assert.deepEqual(homesAfter(given.school, history), seen[i]);
  }
  const other = withStep(takenBack(history), [[0, given.school[0], (given.school[0] + 1) % given.n]]);
  assert.equal(other.undone.length, 0);
});

test("starting over is a step of its own, which can be taken back", () => {
  const history = randomHistory(dice(2), 20);
  const homes = homesAfter(given.school, history);
  const over = withStep(history, movesBetween(homes, given.school));
  assert.ok(isGiven(given, homesAfter(given.school, over)));
  assert.deepEqual(homesAfter(given.school, takenBack(over)), homes);
});

test("one edit has one code, and the code brings the edit back", () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const history = randomHistory(dice(seed), seed);
    const homes = homesAfter(given.school, history);
    const code = codeOf(facts, given, homes);
    if (!code) {
      assert.ok(isGiven(given, homes));
      continue;
    }
    assert.match(code, /^F1-[\w-]+$/);
    assert.deepEqual(homesFromCode(facts, given, code).homes, homes);
    const atOnce = withStep(UNTOUCHED, movesBetween(given.school, homes));
    assert.equal(codeOf(facts, given, homesAfter(given.school, atOnce)), code);
    assert.equal(codeWithin(`See https://x.org/map.html#edit=${code}&lang=es thanks`), code);
    assert.equal(codeWithin(`  ${code.slice(0, 9)}\n${code.slice(9)} `), code);
  }
});

test("a code that is damaged, of another page, plan or version is refused, and says why", () => {
  const homes = homesAfter(given.school, randomHistory(dice(5), 9));
  const code = codeOf(facts, given, homes);
  const key = (text, plan = given, own = facts) => homesFromCode(own, plan, text).refused?.key;
  for (let at = 3; at < code.length; at += 1) {
    const other = code[at] === "A" ? "B" : "A";
    assert.equal(key(code.slice(0, at) + other + code.slice(at + 1)), "edit.code_damaged", `letter ${at}`);
    assert.equal(key(code.slice(0, at)), "edit.code_damaged");
  }
  assert.equal(key("hello"), "edit.code_none");
  assert.equal(key(code.replace("F1", "F2")), "edit.code_version");
  const otherPlan = { ...given, school: Int32Array.from(given.school, (one) => (one + 1) % given.n) };
  assert.equal(key(code, otherPlan), "edit.code_other_plan");
  const known = homesFromCode(facts, otherPlan, code, [{ name: "B", given }]).refused;
  assert.deepEqual(known, { key: "edit.code_of_plan", facts: { plan: "B" } });
  const village = readFacts(read("village").facts);
  const there = plannedDivision(["a"], ["a"], new Int32Array(village.nSchools), new Int32Array(village.nNodes));
  assert.equal(key(code, there, village), "edit.code_other_page");
});

test("a school goes with its campus, and the whole campus only", () => {
  const shared = campusOf(facts, facts.schools.id.indexOf("S24"));
  assert.ok(shared.length > 1);
  const plan = givenPlan(given);
  const goal = (given.school[shared[0]] + 1) % given.n;
  const moves = campusMoves(facts, plan, shared[0], goal);
  assert.deepEqual(moves.map(([school]) => school), shared);
  assert.ok(isAllowed(facts, given, homesAfter(given.school, withStep(UNTOUCHED, moves))));
  assert.ok(!isAllowed(facts, given, homesAfter(given.school, withStep(UNTOUCHED, moves.slice(1)))));
});

test("who is refused is told why: locks, schools apart, home, and who is no neighbor", () => {
  const plan = givenPlan(given);
  const [school] = campusOf(facts, 0);
  const home = given.school[school];
  assert.equal(refusalOf(facts, given, plan, school, home).key, "edit.own_community");
  const near = neighborsOf(facts, plan, school);
  const far = given.ids.findIndex((_, community) => !near.has(community) && community !== home);
  const refused = refusalOf(facts, given, plan, school, far);
  assert.deepEqual([refused.key, refused.overrule], ["edit.not_neighbors", true]);
  const neighbor = [...near].find((one) => one !== home);
  if (neighbor !== undefined) assert.equal(refusalOf(facts, given, plan, school, neighbor), null);
  const locked = { ...facts, scenario: { ...facts.scenario, locked: [[school, given.ids[home]]] } };
  assert.deepEqual(
    [refusalOf(locked, given, plan, school, far).key, refusalOf(locked, given, plan, school, far).overrule],
    ["edit.locked", false],
  );
  const apart = { ...facts, isApart: facts.isApart.map((_, node) => Number(node === facts.schools.node[school])) };
  assert.equal(refusalOf(apart, given, plan, school, far).key, "edit.stays_apart");
});

test("a table of any text is read back as it is", () => {
  const ids = ['a,"b"', "=1+1", "two\nlines", "\uff1d1", "a\r=1", "\t@x"];
  const own = { schools: { id: ["007", 'x"y', "c,d", "-e", "f", "g", "h"] } };
  const names = ["One", "@two", "Three", "", "", ""];
  const text = planCsv(own, { division: { ids, names, school: [0, 1, 2, -1, 3, 4, 5] } });
  const head = "school_id,community_id,community\n";
  assert.equal(text, `${head}007,"a,""b""",One\n"x""y",'=1+1,'@two\n"c,d","two\nlines",Three\n'-e,,\nf,'\uff1d1,\ng,"a\r=1",\nh,"'\t@x",\n`);
  assert.equal(fileName(["Año <b>/..\\é", "Plan {{1}}"], "csv"), "Ano-b-e-Plan-1.csv");
  assert.equal(fileName(["///"], "geojson"), "plan.geojson");
});

test("communities of squares are put together with their holes, corners and islands", () => {
  // A ring of eight squares around one, and two squares that meet the ring at a corner.
  const corner = (x, y) => [y, x];
  const arcs = [];
  const number = new Map();
  const arcOf = (a, b) => {
    const [forth, back] = [`${a}|${b}`, `${b}|${a}`];
    if (number.has(forth)) return number.get(forth);
    if (number.has(back)) return ~number.get(back);
    number.set(forth, arcs.length);
    arcs.push([corner(...a), corner(...b)]);
    return arcs.length - 1;
  };
  const square = (x, y) => {
    const points = [[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1], [x, y]];
    return [[points.slice(1).map((point, i) => arcOf(points[i], point))]];
  };
  const cells = [[0, 0], [1, 0], [2, 0], [0, 1], [2, 1], [0, 2], [1, 2], [2, 2], [1, 1], [3, 3], [6, 6]];
  const tiles = cells.map(([x, y]) => square(x, y));
  const [mine, other] = [{ id: "M" }, { id: "O" }];
  const lands = cells.map(([x, y]) => (x === 1 && y === 1 ? other : mine));
  const polygons = communityBorderRings({ topology: { tiles }, arcs }, { lands }, mine);
  const area = (ring) => ring.slice(1).reduce((sum, [x, y], i) => sum + (ring[i][0] * y - x * ring[i][1]) / 2, 0);
  const areas = polygons.map((rings) => rings.map(area)).sort((a, b) => b[0] - a[0]);
  assert.deepEqual(areas, [[9, -1], [1], [1]]);
  for (const ring of polygons.flat()) {
    assert.deepEqual(ring[0], ring.at(-1));
    assert.equal(new Set(ring.map(String)).size, ring.length - 1, "no ring touches itself");
  }
  assert.deepEqual(communityBorderRings({ topology: { tiles }, arcs }, { lands }, { id: "none" }), []);
});
