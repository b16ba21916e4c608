// A plan as the page holds it: communities, the home of every school and tile, and what it is worth.

import { plannedDivision, todaysDivision } from "./arithmetic/division.mjs";
import { movedSchools, placedByBoth } from "./arithmetic/disruption.mjs";
import { publishedScorecard } from "./arithmetic/scorecard.mjs";
import { whenAsked } from "./arithmetic/value.mjs";
import { t } from "./language.mjs";

/**
 * Make a plan from what is told of it: `name`, `today`, `school` and `node` (places in the table
 * `communities`, -1 is none), `headlines`, the true ones, and `ranges`, `broken`, `certainty` and
 * `minutes`, which are null where they do not hold, as in an edited plan. `given` is the plan that an
 * edited one began as.
 */
export function makePlan(page, told, given = null) {
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
        const card = cardOf(page, division, { headlines: told.headlines, given, isToday: this.today });
        return withMinutes(this.today ? withoutChange(card, page.definitions) : card, told.minutes);
      });
    },
    get promises() {
      return once(this, "kept_promises", () => this.card.constraints.map((promise) => asTold(promise, told.broken?.[promise.name])));
    },
    /** Ids of the communities that break a promise. */
    get broken() {
      return once(this, "kept_broken", () => new Set(this.promises.flatMap(({ violations }) => violations.map((one) => one.community_id))));
    },
    /** The schools that change from the reference plan, and how many that is out of. */
    get changes() {
      return once(this, "kept_changes", () => changesFrom(page, page.reference, this));
    },
    get comparable() {
      return placedByBoth(page.facts, division, page.reference.division).length;
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
    /** What is open of its row, `{column: [low, high]}`. */
    get ranges() {
      return plan.card.ranges[k];
    },
  }));
  const home = (k) => plan.communities[k] ?? null;
  plan.homes = Array.from(school, home);
  plan.lands = page.tiles.map((tile) => home(node[tile.node]));
  page.schools.forEach((one, i) => members[school[i]]?.push(one));
  return plan;
}

/** Today's division and its scorecard, to stand beside those of every plan; null where there is none. */
export function readToday(facts, headlines, minutes) {
  const today = todaysDivision(facts);
  if (!today) return null;
  const card = publishedScorecard(facts, today, today, Object.keys(headlines ?? {}), true);
  return { ...today, card: withMinutes(withHeadlines(card, headlines), minutes) };
}

/**
 * The scorecard of a division. Of a plan as it was given the headlines are the true ones; an edited one's are
 * those of the given plan, moved by what the counts that are told make of the difference, and `isAbout`
 * then holds. Where every count is told they are its own.
 */
export function cardOf(page, division, { headlines = {}, given = null, isToday = false }) {
  const today = isToday ? null : page.today;
  const card = publishedScorecard(page.facts, division, today, Object.keys(headlines), isToday);
  if (!given) return withHeadlines(card, headlines);
  if (!page.facts.ends) return card;
  const before = once(given, "kept_own", () => publishedScorecard(page.facts, given.division, today, Object.keys(headlines)).plan);
  const moved = (name) => shiftedBy(given.card.plan[name], before[name], card.plan[name]);
  return withHeadlines(card, whenAsked(Object.fromEntries(Object.keys(headlines).map((name) => [name, () => moved(name)]))));
}

/** A figure moved by a difference; where either is unknown, what the told counts make of it. */
function shiftedBy(told, before, after) {
  if ([told, before, after].some((one) => !one || one.value === null)) return after;
  const by = after.value - before.value;
  if (by === 0) return told;
  const isShare = after.denominator !== null && after.value <= 1 && !Number.isInteger(by);
  const value = Math.max(0, isShare ? Math.min(1, told.value + by) : told.value + by);
  return { ...after, value, numerator: null, denominator: isShare ? null : after.denominator, low: null, high: null, decimals: told.decimals, isAbout: true };
}

function withHeadlines(card, headlines) {
  if (!headlines) return card;
  const names = Object.keys(card.plan);
  const plan = whenAsked(Object.fromEntries(names.map((name) => [name, () => headlines[name] ?? card.plan[name]])));
  return Object.create(card, { plan: { value: plan } });
}

/** The schools that are not where their community of the reference plan is carried on. */
function changesFrom({ facts, schools }, reference, plan) {
  const moved = plan === reference ? [] : movedSchools(facts, plan.division, reference.division);
  return moved.map((i) => ({ school: schools[i], from: reference.homes[i], to: plan.homes[i] }));
}

/** The schools that a reader moved: an edited plan has the communities of the given one. */
export function rehomed(schools, reference, plan) {
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

/** A promise as the whole data keep it, where that is told: `violations` is empty where it is kept. */
function asTold({ name, said, ...own }, violations) {
  return violations ? { name, said, satisfied: !violations.length, violations } : { name, said, ...own };
}

function once(thing, name, make) {
  if (!(name in thing)) Object.defineProperty(thing, name, { value: make() });
  return thing[name];
}
