// The table of communities: sortable, and the way through the page without the map.

import { badge, element } from "../elements.mjs";
import { inOrder, t } from "../language.mjs";
import { go, linkTo, shown } from "../state.mjs";
import { communityTexts } from "./figures.mjs";

/** A column: its cell as texts and nodes, and what it is sorted by; `flows` where it rests on flows. */
const COLUMNS = [
  { name: "community", cell: (one, texts) => [badge(one), " ", linkTo(one), element("small", { class: texts.torn ? "torn" : "" }, texts.land)], by: (one) => one.key },
  { name: "schools", cell: (one, texts) => [texts.schools], by: (one) => one.measures.n_schools },
  { name: "students", cell: (one, texts) => [texts.enrollment, element("br"), element("small", {}, texts.deviation)], by: (one) => one.measures.enrollment },
  { name: "continuity", cell: (one, texts) => [texts.continuity], by: (one) => one.measures.feeder_continuity, flows: true },
  { name: "k12", cell: (one, texts) => [texts.k12], by: (one) => one.measures.k12_continuity, flows: true },
];

/** Draw the table in the order a reader chose; the first click on a column sorts its highest first. */
export function drawTable(table, page) {
  const { plan, order } = shown;
  const column = COLUMNS.find(({ name }) => name === order.column);
  const sign = order.down ? -1 : 1;
  const rows = [...plan.communities].sort((a, b) => sign * compared(column.by(a), column.by(b)) || a.key - b.key);
  const sort = (name) => {
    const again = name === order.column;
    shown.order = { column: name, down: again ? !order.down : name !== "community" };
    drawTable(table, page);
    markRow(shown.thing);
    document.getElementById(`sort-${name}`).focus();
  };
  table.replaceChildren(
    element("caption", {}, t("table.caption", { plan: plan.name, n: rows.length })),
    element("thead", {}, element("tr", {}, ...COLUMNS.map((one) => headOf(one, page.rough, sort)))),
    element("tbody", {}, ...rows.map((community) => tableRow(community, communityTexts(page, plan, community)))),
  );
}

/** Mark the row of what is selected, or of the community it belongs to. */
export function markRow(thing) {
  const chosen = thing && (thing.what === "community" ? thing : thing.community);
  for (const community of shown.plan.communities) community.row?.classList.toggle("chosen", community === chosen);
}

function headOf({ name, flows }, rough, sort) {
  const { column, down } = shown.order;
  const button = element("button", { type: "button", id: `sort-${name}` }, t(`table.${name}`));
  if (flows && rough) button.append(" ", element("small", {}, t("table.estimated")));
  button.append(element("span", { class: "arrow", "aria-hidden": "true" }, column === name ? (down ? "▼" : "▲") : "↕"));
  button.addEventListener("click", () => sort(name));
  const attributes = column === name ? { "aria-sort": down ? "descending" : "ascending" } : {};
  return element("th", { scope: "col", ...attributes }, button);
}

function tableRow(community, texts) {
  const [name, ...cells] = COLUMNS.map(({ cell }) => cell(community, texts));
  const row = element("tr", {}, element("th", { scope: "row" }, ...name), ...cells.map((cell) => element("td", {}, ...cell)));
  row.addEventListener("click", (event) => {
    if (!event.target.closest("a")) go({ thing: community });
  });
  community.row = row;
  return row;
}

/** Numbers by size and texts as the language sorts them; what is unknown comes first. */
function compared(a, b) {
  if (typeof a === "string") return inOrder(a, b);
  return (a ?? -Infinity) - (b ?? -Infinity) || 0;
}
