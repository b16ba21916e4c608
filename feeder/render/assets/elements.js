// Elements made from text alone: whatever a table holds is shown as typed, never parsed.

const SVG = "http://www.w3.org/2000/svg";

/** An HTML element with attributes and children; a text child becomes a text node. */
function element(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/** The same for a drawing. */
function drawing(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

/** A name from a table, kept apart from the direction of the text around it. */
function nameOf(thing) {
  return element("bdi", { class: "name" }, thing.name);
}

/** A link that selects something: the page's fragment names the plan and the selection. */
function linkTo(plan, thing) {
  return element("a", { href: fragmentOf(plan, thing) }, nameOf(thing));
}

/** Parts joined by &, each name=value: #plan=B&school=123. The first plan goes without saying. */
function fragmentOf(plan, thing) {
  const selection = thing ? `${thing.what}=${encodeURIComponent(thing.id)}` : "";
  return `#${[plan.fragment, selection].filter(Boolean).join("&")}`;
}

/** A community's number on its colour, as on the map and in the table. */
function badge(community) {
  const mark = element("span", { class: "badge" }, String(community.key));
  mark.style.backgroundColor = community.colour;
  return mark;
}

function count(number, one, many) {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}

function filled(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}
