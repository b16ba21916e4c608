// Reads {facts, plans: [{ids, names, school}]} and writes, on one line each, the scorecard of every plan as
// the test vectors tell it; the last line holds the milliseconds that each took.
import { readFileSync } from "node:fs";
import { editedDivision, readFacts, scorecard, todaysDivision } from "./arithmetic.mjs";
import { toldScorecard } from "./told.mjs";

const told = JSON.parse(readFileSync(0, "utf-8"));
const facts = readFacts(told.facts);
const today = todaysDivision(facts);
const milliseconds = told.plans.map(({ ids, names, school }) => {
  const started = performance.now();
  const division = editedDivision(facts, ids, names, school);
  const card = scorecard(facts, division, today);
  const spent = performance.now() - started;
  console.log(JSON.stringify({ ...toldScorecard(card), node: Array.from(division.node) }));
  return spent;
});
console.log(JSON.stringify(milliseconds));
