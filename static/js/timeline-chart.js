// How the timeline looks: an SVG whose colours come from the stylesheet, so that it follows the theme by
// itself. One path for each colour, however many bars there are.

import { lanes, steps, ticks } from "./bins.js";

const NS = "http://www.w3.org/2000/svg";
const LAYERS = ["shades", "months", "grid", "bars", "spans", "axis", "dim", "window", "held", "labels"];
const LINE = 12; // Height of a line of a label.
const LANE = 7;
const LEAST_HELD = 5; // Pixels; so high is what stands out, however few it counts.
const MARGIN = 20; // Room for the figures of the grid.

export class Chart {
  #ruler = document.createElement("canvas").getContext("2d");

  constructor(svg, words) {
    this.svg = svg;
    this.words = words;
    this.layers = {};
    for (const name of LAYERS) {
      this.layers[name] = made("g", { class: `tl-${name}` });
      svg.append(this.layers[name]);
    }
  }

  size(width, height) {
    this.width = width;
    this.height = height;
    this.laneCount = height < 110 ? 2 : 3;
    this.base = height - 17 - this.laneCount * LANE;
    this.top = height < 110 ? 24 : 30;
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const { fontFamily } = getComputedStyle(this.svg);
    this.#ruler.font = `11px ${fontFamily}`;
  }

  x(day) {
    const [from, to] = this.view;
    return ((day - from) / (to - from)) * this.width;
  }

  dayAt(x) {
    const [from, to] = this.view;
    return from + (x / this.width) * (to - from);
  }

  /** Everything but the brush and the playback's window. */
  draw({ view, bins, tally, styles, months, gaps, suspensions }) {
    this.view = view;
    this.#months(months);
    this.#bars(bins, tally, styles);
    this.#spans(tally.spans);
    this.#axis();
    this.#shades(suspensions, gaps);
  }

  #inView(first, after) {
    return first < this.view[1] && after > this.view[0];
  }

  /** Left and width of a span of days, cut to the view. */
  #box(first, after) {
    const left = Math.max(0, this.x(first));
    return [left, Math.max(0, Math.min(this.width, this.x(after)) - left)];
  }

  #months(months) {
    this.layers.months.replaceChildren(
      ...months
        .filter(([first, after]) => this.#inView(first, after))
        .map(([first, after, silent]) => {
          const [x, width] = this.#box(first, after);
          return this.#area(silent ? "tl-silent" : "tl-empty", x, width);
        }),
    );
  }

  /** A rectangle as high as the bars can be. */
  #area(name, x, width) {
    return made("rect", { class: name, x, width, y: this.top, height: this.base - this.top });
  }

  #bars(bins, { keys, sharp, vague }, styles) {
    const width = bins.length - 1;
    const [begin, end] = this.#visible(bins);
    const totals = new Float64Array(width);
    for (let key = 0; key < keys; key += 1) {
      for (let bin = begin; bin < end; bin += 1) totals[bin] += sharp[key * width + bin] + vague[key * width + bin];
    }
    const most = Math.max(1, ...totals.subarray(begin, end));
    const scale = (this.base - this.top) / most;
    this.scale = scale;
    const stacked = new Float64Array(width);
    const paths = [];
    const unsure = [];
    for (const counts of [sharp, vague]) {
      for (let key = 0; key < keys; key += 1) {
        const parts = [];
        for (let bin = begin; bin < end; bin += 1) {
          const count = counts[key * width + bin];
          if (!count) continue;
          parts.push(this.#bar(bins[bin], bins[bin + 1], stacked[bin] * scale, count * scale));
          stacked[bin] += count;
        }
        if (!parts.length) continue;
        const d = parts.join("");
        paths.push(made("path", { class: `tl-bar ${styles[key]}${counts === vague ? " tl-unsure" : ""}`, d }));
        if (counts === vague) unsure.push(d);
      }
    }
    if (unsure.length) paths.push(made("path", { class: "tl-hatched", d: unsure.join("") }));
    this.layers.bars.replaceChildren(...paths);
    this.#grid(most, scale);
  }

  #visible(bins) {
    let begin = 0;
    while (begin < bins.length - 2 && bins[begin + 1] <= this.view[0]) begin += 1;
    let end = begin;
    while (end < bins.length - 1 && bins[end] < this.view[1]) end += 1;
    return [begin, end];
  }

  #bar(first, after, below, height) {
    const left = Math.round(Math.max(0, this.x(first)));
    const full = Math.round(Math.min(this.width, this.x(after))) - left;
    const width = Math.max(1, full > 3 ? full - 1 : full);
    const y = this.base - below;
    return `M${left} ${y.toFixed(1)}h${width}v${(-height).toFixed(1)}h${-width}z`;
  }

  #grid(most, scale) {
    const parts = steps(most, this.height < 110 ? 2 : 3).flatMap((mark) => {
      const y = Math.round(this.base - mark * scale) + 0.5;
      return [
        made("line", { x1: 0, x2: this.width, y1: y, y2: y }),
        made("text", { x: 2, y: y - 2 }, this.words.figures.format(mark)),
      ];
    });
    this.layers.grid.replaceChildren(...parts);
  }

  /** Dates that are known to a month or a year only: a line over all of it, at the foot. */
  #spans(spans) {
    const seen = spans.filter(([start, days]) => this.#inView(start, start + days));
    const rows = lanes(seen, this.laneCount);
    const parts = seen.flatMap(([start, days, count], at) => {
      const [x, width] = this.#box(start, start + days);
      const y = this.base + 2 + rows[at] * LANE;
      const box = { x: x + 0.5, width: Math.max(1, width - 1), y: y + 1, height: 3, rx: 1.5 };
      const line = made("rect", { class: "tl-span", ...box });
      if (width < 26) return [line];
      return [line, made("text", { x: x + width / 2, y: y + 6 }, this.words.figures.format(count))];
    });
    this.layers.spans.replaceChildren(...parts);
  }

  #axis() {
    const foot = this.height - 4;
    const parts = [made("line", { class: "tl-base", x1: 0, x2: this.width, y1: this.base + 0.5, y2: this.base + 0.5 })];
    for (const { day, label, major } of ticks(this.view, this.width, this.words.locale)) {
      const x = Math.round(this.x(day)) + 0.5;
      const name = major ? "tl-major" : "";
      parts.push(made("line", { class: name, x1: x, x2: x, y1: this.base + 1, y2: this.height - 14 }));
      if (x + this.#ruler.measureText(label).width + 3 > this.width) continue;
      parts.push(made("text", { class: name, x: x + 2, y: foot }, label));
    }
    this.layers.axis.replaceChildren(...parts);
  }

  /** Declared suspensions and computed gaps: shaded, and labelled where there is room. */
  #shades(suspensions, gaps) {
    const shades = [];
    const labels = [];
    const placed = [];
    const add = (first, after, className, text) => {
      if (!this.#inView(first, after)) return;
      const [x, width] = this.#box(first, after);
      shades.push(this.#area(className, x, Math.max(1, width)));
      const [labelX, room] = x < MARGIN ? [MARGIN, width - MARGIN + x] : [x, width];
      const lines = this.#wrap(text, room - 6);
      const above = placed.filter((one) => one.x < x + width && x < one.x + one.width);
      const row = Math.max(0, ...above.map((one) => one.row + one.lines));
      if (!lines || this.top + (row + lines.length) * LINE > this.base) return;
      placed.push({ x, width, row, lines: lines.length });
      const label = made("text", { class: `${className}-label`, y: this.top + row * LINE });
      lines.forEach((line) => label.append(made("tspan", { x: labelX + room / 2, dy: LINE }, line)));
      labels.push(label);
    };
    suspensions.forEach(({ first, after, text }) => add(first, after, "tl-suspended", text));
    gaps.forEach(([first, days, text]) => add(first, first + days, "tl-gap", text));
    this.layers.shades.replaceChildren(...shades);
    this.layers.labels.replaceChildren(...labels);
  }

  /** The text in lines no longer than `width`; null where a word is longer, or it takes more than four. */
  #wrap(text, width) {
    const lines = [];
    for (const word of text.split(" ")) {
      const longer = lines.length ? `${lines[lines.length - 1]} ${word}` : word;
      if (lines.length && this.#ruler.measureText(longer).width <= width) lines[lines.length - 1] = longer;
      else lines.push(word);
      if (this.#ruler.measureText(lines[lines.length - 1]).width > width) return null;
    }
    return lines.length <= 4 ? lines : null;
  }

  /** Where patrols lie that stand out, as `tally` counts them under one key; everything else steps back. */
  mark(bins, counted) {
    this.svg.classList.toggle("holds", Boolean(counted));
    if (!counted) {
      this.layers.held.replaceChildren();
      return;
    }
    const columns = [];
    const bars = [];
    const [begin, end] = this.#visible(bins);
    for (let bin = begin; bin < end; bin += 1) {
      const count = counted.sharp[bin] + counted.vague[bin];
      if (!count) continue;
      columns.push(this.#bar(bins[bin], bins[bin + 1], 0, this.base - this.top));
      bars.push(this.#bar(bins[bin], bins[bin + 1], 0, Math.max(LEAST_HELD, count * this.scale)));
    }
    const spans = counted.spans.filter(([start, days]) => this.#inView(start, start + days)).map(([start, days]) => {
      const [x, width] = this.#box(start, start + days);
      return made("rect", { class: "tl-held-span", x, width, y: this.base + 1, height: this.laneCount * LANE });
    });
    this.layers.held.replaceChildren(
      made("path", { class: "tl-held-column", d: columns.join("") }),
      made("path", { class: "tl-held-bar", d: bars.join("") }),
      ...spans,
    );
  }

  /** What lies outside of the chosen period steps back. `from` and `after` are days; null for no period. */
  period(from, after) {
    if (from === null) {
      this.layers.dim.replaceChildren();
      return;
    }
    const clamp = (x) => Math.min(this.width, Math.max(0, x));
    const [left, right] = [clamp(this.x(from)), clamp(this.x(after))];
    const box = { y: this.top - 4, height: this.height - 14 - this.top + 4 };
    this.layers.dim.replaceChildren(
      made("rect", { class: "tl-outside", x: 0, width: left, ...box }),
      made("rect", { class: "tl-outside", x: right, width: this.width - right, ...box }),
      made("rect", { class: "tl-inside", x: left, width: Math.max(1, right - left), y: this.top - 4, height: 3 }),
    );
  }

  /** The playback's window, in days; null for none. */
  window(from, after) {
    if (from === null) {
      this.layers.window.replaceChildren();
      return;
    }
    const [x, width] = this.#box(from, after);
    const now = Math.round(this.x(after)) + 0.5;
    this.layers.window.replaceChildren(
      this.#area("tl-trail", x, width),
      made("line", { class: "tl-now", x1: now, x2: now, y1: this.top - 4, y2: this.height - 14 }),
    );
  }
}

function made(tag, attributes, text = null) {
  const one = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) one.setAttribute(name, value);
  if (text !== null) one.textContent = text;
  return one;
}
