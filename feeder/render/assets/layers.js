// One box is key and layer switch: every line names a thing, shows its sign and turns it off.

function drawKey(container, page, box) {
  const toggles = element("ul", { class: "layers" });
  const add = (name, words, picture) => {
    const input = element("input", { type: "checkbox", id: `layer-${name}` });
    input.checked = true;
    input.addEventListener("change", () => container.classList.toggle(`hide-${name}`, !input.checked));
    toggles.append(element("li", {}, element("label", { for: input.id }, input, picture, element("span", {}, ...[words].flat()))));
  };
  add("communities", "Communities", coloursSample(page));
  add("tiles", "School tiles", sample(drawing("path", { class: "tile", d: "M2,2H28V12H2ZM15,2V12" })));
  for (const level of Object.keys(LEVELS)) {
    if (page.schools.some((school) => school.level === level)) add(level, LEVELS[level].many, schoolSample(level));
  }
  if (page.flows.length) {
    add("inside", "Flows inside", lineSample("inside"));
    add("crossing", "Flows to another", lineSample("crossing"));
  }
  if (page.plans.length > 1) add("changes", ["Differs from ", nameOf(page.plans[0])], ringSample());
  else if (page.plans[0].certainty) add("changes", "Swing schools", ringSample());
  add("names", "Names", sample(drawing("text", { x: 15, y: 11, class: "letter" }, "Aa")));
  box.append(toggles);
  if (page.flows.length) box.append(lineKey(page));
  if (matchMedia("(max-width: 50rem)").matches) box.open = false;
}

function coloursSample(page) {
  const colours = [...new Set(page.plans[0].communities.map((community) => community.colour))].slice(0, 4);
  const width = 26 / colours.length;
  const patch = (fill, i) => drawing("rect", { x: 2 + i * width, y: 2, width, height: 10, fill, class: "swatch" });
  return sample(...colours.map(patch));
}

/** Widths and dashes, for the sources that occur. */
function lineKey(page) {
  const from = [0, ...page.widthBreaks];
  const used = [...new Set(page.flows.map((flow) => flow.width))].sort((a, b) => a - b);
  const widths = used.map((width) => {
    let words = `${from[width]} to ${from[width + 1] - 1}`;
    if (width === 0) words = `under ${from[1]}`;
    if (width === from.length - 1) words = `${from[width]} or more`;
    return element("li", {}, lineSample("inside", LINE_WIDTHS[width]), words);
  });
  const sources = Object.keys(SOURCES).filter((source) => page.flows.some((flow) => flow.source === source));
  const dashes = sources.map((source) => element("li", {}, lineSample(`inside ${source}`, 2.6), SOURCES[source]));
  return element(
    "div",
    { class: "layers" },
    element("ul", { class: "layers" }, element("li", { class: "heading" }, "Students a year:"), ...widths),
    element("ul", { class: "layers" }, element("li", { class: "heading" }, "Flows are:"), ...dashes),
  );
}
