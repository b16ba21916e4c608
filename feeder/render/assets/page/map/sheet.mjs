// The sheet under the map: everything is drawn on it once, and looked at through a window that moves.
//
// Its units are pixels of one deep zoom. Zooming and panning change the window (the viewBox of one
// SVG) and nothing that is drawn; lines keep their width by `vector-effect`.

import { drawing } from "../elements.mjs";

const DEPTH = 18;
/** Pixels around the world at that zoom. */
const WORLD = 256 * 2 ** DEPTH;

/** A Leaflet layer of one SVG with a group for each of `names`, from bottom to top. */
export const Sheet = L.Renderer.extend({
  initialize(corner, names) {
    L.Renderer.prototype.initialize.call(this, { pane: "sheet", padding: 0.5 });
    this.origin = L.CRS.EPSG3857.latLngToPoint(L.latLng(corner), DEPTH).floor();
    this.groups = Object.fromEntries(names.map((name) => [name, drawing("g", { class: name })]));
  },

  /** Where a place lies on the sheet, in whole units (about half a metre). */
  at([lat, lon]) {
    // Web Mercator, as Leaflet projects; written out, since a page asks for thousands of places.
    const x = WORLD * (lon / 360 + 0.5);
    const y = WORLD * (0.5 - Math.atanh(Math.sin((lat * Math.PI) / 180)) / (2 * Math.PI));
    return [Math.round(x - this.origin.x), Math.round(y - this.origin.y)];
  },

  /** The place of a point of the sheet. */
  placeOf([x, y]) {
    return L.CRS.EPSG3857.pointToLatLng(L.point(x, y).add(this.origin), DEPTH);
  },

  /** Units of the sheet in one pixel of the screen. */
  unit() {
    return 2 ** (DEPTH - this._map.getZoom());
  },

  getElement() {
    return this._container;
  },

  _initContainer() {
    this._container = drawing("svg", { class: "sheet", "aria-hidden": "true", focusable: "false" }, ...Object.values(this.groups));
  },

  _destroyContainer() {
    this._container.remove();
  },

  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    L.Renderer.prototype._update.call(this);
    const { min } = this._bounds;
    const size = this._bounds.getSize();
    const unit = this.unit();
    const corner = this._map.getPixelOrigin().add(min).multiplyBy(unit).subtract(this.origin);
    L.DomUtil.setPosition(this._container, min);
    this._container.setAttribute("width", size.x);
    this._container.setAttribute("height", size.y);
    this._container.setAttribute("viewBox", [corner.x, corner.y, size.x * unit, size.y * unit].join(" "));
    this.fire("update");
  },
});

/** Show words beside the pointer while it is on a thing; `thingOf(element)` finds the thing. */
export function hints(map, sheet, thingOf, wordsOf) {
  const hint = L.tooltip({ className: "hint", direction: "top", offset: [0, -8], opacity: 1 });
  const follow = (event) => hint.setLatLng(map.mouseEventToLatLng(event));
  const container = sheet.getElement();
  container.addEventListener("pointerover", (event) => {
    const thing = thingOf(event.target);
    if (!thing || event.pointerType === "touch") return;
    hint.setContent(wordsOf(thing));
    follow(event);
    hint.addTo(map);
  });
  container.addEventListener("pointermove", (event) => {
    if (map.hasLayer(hint)) follow(event);
  });
  container.addEventListener("pointerout", () => hint.remove());
}
