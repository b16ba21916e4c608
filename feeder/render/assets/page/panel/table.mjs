// The table of communities: sortable, and the way through the page without the map.

import { badge, element } from "../elements.mjs";
import { inOrder, t } from "../language.mjs";
import { go, linkTo, shown } from "../state.mjs";
import { communityTexts } from "./figures.mjs";

/** A column: its heading, its cell as texts and nodes, and what it is sorted by; `flows` where it rests on flows. */
const FIRST = [
  { name: "community", cell: (one, texts) => [badge(one), " ", linkTo(one), element("small", { class: texts.torn ? "torn" : "" }, texts.land)], by: (one) => one.number },
  { name: "schools", cell: (one, texts) => [texts.schools], by: (one) => one.measures.n_schools },
  { name: "students", cell: (one, texts) => [texts.enrollment, element("br"), element("small", {}, texts.deviation)], by: (one) => one.measures.enrollment },
];

/** After the first columns come the measures that communities have a share of. */
function columnsOf({ columns, definitions }) {
  const first = FIRST.map((column) => ({ ...column, heading: `table.${column.name}` }));
  const shares = columns.map((name) => ({ name, heading: `short.${name}`, cell: (one, texts) => [texts.shares[name]], by: (one) => one.measures[name], flows: definitions[name].ofFlows }));
  return [...first, ...shares];
}

/** Draw the table in the order a reader chose; the first click on a column sorts its highest first. */
export function drawTable(table, page) {
  const { plan, order } = shown;
  const columns = columnsOf(page);
  const column = columns.find(({ name }) => name === order.column);
  const sign = order.down ? -1 : 1;
  const rows = [...plan.communities].sort((a, b) => sign * compared(column.by(a), column.by(b)) || a.number - b.number);
  const sort = (name) => {
    const again = name === order.column;
    shown.order = { column: name, down: again ? !order.down : name !== "community" };
    drawTable(table, page);
    markRow(shown.thing);
    document.getElementById(`sort-${name}`).focus();
  };
  table.replaceChildren(
    element("caption", {}, t("table.caption", { plan: plan.name, n: rows.length })),
    element("thead", {}, element("tr", {}, ...columns.map((one) => headOf(one, page.rough, sort)))),
    element("tbody", {}, ...rows.map((community) => tableRow(community, columns, communityTexts(page, plan, community)))),
  );
}

/** Mark the row of what is selected, or of the community it belongs to. */
export function markRow(thing) {
  const chosen = thing && (thing.what === "community" ? thing : thing.community);
  for (const community of shown.plan.communities) community.row?.classList.toggle("chosen", community === chosen);
}

function headOf({ name, heading, flows }, rough, sort) {
  const { column, down } = shown.order;
  const button = element("button", { type: "button", id: `sort-${name}` }, t(heading));
  if (flows && rough) button.append(" ", element("small", {}, t("table.estimated")));
  button.append(element("span", { class: "arrow", "aria-hidden": "true" }, column === name ? (down ? "▼" : "▲") : "↕"));
  button.addEventListener("click", () => sort(name));
  const attributes = column === name ? { "aria-sort": down ? "descending" : "ascending" } : {};
  return element("th", { scope: "col", ...attributes }, button);
}

function tableRow(community, columns, texts) {
  const [name, ...cells] = columns.map(({ cell }) => cell(community, texts));
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
