// The scorecard in plain words: figures, promises and the texts of one community, as in
// feeder/telling/figures.py.

import { number, say, t } from "../language.mjs";

const CONTIGUITY = "contiguity";
const MANY = 1000;

/** How many schools, communities and students a plan speaks of. */
export function planFacts(page, plan) {
  const placed = page.schools.filter((_, i) => plan.homes[i]);
  const [low, high] = plan.communities.reduce((sums, one) => sums.map((sum, end) => sum + endsOf(one, "enrollment")[end]), [0, 0]);
  const amount = (noun, n) => ({ key: `amount.${noun}`, facts: { n } });
  const facts = t("facts.plan", {
    schools: amount("schools", placed.length),
    communities: amount("communities", plan.communities.length),
    students: low === high ? amount("students", low) : { key: "amount.students_range", facts: { low, high } },
  });
  const outside = page.schools.length - placed.length;
  return outside ? t("facts.outside", { facts, schools: amount("schools", outside) }) : facts;
}

/** The figures on top: `{name, label, text, definition, range, today, note}`. */
export function mainFigures(page, plan) {
  return figuresOf(page, plan, page.headlines);
}

/** Every figure there is, the ones on top first. */
export function allFigures(page, plan) {
  return figuresOf(page, plan, [...new Set([...page.headlines, ...Object.keys(plan.card.plan)])]);
}

function figuresOf(page, plan, names) {
  return names.flatMap((name) => {
    if (name === CONTIGUITY) return contiguityFigure(plan);
    const value = plan.card.plan[name];
    return value && value.value !== null ? figureOf(page, plan, name, value) : [];
  });
}

/** Every promise with `text`, `kept` and the messages of its violations. */
export function promiseTexts(plan) {
  return plan.promises.map(({ name, said, satisfied, violations }) => ({
    name,
    text: say(said),
    kept: satisfied,
    violations: violations.map((violation) => say(violation.said)),
  }));
}

/** What the table and the card say of a community. */
export function communityTexts(page, plan, community) {
  const { id, measures } = community;
  const form = (name) => (page.rough && page.definitions[name].ofFlows ? ".0%" : ".1%");
  const text = (name, how) => rangeText(endsOf(community, name), how);
  const island = plan.card.island_communities.find((row) => row.community_id === id);
  const torn = tornCommunities(plan).has(id);
  return {
    schools: number(measures.n_schools),
    enrollment: text("enrollment", ",.0f"),
    deviation: text("enrollment_deviation", "+.1%"),
    shares: Object.fromEntries(page.columns.map((name) => [name, text(name, form(name))])),
    land: landText(torn, island),
    torn,
    island: island ? say(island.reason) : "",
  };
}

/** The least and the greatest that a figure of a community may be. */
export function endsOf({ measures, ranges }, name) {
  return ranges[name] ?? [measures[name], measures[name]];
}

/** A figure; where it is not known to its last digit, its least and its greatest. */
export function rangeText(ends, form) {
  if (ends.some((end) => end === null || end === undefined)) return t("figure.none");
  const [low, high] = ends.map((end) => number(end, form));
  return low === high ? low : t("figure.range", { low, high });
}

/** Ids of the communities whose land does not hang together. */
export function tornCommunities(plan) {
  return new Set(contiguityOf(plan).violations.map((violation) => violation.community_id));
}

function figureOf(page, plan, name, value) {
  const measure = page.definitions[name];
  const about = (page.rough && measure.ofFlows) || Boolean(value.isAbout);
  const entry = {
    name,
    label: t(`measure.${name}`),
    text: worded(page, value, measure, about),
    definition: t(`definition.${name}`, measure.facts),
  };
  const range = plan.told.ranges ? plan.told.ranges[name] : value.low !== null && [value.low, value.high];
  // Every reading of a count out of many has a number of its own that it is out of.
  if (range && !value.isRange && !isOutOfMany(value, measure)) {
    const [low, high] = range.map((end) => numberText(page, end, measure, about, value.decimals));
    const both = withUnit(page, t("figure.range", { low, high }), measure);
    entry.range = about ? t("figure.about", { figure: both }) : both;
  }
  const today = plan.today ? null : page.today?.card.plan[name];
  if (today && today.value !== null) entry.today = worded(page, today, measure, about);
  return entry;
}

/** How many communities hang together; islands are named, not counted as broken. */
function contiguityFigure(plan) {
  const n = plan.communities.length;
  const entry = {
    name: CONTIGUITY,
    label: t(`measure.${CONTIGUITY}`),
    text: t("figure.of", { part: number(n - tornCommunities(plan).size), whole: number(n) }),
    definition: say(contiguityOf(plan).said),
  };
  const torn = tornCommunities(plan);
  const islands = plan.card.island_communities.filter(({ community_id: id }) => !torn.has(id)).map(({ name }) => name);
  if (islands.length) entry.note = t("island.note", { names: islands.join(", ") });
  return entry;
}

function contiguityOf(plan) {
  return plan.promises.find(({ name }) => name === CONTIGUITY);
}

function landText(torn, island) {
  if (torn) return t("land.broken");
  return island ? t("land.pieces", { n: island.pieces }) : t("land.whole");
}

function worded(page, value, measure, about) {
  if (value.isRange) {
    const [low, high] = [value.low, value.high].map((end) => numberText(page, end, measure, about));
    return withUnit(page, t("figure.range", { low, high }), measure);
  }
  const text = numberText(page, value.value, measure, about, value.decimals);
  if (about) return t("figure.about", { figure: withUnit(page, text, measure) });
  if (isOutOfMany(value, measure)) return t("figure.of", { part: text, whole: number(value.denominator, ",.0f") });
  return withUnit(page, text, measure);
}

/** Whether a figure is a count out of its denominator, not what that divides. */
function isOutOfMany({ denominator }, { counts }) {
  return counts && denominator !== null;
}

/** A figure with its unit, but for a share, an index, and what is counted: its label says what. */
function withUnit(page, figure, { unit }) {
  if (page.units.bare.includes(unit)) return figure;
  return t("figure.with_unit", { figure, unit: { key: `unit.${unit.replaceAll(" ", "_")}`, facts: {} } });
}

/** A number without its unit; `most` is how many decimals may be told of it. */
function numberText(page, value, { unit }, rough, most = Infinity) {
  const percent = page.units.percent.includes(unit);
  const decimals = Math.min(most, rough && percent ? 0 : (page.units.decimals[unit] ?? decimalsOf(value)));
  return number(value, percent ? `.${decimals}%` : `,.${decimals}f`);
}

/** Decimals of a figure whose unit has none of its own, as in feeder/telling/units.py. */
function decimalsOf(value) {
  const size = Math.abs(value);
  if (Number.isInteger(value) || size >= MANY) return 0;
  return size >= 1 ? 1 : 2;
}
