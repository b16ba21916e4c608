// Grades as people write them: K is bit 0, grades are their own bits, pre-kindergarten is bit 13.

/** What grades are called where a district has no words of its own, from the one before K to 12. */
export const GRADE_NAMES = ["PK", "K", ...Array.from({ length: 12 }, (_, i) => String(i + 1))];
const PK_PLACE = 13;
const LAST_GRADE = 12;

/** Returns a mask as text: `K-5`, `PK-6`, `7`, `1-2 4-8`, `no grades`; `names` are those of all grades. */
export function gradeSpan(mask, names = GRADE_NAMES) {
  const runs = [];
  for (let grade = -1; grade <= LAST_GRADE; grade += 1) {
    if (!((mask >> (grade < 0 ? PK_PLACE : grade)) & 1)) continue;
    const last = runs[runs.length - 1];
    if (last && last[1] === grade - 1) last[1] = grade;
    else runs.push([grade, grade]);
  }
  const told = runs.map((run) => [...new Set(run)].map((grade) => gradeName(grade, names)).join("-"));
  return told.join(" ") || "no grades";
}

/** Returns what a grade is called. */
export function gradeName(grade, names) {
  return names[grade + 1] || String(grade);
}
