// The switch between plans, above the map: buttons while they are few, a menu when they are many.

import { element, nameOf } from "../elements.mjs";
import { t } from "../language.mjs";
import { shown } from "../state.mjs";
import { changesCounted } from "./changes.mjs";

const MOST_BUTTONS = 4;

/** Draw the switch; `choose(plan)` is called when a reader takes a plan. */
export function drawSwitch(page, choose) {
  const box = document.getElementById("plans");
  if (!box) return;
  const parts = page.plans.length > MOST_BUTTONS ? planMenu(page, choose) : [planButtons(page, choose)];
  box.replaceChildren(...parts, element("p", { id: "differ", role: "status" }, ...changesCounted(page)));
}

function planButtons({ plans, desk }, choose) {
  const labels = plans.map((plan, i) => {
    const input = element("input", { type: "radio", name: "plan", id: `plan-${i}` });
    input.checked = plan === shown.plan.given;
    input.addEventListener("change", () => choose(plan));
    return element("label", { title: desk.planOf(plan).name }, input, element("span", {}, nameOf(desk.planOf(plan))));
  });
  return element("fieldset", { class: "choices" }, element("legend", {}, t("switch.plan")), ...labels);
}

function planMenu({ plans, desk }, choose) {
  const menu = element("select", { id: "plan" }, ...plans.map((plan) => element("option", {}, desk.planOf(plan).name)));
  menu.selectedIndex = plans.indexOf(shown.plan.given);
  menu.addEventListener("change", () => choose(plans[menu.selectedIndex]));
  return [element("label", { for: "plan" }, t("switch.plan")), menu];
}

/** Draw the switch between languages, each by its own name. */
export function drawLanguages(page, choose) {
  const box = document.getElementById("languages");
  box.replaceChildren(
    ...page.languages.map(({ tag, name }) => {
      const button = element("button", { type: "button", lang: tag, id: `lang-${tag}`, "aria-pressed": tag === shown.tag }, name);
      button.addEventListener("click", () => choose(tag));
      return button;
    }),
  );
}
