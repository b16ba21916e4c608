// Which plural form a number takes: the rules of feeder/language/plurals.py.

const CONDITION = /^n(?: % (\d+))? (!?=) ([\d.,]+)$/;

/** The form of a number: the first whose rule holds, else "other". */
export function pluralForm(rules, number) {
  const found = Object.entries(rules).find(([, rule]) => holds(rule, Math.abs(number)));
  return found ? found[0] : "other";
}

function holds(rule, number) {
  return rule.split(" or ").some((way) => way.split(" and ").every((condition) => meets(condition, number)));
}

function meets(condition, number) {
  const [, modulus, sign, ranges] = CONDITION.exec(condition);
  const left = modulus ? number % Number(modulus) : number;
  const inside = Number.isInteger(left) && ranges.split(",").some((range) => within(range, left));
  return inside === (sign === "=");
}

function within(range, number) {
  const [low, high = low] = range.split("..").map(Number);
  return low <= number && number <= high;
}
