// Sentences by key, numbers as a language writes them: the rules of feeder/language/words.py.

import { pluralForm } from "./plurals.mjs";

const MOST_LISTED = 5;
const LONGEST = 120;
const GAP = /\{(\w+)(?::([^}]*))?\}/g;
const FORM = /^(\+?)(,?)(?:\.(\d+)([f%]))?$/;

let spoken = null;

/** Speak a language from now on: `{tag, name, numbers, plural, texts}`, as its files of strings hold it. */
export function speak(strings) {
  spoken = strings;
}

/** The tag of the language that is spoken. */
export function language() {
  return spoken.tag;
}

/** The text of a key, its gaps filled. */
export function t(key, facts = {}) {
  return template(key, facts).replace(GAP, (gap, name, form) => filledGap(factOf(key, facts, name), form));
}

/** The same as an array of texts and nodes: a fact may be a node, or an array of nodes and texts. */
export function phrase(key, facts = {}) {
  const pieces = template(key, facts).split(GAP);
  // A split at two groups gives text, name, form, text, name, form ... text.
  return pieces.flatMap((piece, i) => {
    if (i % 3 === 0) return piece ? [piece] : [];
    if (i % 3 === 2) return [];
    const fact = factOf(key, facts, piece);
    return holdsNodes(fact) ? fact : [filledGap(fact, pieces[i + 1])];
  });
}

/** A sentence that came as key and facts. */
export function say({ key, facts }) {
  return t(key, facts);
}

/** A number as the language writes it; what rounds to zero has no sign. */
export function number(value, form = ",") {
  const [, plus, comma, decimals, kind] = FORM.exec(form);
  const size = Math.abs(kind === "%" ? value * 100 : value);
  const plain = decimals === undefined ? String(size) : fixed(size, Number(decimals));
  const negative = value < 0 && /[1-9]/.test(plain);
  const sign = negative ? spoken.numbers.minus : plus;
  const [whole, part] = plain.split(".");
  const grouped = comma ? whole.replace(/\B(?=(\d{3})+$)/g, spoken.numbers.group) : whole;
  const text = sign + grouped + (part ? spoken.numbers.decimal + part : "");
  return kind === "%" ? spoken.numbers.percent.replace("{}", () => text) : text;
}

/** Compare two texts as the language sorts them. */
export function inOrder(a, b) {
  return a.localeCompare(b, spoken.tag, { numeric: true });
}

function template(key, facts) {
  const text = spoken.texts[key];
  if (text === undefined) throw new Error(`no text for ${key} in ${spoken.tag}`);
  if (typeof text === "string") return text;
  return text[pluralForm(spoken.plural, factOf(key, facts, "n"))];
}

function factOf(key, facts, name) {
  if (facts[name] === undefined) throw new Error(`no fact ${name} for ${key}`);
  return facts[name];
}

function holdsNodes(fact) {
  if (typeof Node === "undefined") return false;
  return fact instanceof Node || (Array.isArray(fact) && fact.some((one) => one instanceof Node));
}

function filledGap(fact, form) {
  if (typeof fact === "number") return number(fact, form || ",");
  if (typeof fact === "string") return fact;
  return Array.isArray(fact) ? listed(fact) : say(fact);
}

function listed(names) {
  const told = names.slice(0, MOST_LISTED).map((one) => (typeof one === "string" ? printable(one) : say(one))).join("; ");
  const more = names.length - MOST_LISTED;
  return more > 0 ? t("list.more", { told, n: more }) : told;
}

/** A text of a table inside a sentence: on one line, and cut when long. */
function printable(text) {
  const marks = [...text].map((mark) => {
    if (mark === " " || !/[\p{C}\p{Z}]/u.test(mark)) return mark;
    return /[\t-\r\x1c-\x1f\x85\p{Z}]/u.test(mark) ? " " : "\ufffd";
  });
  return marks.length <= LONGEST ? marks.join("") : `${marks.slice(0, LONGEST - 4).join("")} ...`;
}

/** Decimals of a size; an exact tie goes to the even digit, as in Python. */
function fixed(size, decimals) {
  const exact = size.toFixed(100);
  const end = exact.length - 100 + decimals;
  const kept = exact.slice(0, end).replace(/\.$/, "");
  const tie = /^50*$/.test(exact.slice(end));
  return tie && "02468".includes(kept.at(-1)) ? kept : size.toFixed(decimals);
}
