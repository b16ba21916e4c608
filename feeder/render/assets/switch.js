// The switch between plans, above the map: buttons while they are few, a menu when they are many.

const MOST_BUTTONS = 4;

/** Draw the switch; `choose(plan)` is called when a reader takes a plan. Returns what keeps it true. */
function drawSwitch(page, choose) {
  const box = document.getElementById("plans");
  if (!box) return () => {};
  const mark = (page.plans.length > MOST_BUTTONS ? planMenu : planButtons)(box, page, choose);
  const words = element("p", { id: "differ", role: "status" });
  box.append(words);
  return () => {
    mark(page.plans.indexOf(page.plan));
    words.replaceChildren(...changesCounted(page));
  };
}

function planButtons(box, { plans }, choose) {
  const inputs = plans.map((plan) => {
    const input = element("input", { type: "radio", name: "plan" });
    input.addEventListener("change", () => choose(plan));
    return input;
  });
  const labels = inputs.map((input, i) =>
    element("label", { title: plans[i].name }, input, element("span", {}, nameOf(plans[i]))),
  );
  box.append(element("fieldset", { class: "choices" }, element("legend", {}, "Plan"), ...labels));
  return (index) => {
    inputs[index].checked = true;
  };
}

function planMenu(box, { plans }, choose) {
  const menu = element("select", { id: "plan" }, ...plans.map((plan) => element("option", {}, plan.name)));
  menu.addEventListener("change", () => choose(plans[menu.selectedIndex]));
  box.append(element("label", { for: "plan" }, "Plan"), menu);
  return (index) => {
    menu.selectedIndex = index;
  };
}
