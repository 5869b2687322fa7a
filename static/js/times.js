// Joins the timeline and the playback to the state of the page and to the map.

import { typed } from "./bins.js";
import { Playback, weigh } from "./playback.js";
import { listKeys } from "./keys.js";
import { Timeline } from "./timeline.js";

const PERIOD = ["from", "to"];

export class Times {
  #kept = { query: null, data: null };
  #running = null;

  /**
   * `restrict(weights)` lets the map draw each patrol with a weight from 0 (not at all) to 1, or with null all
   * of them; `payload` is the address of the patrols' columns.
   */
  constructor(element, { state, payload, restrict }) {
    this.state = state;
    this.payload = payload;
    this.restrict = restrict;
    const settings = JSON.parse(document.getElementById("timeline-settings").textContent);
    this.timeline = new Timeline(element, settings);
    const { timeline } = this;
    const [controls, clock] = ["[data-playback]", "[data-clock]"].map((name) => element.querySelector(name));
    this.playback = new Playback(controls, clock, timeline.words, {
      range: () => timeline.range,
      next: (day, direction) => timeline.next(day, direction),
    });
    listKeys(document.getElementById("keys"));
    this.#follow();
    timeline.addEventListener("period", ({ detail }) => this.#choose(detail));
    timeline.addEventListener("stack", ({ detail }) => state.setLook("stack", detail === "status" ? detail : null));
    this.playback.addEventListener("window", ({ detail }) => this.#play(detail));
    state.addEventListener("filter", () => this.#follow());
    state.addEventListener("look", () => this.#follow());
    element.addEventListener("keydown", (event) => this.#key(event));
  }

  /** The patrols that the map shows: those of `query`, as the payload's columns. */
  async show(data, query) {
    this.shown = typed(data.patrols);
    this.playback.again();
    const open = withoutPeriod(query);
    const draw = (patrols) => this.timeline.show(patrols, new Uint8Array(patrols.day.length).fill(1));
    try {
      const patrols = open === query ? data.patrols : await this.#fetch(open);
      this.#kept = { query: open, data: patrols };
      draw(patrols);
    } catch (error) {
      // Better the patrols of the period alone than none.
      if (error.name !== "AbortError") draw(data.patrols);
    }
  }

  /** The timeline shows all times, so it needs the patrols that match whatever the period is. */
  async #fetch(query) {
    this.#running?.abort();
    if (this.#kept.query === query) return this.#kept.data;
    this.#running = new AbortController();
    const response = await fetch(`${this.payload}${query ? `?${query}` : ""}`, { signal: this.#running.signal });
    if (!response.ok) throw new Error(`${response.status}`);
    return (await response.json()).patrols;
  }

  #follow() {
    this.timeline.setPeriod(this.state.filter.get("from"), this.state.filter.get("to"));
    const stack = this.state.look.get("stack") ?? "programme";
    if (stack !== this.timeline.stack) this.timeline.stack = stack;
  }

  #choose({ from, to, replace }) {
    const asked = new URLSearchParams([...this.state.filter].filter(([name]) => !PERIOD.includes(name)));
    if (from) asked.set("from", from);
    if (to) asked.set("to", to);
    this.state.setFilter(asked, { replace });
  }

  #play(window) {
    if (!window) {
      this.timeline.setWindow(null);
      this.restrict(null);
      return;
    }
    this.timeline.setWindow(window.from, window.to);
    if (!this.shown) return;
    const [weights, count] = weigh(this.shown, window);
    this.restrict(weights);
    this.playback.tell(count);
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    // A space presses a button and opens a list; it plays only where it means nothing else.
    const own = event.target.closest("button, select, input, summary, a, [popover]");
    if (own && (event.key === " " || event.target.closest("select, [popover]"))) return;
    if (!this.timeline.tally || !this.playback.key(event.key)) return;
    event.preventDefault();
  }
}

function withoutPeriod(query) {
  const kept = [...new URLSearchParams(query)].filter(([name]) => !PERIOD.includes(name));
  return new URLSearchParams(kept).toString().replaceAll("%2C", ",").replaceAll("%3A", ":");
}
