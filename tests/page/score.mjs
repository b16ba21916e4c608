// Reads {facts, plans: [{ids, names, school}]} and writes, on one line each, the scorecard of every plan;
// the last line holds the milliseconds that each took.
import { readFileSync } from "node:fs";
import { editedDivision, plannedDivision, todaysDivision } from "../../feeder/render/assets/page/arithmetic/division.mjs";
import { readFacts } from "../../feeder/render/assets/page/arithmetic/facts.mjs";
import { scorecard } from "../../feeder/render/assets/page/arithmetic/scorecard.mjs";

const told = JSON.parse(readFileSync(0, "utf-8"));
const facts = readFacts(told.facts);
const today = todaysDivision(facts);
const milliseconds = told.plans.map(({ ids, names, school, node }) => {
  const started = performance.now();
  const division = node
    ? plannedDivision(ids, names, school, node)
    : editedDivision(facts, ids, names, school);
  const card = scorecard(facts, division, today);
  const spent = performance.now() - started;
  console.log(JSON.stringify({ ...card, node: Array.from(division.node) }, (_, value) => (ArrayBuffer.isView(value) ? Array.from(value) : value)));
  return spent;
});
console.log(JSON.stringify(milliseconds));
