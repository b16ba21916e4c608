// A plan as the page holds it: communities, the home of every school and tile, and what it is worth.

import { plannedDivision, todaysDivision } from "./arithmetic/division.mjs";
import { scorecard } from "./arithmetic/scorecard.mjs";
import { whenAsked } from "./arithmetic/value.mjs";
import { t } from "./language.mjs";

/**
 * Make a plan from what is told of it: `name`, `today`, `school` and `node` (places in the table
 * `communities`, -1 is none), and `ranges`, `kept`, `certainty` and `minutes`, which are null where
 * they do not hold, as in an edited plan.
 */
export function makePlan(page, told) {
  const { communities: table, school, node } = told;
  const division = plannedDivision(table.id, table.name, school, node, table.office);
  const plan = {
    what: "plan",
    told,
    id: told.name,
    today: told.today && !told.edited,
    certainty: told.certainty,
    division,
    get name() {
      const plan = told.today ? t("switch.today") : told.name;
      return told.edited ? t("edit.named", { plan }) : plan;
    },
    get card() {
      return once(this, "kept_card", () => {
        const card = scorecard(page.facts, division, this.today ? null : page.today, this.today);
        return withMinutes(this.today ? withoutChange(card, page.definitions) : card, told.minutes);
      });
    },
    get promises() {
      return once(this, "kept_promises", () => this.card.constraints.map((promise) => withKept(promise, told.kept?.[promise.name])));
    },
    /** Ids of the communities that break a promise. */
    get broken() {
      return once(this, "kept_broken", () => new Set(this.promises.flatMap(({ violations }) => violations.map((one) => one.community_id))));
    },
    get changes() {
      return once(this, "kept_changes", () => changesBetween(page.schools, page.reference, this));
    },
  };
  const members = table.id.map(() => []);
  plan.communities = table.id.map((id, k) => ({
    what: "community",
    id,
    key: table.key[k],
    number: table.number[k],
    name: table.name[k],
    color: table.color[k],
    ink: table.ink[k],
    dashed: table.dashed[k],
    label: table.label[k],
    labelRadius: table.labelRadius[k],
    members: members[k],
    /** Its row of the scorecard. */
    get measures() {
      return plan.card.communities[k];
    },
  }));
  const home = (k) => plan.communities[k] ?? null;
  plan.homes = Array.from(school, home);
  plan.lands = page.tiles.map((tile) => home(node[tile.node]));
  page.schools.forEach((one, i) => members[school[i]]?.push(one));
  return plan;
}

/** Today's division and its scorecard, to stand beside those of every plan; null where there is none. */
export function readToday(facts, minutes) {
  const today = todaysDivision(facts);
  return today && { ...today, card: withMinutes(scorecard(facts, today, today, true), minutes) };
}

/** Communities of two plans are the same where their numbers are; null is none. */
export function changesBetween(schools, reference, plan) {
  return schools.flatMap((school, i) => {
    const [from, to] = [reference.homes[i], plan.homes[i]];
    return from?.key === to?.key ? [] : [{ school, from, to }];
  });
}

/** Today's plan is not compared with itself. */
function withoutChange(card, definitions) {
  const told = Object.keys(card.plan).filter((name) => !definitions[name].againstToday);
  const plan = whenAsked(Object.fromEntries(told.map((name) => [name, () => card.plan[name]])));
  return Object.create(card, { plan: { value: plan } });
}

/** Minutes by streets, as they were told: `plan` by measure, `communities` by column. */
function withMinutes(card, told) {
  if (!told) return card;
  const names = Object.keys(card.plan);
  const plan = whenAsked(Object.fromEntries(names.map((name) => [name, () => told.plan[name] ?? card.plan[name]])));
  const cells = (k) => Object.fromEntries(Object.entries(told.communities).map(([name, column]) => [name, column[k]]));
  const found = whenAsked({ communities: () => card.communities.map((row, k) => ({ ...row, ...cells(k) })) });
  return Object.create(card, { plan: { value: plan }, communities: { get: () => found.communities } });
}

/** A promise as the whole data keep it, where that is known: a broken one has its published figures. */
function withKept(promise, kept) {
  if (kept === undefined) return promise;
  const { name, said } = promise;
  return { name, said, satisfied: kept, violations: kept ? [] : promise.violations };
}

function once(thing, name, make) {
  if (!(name in thing)) Object.defineProperty(thing, name, { value: make() });
  return thing[name];
}
