// The map: the bundled base map (Natural Earth) with its names, and on it the record's routes, zones and places.
// Nothing here is drawn sharper than the record knows it. What opens at a click is in popup.js.

import { RouteLayer, flat, latlngs, radiusOf } from "./routes.js";

const L = window.L;
const NEAR_PX = 14; // A town this close to a place of the record is the same town under another spelling.
const CLEAR = { autoPanPaddingTopLeft: [50, 56], autoPanPaddingBottomRight: [50, 10] }; // Of the map's own controls.
const PAPER_PX = 680; // Between the margins of A4.
const TOWN_RANK = { 5: 3, 6: 6, 7: 7, 8: 8 }; // Zoom -> the least important rank that is named.

/** The region's own file is drawn at once; the world's is fetched only when the view leaves the region. */
export class BaseMap {
  #labels = [];
  #world = null;
  obstacles = []; // Elements that stand on the map and that no name may cover.

  /** Names are given in the page's language where there is one. */
  constructor(map, urls) {
    const language = document.documentElement.lang;
    Object.assign(this, { map, urls, language });
    // English keeps the short forms that the map's own files have.
    this.countries = language === "en" ? null : new Intl.DisplayNames([language], { type: "region", fallback: "none" });
    for (const [name, order] of [["world", 210], ["region", 220], ["waters", 230], ["names", 450]]) {
      map.createPane(name).style.zIndex = order;
      map.getPane(name).style.pointerEvents = "none";
    }
    // A margin around the view, so that dragging shows no blank edge.
    this.renderers = Object.fromEntries(
      ["world", "region", "waters"].map((pane) => [pane, L.svg({ pane, padding: 0.5 })]),
    );
    map.on("zoomend moveend", () => this.arrange());
    addEventListener("beforeprint", () => this.#forPaper(map.getContainer()));
  }

  /** Paper has a width that no script hears of: what the screen shows is printed smaller, not cut off. */
  #forPaper({ offsetWidth, offsetHeight, style }) {
    style.setProperty("--wide", `${offsetWidth}px`);
    style.setProperty("--high", `${offsetHeight}px`);
    style.setProperty("--shrink", Math.min(1, PAPER_PX / offsetWidth));
  }

  async load() {
    const data = await (await fetch(this.urls.region)).json();
    const [west, south, east, north] = data.box;
    this.box = L.latLngBounds([south, west], [north, east]);
    this.#draw(data, "region", "land");
    for (const { shape, disputed } of data.borders) {
      this.#line(latlngs(shape, data.scale), `border${disputed ? " disputed" : ""}`);
    }
    for (const { shape, rank } of data.rivers) {
      this.#line(latlngs(shape, data.scale), rank <= 4 ? "river" : "river minor");
    }
    for (const { shape } of data.lakes) this.#area(latlngs(shape, data.scale), "waters", "lake");
    for (const [own, rank, x, y, names] of data.towns) {
      const name = names[this.language] ?? own;
      this.addLabel({ name, at: [y / data.scale, x / data.scale], kind: "town", rank });
    }
    this.map.on("zoomend moveend", () => this.#needWorld());
    await this.#needWorld();
    this.arrange();
  }

  /** A name at a place. Lower ranks are placed first; a name that would cover another is left out. */
  addLabel({ name, at, kind, rank }) {
    const element = document.createElement("span");
    element.className = `name name-${kind}`;
    element.textContent = name;
    const icon = L.divIcon({ className: "name-anchor", html: element, iconSize: [0, 0] });
    const marker = L.marker(at, { icon, pane: "names", interactive: false, keyboard: false });
    const label = { name, kind, rank, at: L.latLng(at), marker, element, width: 0 };
    this.#labels.push(label);
    return label;
  }

  removeLabel(label) {
    label.marker.remove();
    this.#labels.splice(this.#labels.indexOf(label), 1);
  }

  /** Place names by importance; leave out each that would cover one placed before it. */
  arrange() {
    const zoom = Math.floor(this.map.getZoom());
    const view = this.map.getBounds().pad(0.1);
    const order = { place: 0, country: 1, town: 2 };
    const wanted = this.#labels
      .filter((label) => this.#shownAt(label, zoom) && view.contains(label.at))
      .sort((a, b) => order[a.kind] - order[b.kind] || a.rank - b.rank);
    const taken = this.obstacles.map((element) => this.#boxAround(element)).filter(Boolean);
    const kept = new Set();
    for (const label of wanted) {
      const box = this.#boxOf(label);
      if (taken.some((other) => covers(box, other))) continue;
      taken.push(box);
      kept.add(label);
    }
    for (const label of this.#labels) {
      if (!kept.has(label)) label.marker.remove();
    }
  }

  #shownAt({ kind, rank, source }, zoom) {
    if (kind === "place") return zoom >= 9 || (zoom >= 8 && rank < 14) || (zoom >= 7 && rank < 8);
    if (kind === "town") return zoom >= 9 || rank <= (TOWN_RANK[zoom] ?? 0);
    if (source === "region") return zoom >= 6 && zoom <= 9;
    return zoom <= 5 && rank <= zoom - 3;
  }

  #boxOf(label) {
    if (!this.map.hasLayer(label.marker)) label.marker.addTo(this.map);
    label.width ||= label.element.offsetWidth;
    const { x, y } = this.map.latLngToContainerPoint(label.at);
    const half = label.kind === "country" ? label.width / 2 : 0;
    const [left, right] = half ? [x - half, x + half] : [x - NEAR_PX / 2, x + label.width + 8];
    return { left, right, top: y - 8, bottom: y + 8 };
  }

  #boxAround(element) {
    const { left, right, top, bottom, width } = element.getBoundingClientRect();
    const origin = this.map.getContainer().getBoundingClientRect();
    if (!width) return null;
    return { left: left - origin.left, right: right - origin.left, top: top - origin.top, bottom: bottom - origin.top };
  }

  #draw(data, pane, className) {
    for (const { name: own, code, shape, label, rank } of data.countries) {
      this.#area(latlngs(shape, data.scale), pane, className);
      if (label) {
        const name = (code && this.countries?.of(code)) ?? own;
        const [at] = latlngs(label, data.scale);
        const made = this.addLabel({ name, at, kind: "country", rank });
        made.source = pane;
      }
    }
  }

  #area(points, pane, className) {
    L.polygon(points, { className, renderer: this.renderers[pane], pane, interactive: false }).addTo(this.map);
  }

  #line(points, className) {
    const options = { className, renderer: this.renderers.waters, pane: "waters", interactive: false, fill: false };
    L.polyline(points, options).addTo(this.map);
  }

  async #needWorld() {
    if (this.box.contains(this.map.getBounds()) || this.#world) return;
    this.#world = fetch(this.urls.world).then((response) => response.json());
    const data = await this.#world;
    this.#draw(data, "world", "land far");
    // Inside the region the finer file speaks alone.
    L.rectangle(this.box, { className: "sea", renderer: this.renderers.region, pane: "region", interactive: false })
      .addTo(this.map)
      .bringToBack();
    this.arrange();
  }
}

function covers(a, b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

// The patrols

const FAR_ZOOM = 7.5; // Up to here there is no room for words on the zones.
const NAMED = 150; // Places that are named at most, the most passed first.

/** The record on the map. Fires `select` with what was chosen, {route} or {zone}; `point` with what is pointed at, or null. */
export class PatrolMap extends EventTarget {
  #labels = new Map();
  #zones = [];
  #lit = L.layerGroup();
  #chosen = L.layerGroup();
  popup = null; // The one that is open.
  #cursor = null;
  #pointed = { route: -1, zone: -1 };
  #over = -1; // The zone under the pointer.

  constructor(map, basemap, engine, { words, totals }) {
    super();
    Object.assign(this, { map, basemap, engine, words });
    const { head } = engine;
    for (const [name, order] of [["zones", 300], ["routes", 410], ["marks", 415], ["counts", 420]]) {
      map.createPane(name).style.zIndex = order;
    }
    map.getPane("routes").style.pointerEvents = map.getPane("marks").style.pointerEvents = "none";
    this.colours = head.programmes.map(({ colour }) => colour);
    this.routes = new RouteLayer({ pane: "routes", padding: 0.1, routes: head.routes, scale: head.scale, totals });
    this.routes.addTo(map);
    this.zoneRenderer = L.svg({ pane: "zones", padding: 0.5 });
    this.markRenderer = L.svg({ pane: "marks", padding: 0.5 });
    this.#zones = head.zones.map((zone, index) => this.#zone(zone, index));
    this.#lit.addTo(map);
    this.#chosen.addTo(map);
    this.#listen();
  }

  /** Draw what the engine has counted. */
  show(tally) {
    this.tally = tally;
    this.routes.show(tally, this.colours);
    this.#zones.forEach((zone, index) => zone.show(tally.inside[index], tally.only[index]));
    this.basemap.obstacles = this.#zones.filter(({ only }) => only > 0).map(({ button }) => button);
    this.#name();
    this.#point();
    this.#putCursor(this.routes.order[0] ?? -1);
    this.basemap.arrange();
  }

  /** The same for a moment of the playback: what is open, named or lit stays as it is. */
  play(tally) {
    this.tally = tally;
    this.routes.show(tally, this.colours);
    this.#zones.forEach((zone, index) => zone.show(tally.inside[index], tally.only[index]));
  }

  /** Let only some routes and zones stand out, {routes, zones} with a 1 for each of them; with null all. */
  hold(held) {
    this.routes.hold(held && held.routes);
    this.#zones.forEach(({ area, button }, index) => {
      const back = held !== null && !held.zones[index];
      for (const one of [area.getElement(), button]) one?.classList.toggle("steps-back", back);
    });
  }

  /** The smallest box around what is drawn; with `within`, of what lies in that box only. Null if nothing. */
  bounds(within = null) {
    const boxes = this.#boxes();
    const wanted = within ? boxes.filter((box) => within.contains(box)) : boxes;
    return wanted.length ? wanted.reduce((all, box) => all.extend(box), L.latLngBounds(wanted[0])) : null;
  }

  /** Whether anything that is drawn lies in the present view, or nothing is drawn at all. */
  inView() {
    const view = this.map.getBounds();
    const boxes = this.#boxes();
    return !boxes.length || boxes.some((box) => view.intersects(box));
  }

  /** Show a route or a zone as the chosen one. */
  choose({ route = -1, zone = -1 } = {}) {
    this.#chosen.clearLayers();
    if (route >= 0) this.#outline(route, "is-lit is-chosen").addTo(this.#chosen);
    this.#zones.forEach(({ area }, index) => area.getElement()?.classList.toggle("is-chosen", index === zone));
  }

  /** Where a popup about it points. */
  anchor({ route = -1, zone = -1 }) {
    const { scale, routes, zones } = this.engine.head;
    const [x, y] = route >= 0 ? routes.at[route] : zones[zone].at;
    return L.latLng(y / scale, x / scale);
  }

  boundsOf({ route = -1, zone = -1 }) {
    return route >= 0 ? this.routes.bounds(route) : flat(this.#zones[zone].shape);
  }

  /** Open a popup; `then` is told when it is closed again. */
  open(content, at, then, options = {}) {
    this.close();
    this.popup = L.popup({ minWidth: 280, maxWidth: 360, maxHeight: 340, className: "record-popup", ...CLEAR, ...options })
      .setLatLng(at)
      .setContent(content)
      .on("remove", () => {
        this.popup = null;
        then();
      })
      .openOn(this.map);
    return this.popup;
  }

  close() {
    this.popup?.remove();
  }

  /** "Patrols on this route: 7", or near this place, or somewhere in this area. */
  title(route) {
    const words = { line: this.words.on_route, point: this.words.near_place, area: this.words.in_area };
    return words[this.engine.head.routes.kind[route]].replace("{n}", this.tally.patrols[route]);
  }

  /** A place's name in the reader's language, where the record has one. */
  placeName(place) {
    const [, own, , , names] = this.engine.head.places[place];
    return names[this.basemap.language] ?? own;
  }

  /** Put the keyboard back on the route that a popup was opened from. */
  focusRoute(route) {
    if (route >= 0) this.#putCursor(route);
    this.#cursor?.focus();
  }

  #boxes() {
    const zones = this.#zones.filter(({ inside }) => inside > 0).map(({ shape }) => flat(shape));
    return this.routes.order.map((route) => this.routes.bounds(route)).concat(zones);
  }

  #listen() {
    const { map } = this;
    const far = () => map.getContainer().classList.toggle("is-far", map.getZoom() < FAR_ZOOM);
    map.on("zoomend", far);
    far();
    map.on("click", (event) => this.#click(event));
    map.on("mousemove", ({ containerPoint }) => this.#hover(containerPoint));
    map.getContainer().addEventListener("pointerleave", () => this.#leave());
    map.on("zoomend moveend", () => this.#cursor && this.#putCursor(this.#cursor.route));
    const recolour = () => this.routes.recolour();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolour);
    new MutationObserver(recolour).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  }

  #click(event, zone = -1) {
    if (this.map.getContainer().classList.contains("measures")) return;
    const route = this.routes.nearest(event.containerPoint);
    if (route >= 0) this.#select({ route, at: event.latlng });
    else if (zone >= 0) this.#select({ zone, at: event.latlng });
  }

  #select(detail) {
    this.dispatchEvent(new CustomEvent("select", { detail }));
  }

  #hover(point) {
    if (this.waiting) return;
    this.waiting = requestAnimationFrame(() => {
      this.waiting = 0;
      const route = this.tally ? this.routes.nearest(point) : -1;
      this.#point(route < 0 ? { zone: this.#over } : { route });
    });
  }

  #leave() {
    cancelAnimationFrame(this.waiting);
    this.waiting = 0;
    this.#point();
  }

  /** A route or a zone is pointed at, or nothing. */
  #point({ route = -1, zone = -1 } = {}) {
    const before = this.#pointed;
    if (route === before.route && zone === before.zone) return;
    this.#pointed = { route, zone };
    if (route !== before.route) this.#light(route);
    this.dispatchEvent(new CustomEvent("point", { detail: route < 0 && zone < 0 ? null : { route, zone } }));
  }

  #light(route) {
    this.#lit.clearLayers();
    this.map.getContainer().classList.toggle("is-over", route >= 0);
    if (route < 0) return;
    const mark = this.#outline(route, "is-lit").addTo(this.#lit);
    const label = element("span", "", `${this.title(route)} · ${this.#programme(route)}`);
    mark.bindTooltip(label, { sticky: true, direction: "top", opacity: 1 }).openTooltip(this.anchor({ route }));
  }

  #programme(route) {
    return this.engine.head.programmes[this.tally.programme[route]].name;
  }

  /** A route's own line over the canvas. */
  #outline(route, className) {
    const { kind, where } = this.engine.head.routes;
    const points = this.routes.latlngs[route];
    const style = { renderer: this.markRenderer, pane: "marks", interactive: false };
    if (kind[route] === "line") {
      return L.polyline(points, { ...style, className: `route ${className}`, weight: this.routes.width(route) + 1, fill: false });
    }
    if (kind[route] === "point") {
      return L.circle(points[0], { ...style, className: `spot ${className}`, radius: radiusOf(where[route]), weight: 2 });
    }
    return L.polygon(points, { ...style, className: `patch ${className}` });
  }

  // Zones

  #zone(zone, index) {
    const { scale } = this.engine.head;
    const shape = latlngs(zone.shape, scale);
    const options = { className: "zone", renderer: this.zoneRenderer, pane: "zones", bubblingMouseEvents: false };
    const area = L.polygon(shape, options).addTo(this.map);
    area.on("click", (event) => this.#click(event, index));
    const over = (zone) => () => {
      this.#over = zone;
    };
    area.on("mouseover", over(index)).on("mouseout", over(-1));
    const button = element("button", "zone-count");
    button.type = "button";
    button.addEventListener("click", (event) => {
      event.stopPropagation();
      this.#select({ zone: index });
    });
    button.addEventListener("pointerenter", over(index));
    button.addEventListener("pointerleave", over(-1));
    button.addEventListener("focus", () => this.#point({ zone: index }));
    button.addEventListener("blur", () => this.#point());
    const icon = L.divIcon({ className: "zone-count-anchor", html: button, iconSize: [0, 0] });
    const marker = L.marker(latlngs(zone.at, scale)[0], { icon, pane: "counts", keyboard: false });
    const show = (inside, only) => {
      Object.assign(made, { inside, only });
      area.getElement()?.classList.toggle("zone-counted", only > 0);
      if (!only) {
        marker.remove();
        return;
      }
      const [before, after] = this.words.zone_only.split("{n}");
      button.replaceChildren(element("span", "", before), String(only), element("span", "", after));
      button.setAttribute("aria-label", `${zone.name}: ${button.textContent}`);
      marker.addTo(this.map);
    };
    const made = { shape, area, button, show, inside: 0, only: 0 };
    return made;
  }

  // Names of places

  /** Name the places that the drawn routes pass, the most passed first. */
  #name() {
    const { places, routes, scale } = this.engine.head;
    const passed = new Uint32Array(places.length);
    for (const route of this.routes.order) {
      for (const place of routes.places[route]) passed[place] += this.tally.patrols[route];
    }
    const wanted = [...passed.keys()].filter((place) => passed[place] > 0);
    wanted.sort((a, b) => passed[b] - passed[a]);
    wanted.length = Math.min(wanted.length, NAMED);
    const kept = new Set(wanted);
    for (const [place, label] of this.#labels) {
      if (kept.has(place)) continue;
      this.basemap.removeLabel(label);
      this.#labels.delete(place);
    }
    wanted.forEach((place, rank) => {
      const [, , x, y] = places[place];
      const name = this.placeName(place);
      const label = this.#labels.get(place);
      if (label) label.rank = rank;
      else this.#labels.set(place, this.basemap.addLabel({ name, at: [y / scale, x / scale], kind: "place", rank }));
    });
  }

  // The keyboard: one stop of the tab key for all routes; arrow keys go from route to route, Enter opens.

  #putCursor(route) {
    const focused = this.#cursor && this.#cursor === document.activeElement;
    const before = this.#cursor;
    this.#cursor = null;
    if (route >= 0 && this.routes.order.includes(route)) {
      const { x, y } = this.map.latLngToContainerPoint(this.anchor({ route }));
      const cursor = element("button", "route-cursor");
      cursor.type = "button";
      cursor.route = route;
      cursor.style.insetBlockStart = `${y}px`;
      cursor.style.left = `${x}px`;
      cursor.setAttribute("aria-label", `${this.title(route)}, ${this.#programme(route)}`);
      cursor.addEventListener("keydown", (event) => this.#key(event, route));
      cursor.addEventListener("focus", () => this.#point({ route }));
      cursor.addEventListener("blur", () => this.#point());
      cursor.addEventListener("click", () => this.#select({ route, byKey: true }));
      for (const type of ["click", "dblclick", "mousedown", "pointerdown"]) {
        cursor.addEventListener(type, (event) => event.stopPropagation());
      }
      this.map.getContainer().append(cursor);
      this.#cursor = cursor;
      if (focused) cursor.focus({ preventScroll: true });
    }
    before?.remove();
  }

  #key(event, route) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const { order } = this.routes;
    const next = order[(order.indexOf(route) + step + order.length) % order.length];
    if (!this.map.getBounds().contains(this.anchor({ route: next }))) {
      this.map.panTo(this.anchor({ route: next }), { animate: false });
    }
    this.#putCursor(next);
  }
}

export function element(tag, className = "", text = null) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== null) made.textContent = text;
  return made;
}
