// The card of what is selected: a school with its flows in words, or a community.

function describe(school) {
  const parts = [LEVELS[school.level].one];
  if (school.kind) parts.push(school.kind);
  if (school.grades) parts.push(`grades ${school.grades}`);
  return parts.join(", ");
}

function showCard(box, page, thing, close) {
  box.hidden = !thing;
  if (!thing) return box.replaceChildren();
  const button = element("button", { type: "button", class: "close", "aria-label": "Close" }, "\u00d7");
  button.addEventListener("click", close);
  box.replaceChildren(button, ...(thing.what === "school" ? schoolCard(page, thing) : communityCard(page, thing)));
  box.scrollTop = 0;
}

function schoolCard(page, school) {
  const { plan, below } = page;
  const home = school.community
    ? element("p", { class: "home" }, badge(school.community), " ", linkTo(plan, school.community))
    : element("p", { class: "home" }, "In no community");
  const sends = school.flows.filter((flow) => flow.from === school);
  const receives = school.flows.filter((flow) => flow.to === school);
  return [
    element("h2", {}, nameOf(school)),
    element("p", {}, describe(school), element("br"), enrollment(school.enrollment, below)),
    home,
    ...certaintyOf(school),
    ...homeBefore(page, school),
    ...flowList(plan, "Sends students to", sends, (flow) => flow.to),
    ...flowList(plan, "Receives students from", receives, (flow) => flow.from),
    ...(school.flows.length ? [] : [element("p", { class: "note" }, noFlows(below))]),
  ];
}

/** How many good plans of an ensemble agree on the school's community; nothing without one. */
function certaintyOf({ certainty }) {
  if (certainty === null) return [];
  return [element("p", { class: "note" }, `${certainty} % of the good plans that were drawn put it here.`)];
}

function enrollment(students, below) {
  if (students || !below) return count(students, "student", "students");
  return `no students, or fewer than ${below}`;
}

function noFlows(below) {
  return below ? `No flow of ${below} or more students is known.` : "No flow is known.";
}

function flowList(plan, title, flows, other) {
  if (!flows.length) return [];
  const order = [...flows].sort((a, b) => b.width - a.width || (b.students ?? b.percent) - (a.students ?? a.percent));
  const items = order.map((flow) => flowItem(plan, flow, other(flow)));
  return [element("h3", {}, title), element("ul", { class: "flows" }, ...items)];
}

function flowItem(plan, flow, school) {
  const item = element("li", {}, linkTo(plan, school), element("br"), flowWords(flow));
  if (flow.crossing) {
    const where = school.community ? ["in ", badge(school.community), " ", nameOf(school.community)] : ["in no community"];
    item.append(element("br"), element("span", { class: "away" }, ...where));
  }
  return item;
}

/** A count with its source, or a rounded share where there is only an estimate. */
function flowWords(flow) {
  if (flow.students !== null) return `${studentsOf(flow)} a year, ${SOURCES[flow.source]}`;
  return `${flow.percent ? `about ${flow.percent} %` : "under 5 %"} of the leavers, estimated`;
}

/** A count, or what suppressed cells leave open of it. */
function studentsOf({ students, range }) {
  if (!range) return count(students, "student", "students");
  const [low, high] = range;
  const most = count(high, "student", "students");
  return low ? `${low.toLocaleString("en")} to ${most}` : `up to ${most}`;
}

function communityCard({ plan, rough: estimated }, community) {
  const rough = estimated ? ", estimated" : "";
  const facts = [
    ["Schools", String(community.schools)],
    ["Students", `${community.enrollment} (${community.deviation} of the mean)`],
    ["Next school inside", community.continuity + rough],
    ["Land", landWords(community)],
    ["Kindergarten to last grade", community.k12 + rough],
  ];
  const members = Object.keys(LEVELS).flatMap((level) => {
    const schools = community.members.filter((school) => school.level === level);
    if (!schools.length) return [];
    const list = schools.map((school) => element("li", {}, linkTo(plan, school), school.grades ? ` (${school.grades})` : ""));
    return [element("h3", {}, LEVELS[level].many), element("ul", {}, ...list)];
  });
  return [
    element("h2", {}, badge(community), " ", nameOf(community)),
    element("dl", { class: "facts" }, ...facts.flatMap(([term, words]) => [element("dt", {}, term), element("dd", {}, words)])),
    ...members,
  ];
}

function landWords(community) {
  if (community.land === "whole") return "in one piece";
  if (community.land === "broken") return "not in one piece: promise broken";
  return `${community.land}: ${community.landNote}`;
}
