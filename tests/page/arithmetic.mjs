// What the page computes with, for tests.
const HOME = "../../feeder/render/assets/page/arithmetic";

export const { readFacts } = await import(`${HOME}/facts.mjs`);
export const { editedDivision, plannedDivision, todaysDivision } = await import(`${HOME}/division.mjs`);
export const { earthPoints, geodesicMeters, widestMeters } = await import(`${HOME}/geodesic.mjs`);
export const { gradeSpan } = await import(`${HOME}/grades.mjs`);
export const { movedSchools } = await import(`${HOME}/disruption.mjs`);
export const { publishedScorecard, scorecard } = await import(`${HOME}/scorecard.mjs`);
