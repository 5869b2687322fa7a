// What is chosen, and what opens then: the patrols of a route, or what a zone is. Figures and numbers of the few patrols that
// are listed are asked of the server.

import { DAY_MS, UNKNOWN } from "./bins.js";
import { element } from "./map.js";

const LISTED = 60;

/** What is chosen: a route, a zone or a patrol, by its `sel` in the address. */
export class Selection {
  #route = -1;
  #zone = -1;

  constructor(page) {
    Object.assign(this, page);
    this.button = document.getElementById("fit-selection");
  }

  /**
   * Choose and open it. `uid` and `row` name the patrol that it is chosen for; `byKey` moves the focus along;
   * `still` leaves the map where it is, as the address has it.
   */
  async select({ route = -1, zone = -1, at = null, byKey = false, uid = null, row = null, still = false }) {
    const { patrols, state } = this;
    const id = uid ?? this.#idOf(route, zone);
    patrols.close();
    [this.#route, this.#zone] = [route, zone];
    state.setSelection(id);
    patrols.choose({ route, zone });
    this.button.hidden = false;
    const popup = new Popup(this);
    const content = route >= 0 ? popup.route(route, row) : popup.zone(zone);
    const opened = patrols.open(content, at ?? patrols.anchor({ route, zone }), () => {
      if (state.selection === id) this.#drop();
      if (byKey) patrols.focusRoute(route);
    }, { autoPan: !still });
    await popup.filled;
    if (patrols.popup !== opened) return;
    opened.update();
    if (!byKey) return;
    content.querySelector("a, button")?.focus();
    content.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      patrols.close();
    });
  }

  /** Open what the address has chosen; nothing where it is not among the patrols that are shown. */
  async reveal() {
    const { head } = this.engine;
    const id = this.state.selection;
    if (!id) {
      this.patrols.close();
      this.#drop();
      return;
    }
    const route = id.startsWith("route-") ? head.routes.id.indexOf(id.slice(6)) : -1;
    const zone = id.startsWith("zone-") ? head.zones.findIndex(({ slug }) => slug === id.slice(5)) : -1;
    const still = this.state.position !== null;
    if (zone >= 0 || this.tally.patrols[route] > 0) await this.select({ route, zone, still });
    else if (!id.includes("-")) await this.#revealPatrol(id);
  }

  fitTo() {
    const { patrols, map, fit } = this;
    if (this.#route < 0 && this.#zone < 0) return;
    map.fitBounds(patrols.boundsOf({ route: this.#route, zone: this.#zone }), { ...fit, maxZoom: 12 });
  }

  async #revealPatrol(uid) {
    const response = await fetch(`${this.under("rows.json")}?${new URLSearchParams({ uid })}`);
    const [found] = response.ok ? (await response.json()).rows : [];
    if (!found || this.state.selection !== uid || this.engine.fails[found.at] !== 0) return;
    const { engine } = this;
    const route = engine.columns.route[found.at];
    const [zone = -1] = engine.head.sets.zones[engine.columns.zones[found.at]][0];
    const drawn = route < engine.routes && engine.head.routes.kind[route] !== "";
    const still = this.state.position !== null;
    if (drawn) await this.select({ route, uid, row: found.at, still });
    else if (zone >= 0) await this.select({ zone, uid, still });
  }

  #idOf(route, zone) {
    const { head } = this.engine;
    return route >= 0 ? `route-${head.routes.id[route]}` : `zone-${head.zones[zone].slug}`;
  }

  #drop() {
    [this.#route, this.#zone] = [-1, -1];
    this.state.setSelection(null);
    this.patrols.choose();
    this.button.hidden = true;
  }
}

class Popup {
  /** Kept when everything that was asked for is in its place. */
  filled = Promise.resolve();

  constructor(page) {
    Object.assign(this, page);
    this.words = page.settings.words;
  }

  /** The patrols on a route, newest first; `first` is the row that stands before them, as the chosen one. */
  route(route, first = null) {
    const { engine, words } = this;
    const shown = engine.rows(LISTED, { route }).filter((row) => row !== first);
    const rows = first === null ? shown : [first, ...shown].slice(0, LISTED);
    const box = element("div", "popup");
    const names = engine.programmesOn(route).map((index) => engine.head.programmes[index].name);
    box.append(element("h3", "", names.join("; ")), element("p", "popup-sub", this.patrols.title(route)));
    const { kind, places } = engine.head.routes;
    // On a line they stand in no order.
    const named = kind[route] === "point" ? places[route].map((place) => this.patrols.placeName(place)) : [];
    if (named.length) box.append(element("p", "popup-sub", this.#listed(named)));
    const incidents = this.tally.incidents[route];
    if (incidents) box.append(element("p", "popup-sub popup-incidents", words.with_incident.replace("{n}", incidents)));
    const list = element("ol", "popup-list");
    const items = rows.map((row) => this.#patrol(row, row === first));
    list.append(...items);
    box.append(list);
    const rest = this.tally.patrols[route] - rows.length;
    if (rest > 0) box.append(element("p", "popup-note", words.more.replace("{n}", rest)));
    this.filled = this.#fill(rows, items);
    return box;
  }

  zone(index) {
    const { words, settings, tally } = this;
    const zone = this.engine.head.zones[index];
    const box = element("div", "popup");
    const dates = [zone.from && this.#day(zone.from), zone.to ? this.#day(zone.to) : words.still].filter(Boolean);
    box.append(element("h3", "", zone.name));
    box.append(element("p", "popup-sub", `${settings.zoneKinds[zone.kind] ?? ""} · ${dates.join(" – ")}`));
    box.append(facts([
      [words.patrols_in_zone, tally.inside[index]],
      [words.known_by_zone_only, tally.only[index]],
    ]));
    box.append(element("p", "popup-note", zone.basis));
    const links = element("p", "popup-links");
    links.append(anchor(`/zones/${zone.slug}/`, words.about_zone));
    if (tally.inside[index]) links.append(" ", anchor(this.#listOf("zone", zone.slug), words.list_these));
    box.append(links);
    return box;
  }

  #listOf(name, value) {
    const kept = [...new URLSearchParams(this.state.query)].filter(([other]) => other !== name);
    return `${this.settings.listUrl}?${new URLSearchParams([...kept, [name, value]])}`;
  }

  #patrol(row, chosen) {
    const { engine, settings } = this;
    const item = element("li");
    const head = element("p", "popup-patrol");
    head.append(element("span", "popup-date", this.#date(row)));
    const status = engine.head.statuses[engine.columns.status[row]];
    if (status) head.append(" ", element("span", `status status-${status}`, settings.statuses[status]));
    item.append(head);
    if (chosen) {
      item.className = "is-chosen";
      item.setAttribute("aria-current", "true");
    }
    return item;
  }

  /** Figures and links, once they are there. */
  async #fill(rows, items) {
    const response = await fetch(`${this.under("rows.json")}?at=${rows.join(",")}`);
    if (!response.ok) return;
    const told = new Map((await response.json()).rows.map((one) => [one.at, one]));
    rows.forEach((row, index) => {
      const patrol = told.get(row);
      const item = items[index];
      const date = item.querySelector(".popup-date");
      if (!patrol) {
        date.after(" ", element("span", "tag", this.words.gone));
        return;
      }
      date.replaceWith(anchor(`/patrols/${patrol.uid}/`, date.textContent));
      if (patrol.state !== "published") item.firstChild.append(" ", element("span", "tag", this.words.not_public));
      item.append(facts(this.#facts(patrol)));
    });
  }

  #facts(patrol) {
    const { words, settings } = this;
    const incident = patrol.incident_type === "none" ? "" : (settings.incidents[patrol.incident_type] ?? "");
    const rows = [
      [words.parties, this.#parties(patrol.parties)],
      [words.vehicles, this.#spread(patrol, "vehicles")],
      [words.personnel, this.#spread(patrol, "personnel")],
      [words.incident, incident],
      [words.sources, patrol.sources_count],
    ];
    return rows.filter(([, value]) => value !== "");
  }

  #parties(codes) {
    const { language, countries } = this.settings;
    const names = new Intl.DisplayNames([language], { type: "region", fallback: "code" });
    return this.#listed(codes.split(";").filter(Boolean).map((code) => countries[code] ?? names.of(code)));
  }

  #listed(parts) {
    return new Intl.ListFormat(this.settings.language, { type: "unit", style: "short" }).format(parts);
  }

  /** "6–9, best 8, contested"; empty where unknown. */
  #spread(patrol, fact) {
    const [low, best, high] = ["low", "best", "high"].map((end) => patrol[`${fact}_${end}`]);
    if (best === null) return "";
    const figure = low === high ? `${best}` : `${low}–${high}, ${this.words.best} ${best}`;
    return patrol.contested.includes(fact) ? `${figure}, ${this.words.contested}` : figure;
  }

  /** The date in words, no sharper than it is known. */
  #date(row) {
    const { day, days, precision } = this.engine.columns;
    if (day[row] === UNKNOWN) return this.words.date_unknown;
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
    const { language } = this.settings;
    return new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { ...parts, timeZone: "UTC" });
  }
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
