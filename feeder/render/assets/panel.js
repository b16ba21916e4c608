// Beside the map: the figures, the promises and the table of communities.

function drawPanel(plan) {
  const main = plan.figures.filter((figure) => figure.main);
  document.getElementById("figures").append(...main.flatMap(figureRow));
  document.getElementById("measures").append(measureList(plan.figures));
  drawPromises(document.getElementById("promises"), plan.promises);
  drawTable(document.getElementById("communities"), plan);
}

function figureRow(figure) {
  const value = element("dd", {}, element("strong", {}, figure.text));
  if (figure.today) value.append(element("small", {}, `today ${figure.today}`));
  if (figure.range) value.append(element("small", {}, figure.range));
  const label = element("dt", {}, figure.label);
  if (figure.note) label.append(element("small", {}, figure.note));
  return [label, value];
}

function measureList(figures) {
  const rows = figures.flatMap((figure) => [
    element("dt", {}, figure.label, ": ", element("strong", {}, figure.text)),
    element("dd", {}, figure.definition),
  ]);
  return element("dl", { class: "measures" }, ...rows);
}

/** Broken promises in full; the kept ones wait behind a line. */
function drawPromises(section, promises) {
  const broken = promises.filter((promise) => !promise.kept);
  const kept = promises.filter((promise) => promise.kept);
  if (broken.length) section.append(element("ul", { class: "promises" }, ...broken.map(promiseItem)));
  if (!kept.length) return;
  const words = broken.length ? `${kept.length} of ${promises.length} promises are kept` : `All ${kept.length} promises are kept`;
  section.append(folded(words, element("ul", { class: "promises" }, ...kept.map(promiseItem))));
}

function folded(summary, ...content) {
  return element("details", {}, element("summary", {}, summary), ...content);
}

const MOST_VIOLATIONS = 3;

function promiseItem(promise) {
  const sign = element("span", { class: "sign", "aria-hidden": "true" }, promise.kept ? "\u2713" : "\u2717");
  const spoken = element("span", { class: "unseen" }, promise.kept ? "Kept: " : "Broken: ");
  const item = element("li", { class: promise.kept ? "kept" : "broken" }, sign, spoken, promise.text);
  if (promise.violations.length) {
    const messages = promise.violations.map((message) => element("li", {}, message));
    const first = messages.length > MOST_VIOLATIONS + 1 ? messages.splice(0, MOST_VIOLATIONS) : messages.splice(0);
    item.append(element("ul", {}, ...first));
    if (messages.length) item.append(folded(`${messages.length} more`, element("ul", {}, ...messages)));
  }
  return item;
}

const COLUMNS = ["Community", "Schools", "Students", "Next school inside", "Land", "K to last grade"];
const OF_FLOWS = new Set(["Next school inside", "K to last grade"]);

function drawTable(table, plan) {
  const rough = () => (plan.rough ? [element("br"), element("small", {}, "estimated")] : []);
  const head = element(
    "tr",
    {},
    ...COLUMNS.map((title) => element("th", { scope: "col" }, title, ...(OF_FLOWS.has(title) ? rough() : []))),
  );
  const rows = plan.communities.map((community) => {
    const name = element("th", { scope: "row" }, badge(community), " ", linkTo(community));
    const cells = [
      String(community.schools),
      [community.enrollment, element("br"), element("small", {}, community.deviation)],
      community.continuity,
      community.land,
      community.k12,
    ];
    community.row = element("tr", {}, name, ...cells.map((cell) => element("td", {}, ...[cell].flat())));
    community.row.addEventListener("click", () => {
      location.hash = fragmentOf(community);
    });
    return community.row;
  });
  table.append(element("thead", {}, head), element("tbody", {}, ...rows));
}

function markRow(plan, thing) {
  const chosen = thing && (thing.what === "community" ? thing : thing.community);
  for (const community of plan.communities) {
    community.row.classList.toggle("chosen", community === chosen);
  }
}
