// The map page: one state, in the address, seen by the panel, the map, the table and the timeline. The patrols are
// filtered and counted here, by the engine; the server is asked only for what columns cannot hold.

import { ASKED, Engine, decode, isoOf } from "./engine.js";
import { BaseMap, PatrolMap, element } from "./map.js";
import { Panel, State, Summary } from "./state.js";

const L = window.L;
const settings = JSON.parse(document.getElementById("map-settings").textContent);
const { words } = settings;
const stage = document.getElementById("map");
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
const state = new State();
const panel = new Panel(document.getElementById("panel"), state);
const table = document.getElementById("table");
const FIT = { padding: [24, 24], maxZoom: 11 };

/** Where everything under the snapshot that is being shown is found. */
const under = (name) => `/map/${settings.audience}/${settings.revision}/${name}`;

async function snapshot() {
  if (settings.inline) {
    const bytes = Uint8Array.from(atob(settings.inline), (letter) => letter.charCodeAt(0));
    const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return decode(await new Response(plain).arrayBuffer());
  }
  let response = await fetch(under("columns.bin"));
  if (response.status === 404) {
    // The record has changed since the page was written.
    settings.revision = (await (await fetch(`/map/${settings.audience}/current.json`)).json()).revision;
    response = await fetch(under("columns.bin"));
  }
  if (!response.ok) throw new Error(`${response.status}`);
  return decode(await response.arrayBuffer());
}

const map = L.map(stage, {
  minZoom: settings.min_zoom,
  maxZoom: settings.max_zoom,
  maxBounds: [[-85, -400], [85, 400]],
  zoomControl: false,
  zoomSnap: 0.5,
  worldCopyJump: true,
  fadeAnimation: !still,
  zoomAnimation: !still,
  markerZoomAnimation: !still,
});
L.control.zoom({ zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out }).addTo(map);
L.control.scale({ imperial: settings.scale === "both", maxWidth: 140 }).addTo(map);
map.attributionControl.setPrefix(settings.attribution_prefix || false);
map.attributionControl.addAttribution(words.basemap);
for (const [, url, options] of settings.tiles) L.tileLayer(url, options).addTo(map);
stage.classList.toggle("has-tiles", settings.tiles.length > 0);
// A first position, so that everything can be drawn; `frame` finds the right one.
const { position } = state;
map.setView(position ? [position.lat, position.lon] : settings.center, position?.zoom ?? settings.zoom, {
  animate: false,
});

let engine;
let patrols;
let summary;
let tally;
let timeline = null;
let framed = false;
const answers = {};

/** The view of the address, or the part of the matching patrols that the detailed base map covers, or all. */
function frame(basemap) {
  if (state.position) {
    map.setView([state.position.lat, state.position.lon], state.position.zoom, { animate: false });
    return;
  }
  const box = (basemap.box && patrols.bounds(basemap.box)) ?? patrols.bounds();
  if (box) map.fitBounds(box, { ...FIT, animate: false });
  else map.setView(settings.center, settings.zoom, { animate: false });
}

function remember() {
  const { lat, lng } = map.getCenter();
  state.setPosition({ zoom: map.getZoom(), lat, lon: lng });
}

// Filtering

/** Filter, count and draw. What only the server can tell is asked for first, and drawn once it is there. */
function apply() {
  const asked = ASKED.filter((name) => (state.filter.get(name) ?? "").trim() !== "");
  for (const name of ASKED) if (answers[name]?.value !== state.filter.get(name)) delete answers[name];
  const missing = asked.filter((name) => !answers[name]);
  if (missing.length) ask(missing);
  else draw();
}

let running = null;

async function ask(names) {
  running?.abort();
  running = new AbortController();
  const { signal } = running;
  busy(true);
  try {
    const found = await Promise.all(names.map((name) => matching(name, signal)));
    names.forEach((name, index) => {
      answers[name] = found[index];
    });
    draw();
  } catch (error) {
    if (error.name === "AbortError") return;
    panel.say([element("p", "errors", words.failed)]);
  }
  if (!signal.aborted) busy(false);
}

/** The rows that the server means by one part of the filter; no bits where it cannot be read. */
async function matching(name, signal) {
  const value = state.filter.get(name);
  const query = new URLSearchParams({ [name]: value });
  const response = await fetch(`${under("matching")}?${query}`, { signal });
  if (response.status === 400) return { value, problem: true };
  if (!response.ok) throw new Error(`${response.status}`);
  return { value, bits: new Uint8Array(await response.arrayBuffer()) };
}

function draw() {
  const bits = Object.fromEntries(ASKED.map((name) => [name, answers[name]?.bits]));
  engine.filter(state.filter, bits);
  tally = engine.tally();
  patrols.close();
  patrols.show(tally);
  if (engine.unreadable || Object.values(answers).some(({ problem }) => problem)) complain();
  else panel.say(summary.lines(tally));
  if (framed && !patrols.inView()) fit();
  if (state.view === "table") list();
  timeline?.show(engine.others("period"));
  stage.removeAttribute("aria-busy");
  document.documentElement.dataset.ready = state.query || "all";
}

/** What is wrong with the filter, in the server's words. */
async function complain() {
  const response = await fetch(`/map/patrols.json?${state.query}`);
  if (response.status === 400) panel.sayHtml((await response.json()).summary);
}

function busy(on) {
  panel.busy(on);
  if (on) stage.setAttribute("aria-busy", "true");
  else stage.removeAttribute("aria-busy");
}

function fit() {
  const box = patrols.bounds();
  if (box) map.fitBounds(box, { ...FIT, animate: !still });
}

// Selection: a route, a zone or a patrol; `sel` in the address

const selection = { route: -1, zone: -1 };

function idOf({ route = -1, zone = -1 }) {
  if (route >= 0) return `route-${engine.head.routes.id[route]}`;
  return `zone-${engine.head.zones[zone].slug}`;
}

async function select({ route = -1, zone = -1, at = null, byKey = false, uid = null, row = null }) {
  Object.assign(selection, { route, zone });
  const id = uid ?? idOf(selection);
  state.setSelection(id);
  patrols.choose(selection);
  document.getElementById("fit-selection").hidden = false;
  const { Popup } = await import("./popup.js");
  const popup = new Popup({ engine, tally, settings, under, state, patrols });
  const content = route >= 0 ? popup.route(route, row) : popup.zone(zone);
  if (state.selection !== id) return;
  const opened = patrols.open(content, at ?? patrols.anchor(selection), () => {
    if (state.selection === id) deselect();
    if (byKey) patrols.focusRoute(route);
  });
  if (!byKey) return;
  await popup.filled;
  opened.update();
  content.querySelector("a, button")?.focus();
  content.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    patrols.close();
  });
}

function deselect() {
  Object.assign(selection, { route: -1, zone: -1 });
  state.setSelection(null);
  patrols.choose();
  document.getElementById("fit-selection").hidden = true;
}

/** Open what the address has selected; nothing where it is not among the patrols that are shown. */
async function reveal() {
  const id = state.selection;
  if (!id) {
    patrols.close();
    return;
  }
  const { head } = engine;
  const route = id.startsWith("route-") ? head.routes.id.indexOf(id.slice(6)) : -1;
  const zone = id.startsWith("zone-") ? head.zones.findIndex(({ slug }) => slug === id.slice(5)) : -1;
  if (route >= 0 || zone >= 0) await select({ route, zone });
  else if (!id.includes("-")) await revealPatrol(id);
}

async function revealPatrol(uid) {
  const response = await fetch(`${under("rows.json")}?${new URLSearchParams({ uid })}`);
  const [found] = response.ok ? (await response.json()).rows : [];
  if (!found || state.selection !== uid) return;
  const route = engine.columns.route[found.at];
  const [zone = -1] = engine.head.sets.zones[engine.columns.zones[found.at]][0];
  const drawn = route < engine.routes && engine.head.routes.kind[route] !== "";
  if (drawn) await select({ route, uid, row: found.at });
  else if (zone >= 0) await select({ zone, uid });
}

function fitSelection() {
  if (selection.route >= 0 || selection.zone >= 0) {
    map.fitBounds(patrols.boundsOf(selection), { ...FIT, maxZoom: 12, animate: !still });
  }
}

// The other views

async function show() {
  const listed = state.view === "table";
  document.querySelector(".stage").classList.toggle("shows-table", listed);
  table.hidden = !listed;
  for (const button of document.querySelectorAll("[data-view]")) {
    button.setAttribute("aria-pressed", String(button.dataset.view === state.view));
  }
  if (listed) await list();
  else map.invalidateSize({ animate: false });
}

async function list() {
  const { Table } = await import("./table.js");
  new Table(table, { engine, tally, settings, under, state }).show((uid) => {
    state.setView("map");
    show();
    state.setSelection(uid);
    revealPatrol(uid).then(fitSelection);
  });
}

/**
 * Hand the columns to the timeline, if this page has one: `day` is days since 1970-01-01, UNKNOWN of engine.js
 * where it is not known. It is shown a mask of the rows that match but for the period, and answers with a
 * `period` event whose detail is {from, to} in the same days, or null for no period.
 */
export function handOver(Timeline, place = document.getElementById("timeline")) {
  const { day, days, precision, programme, status } = engine.columns;
  timeline = new Timeline(place, { day, days, precision, programme, status }, { head: engine.head, settings });
  place.addEventListener("period", ({ detail }) => {
    const params = new URLSearchParams([...state.filter].filter(([name]) => name !== "from" && name !== "to"));
    if (detail?.from != null) params.set("from", isoOf(detail.from));
    if (detail?.to != null) params.set("to", isoOf(detail.to));
    state.setFilter(params, { replace: Boolean(detail?.moving) });
  });
  place.hidden = false;
  timeline.show(engine.others("period"));
}

async function start() {
  stage.setAttribute("aria-busy", "true");
  const basemap = new BaseMap(map, settings.basemap);
  const land = basemap.load().catch(() => {});
  try {
    engine = new Engine(await snapshot());
  } catch {
    panel.say([element("p", "errors", words.failed)]);
    stage.removeAttribute("aria-busy");
    return;
  }
  summary = new Summary(engine, state, settings, panel.form);
  const totals = engine.tally().patrols;
  patrols = new PatrolMap(map, basemap, engine, { words, totals });
  patrols.addEventListener("select", ({ detail }) => select(detail));
  await land;
  apply();
  frame(basemap);
  framed = true;
  map.on("moveend", remember);
  state.addEventListener("filter", apply);
  state.addEventListener("position", () => frame(basemap));
  state.addEventListener("selection", reveal);
  state.addEventListener("view", show);
  document.getElementById("fit").addEventListener("click", fit);
  document.getElementById("fit-selection").addEventListener("click", fitSelection);
  for (const button of document.querySelectorAll("[data-view]")) {
    button.addEventListener("click", () => state.setView(button.dataset.view));
  }
  show();
  reveal();
}

await start();
