// What a plan changes: schools whose community is another one than in the page's first plan.

/** Communities of two plans are the same where their ids are; null is none. */
function changesBetween(schools, first, plan) {
  return schools.flatMap((school, i) => {
    const [from, to] = [first.homes[i], plan.homes[i]];
    return from?.id === to?.id ? [] : [{ school, from, to }];
  });
}

/** How many schools differ, in one sentence. */
function changesCounted({ plans, plan }) {
  if (plan === plans[0]) return ["The other plans are compared with this one."];
  const { length } = plan.changes;
  if (!length) return ["No school differs from ", nameOf(plans[0]), "."];
  return [`${count(length, "school differs", "schools differ")} from `, nameOf(plans[0]), "."];
}

const MOST_CHANGES = 6;

/** The schools that differ, one sentence each; many wait behind a line. */
function drawChanges(section, page) {
  const { plans, plan } = page;
  section.hidden = !plan.changes.length;
  if (section.hidden) return section.replaceChildren();
  const order = [...plan.changes].sort((a, b) => a.school.name.localeCompare(b.school.name, "en"));
  const list = element("ul", { class: "changes" }, ...order.map((change) => changeItem(plan, change)));
  const content = order.length > MOST_CHANGES ? folded("Every school that differs", list) : list;
  section.replaceChildren(
    element("h2", {}, "What differs from ", nameOf(plans[0])),
    element("p", {}, ...changesCounted(page)),
    content,
  );
}

function changeItem(plan, { school, from, to }) {
  const place = (community) => (community ? nameOf(community) : "no community");
  return element("li", {}, linkTo(plan, school), ": from ", place(from), " to ", place(to));
}

/** Where the first plan has a school, if that is elsewhere; for its card. */
function homeBefore({ plans, plan }, school) {
  const change = plan.changes.find((one) => one.school === school);
  if (!change) return [];
  const before = change.from ? [badge(change.from), " ", nameOf(change.from)] : ["in no community"];
  return [element("p", { class: "note before" }, nameOf(plans[0]), ": ", ...before)];
}
