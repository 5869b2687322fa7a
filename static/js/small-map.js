// A map of one patrol or one zone. It shows where, and answers to nothing but moving and zooming.

import { BaseMap } from "./map.js";
import { latlngs, radiusOf } from "./routes.js";

const L = window.L;
const settings = JSON.parse(document.getElementById("map-settings").textContent);
const map = L.map("small-map", { scrollWheelZoom: false, minZoom: settings.min_zoom, maxZoom: settings.max_zoom });
map.attributionControl.setPrefix(settings.attribution_prefix || false).addAttribution(settings.words.basemap);
for (const [, url, options] of settings.tiles) L.tileLayer(url, options).addTo(map);
L.control.scale({ imperial: settings.scale === "both" }).addTo(map);
map.setView(settings.center, settings.zoom, { animate: false });

const drawn = L.featureGroup();
const { route, scale } = settings;
for (const shape of settings.zones) {
  L.polygon(latlngs(shape, scale), { className: route ? "zone" : "zone zone-counted", interactive: false }).addTo(drawn);
}
const focus = L.featureGroup();
if (route) {
  const points = latlngs(route.shape, scale);
  if (route.kind === "line") {
    L.polyline(points, { className: "casing", weight: 6, fill: false, interactive: false }).addTo(focus);
    L.polyline(points, { className: "route c1", weight: 3.5, fill: false, interactive: false }).addTo(focus);
  } else if (route.kind === "point") {
    const radius = radiusOf(route.where);
    L.circle(points[0], { className: "spot c1", weight: 2, radius, interactive: false }).addTo(focus);
  } else {
    L.polygon(points, { className: "patch c1", interactive: false }).addTo(focus);
  }
}
drawn.addTo(map);
focus.addTo(map);
map.fitBounds((route ? focus : drawn).getBounds(), { padding: [30, 30], maxZoom: 11, animate: false });

const basemap = new BaseMap(map, settings.basemap);
(settings.stops ?? []).forEach(([name, x, y], rank) => {
  basemap.addLabel({ name, at: [y / scale, x / scale], kind: "place", rank: Math.min(rank, 3) });
});
await basemap.load().catch(() => {});
