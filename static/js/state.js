// The one state of the map page. It lives in the address: the filter in the query string, with the same
// grammar as every list and file, and the map's position in the fragment: #map=zoom/latitude/longitude.

// How patrols are listed, not which: no part of the filter.
const NOT_A_FILTER = new Set(["page", "sort"]);
// How the page shows them: kept in the address whatever the filter becomes, and never sent with it.
const LOOK = new Set(["stack"]);

function readFilter() {
  const kept = [...new URLSearchParams(location.search)].filter(
    ([name, value]) => value.trim() !== "" && !NOT_A_FILTER.has(name) && !LOOK.has(name),
  );
  return new URLSearchParams(kept);
}

function readLook() {
  return new URLSearchParams([...new URLSearchParams(location.search)].filter(([name]) => LOOK.has(name)));
}

function readView() {
  const value = new URLSearchParams(location.hash.slice(1)).get("map") ?? "";
  const [zoom, lat, lon] = value.split("/").map(Number);
  const sane = value.split("/").length === 3 && Math.abs(lat) <= 90 && Math.abs(lon) <= 540 && zoom >= 0;
  return sane ? { zoom, lat, lon } : null;
}

/** The filter, the look and the view, in step with the address. Fires `filter`, `look`, `view` as they change. */
export class State extends EventTarget {
  constructor() {
    super();
    this.filter = readFilter();
    this.look = readLook();
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

  /** How the patrols are shown: no entry in the history. Null takes a part out of the address. */
  setLook(name, value) {
    if (value === null) this.look.delete(name);
    else this.look.set(name, value);
    this.#write("replaceState");
  }

  /** Where the map stands; moving it makes no entry in the history. */
  setView(view) {
    this.view = view;
    this.#write("replaceState");
  }

  #write(how) {
    const { zoom, lat, lon } = this.view ?? {};
    const hash = this.view ? `#map=${zoom}/${lat.toFixed(4)}/${lon.toFixed(4)}` : "";
    const query = [this.query, this.look.toString()].filter(Boolean).join("&");
    history[how](null, "", `${location.pathname}${query ? `?${query}` : ""}${hash}`);
  }

  #moved() {
    const before = this.query;
    const view = readView();
    const look = this.look.toString();
    this.filter = readFilter();
    this.look = readLook();
    if (this.look.toString() !== look) this.dispatchEvent(new Event("look"));
    if (this.query !== before) this.dispatchEvent(new Event("filter"));
    const moved = JSON.stringify(view) !== JSON.stringify(this.view);
    this.view = view;
    if (moved) this.dispatchEvent(new Event("view"));
  }
}
