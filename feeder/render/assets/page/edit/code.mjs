// An edit as a short text, to paste into a mail: F1-, then base64url of
//   page (3 bytes), plan (3 bytes), the moves as varints, and a sum of all that (3 bytes).
//
// The moves are the difference from the given plan, so the order of the steps leaves no trace:
// for every community that gains schools its step from the one before, their number, and the
// schools as steps from one to the next.

const VERSION = "F1-";
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const CHECK_BYTES = 3;
const HEAD_BYTES = 2 * CHECK_BYTES;

/** What a code must fit: the page by its schools and campuses, the plan by what it gives them. */
export function codeChecks(facts, given) {
  return [checkOf([facts.schools.id, Array.from(facts.schools.node)]), checkOf([given.ids, Array.from(given.school)])];
}

/** The code of an edited plan; empty where no school differs from the given one. */
export function codeOf(facts, given, homes) {
  const gains = new Map();
  homes.forEach((home, school) => {
    if (home === given.school[school]) return;
    if (!gains.has(home)) gains.set(home, []);
    gains.get(home).push(school);
  });
  if (!gains.size) return "";
  const bytes = codeChecks(facts, given).flat();
  let before = -1;
  for (const community of [...gains.keys()].sort((a, b) => a - b)) {
    const schools = gains.get(community);
    pushVarint(bytes, community - before - 1);
    pushVarint(bytes, schools.length);
    schools.forEach((school, i) => pushVarint(bytes, i ? school - schools[i - 1] - 1 : school));
    before = community;
  }
  return VERSION + base64url([...bytes, ...checkOfBytes(bytes)]);
}

/** The code inside a text that was pasted: a mail breaks lines, and a link holds more than a code. */
export function codeWithin(text) {
  const plain = text.trim();
  if (/^F\d+-[\w\s-]*$/.test(plain)) return plain.replace(/\s+/g, "");
  return /(?<![\w-])F\d+-[\w-]*/.exec(plain)?.[0] ?? plain;
}

/**
 * The homes that a code gives to schools, as `{ homes }`, or why it is refused, as `{ refused }`.
 *
 * `others` are the further plans of the page, `{ name, given }`, so that a reader is told which one a code is for.
 */
export function homesFromCode(facts, given, code, others = []) {
  const refused = (key, told = {}) => ({ refused: { key: `edit.code_${key}`, facts: told } });
  if (!/^F\d+-/.test(code)) return refused("none");
  if (!code.startsWith(VERSION)) return refused("version");
  const bytes = bytesOf(code.slice(VERSION.length));
  const end = (bytes?.length ?? 0) - CHECK_BYTES;
  if (end <= HEAD_BYTES || !same(checkOfBytes(bytes.slice(0, end)), bytes.slice(end))) return refused("damaged");
  const [page, plan] = codeChecks(facts, given);
  if (!same(page, bytes.slice(0, CHECK_BYTES))) return refused("other_page");
  const wanted = bytes.slice(CHECK_BYTES, HEAD_BYTES);
  if (!same(plan, wanted)) {
    const other = others.find((one) => same(codeChecks(facts, one.given)[1], wanted));
    return other ? refused("of_plan", { plan: other.name }) : refused("other_plan");
  }
  const homes = readMoves(facts, given, bytes.slice(HEAD_BYTES, end));
  // One edit has one code: whatever else says the same was not written here.
  return homes && codeOf(facts, given, homes) === code ? { homes } : refused("damaged");
}

function readMoves(facts, given, bytes) {
  const homes = Int32Array.from(given.school);
  let at = 0;
  const next = () => {
    let value = 0;
    for (let shift = 1; at < bytes.length; shift *= 128) {
      const byte = bytes[at];
      at += 1;
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
    return Infinity;
  };
  let community = -1;
  while (at < bytes.length) {
    community += next() + 1;
    const count = next();
    if (!(community < given.ids.length) || !(count <= facts.nSchools)) return null;
    let school = -1;
    for (let i = 0; i < count; i += 1) {
      school += next() + 1;
      if (!(school < facts.nSchools)) return null;
      homes[school] = community;
    }
  }
  return homes;
}

function pushVarint(bytes, value) {
  let rest = value;
  while (rest > 127) {
    bytes.push((rest & 127) | 128);
    rest >>>= 7;
  }
  bytes.push(rest);
}

function checkOf(value) {
  return checkOfBytes(new TextEncoder().encode(JSON.stringify(value)));
}

/** Three bytes of a text's FNV-1a hash, stirred once more at the end. */
function checkOfBytes(bytes) {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return [0, 8, 16].map((shift) => ((hash ^ (hash >>> 16)) >>> shift) & 255);
}

function same(some, others) {
  return some.length === others.length && some.every((one, i) => one === others[i]);
}

function base64url(bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const bits = (bytes[i] << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const letters = [18, 12, 6, 0].map((shift) => ALPHABET[(bits >> shift) & 63]);
    text += letters.slice(0, Math.min(bytes.length - i, 3) + 1).join("");
  }
  return text;
}

/** The bytes of a base64url text; null where it is none. */
function bytesOf(text) {
  const sixes = [...text].map((letter) => ALPHABET.indexOf(letter));
  if (sixes.includes(-1) || sixes.length % 4 === 1) return null;
  const bytes = [];
  for (let i = 0; i < sixes.length; i += 4) {
    const [a, b, c = 0, d = 0] = sixes.slice(i, i + 4);
    const bits = (a << 18) | (b << 12) | (c << 6) | d;
    const count = Math.min(sixes.length - i, 4) - 1;
    bytes.push(...[bits >> 16, (bits >> 8) & 255, bits & 255].slice(0, count));
  }
  return bytes;
}
