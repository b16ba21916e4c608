// The plan as objects, the selection in the page's fragment, and the parts put together.

/** Turn a table given by column into objects. */
function rows(table, what) {
  const names = Object.keys(table);
  return table[names[0]].map((_, i) => Object.fromEntries([["what", what], ...names.map((name) => [name, table[name][i]])]));
}

function readPlan(data) {
  const communities = rows(data.communities, "community");
  communities.forEach((community, i) => Object.assign(community, { key: i + 1, shapes: [], members: [] }));
  const schools = rows(data.schools, "school").map((school) =>
    Object.assign(school, {
      level: data.levels[school.level],
      at: [school.lat, school.lon],
      community: communities[school.community],
      flows: [],
    }),
  );
  for (const school of schools) school.community?.members.push(school);
  const flows = rows(data.flows, "flow").map((flow) => {
    const [from, to] = [schools[flow.from], schools[flow.to]];
    const crossing = !from.community || from.community !== to.community;
    return Object.assign(flow, { from, to, crossing, source: data.sources[flow.source] });
  });
  for (const flow of flows) {
    flow.from.flows.push(flow);
    flow.to.flows.push(flow);
  }
  const arcs = decodedArcs(data.topology);
  const tiles = data.topology.tiles.map((tile) => polygons(tile, arcs));
  const borders = communityBorders(data.topology.tiles, data.tileCommunity, arcs);
  const home = L.latLngBounds(data.home);
  for (const community of communities) {
    const own = (_, i) => communities[data.tileCommunity[i]] === community;
    // Islands far out are left out of every view, as they are of the first.
    community.points = () => tiles.filter(own).flat(3).filter((point) => home.contains(point));
  }
  return { ...data, communities, schools, flows, tiles, borders };
}

/** What the fragment names; null for nothing, or for something this plan does not have. */
function selected(plan) {
  const [what, id = ""] = location.hash.slice(1).split("=");
  const things = { school: plan.schools, community: plan.communities }[what] ?? [];
  try {
    return things.find((thing) => thing.id === decodeURIComponent(id)) ?? null;
  } catch {
    return null;
  }
}

const plan = readPlan(JSON.parse(document.getElementById("data").textContent));
let fromMap = false;
const choose = (thing) => {
  fromMap = false;
  location.hash = fragmentOf(thing);
};
drawKey(document.getElementById("map"), plan, document.getElementById("key"));
const { map, view, show: showOnMap } = drawMap(plan, (thing) => {
  fromMap = thing?.what === "school" || !thing;
  location.hash = fragmentOf(thing);
});
drawLabels(map, plan);
drawPanel(plan);
drawSearch(plan, choose);

const present = () => {
  const thing = selected(plan);
  showCard(document.getElementById("card"), plan, thing, () => choose(null));
  showOnMap(thing, !fromMap);
  markRow(plan, thing);
  fromMap = false;
};
addEventListener("hashchange", present);
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && selected(plan)) choose(null);
});
addEventListener("beforeprint", () => {
  document.body.classList.add("printing");
  for (const part of document.querySelectorAll("#key, #promises details")) part.open = true;
  map.invalidateSize({ animate: false });
  view();
});
addEventListener("afterprint", () => {
  document.body.classList.remove("printing");
  map.invalidateSize({ animate: false });
  view();
});
present();
