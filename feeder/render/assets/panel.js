// Beside the map: the figures, the promises and the table of communities.

/** Draw the panel for the plan on show; what a reader has unfolded stays so. */
function drawPanel(page) {
  const { facts, figures, promises } = page.plan;
  document.getElementById("facts").textContent = facts;
  document.getElementById("figures").replaceChildren(...figures.filter(({ main }) => main).flatMap(figureRow));
  document.querySelector("#measures dl").replaceChildren(...figures.flatMap(measureRow));
  const unfolded = [...document.querySelectorAll(".foldable")].filter((part) => part.querySelector("details")?.open);
  drawPromises(document.getElementById("promises"), promises);
  if (page.plans.length > 1) drawChanges(document.getElementById("changes"), page);
  for (const part of unfolded) part.querySelector("details")?.setAttribute("open", "");
  drawTable(document.getElementById("communities"), page);
}

function figureRow(figure) {
  const value = element("dd", {}, element("strong", {}, figure.text));
  if (figure.today) value.append(element("small", {}, `today ${figure.today}`));
  if (figure.range) value.append(element("small", {}, figure.range));
  const label = element("dt", {}, figure.label);
  if (figure.note) label.append(element("small", {}, figure.note));
  return [label, value];
}

function measureRow({ label, text, definition }) {
  return [element("dt", {}, label, ": ", element("strong", {}, text)), element("dd", {}, definition)];
}

/** Broken promises in full; the kept ones wait behind a line. */
function drawPromises(section, promises) {
  const broken = promises.filter((promise) => !promise.kept);
  const kept = promises.filter((promise) => promise.kept);
  section.replaceChildren();
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

function drawTable(table, page) {
  const { plan } = page;
  const rough = () => (page.rough ? [element("br"), element("small", {}, "estimated")] : []);
  const head = element(
    "tr",
    {},
    ...COLUMNS.map((title) => element("th", { scope: "col" }, title, ...(OF_FLOWS.has(title) ? rough() : []))),
  );
  const order = [...plan.communities].sort((a, b) => a.key - b.key);
  const rows = order.map((community) => {
    const name = element("th", { scope: "row" }, badge(community), " ", linkTo(plan, community));
    const cells = [
      String(community.schools),
      [community.enrollment, element("br"), element("small", {}, community.deviation)],
      community.continuity,
      community.land,
      community.k12,
    ];
    community.row = element("tr", {}, name, ...cells.map((cell) => element("td", {}, ...[cell].flat())));
    community.row.addEventListener("click", () => {
      location.hash = fragmentOf(plan, community);
    });
    return community.row;
  });
  table.replaceChildren(element("thead", {}, head), element("tbody", {}, ...rows));
}

function markRow({ plan }, thing) {
  const chosen = thing && (thing.what === "community" ? thing : thing.community);
  for (const community of plan.communities) {
    community.row.classList.toggle("chosen", community === chosen);
  }
}
