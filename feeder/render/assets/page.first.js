// Before anything is drawn: what stands for readers without a script gives way to the map, and comes
// back where the page's own script does not get through.
const root = document.documentElement;
root.classList.remove("still");
addEventListener("error", () => root.classList.toggle("still", !root.classList.contains("started")));
