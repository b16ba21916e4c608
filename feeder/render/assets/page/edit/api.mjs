// `window.feeder`: what a reader does by hand, for tests and for the curious. Calling it is insisting, so a
// community that is no neighbor is taken; a school that is locked or stays apart does not move.

import { say } from "../language.mjs";
import { shown } from "../state.mjs";
import { planCsv } from "./files.mjs";

/** Offer the page's edits; `act` does them and shows what comes of it. */
export function offerEdits(page, desk, act) {
  const result = (changed, reason = null) => ({ changed, reason: reason && say(reason) });
  window.feeder = Object.freeze({
    /** Give a school, with its campus, to a community: `{changed, reason}`. */
    reassign(schoolId, communityId) {
      const { plan } = shown;
      const school = page.schools.findIndex(({ id }) => id === String(schoolId));
      const community = plan.given.division.ids.indexOf(String(communityId));
      if (school < 0) return result(false, { key: "edit.unknown_school", facts: { id: String(schoolId) } });
      if (community < 0) return result(false, { key: "edit.unknown_community", facts: { id: String(communityId) } });
      const refused = desk.refusal(plan, school, community);
      if (refused && !refused.overrule) return result(false, refused);
      return result(act.give(page.schools[school], community));
    },
    undo: () => result(act.undo()),
    redo: () => result(act.redo()),
    reset: () => result(act.reset()),
    /** The measures of scorecard.json by name, and its communities, constraints and island_communities. */
    scorecard: () => told(shown.plan),
    /** The plan on show as plan.csv. */
    planCsv: () => planCsv(page.facts, shown.plan),
  });
}

function told({ card, promises }) {
  const values = Object.fromEntries(Object.entries(card.plan).map(([name, { value }]) => [name, value]));
  return {
    ...values,
    communities: card.communities.map((row) => ({ ...row })),
    constraints: promises.map(({ name, said, satisfied, violations }) => ({
      name,
      definition: say(said),
      satisfied,
      violations: violations.map(({ said: sentence, ...rest }) => ({ ...rest, message: say(sentence) })),
    })),
    island_communities: card.island_communities.map((row) => ({ ...row, reason: say(row.reason) })),
  };
}
