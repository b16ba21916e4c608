// The desk: what was done to each plan of the page, and the edited plans that come of it.

import { cardOf, makePlan } from "../plans.mjs";
import { codeOf, homesFromCode } from "./code.mjs";
import { editedPlan, givenPlan, isGiven } from "./edited.mjs";
import { doneAgain, homesAfter, movesBetween, takenBack, UNTOUCHED, withStep } from "./history.mjs";
import { labelPlaces } from "./places.mjs";
import { campusMoves, isAllowed, refusalOf } from "./rules.mjs";

/**
 * A desk for the plans of a page. A plan on show is a given one or an edited one, whose `given` is the
 * plan it began as and whose `seats` hold places in the given plan's communities.
 */
export function makeDesk(page) {
  const histories = new Map();
  const edited = new Map();
  for (const plan of page.plans) Object.assign(plan, { given: plan, seats: givenPlan(plan.division) });

  const historyOf = ({ id }) => histories.get(id) ?? UNTOUCHED;

  /** The plan as it stands after every step. */
  const planOf = ({ given }) => {
    const history = historyOf(given);
    const known = edited.get(given.id);
    if (known?.history === history) return known.plan;
    const homes = homesAfter(given.division.school, history);
    const plan = isGiven(given.division, homes) ? given : madeOf(page, given, homes);
    edited.set(given.id, { history, plan });
    return plan;
  };
  const write = ({ given }, history) => {
    const changed = history !== historyOf(given);
    histories.set(given.id, history);
    return changed;
  };
  return {
    historyOf,
    planOf,
    /** Why a school may not go to a community of the given plan; null where it may. */
    refusal: ({ given, seats }, school, community) => refusalOf(page.facts, given.division, seats, school, community),
    /** Give a school with its campus to a community of the given plan. */
    give: (plan, school, community) => write(plan, withStep(historyOf(plan.given), campusMoves(page.facts, plan.seats, school, community))),
    undo: (plan) => write(plan, steppedBack(historyOf(plan.given))),
    redo: (plan) => write(plan, steppedOn(historyOf(plan.given))),
    reset: (plan) => write(plan, withStep(historyOf(plan.given), movesBetween(plan.seats.homes, plan.given.division.school))),
    /** The code of a plan as it stands; empty where nothing differs from the given one. */
    code: ({ given, seats }) => codeOf(page.facts, given.division, seats.homes),
    /** Lay the edit of a code over a given plan, as one step. Returns why not; null where it was done. */
    take: (plan, code) => {
      const { given, seats } = planOf(plan);
      const others = page.plans.map(({ name, division }) => ({ name, given: division }));
      const { homes, refused } = homesFromCode(page.facts, given.division, code, others);
      if (refused) return refused;
      if (!isAllowed(page.facts, given.division, homes)) return { key: "edit.code_not_allowed", facts: {} };
      write(given, withStep(historyOf(given), movesBetween(seats.homes, homes)));
      return null;
    },
    /** What other homes would make of a plan: its scorecard. */
    tried: ({ given }, homes) => cardOf(page, editedPlan(page.facts, given.division, homes).division, { headlines: given.told.headlines, given }),
  };
}

function steppedBack(history) {
  return history.done.length ? takenBack(history) : history;
}

function steppedOn(history) {
  return history.undone.length ? doneAgain(history) : history;
}

/** A plan of the page from edited homes; communities keep number, name and color. */
function madeOf(page, given, homes) {
  const seats = editedPlan(page.facts, given.division, homes);
  const { division } = seats;
  const place = new Map(given.division.ids.map((id, k) => [id, k]));
  const rows = division.ids.map((id) => place.get(id));
  const table = Object.fromEntries(Object.entries(given.told.communities).map(([name, column]) => [name, rows.map((k) => column[k])]));
  const communities = { ...table, ...labelPlaces(page, given, seats, rows) };
  const told = { ...given.told, communities, school: division.school, node: division.node, shares: null, ranges: null, broken: null, certainty: null, minutes: null, edited: true };
  return Object.assign(makePlan(page, told, given), { given, seats });
}
