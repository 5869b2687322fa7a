// The bundled base map (Natural Earth) and the names on it. The region's own file is drawn at once; the
// world's is fetched only when the view leaves the region.

const L = window.L;
const NEAR_PX = 14; // A town this close to a place of the record is the same town under another spelling.
const TOWN_RANK = { 5: 3, 6: 6, 7: 7, 8: 8 }; // Zoom -> the least important rank that is named.

/** [[lat, lon], …] from the wire form of publish/compact.py, to whatever depth it is nested. */
export function latlngs(shape, scale) {
  if (typeof shape[0] !== "number") return shape.map((part) => latlngs(part, scale));
  const points = [];
  let x = 0;
  let y = 0;
  for (let i = 0; i < shape.length; i += 2) {
    x += shape[i];
    y += shape[i + 1];
    points.push([y / scale, x / scale]);
  }
  return points;
}

export class BaseMap {
  #labels = [];
  #world = null;
  obstacles = []; // Elements that stand on the map and that no name may cover.

  constructor(map, urls) {
    this.map = map;
    this.urls = urls;
    for (const [name, order] of [["world", 210], ["region", 220], ["waters", 230], ["names", 450]]) {
      map.createPane(name).style.zIndex = order;
      map.getPane(name).style.pointerEvents = "none";
    }
    // A margin around the view, so that dragging shows no blank edge.
    this.renderers = Object.fromEntries(
      ["world", "region", "waters"].map((pane) => [pane, L.svg({ pane, padding: 0.5 })]),
    );
    map.on("zoomend moveend", () => this.arrange());
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
    for (const [name, rank, x, y] of data.towns) {
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
    for (const { name, shape, label, rank } of data.countries) {
      this.#area(latlngs(shape, data.scale), pane, className);
      if (label) {
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
