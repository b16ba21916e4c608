// What a reader takes home: plan.csv, which `feeder score` reads, and the communities as GeoJSON.

import { communityBorderRings } from "./dissolve.mjs";

// What a spreadsheet may skip before a formula, and the formula's first letter in any width.
const FORMULA = /^[\s\0-\x1f\u200b-\u200f\u2060\ufeff]*[=+\-@]/;
const QUOTED = /[",\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]/;
const BYTE_ORDER_MARK = "\ufeff"; // by which spreadsheets know the accents of a table

/** The plan as a table, one row a school, as feeder writes its plan.csv. */
export function planCsv(facts, { division }) {
  const rows = facts.schools.id.map((id, school) => {
    const home = division.school[school];
    return [id, division.ids[home] ?? "", division.names[home] ?? ""];
  });
  return [["school_id", "community_id", "community"], ...rows].map((cells) => `${cells.map(cellOf).join(",")}\n`).join("");
}

/** The communities of a plan with their figures, in EPSG:4326; those without land have no shape. */
export function communitiesGeojson(page, plan) {
  const features = plan.communities.map((community) => {
    const { measures } = community;
    const polygons = communityBorderRings(page, plan, community);
    return {
      type: "Feature",
      properties: { ...measures, community_id: community.id, number: community.number, name: community.name, color: community.color },
      geometry: polygons.length ? { type: "MultiPolygon", coordinates: polygons } : null,
    };
  });
  return JSON.stringify({ type: "FeatureCollection", features });
}

/** A name for a file that every system takes: letters, digits and dashes. */
export function fileName(parts, ending) {
  const plain = parts
    .join(" ")
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-+|-+$/g, "");
  return `${plain.slice(0, 80) || "plan"}.${ending}`;
}

/** Hand a text to the reader as a file. */
export function save(name, text, type) {
  const mark = name.endsWith(".csv") ? [BYTE_ORDER_MARK] : [];
  const url = URL.createObjectURL(new Blob([...mark, text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/** A cell as CSV; a text that a spreadsheet would run gets an apostrophe. */
function cellOf(text) {
  const safe = FORMULA.test(text.normalize("NFKC")) ? `'${text}` : text;
  return QUOTED.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
