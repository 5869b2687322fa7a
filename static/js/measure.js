// A line drawn by the reader, with its length: by clicks on the map, or by keyboard at the map's middle.

const L = window.L;
const DRAG_PX = 4;

export class Measure {
  #points = [];
  #line = null;

  /** `button` switches it on and off; `place` holds the length and the buttons while it is on. */
  constructor(map, button, place, { words, language }) {
    Object.assign(this, { map, button, place });
    this.number = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 });
    this.text = words.measured;
    this.hint = words.measure_hint;
    this.said = place.querySelector("[data-length]");
    button.addEventListener("click", () => (this.on ? this.stop() : this.start()));
    const acts = { add: () => this.add(map.getCenter()), undo: () => this.undo(), end: () => this.stop() };
    for (const [name, act] of Object.entries(acts)) {
      place.querySelector(`[data-measure="${name}"]`).addEventListener("click", act);
    }
    // Not the map's own clicks, which zones keep to themselves.
    let down = null;
    map.getContainer().addEventListener("pointerdown", (event) => {
      down = map.mouseEventToContainerPoint(event);
    });
    map.getContainer().addEventListener("click", (event) => {
      if (!this.on || event.target.closest("button, a, .leaflet-control")) return;
      const dragged = down?.distanceTo(map.mouseEventToContainerPoint(event)) > DRAG_PX;
      if (!dragged) this.add(map.mouseEventToLatLng(event));
    });
    map.getContainer().addEventListener("keydown", (event) => {
      if (!this.on || event.key !== "Escape") return;
      event.preventDefault();
      this.stop();
    });
  }

  start() {
    this.on = true;
    this.#show();
    this.place.querySelector("button").focus();
  }

  stop() {
    this.on = false;
    this.#points = [];
    this.#show();
    this.button.focus();
  }

  add(at) {
    this.#points.push(at);
    this.#show();
  }

  undo() {
    this.#points.pop();
    this.#show();
  }

  get km() {
    return this.#points.slice(1).reduce((sum, at, index) => sum + at.distanceTo(this.#points[index]) / 1000, 0);
  }

  #show() {
    this.button.setAttribute("aria-pressed", String(this.on));
    this.place.hidden = !this.on;
    this.map.getContainer().classList.toggle("measures", this.on);
    this.said.textContent = this.#points.length > 1 ? this.text.replace("{km}", this.number.format(this.km)) : this.hint;
    this.#line?.remove();
    this.#line = null;
    if (!this.#points.length) return;
    const style = { className: "measured", interactive: false, pane: "marks" };
    this.#line = L.layerGroup([
      L.polyline(this.#points, { ...style, renderer: L.svg({ pane: "marks" }) }),
      ...this.#points.map((at) => L.marker(at, { ...style, keyboard: false, icon: L.divIcon({ className: "measured-point", iconSize: [8, 8] }) })),
    ]).addTo(this.map);
  }
}
