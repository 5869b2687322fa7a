// The one state of the map page. It lives in the address: the filter in the query string, with the same
// grammar as every list and file, and the map's position in the fragment: #map=zoom/latitude/longitude.

// How patrols are listed, not which: no part of the filter.
const NOT_A_FILTER = new Set(["page", "sort"]);

function readFilter() {
  const kept = [...new URLSearchParams(location.search)].filter(
    ([name, value]) => value.trim() !== "" && !NOT_A_FILTER.has(name),
  );
  return new URLSearchParams(kept);
}

function readView() {
  const value = new URLSearchParams(location.hash.slice(1)).get("map") ?? "";
  const [zoom, lat, lon] = value.split("/").map(Number);
  const sane = value.split("/").length === 3 && Math.abs(lat) <= 90 && Math.abs(lon) <= 540 && zoom >= 0;
  return sane ? { zoom, lat, lon } : null;
}

/** The filter and the view, kept in step with the address. Fires `filter` and `view` when history moves. */
export class State extends EventTarget {
  constructor() {
    super();
    this.filter = readFilter();
    this.view = readView();
    addEventListener("popstate", () => this.#moved());
    addEventListener("hashchange", () => this.#moved());
  }

  /** The query string of the filter, as the server writes it: commas and colons stand as they are. */
  get query() {
    return this.filter.toString().replaceAll("%2C", ",").replaceAll("%3A", ":");
  }

  /** Ask for other patrols: a new entry of the history, or, while somebody types, the same one. */
  setFilter(params, { replace = false } = {}) {
    const before = this.query;
    this.filter = params;
    if (this.query === before) return;
    this.#write(replace ? "replaceState" : "pushState");
    this.dispatchEvent(new Event("filter"));
  }

  /** Where the map stands; moving it makes no entry in the history. */
  setView(view) {
    this.view = view;
    this.#write("replaceState");
  }

  #write(how) {
    const { zoom, lat, lon } = this.view ?? {};
    const hash = this.view ? `#map=${zoom}/${lat.toFixed(4)}/${lon.toFixed(4)}` : "";
    history[how](null, "", `${location.pathname}${this.query ? `?${this.query}` : ""}${hash}`);
  }

  #moved() {
    const before = this.query;
    const view = readView();
    this.filter = readFilter();
    if (this.query !== before) this.dispatchEvent(new Event("filter"));
    const moved = JSON.stringify(view) !== JSON.stringify(this.view);
    this.view = view;
    if (moved) this.dispatchEvent(new Event("view"));
  }
}
