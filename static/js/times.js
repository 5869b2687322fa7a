// Joins the timeline and the playback to the state of the page and to the map.

import { listKeys } from "./keys.js";
import { Playback, weigh } from "./playback.js";
import { Timeline } from "./timeline.js";

const PERIOD = ["from", "to"];

export class Times {
  /**
   * `engine` holds the patrols; `play(weights)` lets the map draw each with a weight from 0 (not at all) to 1, or
   * with null all of them, and answers how many it draws; `point` is told the days of the bar under the pointer, or
   * null.
   */
  constructor(element, { state, engine, play, point }) {
    this.state = state;
    this.engine = engine;
    this.draw = play;
    const settings = JSON.parse(document.getElementById("timeline-settings").textContent);
    settings.programmes = engine.head.programmes;
    this.columns = columnsOf(engine, settings);
    element.hidden = engine.count === engine.head.undated; // Without a dated patrol there is no time to show.
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
    timeline.addEventListener("stack", ({ detail }) => state.setTimes({ stack: detail }));
    this.playback.addEventListener("choice", ({ detail }) => state.setTimes(detail));
    timeline.addEventListener("point", ({ detail }) => point(detail && { days: detail }));
    this.playback.addEventListener("window", ({ detail }) => this.#play(detail));
    state.addEventListener("filter", () => this.#follow());
    state.addEventListener("times", () => this.#follow());
    element.addEventListener("keydown", (event) => this.#key(event));
  }

  /** The engine has filtered: show what matches whatever the period is. */
  show() {
    this.playback.again();
    this.mask = this.engine.others("period", this.mask);
    this.timeline.show(this.columns, this.mask);
  }

  /** Let the dates stand out of the patrols on a {route}, in a {zone} or of one {row}; null for none. */
  mark(what) {
    this.held = what && this.engine.held(what, this.held ?? undefined);
    this.timeline.mark(this.held);
  }

  #follow() {
    this.timeline.setPeriod(this.state.filter.get("from"), this.state.filter.get("to"));
    if (this.state.stack !== this.timeline.stack) this.timeline.stack = this.state.stack;
    this.playback.choose(this.state);
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
      this.draw(null);
      return;
    }
    this.timeline.setWindow(window.from, window.to);
    [this.weights] = weigh(this.columns, window, this.weights);
    this.playback.tell(this.draw(this.weights));
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

/** The engine's columns as the timeline numbers them: its statuses have no place for "not said", which is -1. */
function columnsOf({ columns, head, count }, { statuses }) {
  const places = head.statuses.map((code) => statuses.findIndex(([known]) => known === code));
  const status = new Int16Array(count);
  for (let row = 0; row < count; row += 1) status[row] = places[columns.status[row]];
  return { ...columns, status };
}
