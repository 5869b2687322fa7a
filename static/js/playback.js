// The playback: a window that moves through time, step by step or by itself, over what is already loaded.
// It asks nobody and draws nothing: it fires `window` with detail {from, to, over, floor}, or null when it
// ends, and `choice` with the {window, speed} that somebody has chosen. `from` and `to` are days since 1970, both
// included; `over` and `floor` are for `fade` in bins.js.
//
// For people whose system asks for less motion it only steps, until they allow motion here.

import { fade } from "./bins.js";

const TICK_MS = 120;
const TICKS = 360; // At 1× the whole range takes about 45 seconds.
const FADING_DAYS = 365; // How long routes take to fade while all up to then are shown.
const FLOOR = { trail: 0.12, all: 0.25 };

export class Playback extends EventTarget {
  at = null;
  #timer = 0;

  /** `range()` gives [first, last] to play through, `next(day, direction)` the edge of a bin. */
  constructor(element, clock, words, { range, next }) {
    super();
    this.words = words;
    this.range = range;
    this.next = next;
    const find = (name) => element.querySelector(`[data-${name}]`);
    this.clock = clock;
    this.button = find("play");
    this.speed = find("speed");
    this.length = find("window");
    this.end = find("stop");
    this.motion = find("motion");
    this.allowed = this.motion.querySelector("input");
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.button.addEventListener("click", () => this.toggle());
    find("back").addEventListener("click", () => this.step(-1));
    find("forward").addEventListener("click", () => this.step(1));
    this.end.addEventListener("click", () => {
      this.stop();
      this.button.focus();
    });
    for (const list of [this.length, this.speed]) list.addEventListener("change", () => this.#chosen());
    this.length.addEventListener("change", () => this.again());
    this.allowed.addEventListener("change", () => this.#ready());
    this.calm.addEventListener("change", () => this.#ready());
    document.addEventListener("visibilitychange", () => document.hidden && this.pause());
    this.#ready();
  }

  get playing() {
    return this.#timer !== 0;
  }

  get mayMove() {
    return !this.calm.matches || this.allowed.checked;
  }

  /** Answer to a key of the timeline: whether it was one of the playback's. */
  key(key) {
    const back = () => this.step(-1);
    const forward = () => this.step(1);
    const act = { " ": () => this.toggle(), ",": back, ".": forward, Escape: () => this.stop() }[key];
    if (!act || (key === "Escape" && this.at === null)) return false;
    act();
    return true;
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  play() {
    if (!this.mayMove) return;
    const [first, last] = this.range();
    if (this.at === null || this.at >= last || this.at < first) this.at = first - 1;
    this.#timer = setTimeout(() => this.#tick(), 0);
    this.#ready();
  }

  pause() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#ready();
  }

  stop() {
    this.pause();
    if (this.at === null) return;
    this.at = null;
    this.end.hidden = true;
    this.clock.textContent = "";
    this.#fire(null);
  }

  /** To the end of the next bin, or of the one before. */
  step(direction) {
    this.pause();
    const [first, last] = this.range();
    const begin = this.at === null ? first : this.at + 1;
    if (this.at === null && direction < 0) this.at = last;
    else this.at = this.next(begin, direction) - 1;
    this.at = Math.min(last, Math.max(this.at, this.next(first, 1) - 1));
    this.#show();
  }

  /** Take a window and a speed that were chosen elsewhere. */
  choose({ window, speed }) {
    this.speed.value = speed;
    if (window === this.length.value) return;
    this.length.value = window;
    this.again();
  }

  #chosen() {
    const detail = { window: this.length.value, speed: this.speed.value };
    this.dispatchEvent(new CustomEvent("choice", { detail }));
  }

  /** Show the same moment again, after the data has changed. */
  again() {
    if (this.at !== null) this.#show();
  }

  /** How many patrols the window holds, for the clock. */
  tell(count) {
    const { from, to } = this.window;
    this.clock.textContent = this.words.say("clock", {
      period: this.words.days(from, to, { day: "numeric", month: "short", year: "numeric" }),
      patrols: this.words.say("reported", { n: count }),
    });
  }

  get window() {
    const [first] = this.range();
    const all = this.length.value === "all";
    const days = all ? FADING_DAYS : Number(this.length.value);
    const from = all ? first : Math.max(first, this.at - days + 1);
    return { from, to: this.at, over: days, floor: all ? FLOOR.all : FLOOR.trail };
  }

  #tick() {
    const [first, last] = this.range();
    const days = Math.max(1, Math.round((last - first) / TICKS));
    this.at = Math.min(last, this.at + days);
    this.#show();
    if (this.at >= last) this.pause();
    else if (this.playing) this.#timer = setTimeout(() => this.#tick(), TICK_MS / Number(this.speed.value));
  }

  #show() {
    this.end.hidden = false;
    this.#fire(this.window);
  }

  #fire(detail) {
    this.dispatchEvent(new CustomEvent("window", { detail }));
  }

  #ready() {
    if (this.playing && !this.mayMove) this.pause();
    const name = this.words.say(this.playing ? "pause" : "play");
    this.button.classList.toggle("is-playing", this.playing);
    this.button.disabled = !this.mayMove;
    this.button.setAttribute("aria-label", name);
    this.button.title = name;
    this.motion.hidden = !this.calm.matches;
    // The clock is read out when it stands still, not sixty times a minute.
    this.clock.setAttribute("aria-live", this.playing ? "off" : "polite");
  }
}

/** Weights of the patrols for a window of the playback, and how many of them show: [weights, count]. */
export function weigh(columns, window, weights = new Float32Array(columns.day.length)) {
  return [weights, fade(columns, window, weights)];
}
