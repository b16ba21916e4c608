// Classes of a choropleth: quantiles with round bounds. Nothing is drawn here.

const MOST_CLASSES = 5;
const LEADS = [5, 2, 1];

/**
 * Bounds between at most five classes of equal size, rounded as far as they stay apart.
 * Returns `{bounds, decimals}`: a value at a bound belongs to the class above it.
 */
export function classBounds(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const wanted = [...new Set(Array.from({ length: MOST_CLASSES - 1 }, (_, k) => quantile(sorted, (k + 1) / MOST_CLASSES)))];
  const ends = [...new Set([sorted[0], ...wanted, sorted.at(-1)])];
  if (ends.length < 2) return { bounds: [], decimals: 0 };
  const gap = Math.min(...ends.slice(1).map((end, k) => end - ends[k]));
  const { lead, exponent } = stepUnder(gap / 2);
  const step = lead * 10 ** exponent;
  const decimals = Math.max(0, -exponent);
  const rounded = wanted.map((value) => Number((Math.round(value / step) * step).toFixed(decimals)));
  const bounds = [...new Set(rounded)].filter((bound) => bound > sorted[0] && bound <= sorted.at(-1));
  return bounds.length ? { bounds, decimals } : boundAboveLowest(sorted);
}

/** Where nearly all values are the lowest one: that one, and all above it. */
function boundAboveLowest(sorted) {
  const above = sorted.find((value) => value > sorted[0]);
  if (above === undefined) return { bounds: [], decimals: 0 };
  const { lead, exponent } = stepUnder(above - sorted[0]);
  const step = lead * 10 ** exponent;
  const decimals = Math.max(0, -exponent);
  return { bounds: [Number((Math.floor(above / step) * step).toFixed(decimals))], decimals };
}

/** The class of a value, from 0. */
export function classOf(value, bounds) {
  return bounds.filter((bound) => bound <= value).length;
}

function quantile(sorted, share) {
  const at = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return low + (at - Math.floor(at)) * (high - low);
}

/** The largest of ..., 0.1, 0.2, 0.5, 1, 2, 5, 10 ... that is no larger. */
function stepUnder(most) {
  const exponent = Math.floor(Math.log10(most));
  const lead = LEADS.find((one) => one * 10 ** exponent <= most) ?? 1;
  return { lead, exponent };
}
