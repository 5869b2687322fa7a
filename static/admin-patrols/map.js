// The bundled base map under every map of the admin, the GeoJSON text beside a drawing, and read-only maps.
import { BaseMap } from "../js/map.js";

const L = window.L;
const region = new URL("../basemap/region.json", import.meta.url);
const world = new URL("../basemap/world.json", import.meta.url);

function addBaseMap(map) {
  const tiles = map.options.djoptions?.layers ?? [];
  if (tiles.length) return; // A tile address is set: its map is the ground.
  new BaseMap(map, { region, world }).load().catch(() => map.getContainer().classList.add("without-base-map"));
}

// django-leaflet tells of each map it has made.
window.addEventListener("map:init", ({ detail }) => {
  addBaseMap(detail.map);
  addSurroundings(detail.map);
  detail.map.on("map:loadfield", ({ field }) => connectText(detail.map, field));
});

/** What lies around a drawing, under it and out of reach of its tools: zones, the road, the places named. */
function addSurroundings(map) {
  const element = document.getElementById("map-surroundings");
  if (!element) return;
  map.createPane("surroundings").style.zIndex = 300;
  const drawn = L.featureGroup(JSON.parse(element.textContent).layers.map((layer) => drawnLayer(layer, "surroundings")));
  drawn.addTo(map);
  map.on("map:loadfield", ({ field }) => {
    if (!field.store.load() && drawn.getLayers().length) map.fitBounds(drawn.getBounds().pad(0.1), { maxZoom: 11, animate: false });
  });
}

function drawnLayer({ geometry, kind, label }, pane = "overlayPane") {
  const layer = L.geoJSON(geometry, {
    interactive: pane === "overlayPane" || geometry.type === "Point",
    pane,
    style: { className: `drawn ${kind}`, pane },
    pointToLayer: (_feature, at) => L.circleMarker(at, { radius: 6, className: `drawn ${kind}`, pane }),
  });
  return label ? layer.bindTooltip(label) : layer;
}

/** A drawing can also be typed or pasted, which is the way without a mouse. */
function connectText(map, field) {
  const text = document.getElementById(field.options.fieldid);
  const button = document.querySelector(`[data-map-raw="${field.options.fieldid}"]`);
  if (!text || !button) return;
  button.addEventListener("click", () => {
    text.hidden = !text.hidden;
    button.setAttribute("aria-expanded", String(!text.hidden));
    if (!text.hidden) text.focus();
  });
  text.addEventListener("change", () => {
    try {
      field.drawnItems.clearLayers();
      field.load();
      text.setCustomValidity("");
    } catch {
      text.setCustomValidity("This is not GeoJSON.");
      text.reportValidity();
    }
  });
}

/** <div data-map="id of a json_script with {layers: [{geometry, kind, label}]}"> */
function readOnlyMap(element) {
  const { layers } = JSON.parse(document.getElementById(element.dataset.map).textContent);
  const map = L.map(element, { scrollWheelZoom: false, attributionControl: false, zoomSnap: 0.5 });
  const drawn = L.featureGroup(layers.map((layer) => drawnLayer(layer))).addTo(map);
  map.fitBounds(drawn.getBounds().pad(0.25), { maxZoom: 11 });
  L.control.scale({ imperial: false }).addTo(map);
  addBaseMap(map);
}

document.querySelectorAll("[data-map]").forEach(readOnlyMap);

