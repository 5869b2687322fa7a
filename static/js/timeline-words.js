// What the timeline says, in the reader's language: counts in the right plural, spans no sharper than known.

import { DAY_MS, MONTH } from "./bins.js";

const LONG = { year: "numeric", month: "long", day: "numeric" };

export class Words {
  constructor(words, language) {
    // English dates are written day first, as on every other page.
    this.locale = language === "en" ? "en-GB" : language;
    this.words = words;
    this.rules = new Intl.PluralRules(language);
    this.figures = new Intl.NumberFormat(this.locale);
    this.formats = new Map();
  }

  /** A text with its {places} filled; where it has plural forms, the one for `n`. */
  say(name, values = {}) {
    const text = this.words[name];
    const form = typeof text === "string" ? text : text[this.rules.select(values.n)] ?? text.other;
    return form.replace(/\{(\w+)\}/g, (whole, key) => {
      const value = values[key];
      return typeof value === "number" ? this.figures.format(value) : value ?? whole;
    });
  }

  #format(parts) {
    const key = JSON.stringify(parts);
    if (!this.formats.has(key)) {
      this.formats.set(key, new Intl.DateTimeFormat(this.locale, { ...parts, timeZone: "UTC" }));
    }
    return this.formats.get(key);
  }

  day(day, parts = LONG) {
    return this.#format(parts).format(day * DAY_MS);
  }

  /** Days from first to last: "14 January – 3 March 2020". */
  days(first, last, parts = LONG) {
    return this.#format(parts).formatRange(first * DAY_MS, last * DAY_MS);
  }

  /** A span of days as what it is: "2021" and "May 2020" where it is exactly that. */
  span(first, last) {
    const [start, after] = [new Date(first * DAY_MS), new Date((last + 1) * DAY_MS)];
    const whole = start.getUTCDate() === 1 && after.getUTCDate() === 1;
    if (whole && start.getUTCMonth() === 0 && after.getUTCMonth() === 0) {
      return this.days(first, last, { year: "numeric" });
    }
    return whole ? this.days(first, last, { year: "numeric", month: "long" }) : this.days(first, last);
  }

  bin(unit, first, last) {
    return unit === "week" ? this.say("week_of", { day: this.day(first) }) : this.span(first, last);
  }

  /** When an event was, no sharper than its precision. */
  event({ first, last, precision }) {
    const parts = { [MONTH]: { year: "numeric", month: "long" }, 5: { year: "numeric" } }[precision] ?? LONG;
    return this.days(first, last ?? first, parts);
  }
}
