// The patrols on the map: zones as areas, each distinct route once, places that are known only roughly as
// dashed circles. Nothing here is drawn sharper than the record knows it.

import { latlngs } from "./basemap.js";

const L = window.L;
// UCDP where_precision -> radius of the circle that stands for a lone place, in metres.
export const RADIUS = { 1: 5000, 2: 25000, 3: 25000, 4: 60000, 5: 25000, 6: 150000, 7: 150000 };
const HIT_PX = 14;
const NEAR_ZOOM = 7.5; // From here on there is room for words on the zones.
const LISTED = 60;
const DAY_MS = 86_400_000;

export class PatrolMap {
  #drawn = L.layerGroup();
  #places = [];

  constructor(map, basemap, { words, language, listUrl }) {
    this.map = map;
    this.basemap = basemap;
    this.words = words;
    this.listUrl = listUrl;
    this.language = language;
    map.createPane("zones").style.zIndex = 300;
    map.createPane("counts").style.zIndex = 420;
    this.zoneRenderer = L.svg({ pane: "zones", padding: 0.5 });
    this.renderer = L.svg({ padding: 0.5 });
    this.#drawn.addTo(map);
    const far = () => map.getContainer().classList.toggle("is-far", map.getZoom() < NEAR_ZOOM);
    map.on("zoomend", far);
    far();
  }

  /** Draw a payload in place of the one before. `query` is the filter it answers, for links from popups. */
  show(data, query) {
    this.data = data;
    this.query = query;
    this.map.closePopup();
    this.#drawn.clearLayers();
    this.#places.forEach((label) => this.basemap.removeLabel(label));
    this.basemap.obstacles = [];
    this.counts = [];
    this.weights = null;
    data.zones.forEach((zone, index) => this.#zone(zone, index));
    this.features = this.#byRoute().map((route) => this.#route(route));
    this.#roving();
    this.#places = data.places.map(([, name, x, y], rank) =>
      this.basemap.addLabel({ name, at: [y / data.scale, x / data.scale], kind: "place", rank }),
    );
    this.basemap.arrange();
  }

  /**
   * Draw each patrol with a weight from 0, not at all, to 1, as in `show`; with null all of them. A route has
   * the weight of its weightiest patrol, and a zone counts the patrols that have any.
   */
  restrict(weights) {
    this.weights = weights;
    for (const { parts, target, rows } of this.features) {
      const weight = weights ? Math.max(...rows.map((row) => weights[row])) : 1;
      for (const part of parts) part.getElement().style.opacity = weight;
      target.getElement().classList.toggle("is-out", weight === 0);
      if (weight === 0) target.closePopup();
    }
    for (const { index, figure } of this.counts) {
      const count = this.#zoneCount(index);
      figure.textContent = count;
      figure.parentElement.hidden = !count;
    }
    const paths = this.features.map(({ target }) => target.getElement());
    const there = paths.filter((path) => !path.classList.contains("is-out"));
    if (there.length && !there.some((path) => path.tabIndex === 0)) there[0].tabIndex = 0;
  }

  /** How many patrols of the zone have no route, among those that are shown now. */
  #zoneCount(index) {
    const { route, zones } = this.data.patrols;
    let count = 0;
    zones.forEach((list, row) => {
      if (route[row] < 0 && list.includes(index) && (!this.weights || this.weights[row] > 0)) count += 1;
    });
    return count;
  }

  /** The smallest box around what is drawn; with `within`, of what lies in that box only. Null if nothing. */
  bounds(within = null) {
    const boxes = this.features
      .map(({ box }) => box)
      .concat(this.data.zones.filter((zone) => zone.patrols).map((zone) => L.latLngBounds(flat(this.#shape(zone)))));
    const wanted = within ? boxes.filter((box) => within.contains(box)) : boxes;
    return wanted.length ? wanted.reduce((all, box) => all.extend(box), L.latLngBounds(wanted[0])) : null;
  }

  /** Whether anything that is drawn lies in the present view. */
  inView() {
    const view = this.map.getBounds();
    return this.features.some(({ box }) => view.intersects(box)) || this.data.zones.some(
      (zone) => zone.patrols && view.intersects(flat(this.#shape(zone))),
    );
  }

  #shape({ shape }) {
    return latlngs(shape, this.data.scale);
  }

  // Zones

  #zone(zone, index) {
    const className = zone.only ? "zone zone-counted" : "zone";
    const area = L.polygon(this.#shape(zone), { className, renderer: this.zoneRenderer, pane: "zones" });
    area.bindPopup(() => this.#zonePopup(zone), { minWidth: 260, maxWidth: 340 });
    area.addTo(this.#drawn);
    if (!zone.only) return;
    const count = element("button", "zone-count");
    const [before, after] = this.words.zone_only.split("{n}");
    const figure = element("b", "", String(zone.only));
    count.append(element("span", "", before), figure, element("span", "", after));
    this.counts.push({ index, figure });
    count.type = "button";
    count.setAttribute("aria-label", `${zone.name}: ${count.textContent}`);
    count.addEventListener("click", (event) => {
      event.stopPropagation();
      area.openPopup();
    });
    const [at] = latlngs(zone.at, this.data.scale);
    const icon = L.divIcon({ className: "zone-count-anchor", html: count, iconSize: [0, 0] });
    L.marker(at, { icon, pane: "counts", keyboard: false }).addTo(this.#drawn);
    this.basemap.obstacles.push(count);
  }

  #zonePopup(zone) {
    const { words } = this;
    const box = element("div", "popup");
    box.append(element("h3", "", zone.name));
    const dates = [zone.from && this.#day(zone.from), zone.to ? this.#day(zone.to) : words.still].filter(Boolean);
    box.append(element("p", "popup-sub", `${zone.kind} · ${dates.join(" – ")}`));
    box.append(facts([
      [words.patrols_in_zone, zone.patrols],
      [words.known_by_zone_only, zone.only],
    ]));
    box.append(element("p", "popup-note", zone.basis));
    const links = element("p", "popup-links");
    links.append(anchor(`/zones/${zone.slug}/`, words.about_zone));
    if (zone.patrols) links.append(" ", anchor(this.#listOf(`zone=${zone.slug}`), words.list_these));
    box.append(links);
    return box;
  }

  #listOf(more) {
    const kept = [...new URLSearchParams(this.query)].filter(([name]) => name !== more.split("=")[0]);
    const query = new URLSearchParams(kept).toString();
    return `${this.listUrl}?${query ? `${query}&` : ""}${more}`;
  }

  // Routes

  /** Routes with their patrols, the busiest first, so that thin ones are drawn on top. */
  #byRoute() {
    const patrols = this.data.patrols;
    const rows = new Map();
    patrols.route.forEach((route, row) => {
      if (route < 0) return;
      if (!rows.has(route)) rows.set(route, []);
      rows.get(route).push(row);
    });
    return [...rows]
      .map(([route, list]) => ({ route, rows: list }))
      .sort((a, b) => b.rows.length - a.rows.length);
  }

  #route({ route, rows }) {
    const { kind: kinds, shape: shapes } = this.data.routes;
    const kind = kinds[route];
    const points = latlngs(shapes[route], this.data.scale);
    const colour = `c${this.data.programmes[this.#usual(rows)].colour}`;
    const width = Math.min(1.5 + 1.1 * Math.sqrt(rows.length), 10);
    const style = { renderer: this.renderer, interactive: false };
    const hit = { renderer: this.renderer, className: "hit", bubblingMouseEvents: false };
    const parts = [];
    let shown;
    let target;
    if (kind === "line") {
      parts.push(L.polyline(points, { ...style, className: "casing", weight: width + 2.5, fill: false }).addTo(this.#drawn));
      shown = L.polyline(points, { ...style, className: `route ${colour}`, weight: width, fill: false });
      target = L.polyline(points, { ...hit, weight: Math.max(HIT_PX, width + 4), fill: false });
    } else if (kind === "point") {
      const where = Math.max(...rows.map((row) => this.data.patrols.where[row] ?? 2));
      const radius = RADIUS[where] ?? RADIUS[2];
      shown = L.circle(points[0], { ...style, radius, className: `spot ${colour}`, weight: 1 + width / 3 });
      target = L.circle(points[0], { ...hit, radius });
    } else {
      shown = L.polygon(points, { ...style, className: `patch ${colour}` });
      target = L.polygon(points, { ...hit });
    }
    parts.push(shown.addTo(this.#drawn));
    target.addTo(this.#drawn);
    const box = kind === "point" ? points[0] && L.latLng(points[0]).toBounds(30_000) : target.getBounds();
    target.bindPopup(() => this.#routePopup(kind, this.#shown(rows)), { minWidth: 280, maxWidth: 360, maxHeight: 340 });
    const mark = (on) => shown.getElement()?.classList.toggle("is-lit", on);
    target.on("mouseover popupopen", () => mark(true));
    target.on("mouseout", () => target.isPopupOpen() || mark(false));
    target.on("popupclose", () => mark(false));
    return { target, parts, box, rows, kind, mark };
  }

  #shown(rows) {
    return this.weights ? rows.filter((row) => this.weights[row] > 0) : rows;
  }

  /** The programme that most of the patrols on a route belong to. */
  #usual(rows) {
    const counts = new Map();
    for (const row of rows) {
      const programme = this.data.patrols.programme[row];
      counts.set(programme, (counts.get(programme) ?? 0) + 1);
    }
    return [...counts].sort((a, b) => b[1] - a[1])[0][0];
  }

  /** One stop of the tab key for all routes; arrow keys go from route to route, Enter opens. */
  #roving() {
    const paths = this.features.map(({ target }) => target.getElement());
    paths.forEach((path, index) => {
      const { rows, kind, mark, target } = this.features[index];
      path.setAttribute("role", "button");
      path.setAttribute("tabindex", index === 0 ? "0" : "-1");
      path.setAttribute("aria-label", `${this.#title(kind, rows)}, ${this.#programmeNames(rows)}`);
      path.addEventListener("focus", () => mark(true));
      path.addEventListener("blur", () => target.isPopupOpen() || mark(false));
      path.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
        if (step) {
          const next = paths[(index + step + paths.length) % paths.length];
          path.setAttribute("tabindex", "-1");
          next.setAttribute("tabindex", "0");
          next.focus();
        } else if (event.key === "Enter" || event.key === " ") {
          this.#openByKey(target, path);
        } else {
          return;
        }
        event.preventDefault();
        event.stopPropagation();
      });
    });
  }

  /** Move into the popup, and back to the route when Escape closes it. */
  #openByKey(target, path) {
    target.openPopup();
    const popup = target.getPopup().getElement();
    popup.querySelector(".popup a")?.focus();
    popup.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      target.closePopup();
      path.focus();
    });
  }

  #title(kind, rows) {
    const words = { line: this.words.on_route, point: this.words.near_place, area: this.words.in_area };
    return words[kind].replace("{n}", rows.length);
  }

  #programmeNames(rows) {
    const seen = new Set(rows.map((row) => this.data.patrols.programme[row]));
    return [...seen].map((index) => this.data.programmes[index].name).join("; ");
  }

  #routePopup(kind, rows) {
    const { patrols } = this.data;
    const box = element("div", "popup");
    box.append(element("h3", "", this.#programmeNames(rows)));
    box.append(element("p", "popup-sub", this.#title(kind, rows)));
    const list = element("ol", "popup-list");
    const newest = [...rows].sort((a, b) => (patrols.day[b] ?? -1e9) - (patrols.day[a] ?? -1e9));
    newest.slice(0, LISTED).forEach((row) => list.append(this.#patrol(row)));
    box.append(list);
    if (rows.length > LISTED) {
      box.append(element("p", "popup-note", this.words.more.replace("{n}", rows.length - LISTED)));
    }
    return box;
  }

  #patrol(row) {
    const { patrols, statuses, incidents } = this.data;
    const { words } = this;
    const item = element("li");
    const head = element("p", "popup-patrol");
    head.append(anchor(`/patrols/${patrols.uid[row]}/`, this.#date(row)));
    const status = statuses[patrols.status[row]];
    if (status) head.append(" ", element("span", `status status-${status[0]}`, status[1]));
    if (patrols.state[row] !== "published") head.append(" ", element("span", "tag", words.not_public));
    item.append(head);
    const incident = incidents[patrols.incident[row]];
    const rows = [
      [words.parties, this.#parties(patrols.parties[row])],
      [words.vehicles, this.#spread(row, "vehicles")],
      [words.personnel, this.#spread(row, "personnel")],
      [words.incident, incident && incident[0] !== "none" ? incident[1] : ""],
      [words.sources, patrols.sources[row]],
    ];
    item.append(facts(rows.filter(([, value]) => value !== "" && value !== null && value !== undefined)));
    return item;
  }

  #parties(codes) {
    const names = new Intl.DisplayNames([this.language], { type: "region", fallback: "code" });
    return codes.split(";").filter(Boolean).map((code) => names.of(code)).join(", ");
  }

  /** "8 (6–9), contested"; empty where unknown. */
  #spread(row, fact) {
    const { patrols } = this.data;
    const [low, best, high] = ["low", "best", "high"].map((end) => patrols[`${fact}_${end}`][row]);
    if (best === null) return "";
    const figure = low === high ? `${best}` : `${low}–${high}, ${this.words.best} ${best}`;
    return patrols.contested[row].includes(fact) ? `${figure}, ${this.words.contested}` : figure;
  }

  /** The date in words, no sharper than it is known. */
  #date(row) {
    const { day, days, precision } = this.data.patrols;
    if (day[row] === null) return this.words.date_unknown;
    const start = new Date(day[row] * DAY_MS);
    const end = new Date((day[row] + days[row] - 1) * DAY_MS);
    const parts = { 4: { year: "numeric", month: "long" }, 5: { year: "numeric" } }[precision[row]];
    return this.#format(parts).formatRange(start, end);
  }

  #day(iso) {
    return this.#format().format(new Date(iso));
  }

  #format(parts = { year: "numeric", month: "long", day: "numeric" }) {
    // English dates are written day first, as on every other page.
    const locale = this.language === "en" ? "en-GB" : this.language;
    return new Intl.DateTimeFormat(locale, { ...parts, timeZone: "UTC" });
  }
}

function flat(points) {
  return L.latLngBounds(points.flat(Infinity).reduce((all, value, index, list) => {
    if (index % 2) all.push([list[index - 1], value]);
    return all;
  }, []));
}

function element(tag, className = "", text = null) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== null) made.textContent = text;
  return made;
}

function anchor(href, text) {
  const made = element("a", "", text);
  made.href = href;
  return made;
}

function facts(rows) {
  const list = element("dl", "popup-facts");
  for (const [name, value] of rows) list.append(element("dt", "", name), element("dd", "", String(value)));
  return list;
}
