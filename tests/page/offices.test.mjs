// Minutes by streets are told until the first edit; by distance the page works them out.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { plannedDivision } from "../../feeder/render/assets/page/arithmetic/division.mjs";
import { officesOf } from "../../feeder/render/assets/page/arithmetic/offices.mjs";
import { makePlan, readToday } from "../../feeder/render/assets/page/plans.mjs";
import { readFacts } from "./arithmetic.mjs";

const vector = JSON.parse(readFileSync(new URL("../vectors/grid.json", import.meta.url), "utf-8"));
const [planned] = vector.cases;
const NAMES = ["office_minutes_mean", "office_minutes_max"];

function planOf(facts, minutes, minutesToday) {
  const page = { facts, schools: [], tiles: [], today: readToday(facts, null, minutesToday) };
  const key = planned.ids.map((_, k) => k);
  const communities = { id: planned.ids, name: planned.names, key, number: key, color: key, ink: key, dashed: key, office: null, label: key, labelRadius: key };
  const told = { name: "Plan", communities, school: planned.school, node: planned.node, minutes };
  return { page, plan: makePlan(page, told), edited: makePlan(page, { ...told, minutes: null, edited: true }) };
}

const told = {
  plan: Object.fromEntries(NAMES.map((name, k) => [name, { value: 7 + k, numerator: null, denominator: null, said: null }])),
  communities: { office: ["Here", "There"], office_minutes_mean: [6, 8], office_minutes_max: [7, 9] },
};

test("by streets the page shows what it is told, and nothing of an edited plan", () => {
  const facts = readFacts({ ...vector.facts, travel: null });
  const { page, plan, edited } = planOf(facts, told, { plan: told.plan, communities: {} });
  assert.deepEqual(NAMES.map((name) => plan.card.plan[name].value), [7, 8]);
  assert.deepEqual(plan.card.communities.map(({ office }) => office), ["Here", "There"]);
  assert.deepEqual(NAMES.map((name) => page.today.card.plan[name].value), [7, 8]);
  assert.equal(plan.card.plan.enrollment_deviation.value, planned.expected.plan.enrollment_deviation.value);
  for (const name of NAMES) {
    assert.equal(edited.card.plan[name].value, null);
    assert.equal(edited.card.plan[name].said.key, "missing.minutes_not_in_page");
  }
  assert.deepEqual(edited.card.communities.map(({ office }) => office), ["", ""]);
});

test("by distance nothing is told, and the edited plan has its minutes", () => {
  const { edited } = planOf(readFacts(vector.facts), null, null);
  for (const name of NAMES) assert.ok(edited.card.plan[name].value > 0);
});

test("an office that is told is obeyed where its school is a member", () => {
  const facts = readFacts(vector.facts);
  const told = (office) => officesOf(facts, plannedDivision(planned.ids, planned.names, planned.school, planned.node, office)).map(({ host }) => host);
  const best = told(null);
  const other = planned.school.findIndex((community, school) => community === 0 && school !== best[0]);
  const stranger = planned.school.findIndex((community) => community === 1);
  assert.deepEqual(told([other, -1]), [other, best[1]]);
  assert.deepEqual(told([stranger, -1]), best);
});
