// Map pictures from a server: only where a district names one, only when a reader asks for them, and
// gone by themselves, with a word, where the network is missing.

import { announce, element } from "../elements.mjs";
import { t } from "../language.mjs";

const NOTE_SECONDS = 10;

/** The backdrop that `told` names, off at first; `line()` makes its line of the key. */
export function makeBackdrop(map, told) {
  const container = map.getContainer();
  const { host } = new URL(told.url.replace(/[{}]/g, ""));
  const pictures = L.tileLayer(told.url, { pane: "backdrop", maxZoom: 19 });
  const credit = element("p", { class: "credit" }, told.attribution);
  const show = (on) => {
    container.classList.toggle("with-backdrop", on);
    if (on) map.addLayer(pictures);
    else map.removeLayer(pictures);
    if (on) container.append(credit);
    else credit.remove();
  };
  pictures.on("tileerror", () => {
    if (!map.hasLayer(pictures)) return;
    show(false);
    document.getElementById("layer-backdrop").checked = false;
    const note = element("p", { class: "credit" }, t("key.backdrop_missing"));
    container.append(note);
    announce(note.textContent);
    setTimeout(() => note.remove(), 1000 * NOTE_SECONDS);
  });
  const line = () => {
    const input = element("input", { type: "checkbox", id: "layer-backdrop" });
    input.checked = map.hasLayer(pictures);
    input.addEventListener("change", () => show(input.checked));
    return element("li", {}, element("label", { for: input.id }, input, element("span", {}, t("key.backdrop", { host }))));
  };
  return { line };
}
