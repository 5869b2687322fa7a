// The timeline: patrols by week, month or quarter, what framed them, what is missing, and a brush for the
// period. It knows nothing of the map or of where its patrols come from:
//
//   const timeline = new Timeline(element, settings);   settings: see patrols/views/timeline.py
//   timeline.show(columns, mask);          day, days, precision, programme, status; see bins.js
//   timeline.setPeriod(from, to);          ISO days or null, both included
//   timeline.setWindow(from, to);          the playback's window, days since 1970, or null
//   timeline.mark(mask);                   patrols whose dates stand out; null for none
//   timeline.stack = "status";             or "programme"
//
// Fires `period` with detail {from, to, replace} (ISO days or null; `replace` where it continues a run of
// keys), `stack` with detail "programme" or "status", and `point` with the [first day, day after] of the bar under
// the pointer, or null.

import { busyView, chooseUnit, dayOf, edges, emptyMonths, extent, gaps } from "./bins.js";
import { isoDay, monthStart, tally, touched } from "./bins.js";
import { Brush } from "./timeline-brush.js";
import { Chart } from "./timeline-chart.js";
import { Marks } from "./timeline-marks.js";
import { fillTable } from "./timeline-table.js";
import { Tip } from "./timeline-tip.js";
import { Words } from "./timeline-words.js";

const SHORTEST_VIEW = 56;
const SHORTEST_GAP = 60;
const MOST_GAPS = 12;
const NOT_SET_OUT = new Set(["announced", "cancelled"]);
const STATUS_ORDER = ["completed", "started", "suspended", "announced", "cancelled"];

export class Timeline extends EventTarget {
  view = null;
  domain = null;
  #period = [null, null];
  #stack = "programme";
  #due = 0;
  #pointed = -1;
  #marked = null;

  constructor(element, settings) {
    super();
    this.element = element;
    this.settings = settings;
    this.words = new Words(settings.words, settings.language);
    const find = (name) => element.querySelector(name);
    this.parts = {
      plot: find("[data-plot]"),
      title: find("[data-title]"),
      chip: find("[data-period]"),
      chipText: find("[data-period-text]"),
      key: find("[data-key]"),
      table: find("[data-table]"),
      whole: find("[data-zoom=all]"),
    };
    this.chart = new Chart(find("svg.tl-chart"), this.words);
    this.marks = new Marks(find("[data-events]"), find("[data-card]"), this.words);
    this.handles = Object.fromEntries(
      [...element.querySelectorAll("[data-handle]")].map((handle) => [handle.dataset.handle, handle]),
    );
    this.brush = new Brush(this.parts.plot, this.handles, this);
    this.tip = new Tip(find("[data-tip]"), this.parts.plot, this);
    this.#prepare();
    this.#listen();
  }

  // What is shown

  show(columns, mask) {
    this.columns = columns;
    this.mask = mask;
    this.#frame();
    const first = this.domain[0];
    const everything = new Uint8Array(this.settings.statuses.length + 1).fill(1);
    this.any = touched(this.columns, mask, ...this.domain, everything);
    const out = touched(this.columns, mask, ...this.domain, this.setOut);
    this.months = emptyMonths(this.any, first, this.settings.coverage);
    this.gaps = gaps(out, first, SHORTEST_GAP)
      .slice(0, MOST_GAPS)
      .map(([day, days]) => [day, days, this.words.say("gap", { n: days })]);
    this.#relate(this.columns, mask);
    this.#count();
  }

  setPeriod(from, to) {
    this.#period = [dayOf(from), dayOf(to)];
    this.#later();
  }

  setWindow(from, to) {
    this.playing = from === null ? null : [from, to + 1];
    if (this.view) this.chart.window(...(this.playing ?? [null, null]));
    if (this.playing) this.reveal(to);
  }

  mark(mask) {
    this.#marked = mask;
    this.#mark();
  }

  #mark() {
    if (!this.tally) return;
    // All of one key.
    const lookup = new Uint8Array(this.settings.programmes.length + 1);
    const { columns, bins } = this;
    this.chart.mark(bins, this.#marked && tally(columns, this.#marked, bins, columns.programme, lookup));
  }

  /** The pointer is over a day, or over none. */
  point(day) {
    const { bins } = this;
    const bin = day === null || day >= bins[bins.length - 1] ? -1 : bins.findLastIndex((edge) => edge <= day);
    if (bin === this.#pointed) return;
    this.#pointed = bin;
    this.dispatchEvent(new CustomEvent("point", { detail: bin < 0 ? null : [bins[bin], bins[bin + 1]] }));
  }

  get stack() {
    return this.#stack;
  }

  set stack(name) {
    this.#stack = name === "status" ? "status" : "programme";
    for (const radio of this.element.querySelectorAll("[data-stack] input")) {
      radio.checked = radio.value === this.#stack;
    }
    if (this.columns) this.#count();
  }

  /** What a playback runs through: the period, or else the patrols that are in view. */
  get range() {
    const { from, after } = this.bounds;
    if (this.hasPeriod) return [from, after - 1];
    const low = Math.max(0, Math.floor(this.view[0]) - this.domain[0]);
    const high = Math.ceil(this.view[1]) - this.domain[0];
    const seen = this.any.subarray(low, high);
    const first = seen.findIndex(Boolean);
    if (first < 0) return [this.domain[0] + low, Math.min(this.domain[1], this.domain[0] + high - 1)];
    return [first, seen.findLastIndex(Boolean)].map((at) => this.domain[0] + low + at);
  }

  /** Lookups that do not change with the filter. */
  #prepare() {
    const { programmes, statuses, events, suspensions } = this.settings;
    this.setOut = Uint8Array.from([1, ...statuses.map(([code]) => (NOT_SET_OUT.has(code) ? 0 : 1))]);
    const colours = Uint8Array.from([5, ...programmes.map(({ colour }) => colour - 1)]);
    const places = statuses.map(([code]) => STATUS_ORDER.indexOf(code));
    const labels = new Map(statuses);
    const names = new Map(programmes.map(({ slug, name }) => [slug, name]));
    const named = (key) => programmes.find(({ colour }) => colour === key + 1)?.name;
    this.stacks = {
      programme: {
        lookup: colours,
        styles: [1, 2, 3, 4, 5, 6].map((n) => `c${n}`),
        names: [0, 1, 2, 3, 4].map(named).concat(this.words.say("other_programmes")),
      },
      status: {
        lookup: Uint8Array.from([STATUS_ORDER.length, ...places]),
        styles: [...STATUS_ORDER, "unsaid"].map((code) => `st-${code}`),
        names: [...STATUS_ORDER.map((code) => labels.get(code)), this.words.say("not_said")],
      },
    };
    this.events = events.map((event) => ({
      ...event,
      first: dayOf(event.start),
      last: event.end ? dayOf(event.end) : null,
      programmeNames: event.programmes.map((slug) => names.get(slug) ?? slug),
    }));
    this.suspensions = suspensions.map((one) => ({ ...one, first: dayOf(one.first), last: dayOf(one.last) }));
  }

  /** The days that the axis can show: everything that is dated, and every month that reports cover. */
  #frame() {
    const days = extent(this.columns) ?? [];
    const { from, months } = this.settings.coverage;
    if (months) {
      const [year, month] = from.split("-").map(Number);
      days.push(monthStart(year, month - 1), monthStart(year, month - 1 + months.length) - 1);
    }
    if (!days.length) days.push(...(this.events.length ? this.events.map(({ first }) => first) : [0]));
    const domain = [Math.min(...days), Math.max(...days)];
    domain[1] = Math.max(domain[1], domain[0] + SHORTEST_VIEW);
    if (this.domain?.join() === domain.join()) return;
    this.domain = domain;
    if (this.view) this.#look(...this.view);
  }

  #relate(columns, mask) {
    // Events of programmes that no matching patrol belongs to would only distract.
    const seen = new Uint8Array(this.settings.programmes.length);
    for (let row = 0; row < mask.length; row += 1) if (mask[row]) seen[columns.programme[row]] = 1;
    const slugs = new Set(this.settings.programmes.filter((_, at) => seen[at]).map(({ slug }) => slug));
    const concerns = ({ programmes }) =>
      !slugs.size || !programmes.length || programmes.some((slug) => slugs.has(slug));
    this.framing = this.events.filter(concerns);
    this.shades = this.suspensions.filter(concerns).map(({ first, last }) => ({
      first,
      after: (last ?? this.domain[1]) + 1,
      text: this.words.say("suspended_label"),
      tip: last
        ? this.words.say("suspended", { period: this.words.days(first, last) })
        : this.words.say("suspended_open", { day: this.words.day(first) }),
    }));
  }

  // Counting and drawing

  #firstView() {
    const [first, last] = busyView(this.columns, this.mask, this.domain);
    const [from, to] = this.#period;
    this.#look(Math.min(first, from ?? first), Math.max(last, to ?? last) + 1);
  }

  #count() {
    if (!this.chart.width) return;
    if (!this.view) this.#firstView();
    this.point(null);
    this.unit = chooseUnit(this.view[1] - this.view[0], this.chart.width);
    this.bins = edges(this.unit, ...this.domain);
    const { lookup } = this.stacks[this.#stack];
    const codes = this.#stack === "status" ? this.columns.status : this.columns.programme;
    this.tally = tally(this.columns, this.mask, this.bins, codes, lookup);
    this.parts.title.textContent = this.words.say(`per_${this.unit}`);
    this.#key();
    if (this.parts.table.open) fillTable(this);
    this.#later();
  }

  #later() {
    if (!this.#due) this.#due = requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    this.#due = 0;
    if (!this.view || !this.tally) return;
    this.chart.draw({
      view: this.view,
      bins: this.bins,
      tally: this.tally,
      styles: this.stacks[this.#stack].styles,
      months: this.months,
      gaps: this.gaps,
      suspensions: this.shades,
    });
    if (this.#marked) this.#mark();
    this.marks.draw(this.framing, (day) => this.chart.x(day), this.chart.width);
    const { from, after } = this.bounds;
    this.preview(from, after);
    this.setWindow(...(this.playing ? [this.playing[0], this.playing[1] - 1] : [null]));
    this.#outside();
  }

  /** The colours that are in use, with their names. */
  #key() {
    const { keys, sharp, vague, spans } = this.tally;
    const { styles, names, lookup } = this.stacks[this.#stack];
    const width = this.bins.length - 1;
    const used = new Set();
    for (let key = 0; key < keys; key += 1) {
      for (let bin = 0; bin < width && !used.has(key); bin += 1) {
        if (sharp[key * width + bin] + vague[key * width + bin]) used.add(key);
      }
    }
    this.parts.key.replaceChildren(
      ...[...new Set(lookup)].sort().filter((key) => used.has(key)).map((key) => {
        const item = document.createElement("li");
        const swatch = document.createElement("span");
        swatch.className = `tl-swatch ${styles[key]}`;
        item.append(swatch, names[key] ?? "");
        return item;
      }),
    );
    this.parts.key.hidden = !used.size && !spans.length;
  }

  /** Say how many patrols lie outside of the view. */
  #outside() {
    const counts = [0, 0];
    const { keys, sharp, vague, spans } = this.tally;
    const width = this.bins.length - 1;
    for (let bin = 0; bin < width; bin += 1) {
      const side = this.bins[bin + 1] <= this.view[0] ? 0 : this.bins[bin] >= this.view[1] ? 1 : -1;
      if (side < 0) continue;
      for (let key = 0; key < keys; key += 1) counts[side] += sharp[key * width + bin] + vague[key * width + bin];
    }
    for (const [start, days, count] of spans) {
      if (start + days <= this.view[0]) counts[0] += count;
      else if (start >= this.view[1]) counts[1] += count;
    }
    const said = ["earlier", "later"].map((name, side) => counts[side] && this.words.say(name, { n: counts[side] }));
    const more = said.filter(Boolean).join(" · ");
    this.parts.whole.disabled = !this.zoomed;
    this.parts.whole.dataset.more = more;
    this.parts.whole.setAttribute("aria-description", more);
  }

  // The brush's host

  get hasPeriod() {
    return this.#period.some((day) => day !== null);
  }

  get bounds() {
    const [from, to] = this.#period;
    const [first, last] = this.domain;
    return { from: from ?? first, after: (to ?? last) + 1 };
  }

  get zoomed() {
    return this.view[0] > this.domain[0] || this.view[1] < this.domain[1] + 1;
  }

  x(day) {
    return this.chart.x(day);
  }

  dayAt(x) {
    return Math.floor(this.chart.dayAt(x));
  }

  /** The edge of a bin that is nearest to a day. */
  snap(day) {
    const [low, high] = [this.next(day + 1, -1), this.next(day, 1)];
    return day - low < high - day ? low : high;
  }

  /** The next edge after a day, or the last one before it. */
  next(day, direction) {
    const { bins } = this;
    if (direction > 0) return bins.find((edge) => edge > day) ?? this.domain[1] + 1;
    let at = bins.length - 1;
    while (at > 0 && bins[at] >= day) at -= 1;
    return Math.max(bins[at], this.domain[0]);
  }

  /** Put brush and words where a period would be, without choosing it. */
  preview(from, after) {
    const [first, last] = this.domain;
    const open = [from <= first, after > last];
    const whole = open[0] && open[1];
    this.chart.period(...(whole ? [null] : [from, after]));
    const place = (handle, day) => {
      handle.style.left = `${Math.min(this.chart.width, Math.max(0, this.x(day)))}px`;
    };
    place(this.handles.from, from);
    place(this.handles.to, after);
    const { body } = this.handles;
    body.hidden = whole;
    const [left, right] = [from, after].map((day) => Math.min(this.chart.width, Math.max(0, this.x(day))));
    body.style.left = `${left}px`;
    body.style.width = `${Math.max(0, right - left)}px`;
    const said = this.words.days(from, after - 1);
    this.parts.chip.hidden = whole;
    this.parts.chipText.textContent = whole ? "" : said;
    const [start, end] = [this.words.day(from), this.words.day(after - 1)];
    for (const handle of [this.handles.from, this.handles.to]) handle.hidden = false; // Until now they had no value.
    this.#value(this.handles.from, from, open[0] ? this.words.say("from_start", { day: start }) : start);
    this.#value(this.handles.to, after - 1, open[1] ? this.words.say("to_end", { day: end }) : end);
    this.#value(body, from, said);
  }

  #value(handle, day, text) {
    handle.setAttribute("aria-valuemin", this.domain[0]);
    handle.setAttribute("aria-valuemax", this.domain[1]);
    handle.setAttribute("aria-valuenow", Math.min(Math.max(day, this.domain[0]), this.domain[1]));
    handle.setAttribute("aria-valuetext", text);
  }

  commit(from, after, { replace = false } = {}) {
    const [first, last] = this.domain;
    const days = [from === null || from <= first ? null : from, after === null || after > last ? null : after - 1];
    const changed = days.join() !== this.#period.join();
    this.#period = days;
    this.#later();
    if (!changed) return;
    const [isoFrom, isoTo] = days.map((day) => (day === null ? null : isoDay(day)));
    this.dispatchEvent(new CustomEvent("period", { detail: { from: isoFrom, to: isoTo, replace } }));
  }

  #look(from, to) {
    const [first, last] = [this.domain[0], this.domain[1] + 1];
    const span = Math.min(Math.max(to - from, SHORTEST_VIEW), last - first);
    const start = Math.min(Math.max(from, first), last - span);
    const view = [start, start + span];
    const changed = view.join() !== this.view?.join();
    this.view = view;
    this.chart.view = view;
    return changed;
  }

  zoom(factor, day = (this.view[0] + this.view[1]) / 2) {
    const [from, to] = this.view;
    const span = Math.min(Math.max((to - from) * factor, SHORTEST_VIEW), this.domain[1] + 1 - this.domain[0]);
    const share = (day - from) / (to - from);
    const start = day - share * span;
    return this.#moved(this.#look(start, start + span));
  }

  pan(pixels) {
    const shift = (pixels / this.chart.width) * (this.view[1] - this.view[0]);
    return this.#moved(this.#look(this.view[0] + shift, this.view[1] + shift));
  }

  whole() {
    return this.#moved(this.#look(this.domain[0], this.domain[1] + 1));
  }

  #moved(changed) {
    if (!changed) return false;
    if (chooseUnit(this.view[1] - this.view[0], this.chart.width) === this.unit) this.#later();
    else this.#count();
    return true;
  }

  /** Bring a day into view. */
  reveal(day) {
    const [from, to] = this.view;
    if (day >= from && day < to) return;
    const start = day < from ? day - (to - from) * 0.1 : day - (to - from) * 0.9;
    this.#moved(this.#look(start, start + to - from));
  }

  // Events of the page

  #listen() {
    const { element, parts } = this;
    new ResizeObserver(() => this.#resize()).observe(parts.plot);
    this.#resize();
    element.querySelector("[data-stack]").addEventListener("change", ({ target }) => {
      this.stack = target.value;
      this.dispatchEvent(new CustomEvent("stack", { detail: this.#stack }));
    });
    element.querySelector("[data-clear]").addEventListener("click", () => {
      this.commit(null, null);
      this.handles.from.focus();
    });
    const acts = { in: () => this.zoom(0.5), out: () => this.zoom(2), all: () => this.whole() };
    for (const button of element.querySelectorAll("[data-zoom]")) {
      button.addEventListener("click", () => this.view && acts[button.dataset.zoom]());
    }
    parts.table.addEventListener("toggle", () => parts.table.open && this.tally && fillTable(this));
    element.addEventListener("keydown", (event) => {
      const act = { "+": acts.in, "=": acts.in, "-": acts.out, 0: acts.all }[event.key];
      if (!act || !this.view || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target.matches("select")) return;
      event.preventDefault();
      act();
    });
  }

  #resize() {
    const { clientWidth, clientHeight } = this.parts.plot;
    if (!clientWidth || (clientWidth === this.chart.width && clientHeight === this.chart.height)) return;
    this.chart.size(clientWidth, clientHeight);
    if (this.columns) this.#count();
  }
}
