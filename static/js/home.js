// The map page: one state, in the address, seen by the panel, the map, the table and the timeline. The patrols are
// filtered and counted here, by the engine; the server is asked only for what columns cannot hold.
//
// State, panel and summary stand in this module too, and it is longer than others for it: every file of a first
// visit is a request.

import { dayOf } from "./bins.js";
import { ASKED, Engine, decode } from "./engine.js";
import { BaseMap, PatrolMap, element } from "./map.js";
import { Measure } from "./measure.js";
import { Times } from "./times.js";

// The state
//
// The filter is the query string, with the same grammar as every list and file; `lang` and `theme` stand beside
// it. How it is looked at is the fragment, each part left out where it says nothing:
// #map=zoom/latitude/longitude&view=table&page=2&stack=status&window=365&speed=2&sel=<patrol, route-… or zone-…>

/** How patrols are listed or shown, not which: no part of the filter. */
const NOT_A_FILTER = new Set(["page", "sort", "lang", "theme"]);
const KEPT = ["lang", "theme"];
/** What can be chosen of how the page is looked at; the first is usual. `window` and `speed` are the playback's. */
const CHOICES = {
  view: ["map", "table"],
  stack: ["programme", "status"],
  window: ["91", "30", "365", "all"],
  speed: ["1", "0.5", "2", "4"],
};
const TYPING_MS = 350;
const NARROW = matchMedia("(max-width: 52rem)");

function readFilter(query = location.search) {
  const kept = [...new URLSearchParams(query)].filter(
    ([name, value]) => value.trim() !== "" && !NOT_A_FILTER.has(name),
  );
  return new URLSearchParams(kept);
}

function readPosition(value) {
  const [zoom, lat, lon] = value.split("/").map(Number);
  const sane = value.split("/").length === 3 && Math.abs(lat) <= 90 && Math.abs(lon) <= 540 && zoom >= 0;
  return sane ? { zoom, lat, lon } : null;
}

function readLook() {
  const given = new URLSearchParams(location.hash.slice(1));
  const page = Number(given.get("page"));
  const chosen = Object.entries(CHOICES).map(([name, values]) => {
    const value = given.get(name);
    return [name, values.includes(value) ? value : values[0]];
  });
  return {
    ...Object.fromEntries(chosen),
    position: readPosition(given.get("map") ?? ""),
    page: Number.isInteger(page) && page > 0 ? page : 1,
    selection: /^[a-z0-9-]+$/.test(given.get("sel") ?? "") ? given.get("sel") : null,
  };
}

/** Kept in step with the address. Fires `filter`, `position`, `view`, `times`, `selection` when history moves. */
class State extends EventTarget {
  constructor() {
    super();
    this.filter = readFilter();
    Object.assign(this, readLook());
    addEventListener("popstate", () => this.#moved());
    addEventListener("hashchange", () => this.#moved());
  }

  /** The query string of the filter, as the server writes it: commas and colons stand as they are. */
  get query() {
    return plain(this.filter);
  }

  /** The query string of this page with another filter, shown as it is now. */
  pageOf(pairs) {
    // The theme is changed by another script, on every page.
    const given = new URLSearchParams(location.search);
    const kept = KEPT.filter((name) => given.get(name)).map((name) => [name, given.getAll(name).at(-1)]);
    return plain(new URLSearchParams([...pairs, ...kept]));
  }

  /** Ask for other patrols: a new entry of the history, or, while somebody types or drags, the same one. */
  setFilter(params, { replace = false } = {}) {
    const before = this.query;
    this.filter = params;
    if (this.query === before) return;
    Object.assign(this, { page: 1, selection: null });
    this.#write(replace ? "replaceState" : "pushState");
    this.dispatchEvent(new Event("filter"));
  }

  /** Which of the views is looked at. */
  setView(view) {
    if (view === this.view) return;
    Object.assign(this, { view, page: 1 });
    this.#write("pushState");
    this.dispatchEvent(new Event("view"));
  }

  setPage(page) {
    this.page = page;
    this.#write("pushState");
    this.dispatchEvent(new Event("view"));
  }

  /** Where the map stands; moving it makes no entry in the history. */
  setPosition(position) {
    this.position = position;
    this.#write("replaceState");
  }

  /** `stack`, what the timeline's bars are divided by, and the playback's `window` and `speed`. */
  setTimes(chosen) {
    Object.assign(this, chosen);
    this.#write("replaceState");
  }

  setSelection(selection) {
    this.selection = selection;
    this.#write("replaceState");
  }

  #write(how) {
    const query = this.pageOf(this.filter);
    const look = [];
    if (this.position) {
      const { zoom, lat, lon } = this.position;
      look.push(`map=${zoom}/${lat.toFixed(4)}/${lon.toFixed(4)}`);
    }
    const choose = (...names) => {
      for (const name of names) if (this[name] !== CHOICES[name][0]) look.push(`${name}=${this[name]}`);
    };
    choose("view");
    if (this.page > 1) look.push(`page=${this.page}`);
    choose("stack", "window", "speed");
    if (this.selection) look.push(`sel=${this.selection}`);
    const hash = look.length ? `#${look.join("&")}` : "";
    history[how](null, "", `${location.pathname}${query ? `?${query}` : ""}${hash}`);
  }

  #moved() {
    const before = { query: this.query, position: this.position, view: this.view, page: this.page };
    const { selection, stack, window, speed } = this;
    this.filter = readFilter();
    Object.assign(this, readLook());
    const tell = (name) => this.dispatchEvent(new Event(name));
    if (this.query !== before.query) tell("filter");
    if (this.position && JSON.stringify(this.position) !== JSON.stringify(before.position)) tell("position");
    if (this.view !== before.view || this.page !== before.page) tell("view");
    if (this.stack !== stack || this.window !== window || this.speed !== speed) tell("times");
    if (this.selection !== selection) tell("selection");
  }
}

function plain(params) {
  return params.toString().replaceAll("%2C", ",").replaceAll("%3A", ":");
}

/** The filter panel: a plain form that works without this script. Here it writes the state and follows it. */
class Panel {
  #typing = 0;

  constructor(element, state) {
    this.form = element.querySelector("form");
    this.summary = element.querySelector("[data-summary]");
    this.state = state;
    this.names = new Set([...this.form.elements].map(({ name }) => name).filter(Boolean));
    // A phone shows the map first; the filter opens at a touch.
    if (NARROW.matches) for (const one of document.querySelectorAll(".filters, .legend")) one.open = false;
    this.form.querySelector("[data-apply]")?.classList.add("sr-only");
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#ask();
    });
    this.form.addEventListener("change", () => this.#ask());
    this.form.addEventListener("input", ({ target }) => {
      if (target.type !== "search") return;
      clearTimeout(this.#typing);
      this.#typing = setTimeout(() => this.#ask({ replace: true }), TYPING_MS);
    });
    element.addEventListener("click", (event) => this.#link(event));
    state.addEventListener("filter", () => this.#follow());
  }

  /** Put words about the matching patrols in place. They are read out when they change. */
  say(lines) {
    this.#put(() => this.summary.replaceChildren(...lines));
  }

  sayHtml(html) {
    this.#put(() => {
      this.summary.innerHTML = html;
    });
  }

  busy(on) {
    this.summary.setAttribute("aria-busy", String(on));
  }

  #put(change) {
    const focused = this.summary.contains(document.activeElement);
    change();
    if (focused) this.summary.focus();
  }

  /** What the form says, and whatever else the address asks for that the form has no control for. */
  #ask(options) {
    clearTimeout(this.#typing);
    const said = [...new FormData(this.form)].filter(
      ([name, value]) => value.trim() !== "" && !NOT_A_FILTER.has(name),
    );
    const carried = [...this.state.filter].filter(([name]) => !this.names.has(name));
    this.state.setFilter(new URLSearchParams([...said, ...carried]), options);
  }

  /** Links that only change the filter change it here, without leaving the page. */
  #link(event) {
    const link = event.target.closest("a[data-filter]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.state.setFilter(readFilter(link.search));
  }

  #follow() {
    for (const control of this.form.elements) {
      if (!control.name || NOT_A_FILTER.has(control.name)) continue;
      if (control.type === "checkbox" || control.type === "radio") {
        control.checked = this.state.filter.getAll(control.name).includes(control.value);
      } else if (document.activeElement !== control || control.value.trim() !== this.state.filter.get(control.name)) {
        control.value = this.state.filter.get(control.name) ?? "";
      }
    }
    for (const group of this.form.querySelectorAll("details[data-group]")) this.#count(group);
  }

  #count(group) {
    const chosen = group.querySelectorAll("input:checked").length;
    const badge = group.querySelector("[data-count]");
    badge.textContent = chosen || "";
    badge.hidden = !chosen;
  }
}

/** The filter and what it comes to, in the words of templates/patrols/_summary.html. */
class Summary {
  constructor(engine, state, settings, form) {
    Object.assign(this, { engine, state, settings, form, words: settings.words });
    this.rule = new Intl.PluralRules(settings.language);
  }

  lines(tally) {
    const { words, state } = this;
    const lines = [this.#counted(tally)];
    if (tally.zoneOnly) lines.push(make("p", "quiet", this.#plural("zone_only", tally.zoneOnly)));
    if ([...state.filter].length) lines.push(this.#chips());
    if (!tally.match) {
      lines.push(this.#empty());
      return lines;
    }
    const links = make("p", "summary-links");
    links.append(
      link(withQuery(this.settings.listUrl, state.query), words.list_of_these),
      " ",
      link(withQuery(this.settings.csvUrl, state.query), words.csv_of_these),
      " ",
      this.#picture(),
    );
    if (!this.settings.current) lines.push(make("p", "quiet", words.older));
    lines.push(links);
    return lines;
  }

  /** Of the map as it stands when the link is followed. */
  #picture() {
    const { settings, state, words } = this;
    const made = link(withQuery(settings.pictureUrl, state.query), words.picture);
    made.dataset.picture = "";
    made.addEventListener("click", () => {
      const { position } = state;
      const view = position && `map=${position.zoom}/${position.lat.toFixed(4)}/${position.lon.toFixed(4)}`;
      const theme = getComputedStyle(document.documentElement).colorScheme;
      const dark = matchMedia("(prefers-color-scheme: dark)").matches ? theme !== "light" : theme === "dark";
      const parts = [state.query, view, dark && "theme=dark"].filter(Boolean);
      made.href = withQuery(settings.pictureUrl, parts.join("&"));
    });
    return made;
  }

  #counted({ match, unplaced }) {
    const line = make("p", "count");
    line.append(make("strong", "", match.toLocaleString(this.settings.language)), " ", this.#plural("match", match));
    if (unplaced) {
      const query = plain(new URLSearchParams([...this.state.filter, ["mapped", "0"]]));
      line.append(`${this.words.then} `, link(withQuery(this.settings.listUrl, query), this.#plural("unplaced", unplaced)));
    }
    return line;
  }

  #plural(name, number) {
    const forms = this.settings.plurals[name];
    const sentence = forms[this.rule.select(number)] ?? forms.other;
    return sentence.replace("{n}", number.toLocaleString(this.settings.language));
  }

  #chips() {
    const { words, state } = this;
    const list = make("ul", "chips");
    list.setAttribute("aria-label", words.active_filters);
    const pairs = [...state.filter].filter(([name]) => this.#known(name));
    for (const [name, value] of pairs) {
      const rest = pairs.filter((pair) => pair[0] !== name || pair[1] !== value);
      const chip = link(withQuery("/", state.pageOf(rest)), this.#label(name, value));
      const cross = make("span", "", " ×");
      cross.setAttribute("aria-hidden", "true");
      chip.dataset.filter = "";
      chip.append(cross, make("span", "sr-only", `, ${words.remove}`));
      list.append(make("li", "", chip));
    }
    const clear = link(withQuery("/", state.pageOf([])), words.clear_all);
    clear.className = "clear";
    clear.dataset.filter = "";
    list.append(make("li", "", clear));
    return list;
  }

  #known(name) {
    return ["from", "to", "q", "bbox", "contested", "mapped", "party", "place"].includes(name)
      || name in this.settings.titles;
  }

  #label(name, value) {
    const { words, settings } = this;
    switch (name) {
      case "from":
      case "to":
        return (name === "from" ? words.from : words.until).replace("{day}", this.#day(value));
      case "q":
        return words.text.replace("{text}", value);
      case "bbox":
        return words.within.replace("{box}", value.replaceAll(",", ", "));
      case "contested":
        return words.contested_only;
      case "mapped":
        return value === "1" ? words.with_place : words.without_place;
      case "party":
        return words.with_country.replace("{country}", this.#country(value));
      case "place":
        return words.place.replace("{name}", value);
      default:
        return `${settings.titles[name]}: ${this.#option(name, value)}`;
    }
  }

  #day(value) {
    if (dayOf(value) === null) return value;
    const { language } = this.settings;
    const parts = { year: "numeric", month: "long", day: "numeric", timeZone: "UTC" };
    return new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, parts).format(new Date(value));
  }

  #country(code) {
    const { countries, language } = this.settings;
    return countries[code] ?? new Intl.DisplayNames([language], { type: "region", fallback: "code" }).of(code);
  }

  /** What the form calls a value; the value itself where it offers none. */
  #option(name, value) {
    const named = [...this.form.elements].find((one) => one.name === name && one.value === value);
    return named?.closest("label")?.querySelector(".option-label").textContent.trim() ?? value;
  }

  /** Nothing matches: how many would without each part, the most first. */
  #empty() {
    const { words, state, engine } = this;
    const box = make("div", "empty");
    if (!engine.given.length) {
      box.append(make("p", "", words.none_yet));
      return box;
    }
    box.append(make("p", "", words.none_match));
    const parts = engine.given.map((name) => ({ name, match: engine.without(name) })).filter(({ match }) => match);
    parts.sort((a, b) => b.match - a.match);
    if (!parts.length) {
      box.append(make("p", "", words.start_again));
      return box;
    }
    const list = make("ul");
    for (const { name, match } of parts) {
      const names = name === "period" ? ["from", "to"] : [name];
      const rest = [...state.filter].filter(([one]) => !names.includes(one));
      const dropped = [...state.filter].filter(([one]) => names.includes(one));
      const label = name === "period" ? words.period : dropped.map((pair) => this.#label(...pair)).join(`${words.then} `);
      const loosen = link(withQuery("/", state.pageOf(rest)), words.without.replace("{label}", label));
      loosen.dataset.filter = "";
      const item = make("li", "", loosen);
      item.append(": ", this.#plural("patrols", match));
      list.append(item);
    }
    box.append(make("p", "", words.loosen), list);
    return box;
  }
}

function withQuery(address, query) {
  return query ? `${address}?${query}` : address;
}

function make(tag, className = "", content = "") {
  const made = element(tag, className);
  if (content) made.append(content);
  return made;
}

function link(href, text) {
  const made = make("a", "", text);
  made.href = href;
  return made;
}

// The page

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
const rtl = document.dir === "rtl";
L.control
  .zoom({ zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out, position: rtl ? "topright" : "topleft" })
  .addTo(map);
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
let times;
let framed = false;
let selecting = null;
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

/** The value of a parameter that can be given once: the last one counts. */
const given = (name) => (state.filter.getAll(name).at(-1) ?? "").trim();

/** Filter, count and draw. What only the server can tell is asked for first, and drawn once it is there. */
async function apply() {
  const asked = ASKED.filter((name) => given(name) !== "");
  for (const name of ASKED) if (answers[name]?.value !== given(name)) delete answers[name];
  const missing = asked.filter((name) => !answers[name]);
  if (missing.length) {
    await ask(missing);
    return;
  }
  running?.abort();
  busy(false);
  draw();
}

let running = null;

async function ask(names) {
  running?.abort();
  running = new AbortController();
  const { signal } = running;
  busy(true);
  try {
    const found = await Promise.all(names.map((name) => matching(name, signal)));
    if (signal.aborted) return;
    names.forEach((name, index) => {
      answers[name] = found[index];
    });
    draw();
  } catch (error) {
    if (error.name === "AbortError") return;
    panel.say([element("p", "errors", words.failed)]);
  }
  busy(false);
}

/** The rows that the server means by one part of the filter; no bits where it cannot be read. */
async function matching(name, signal) {
  const value = given(name);
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
  if (framed && state.view === "table") list();
  times.show();
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

// Selection: a route, a zone or a patrol; `sel` in the address. All about it comes at the first click.

async function selection() {
  selecting ??= import("./popup.js").then(
    ({ Selection }) => new Selection({ engine, settings, under, state, patrols, map, fit: { ...FIT, animate: !still } }),
  );
  const made = await selecting;
  made.tally = patrols.tally;
  return made;
}

async function reveal() {
  if (state.selection || selecting) await (await selection()).reveal();
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
  point(null);
  new Table(table, { engine, tally, settings, under, state, point }).show((uid) => {
    state.setView("map");
    show();
    state.setSelection(uid);
    selection().then(async (one) => {
      await one.reveal();
      one.fitTo();
    });
  });
}

let pointed = null;
let pointing = 0;

/**
 * What is pointed at in one view stands out in the others, from the next frame on: a {route} or {zone} of the map
 * and a {row} of the table on the timeline, the {days} of a bar on the map. Null where nothing is.
 */
function point(what) {
  pointed = what;
  pointing ||= requestAnimationFrame(() => {
    pointing = 0;
    times.mark(pointed?.days ? null : pointed);
    patrols.hold(pointed?.days ? engine.during(...pointed.days) : null);
  });
}

/** The map at a moment of the playback, or as it is without one. Answers how many patrols it draws. */
function play(weights) {
  const now = weights ? engine.tally(weights) : tally;
  if (now) patrols.play(now);
  return now?.match ?? 0;
}

async function start() {
  stage.setAttribute("aria-busy", "true");
  const basemap = new BaseMap(map, settings.basemap);
  const land = basemap.load().catch(() => {});
  try {
    engine = new Engine(await snapshot());
    // The snapshot is the same in every language.
    for (const one of engine.head.programmes) one.name = settings.names.programmes[one.slug] ?? one.name;
    for (const one of engine.head.zones) Object.assign(one, settings.names.zones[one.slug]);
  } catch {
    panel.say([element("p", "errors", words.failed)]);
    stage.removeAttribute("aria-busy");
    return;
  }
  summary = new Summary(engine, state, settings, panel.form);
  const totals = engine.tally().patrols;
  patrols = new PatrolMap(map, basemap, engine, { words, totals });
  times = new Times(document.getElementById("timeline"), { state, engine, play, point });
  map.invalidateSize({ pan: false }); // The timeline has taken its room.
  patrols.addEventListener("point", ({ detail }) => point(detail));
  patrols.addEventListener("select", async ({ detail }) => (await selection()).select(detail));
  await land;
  await apply();
  if (!tally) return;
  frame(basemap);
  framed = true;
  map.on("moveend", remember);
  state.addEventListener("filter", apply);
  state.addEventListener("position", () => frame(basemap));
  state.addEventListener("selection", reveal);
  state.addEventListener("view", show);
  document.getElementById("fit").addEventListener("click", fit);
  document.getElementById("fit-selection").addEventListener("click", async () => (await selection()).fitTo());
  for (const button of document.querySelectorAll("[data-view]")) {
    button.addEventListener("click", () => state.setView(button.dataset.view));
  }
  show();
  reveal();
}

/** The map, its buttons and the timeline on the whole screen. */
function fullScreen() {
  const button = document.getElementById("fullscreen");
  button.hidden = !document.fullscreenEnabled;
  button.addEventListener("click", () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.querySelector(".split").requestFullscreen();
  });
  document.addEventListener("fullscreenchange", () => {
    button.setAttribute("aria-pressed", String(Boolean(document.fullscreenElement)));
    map.invalidateSize({ animate: false });
  });
}

new Measure(map, document.getElementById("measure"), document.getElementById("measuring"), settings);
fullScreen();
await start();
