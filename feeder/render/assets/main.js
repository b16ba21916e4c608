// The page as objects, the fragment that says what is on show, and the parts put together.

/** Turn a table given by column into objects. */
function rows(table, what) {
  const names = Object.keys(table);
  return table[names[0]].map((_, i) => Object.fromEntries([["what", what], ...names.map((name) => [name, table[name][i]])]));
}

/** Everything in the page; schools, flows and tiles are the same in every plan. */
function readPage(data) {
  const schools = rows(data.schools, "school").map((school) =>
    Object.assign(school, { level: data.levels[school.level], at: [school.lat, school.lon], flows: [] }),
  );
  const flows = rows(data.flows, "flow").map((flow) =>
    Object.assign(flow, { from: schools[flow.from], to: schools[flow.to], source: data.sources[flow.source] }),
  );
  for (const flow of flows) {
    flow.from.flows.push(flow);
    flow.to.flows.push(flow);
  }
  const arcs = decodedArcs(data.topology);
  const tiles = data.topology.tiles.map((tile) => ({ rings: polygons(tile, arcs) }));
  const plans = data.plans.map((plan, i) => readPlan(plan, schools, i ? `plan=${encodeURIComponent(plan.name)}` : ""));
  for (const plan of plans) plan.changes = changesBetween(schools, plans[0], plan);
  return { ...data, schools, flows, arcs, tiles, plans, plan: null };
}

/** A plan: its communities, and the home of every school and tile. */
function readPlan(plan, schools, fragment) {
  const communities = rows(plan.communities, "community");
  const home = (index) => communities[index] ?? null;
  const homes = plan.schoolCommunity.map(home);
  for (const community of communities) community.members = schools.filter((_, i) => homes[i] === community);
  return { ...plan, communities, homes, lands: plan.tileCommunity.map(home), fragment };
}

/** Lay a plan over schools, tiles and flows: they carry it until the next one comes. */
function settle(page, plan) {
  page.plan = plan;
  page.schools.forEach((school, i) => Object.assign(school, { community: plan.homes[i], certainty: plan.certainty?.[i] ?? null }));
  page.tiles.forEach((tile, i) => Object.assign(tile, { community: plan.lands[i] }));
  for (const flow of page.flows) flow.crossing = !flow.from.community || flow.from.community !== flow.to.community;
}

/** The plan and the thing that the fragment names: #plan=B&school=123. */
function named(page) {
  const parts = new URLSearchParams(location.hash.slice(1));
  const plan = page.plans.find(({ name }) => name === parts.get("plan")) ?? page.plans[0];
  const find = (things, what) => things.find(({ id }) => id === parts.get(what));
  return { plan, thing: find(page.schools, "school") ?? find(plan.communities, "community") ?? null };
}

/** The same thing as another plan has it; null where it has none. */
function counterpart(plan, thing) {
  if (thing?.what !== "community") return thing;
  return plan.communities.find(({ id }) => id === thing.id) ?? null;
}

const page = readPage(JSON.parse(document.getElementById("data").textContent));
let shown = null;
let fromMap = false;
const choose = (thing) => {
  fromMap = false;
  location.hash = fragmentOf(page.plan, thing);
};
// Key and switch first: the map fills the room that they leave.
const presentSwitch = drawSwitch(page, (plan) => {
  location.hash = fragmentOf(plan, counterpart(plan, shown));
});
drawKey(document.getElementById("map"), page, document.getElementById("key"));
const { map, view, present: presentMap, show: showOnMap } = drawMap(page, (thing) => {
  fromMap = thing?.what === "school" || !thing;
  location.hash = fragmentOf(page.plan, thing);
});
const followers = [presentMap, drawLabels(map, page), drawSearch(page, choose), () => drawPanel(page), presentSwitch];

/** Show a plan everywhere; the view of the map and the selection stay. */
function present(plan) {
  settle(page, plan);
  for (const tell of followers) tell();
}

/** Show what the fragment names. A thing that was shown already does not move the map. */
function follow() {
  const { plan, thing } = named(page);
  if (plan !== page.plan) present(plan);
  const stays = thing && counterpart(plan, shown) === thing;
  showCard(document.getElementById("card"), page, thing, () => choose(null));
  showOnMap(thing, !fromMap && !stays);
  markRow(page, thing);
  shown = thing;
  fromMap = false;
}
addEventListener("hashchange", follow);
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && shown) choose(null);
});
addEventListener("beforeprint", () => {
  document.body.classList.add("printing");
  for (const part of document.querySelectorAll("#key, #changes details, #promises details")) part.open = true;
  map.invalidateSize({ animate: false });
  view();
});
addEventListener("afterprint", () => {
  document.body.classList.remove("printing");
  map.invalidateSize({ animate: false });
  view();
});
follow();
