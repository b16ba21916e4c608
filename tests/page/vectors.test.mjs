// The page's arithmetic makes of every test vector what Python made of it.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { editedDivision, plannedDivision, publishedScorecard, readFacts, scorecard, todaysDivision } from "./arithmetic.mjs";
import { differences, toldMeasures, toldOpen, toldScorecard } from "./told.mjs";

const FOLDER = new URL("../vectors/", import.meta.url);
const HEADLINES = [
  "feeder_continuity",
  "k12_continuity",
  "enrollment_deviation",
  "need_deviation",
  "capacity_utilization",
  "split_across_communities",
  "schools_moved",
];
const files = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));

test("there are vectors", () => assert.ok(files.length > 5));

for (const file of files) {
  const vector = JSON.parse(readFileSync(new URL(file, FOLDER), "utf-8"));
  const facts = readFacts(vector.facts);
  const today = todaysDivision(facts);
  for (const { name, ids, names, school, node, edited, expected, open } of vector.cases) {
    const division = edited
      ? editedDivision(facts, ids, names, school)
      : plannedDivision(ids, names, school, node);
    test(`${file}: ${name}: land`, () => assert.deepEqual(Array.from(division.node), node));
    test(`${file}: ${name}`, () => {
      const card = scorecard(facts, division, today);
      assert.deepEqual(differences(toldScorecard(card), expected), []);
      assert.deepEqual(Object.keys(card.plan), Object.keys(expected.plan));
    });
    test(`${file}: ${name}: what is open`, () => {
      assert.equal(facts.ends === null, open === null);
      if (open) assert.deepEqual(differences(toldOpen(publishedScorecard(facts, division, today, HEADLINES)), open), []);
    });
  }
  test(`${file}: today`, () => {
    assert.equal(today === null, vector.existing === null);
    if (!today) return;
    assert.deepEqual(differences(toldMeasures(scorecard(facts, today, today).plan), vector.existing), []);
  });
}
