// The edits of one plan: steps that were done, and steps taken back. A history never changes; edits make new ones.
//
// A step lists moves [school, from, to]: places in the table of schools and in the communities of
// the given plan, -1 is none. Whatever was done, the edited plan is the given one and the steps.

/** The history of a plan that nobody has touched. */
export const UNTOUCHED = Object.freeze({ done: Object.freeze([]), undone: Object.freeze([]) });

/** What leads from one plan to another, school by school. */
export function movesBetween(homes, wanted) {
  const moves = [];
  wanted.forEach((to, school) => {
    if (homes[school] !== to) moves.push([school, homes[school], to]);
  });
  return moves;
}

/** One step more; what was taken back before is given up. A step that moves nobody is none. */
export function withStep(history, moves) {
  return moves.length ? { done: [...history.done, moves], undone: [] } : history;
}

/** The last step taken back; the same history where there is none. */
export function takenBack({ done, undone }) {
  if (!done.length) return { done, undone };
  return { done: done.slice(0, -1), undone: [...undone, done.at(-1)] };
}

/** The step that was taken back last, done again. */
export function doneAgain({ done, undone }) {
  if (!undone.length) return { done, undone };
  return { done: [...done, undone.at(-1)], undone: undone.slice(0, -1) };
}

/** Home of every school after all steps. */
export function homesAfter(given, { done }) {
  const homes = Int32Array.from(given);
  for (const moves of done) for (const [school, , to] of moves) homes[school] = to;
  return homes;
}
