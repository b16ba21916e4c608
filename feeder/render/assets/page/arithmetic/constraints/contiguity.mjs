// The land of a community in one piece, and its schools without land on it.
import { landPieces } from "../land.mjs";
import { placeNames, promise, schoolNames, violation } from "./plan.mjs";

/** Whole land and anchored schools. */
export function contiguityPromise(plan) {
  const variant = plan.facts.scenario.choice_schools === "flow" ? "_by_flow" : "";
  const broken = () => [...brokenLand(plan), ...brokenLandless(plan)];
  return [promise("contiguity", { share: plan.facts.thresholds.least_share }, broken, variant)];
}

/** Communities whose landed nodes fall into several parts, or that have none. */
function brokenLand(plan) {
  const { facts, division } = plan;
  const piece = landPieces(facts, division.node);
  const landed = Array.from({ length: division.n }, () => []);
  for (const node of facts.tiles.node) {
    if (division.node[node] >= 0) landed[division.node[node]].push(node);
  }
  return landed.flatMap((nodes, c) => {
    const sizes = new Map();
    for (const node of nodes) sizes.set(piece[node], (sizes.get(piece[node]) ?? 0) + 1);
    const unit = "parts of land";
    if (!sizes.size) return [violation(plan, c, 0, 1, unit, "broken.no_land", {})];
    if (sizes.size === 1) return [];
    const [largest] = [...sizes].sort((one, other) => other[1] - one[1] || one[0] - other[0])[0];
    const stray = placeNames(plan, nodes.filter((node) => piece[node] !== largest));
    const told = { n: sizes.size, places: stray };
    return [violation(plan, c, sizes.size, 1, unit, "broken.parts", told)];
  });
}

/**
 * Schools on landless campuses that touch too little of their community's land; those of one campus in
 * one community are told together.
 */
function brokenLandless(plan) {
  const { facts, division } = plan;
  const { least_share: bound, slack } = facts.thresholds;
  const short = new Map();
  for (let school = 0; school < facts.nSchools; school += 1) {
    const [node, home] = [facts.schools.node[school], division.school[school]];
    if (home < 0 || facts.tiles.hasLand[node] || facts.isApart[node]) continue;
    const share = shareOnLand(facts, division, node, home);
    if (!(share < bound * (1 - slack))) continue;
    const place = node * division.n + home;
    if (!short.has(place)) short.set(place, { node, home, share, schools: [] });
    short.get(place).schools.push(school);
  }
  return [...short.keys()].sort((one, other) => one - other).map((place) => {
    const { node, home, share, schools } = short.get(place);
    const names = schoolNames(plan, schools);
    if (facts.isFed[node]) {
      // Without a figure: it may be few pupils.
      const told = { schools: names, bound };
      const unit = "share of its pupils";
      return violation(plan, home, "fewer", bound, unit, "broken.too_few_pupils", told);
    }
    const told = { schools: names, share, bound };
    return violation(plan, home, share, bound, "share of its area", "broken.landless", told);
  });
}

function shareOnLand({ touch }, division, campus, home) {
  let share = 0;
  for (let row = 0; row < touch.campus.length; row += 1) {
    if (touch.campus[row] === campus && division.node[touch.to[row]] === home) {
      share += touch.share[row];
    }
  }
  return share;
}
