// The map page: one state, seen by the panel and the map.

import { BaseMap } from "./basemap.js";
import { PatrolMap } from "./map.js";
import { Panel } from "./panel.js";
import { State } from "./state.js";
import { Times } from "./times.js";

const L = window.L;
const settings = JSON.parse(document.getElementById("map-settings").textContent);
const stage = document.getElementById("map");
const state = new State();
const panel = new Panel(document.getElementById("panel"), state);

const map = L.map(stage, {
  minZoom: settings.min_zoom,
  maxZoom: settings.max_zoom,
  maxBounds: [[-85, -400], [85, 400]],
  zoomControl: false,
  zoomSnap: 0.5,
  worldCopyJump: true,
  fadeAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
  zoomAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
});
L.control.zoom({ zoomInTitle: settings.words.zoom_in, zoomOutTitle: settings.words.zoom_out }).addTo(map);
L.control.scale({ imperial: settings.scale === "both", maxWidth: 140 }).addTo(map);
map.attributionControl.setPrefix(settings.attribution_prefix || false);
map.attributionControl.addAttribution(settings.words.basemap);
for (const [, url, options] of settings.tiles) L.tileLayer(url, options).addTo(map);
stage.classList.toggle("has-tiles", settings.tiles.length > 0);

// A first position, so that everything can be drawn; `frame` finds the right one.
map.setView(settings.center, settings.zoom, { animate: false });
const basemap = new BaseMap(map, settings.basemap);
const patrols = new PatrolMap(map, basemap, settings);
const times = new Times(document.getElementById("timeline"), {
  state,
  payload: settings.payload,
  restrict: (weights) => patrols.restrict(weights),
});
map.invalidateSize({ pan: false }); // The timeline has taken its room.
let running = null;
let framed = false;

/** The view of the address, or the part of the matching patrols that the detailed base map covers, or all. */
function frame() {
  if (state.view) {
    map.setView([state.view.lat, state.view.lon], state.view.zoom, { animate: false });
    return;
  }
  const box = patrols.bounds(basemap.box) ?? patrols.bounds();
  if (box) map.fitBounds(box, { padding: [24, 24], maxZoom: 11, animate: false });
  else map.setView(settings.center, settings.zoom, { animate: false });
}

async function load() {
  running?.abort();
  running = new AbortController();
  const { signal } = running;
  const query = state.query;
  panel.busy(true);
  stage.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(`${settings.payload}${query ? `?${query}` : ""}`, { signal });
    if (!response.ok && response.status !== 400) throw new Error(`${response.status}`);
    const data = await response.json();
    panel.say(data.summary);
    if (!response.ok) return;
    patrols.show(data, query);
    if (!framed) {
      frame();
      framed = true;
      map.on("moveend", remember);
    } else if (!patrols.inView()) {
      const box = patrols.bounds();
      if (box) map.fitBounds(box, { padding: [24, 24], maxZoom: 11 });
    }
    await times.show(data, query);
    document.documentElement.dataset.ready = query || "all";
  } catch (error) {
    if (error.name === "AbortError") return;
    const note = document.createElement("p");
    note.className = "errors";
    note.textContent = settings.words.failed;
    panel.say(note.outerHTML);
  } finally {
    if (!signal.aborted) {
      panel.busy(false);
      stage.removeAttribute("aria-busy");
    }
  }
}

function remember() {
  const { lat, lng } = map.getCenter();
  state.setView({ zoom: map.getZoom(), lat, lon: lng });
}

state.addEventListener("filter", load);
state.addEventListener("view", () => framed && frame());
document.getElementById("fit")?.addEventListener("click", () => {
  const box = patrols.bounds();
  if (box) map.fitBounds(box, { padding: [24, 24], maxZoom: 11 });
});

await basemap.load().catch(() => {});
await load();
