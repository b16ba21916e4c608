// One box is key and layer switch: every line names a thing, shows its sign and turns it off.

import { drawing, element, nameOf } from "../elements.mjs";
import { phrase, t } from "../language.mjs";
import { shown } from "../state.mjs";
import { contextSample } from "./context.mjs";
import { LEVELS, LINE_WIDTHS, lineSample, ringSample, sample, schoolSample, SOURCES } from "./symbols.mjs";

/** Draw the key into its box; what a reader turned off stays off. */
export function drawKey(container, page, box) {
  const toggles = element("ul", { class: "layers" });
  const add = (name, words, picture) => {
    const input = element("input", { type: "checkbox", id: `layer-${name}` });
    input.checked = !container.classList.contains(`hide-${name}`);
    input.addEventListener("change", () => container.classList.toggle(`hide-${name}`, !input.checked));
    toggles.append(element("li", {}, element("label", { for: input.id }, input, picture, element("span", {}, ...[words].flat()))));
  };
  add("communities", t("key.communities"), colorsSample());
  add("tiles", t("key.tiles"), sample(drawing("path", { class: "tile", d: "M2,2H28V12H2ZM15,2V12" })));
  for (const level of Object.keys(LEVELS)) {
    if (page.schools.some((school) => school.level === level)) add(level, t(`key.level.${level}`), schoolSample(level));
  }
  if (page.flows.length) {
    add("inside", t("key.inside"), lineSample("inside"));
    add("crossing", t("key.crossing"), lineSample("crossing"));
  }
  if (page.plans.length > 1) add("changes", phrase("key.changes", { plan: nameOf(page.reference) }), ringSample());
  else if (shown.plan.certainty) add("changes", t("key.swing"), ringSample());
  for (const kind of ["streets", "water", "places"]) {
    if (page.context[kind]?.length) add(kind, t(`key.${kind}`), contextSample(kind));
  }
  add("names", t("key.names"), sample(drawing("text", { x: 15, y: 11, class: "letter" }, "Aa")));
  if (page.backdrop) toggles.append(page.backdrop.line());
  box.replaceChildren(element("summary", {}, t("key.title")), toggles, ...(page.flows.length ? [lineKey(page)] : []));
}

function colorsSample() {
  const colors = [...new Set(shown.plan.communities.map(({ color }) => color))].slice(0, 4);
  const width = 26 / colors.length;
  const patch = (fill, i) => drawing("rect", { x: 2 + i * width, y: 2, width, height: 10, fill, class: "swatch" });
  return sample(...colors.map(patch));
}

/** Widths and dashes, for the sources that occur. */
function lineKey(page) {
  const from = [0, ...page.widthBreaks];
  const used = [...new Set(page.flows.map((flow) => flow.width))].sort((a, b) => a - b);
  const widths = used.map((width) => {
    let words = t("key.width", { low: from[width], high: from[width + 1] - 1 });
    if (width === 0) words = t("key.width_under", { high: from[1] });
    if (width === from.length - 1) words = t("key.width_over", { low: from[width] });
    return element("li", {}, lineSample("inside", LINE_WIDTHS[width]), words);
  });
  const sources = SOURCES.filter((source) => page.flows.some((flow) => flow.source === source));
  const dashes = sources.map((source) => element("li", {}, lineSample(`inside ${source}`, 2.6), t(`card.source.${source}`)));
  return element(
    "div",
    { class: "lines" },
    element("ul", { class: "layers" }, element("li", { class: "heading" }, t("key.students_a_year")), ...widths),
    element("ul", { class: "layers" }, element("li", { class: "heading" }, t("key.flows_are")), ...dashes),
  );
}
