// A measure's value for a plan, and how a figure that rests on ranges keeps its interval.

/** As in feeder/terms.py: ends so close are one figure. */
const SUM_SLACK = 1e-9;

/** Returns a value; null where it cannot be given, and `said` then says why (key and facts). */
export function measured(value, parts = {}) {
  const none = { numerator: null, denominator: null, low: null, high: null, said: null };
  return { value, ...none, ...parts };
}

/** Returns a value that cannot be given, and why. */
export function missing(why, facts = {}, parts = {}) {
  return measured(null, { ...parts, said: { key: `missing.${why}`, facts } });
}

/** Returns a number of things, of how many. */
export function countedOf(count, denominator) {
  return measured(count, { numerator: count, denominator });
}

/** Returns a value whose range is told only where it is one. */
export function withRange(value) {
  if (value.value === null) return value;
  const low = value.low ?? value.value;
  const high = value.high ?? value.value;
  return high - low <= SUM_SLACK ? { ...value, low: null, high: null } : { ...value, low, high };
}

/** Returns an object whose parts are made when they are first asked for, by functions of the same names. */
export function whenAsked(makers) {
  const made = {};
  for (const [name, make] of Object.entries(makers)) {
    Object.defineProperty(made, name, {
      configurable: true,
      enumerable: true,
      get() {
        const value = make();
        Object.defineProperty(made, name, { enumerable: true, value });
        return value;
      },
    });
  }
  return made;
}
