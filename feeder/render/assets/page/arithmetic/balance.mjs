// Communities of like size: enrollment and need against the mean community.
import { measured, missing } from "./value.mjs";

/** Returns the mean, and each community's relative deviation from it; null where the mean is 0. */
export function deviationsFromMean(sums) {
  const mean = sums.length ? sums.reduce((all, one) => all + one, 0) / sums.length : 0;
  return mean > 0 ? { mean, relative: sums.map((sum) => sum / mean - 1) } : null;
}

/** Returns the largest absolute relative deviation from the mean community. */
export function largestDeviation(sums, what) {
  const found = deviationsFromMean(sums);
  if (!found) return missing(`no_${what}`);
  return measured(found.relative.reduce((most, one) => Math.max(most, Math.abs(one)), 0));
}
