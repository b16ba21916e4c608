// What the page computes with, as arrays: what feeder/publishing/facts.py tells, in students, meters and shares.
import { GRADE_NAMES } from "./grades.mjs";

export const LEVEL_NAMES = ["elementary", "middle", "high", "span", "other"];
const EIGHTHS = 8;
const SHARE_PARTS = 65536;
const METER_PARTS = 10000;
const SQUARE_METER_PARTS = 100;
const METERS_PER_KM = 1000;
const MINUTES_PER_HOUR = 60;
const SOURCE_ESTIMATED = "4";
const KIND_BRIDGE = "1";
const KIND_FEED = "4";

/** Returns the facts of one district. Schools, nodes, contacts and flows are known by their place. */
export function readFacts(told) {
  const schools = readSchools(told.schools);
  const campuses = schools.node.reduce((most, node) => Math.max(most, node + 1), 0);
  const nNodes = campuses + told.vacant.length;
  const tiles = readTiles(told.tiles, nNodes);
  const contacts = readContacts(told.contacts, nNodes);
  const facts = {
    nSchools: schools.id.length,
    nCampuses: campuses,
    nNodes,
    schools,
    nodeIds: nodeNames(schools, campuses, told.vacant),
    tiles,
    ...contacts,
    partContacts: {
      a: Int32Array.from(told.part_contacts.a),
      b: Int32Array.from(told.part_contacts.b),
      border: Float64Array.from(told.part_contacts.border, (parts) => parts / METER_PARTS),
    },
    isApart: apartNodes(tiles.hasLand, contacts),
    flows: readFlows(told.flows, schools.id.length),
    measures: told.measures,
    scenario: told.scenario,
    today: told.today,
    travel: readTravel(told.travel),
    thresholds: told.thresholds,
    units: told.units,
    gradeNames: told.grade_names ?? GRADE_NAMES,
  };
  return { ...facts, ends: told.ends && { least: endOf(facts, told.ends, 1), most: endOf(facts, told.ends, 2) } };
}

/** The facts with every range at one of its ends: ranges are `[rows, low, high]`. */
function endOf(facts, { schools, flows, counts, rates }, end) {
  const at = (column, range, parts) => {
    if (!range) return column;
    const own = column.slice();
    range[0].forEach((row, k) => {
      own[row] = range[end][k] === null ? null : range[end][k] / parts;
    });
    return own;
  };
  const columns = (own, ranges) => Object.fromEntries(Object.entries(own).map(([name, column]) => [name, at(column, ranges[name], 1)]));
  const students = at(facts.flows.students, flows.students, EIGHTHS);
  return {
    ...facts,
    schools: {
      ...facts.schools,
      enrollment: at(facts.schools.enrollment, schools.enrollment, 1),
      need: at(facts.schools.need, schools.need, 1),
      entering: at(facts.schools.entering, schools.entering, EIGHTHS),
      leavers: at(facts.schools.leavers, schools.leavers, EIGHTHS),
    },
    flows: { ...facts.flows, students, low: students, high: students, isOpen: false },
    measures: { counts: columns(facts.measures.counts, counts), rates: columns(facts.measures.rates, rates) },
  };
}

/** Returns a function of facts whose answer is kept: no move of a school changes it. */
export function onceForFacts(make) {
  const kept = new WeakMap();
  return (facts) => {
    if (!kept.has(facts)) kept.set(facts, make(facts));
    return kept.get(facts);
  };
}

function readSchools(told) {
  return {
    id: told.id,
    name: told.name,
    level: Int32Array.from(told.level),
    grades: Int32Array.from(told.grades),
    lat: Float64Array.from(told.lat),
    lon: Float64Array.from(told.lon),
    enrollment: Float64Array.from(told.enrollment),
    need: told.need && Float64Array.from(told.need),
    entering: Float64Array.from(told.entering, (parts) => parts / EIGHTHS),
    leavers: Float64Array.from(told.leavers, (parts) => parts / EIGHTHS),
    node: Int32Array.from(told.node),
    capacity: told.capacity,
    officeCapacity: told.office_capacity,
    tilesAt: told.tiles.map((nodes) => (Array.isArray(nodes) ? nodes : [nodes])),
  };
}

/** How minutes follow from meters; null where they are by streets, which no distance tells. */
function readTravel(told) {
  return told && { minutesPerMeter: (told.detour / METERS_PER_KM) * (MINUTES_PER_HOUR / told.speed_km_h) };
}

/** A campus goes by its first school, a vacant tile by its own id. */
function nodeNames(schools, campuses, vacant) {
  const names = new Array(campuses).fill("");
  for (let school = schools.id.length - 1; school >= 0; school -= 1) {
    names[schools.node[school]] = schools.id[school];
  }
  return [...names, ...vacant];
}

/** Land by node; parts are numbered over the tiles, `firstPart` is where a node's begin. */
function readTiles(told, nNodes) {
  const tiles = {
    node: Int32Array.from(told.node),
    hasLand: new Uint8Array(nNodes),
    area: new Float64Array(nNodes),
    rim: new Float64Array(nNodes),
    parts: new Int32Array(nNodes),
    firstPart: new Int32Array(nNodes),
    partNode: [],
  };
  told.node.forEach((node, tile) => {
    tiles.hasLand[node] = 1;
    tiles.area[node] = told.area[tile] / SQUARE_METER_PARTS;
    tiles.rim[node] = told.rim[tile] / METER_PARTS;
    tiles.parts[node] = told.parts[tile];
    tiles.firstPart[node] = tiles.partNode.length;
    for (let part = 0; part < told.parts[tile]; part += 1) tiles.partNode.push(node);
  });
  tiles.partNode = Int32Array.from(tiles.partNode);
  return tiles;
}

/** `land` holds tiles together (borders, bridges); `touch` ties a landless campus to what it touches. */
function readContacts(told, nNodes) {
  const land = { a: [], b: [], border: [], isBridge: [] };
  const touch = { campus: [], to: [], share: [] };
  const isFed = new Uint8Array(nNodes);
  const neighbors = Array.from({ length: nNodes }, () => []);
  sumsOfSteps(told.a).forEach((a, row) => {
    const b = told.b[row];
    const kind = told.kind[row];
    if (kind > KIND_BRIDGE) {
      touch.campus.push(a);
      touch.to.push(b);
      touch.share.push(told.size[row] / SHARE_PARTS);
      if (kind === KIND_FEED) isFed[a] = 1;
      return;
    }
    land.a.push(a);
    land.b.push(b);
    land.border.push(told.size[row] / METER_PARTS);
    land.isBridge.push(kind === KIND_BRIDGE);
    neighbors[a].push(b);
    neighbors[b].push(a);
  });
  neighbors.forEach((near) => near.sort((one, other) => one - other));
  return { land, touch, isFed, neighbors };
}

function apartNodes(hasLand, { land, touch }) {
  const isApart = Uint8Array.from(hasLand, (landed) => (landed ? 0 : 1));
  for (const ends of [land.a, land.b, touch.campus, touch.to]) {
    for (const node of ends) isApart[node] = 0;
  }
  return isApart;
}

/** Flows sorted by sender; `start` is where a sender's rows begin, with one more for the end. */
function readFlows(told, nSchools) {
  const sender = Int32Array.from(sumsOfSteps(told.from));
  const students = Float64Array.from(told.students, (parts) => parts / EIGHTHS);
  const low = students.slice();
  const high = students.slice();
  told.open.forEach((row, k) => {
    low[row] = told.low[k] / EIGHTHS;
    high[row] = told.high[k] / EIGHTHS;
  });
  const start = new Int32Array(nSchools + 1);
  for (const school of sender) start[school + 1] += 1;
  for (let school = 0; school < nSchools; school += 1) start[school + 1] += start[school];
  return {
    sender,
    receiver: Int32Array.from(told.to),
    students,
    low,
    high,
    start,
    isOpen: told.open.length > 0,
    isEstimated: Array.from(told.source, (digit) => digit === SOURCE_ESTIMATED),
    source: Array.from(told.source, Number),
  };
}

function sumsOfSteps(steps) {
  let sum = 0;
  return steps.map((step) => {
    sum += step;
    return sum;
  });
}
