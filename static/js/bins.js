// Time in numbers: days since 1970-01-01, bins, spans, gaps, weights. No DOM, and no object for each patrol:
// every function goes through the columns once, so that a million patrols take tens of milliseconds.
//
// Columns are typed arrays: `day` (first day, or UNKNOWN), `days` (length of the span), `precision` (UCDP date
// precision 1 to 5), `programme` and `status` (numbers, -1 where not said). `mask` has a 1 for every patrol
// that counts.

export const DAY_MS = 86_400_000;
export const MONTH = 4; // Precision of a date that is known to the month; 5 is the year or longer.
export const NEAR_DAY = 2; // From here on the days are a span within which the patrol was, not its length.
const LONGEST = { week: 550, month: 4400 }; // Days of view up to which a unit serves.
const SHORTEST_BAR = 2.5; // Pixels; thinner bars cannot be told apart.
const FEW = 0.05; // A share of the patrols that the first look may leave out,
const FAR_DAYS = 1000; // when so many days part them from the rest.
const LENGTH = { week: 7, month: 30.44, quarter: 91.31 };

/** `day` of a patrol whose date is not known. */
export const UNKNOWN = -2_147_483_648;
const LONGEST_SPAN = 16_384; // Days; a span and its first day make one small number with it.

export const isoDay = (day) => new Date(Math.round(day) * DAY_MS).toISOString().slice(0, 10);

/** Days since 1970-01-01 of YYYY-MM-DD; null where that is no day. */
export function dayOf(text) {
  const [, year, month, date] = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(text) ?? [];
  if (!year || year === "0000") return null;
  const moment = new Date(0);
  moment.setUTCFullYear(Number(year), Number(month) - 1, Number(date));
  return moment.toISOString().slice(0, 10) === text ? moment.getTime() / DAY_MS : null;
}

export const monthStart = (year, month) => Date.UTC(year, month, 1) / DAY_MS;

/** The day a number of years later, the 29th of February becoming the 1st of March. */
export function yearsAfter(day, years) {
  const date = new Date(day * DAY_MS);
  return Date.UTC(date.getUTCFullYear() + years, date.getUTCMonth(), date.getUTCDate()) / DAY_MS;
}

/** The unit of the bins for a view of so many days on so many pixels. */
export function chooseUnit(days, width) {
  const fits = (unit) => days <= LONGEST[unit] && (days / LENGTH[unit]) * SHORTEST_BAR <= width;
  return ["week", "month"].find(fits) ?? "quarter";
}

/** First days of the bins that hold `first` to `last`, and the day after the last bin. Weeks start on Monday. */
export function edges(unit, first, last) {
  const found = [];
  if (unit === "week") {
    let day = Math.floor((first + 3) / 7) * 7 - 3; // 1970-01-01 was a Thursday.
    for (; day <= last; day += 7) found.push(day);
    return Int32Array.from([...found, day]);
  }
  const step = unit === "month" ? 1 : 3;
  const date = new Date(first * DAY_MS);
  let month = Math.floor(date.getUTCMonth() / step) * step;
  const year = date.getUTCFullYear();
  for (; monthStart(year, month) <= last; month += step) found.push(monthStart(year, month));
  return Int32Array.from([...found, monthStart(year, month)]);
}

/** The bin of each day from the first edge on. */
function binOfDay(bins) {
  const first = bins[0];
  const index = new Int32Array(bins[bins.length - 1] - first);
  for (let bin = 0; bin + 1 < bins.length; bin += 1) index.fill(bin, bins[bin] - first, bins[bin + 1] - first);
  return index;
}

/** [first day, last day] of everything that is dated; null if nothing is. */
export function extent({ day, days }) {
  let first = Infinity;
  let last = -Infinity;
  for (let row = 0; row < day.length; row += 1) {
    const start = day[row];
    if (start === UNKNOWN) continue;
    if (start < first) first = start;
    if (start + days[row] - 1 > last) last = start + days[row] - 1;
  }
  return first <= last ? [first, last] : null;
}

/**
 * Count the patrols by bin and key. `codes[row] + 1` is looked up in `lookup` for the row's key.
 *
 * A date that is no sharper than a span of days (precision 2 and more) counts in a bin only where the whole
 * span lies in it: as `sharp`, or as `vague` if it is known to the month or the year at best. A longer span
 * falls on no bin at all: it is in `spans`, [first day, days, patrols] for each distinct one. A patrol that
 * took several days (precision 1) counts on its first. So `sharp`, `vague`, `spans` and `undated` add up.
 */
export function tally({ day, days, precision }, mask, bins, codes, lookup) {
  const first = bins[0];
  const end = bins[bins.length - 1];
  const width = bins.length - 1;
  const index = binOfDay(bins);
  const keys = Math.max(...lookup) + 1;
  const sharp = new Uint32Array(keys * width);
  const vague = new Uint32Array(keys * width);
  const spans = new Map();
  let undated = 0;
  for (let row = 0; row < day.length; row += 1) {
    if (!mask[row]) continue;
    const start = day[row];
    if (start === UNKNOWN) {
      undated += 1;
      continue;
    }
    if (start < first || start >= end) continue;
    const bin = index[start - first];
    const last = start + days[row] - 1;
    if (precision[row] < NEAR_DAY || (last < end && index[last - first] === bin)) {
      (precision[row] < MONTH ? sharp : vague)[lookup[codes[row] + 1] * width + bin] += 1;
    } else {
      const key = (start - first) * LONGEST_SPAN + days[row];
      spans.set(key, (spans.get(key) ?? 0) + 1);
    }
  }
  return { keys, sharp, vague, undated, spans: spansOf(spans, first) };
}

function spansOf(counts, first) {
  const spans = [];
  for (const [key, count] of counts) {
    const after = Math.floor(key / LONGEST_SPAN);
    spans.push([first + after, key - after * LONGEST_SPAN, count]);
  }
  return spans.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
}

/** How many patrols' spans touch each day from `first` to `last`; `counts[status + 1]` says which statuses do. */
export function touched({ day, days, status }, mask, first, last, counts) {
  const change = new Int32Array(last - first + 2);
  for (let row = 0; row < day.length; row += 1) {
    if (!mask[row] || !counts[status[row] + 1]) continue;
    const start = day[row];
    if (start < first || start > last) continue;
    change[start - first] += 1;
    const after = start + days[row];
    change[(after > last ? last + 1 : after) - first] -= 1;
  }
  for (let at = 1; at < change.length; at += 1) change[at] += change[at - 1];
  return change.subarray(0, -1);
}

/** Stretches of at least `shortest` untouched days between touched ones, the longest first: [first day, days]. */
export function gaps(touches, first, shortest) {
  const found = [];
  let before = -1;
  for (let at = 0; at < touches.length; at += 1) {
    if (!touches[at]) continue;
    if (before >= 0 && at - before - 1 >= shortest) found.push([first + before + 1, at - before - 1]);
    before = at;
  }
  return found.sort((a, b) => b[1] - a[1]);
}

/**
 * Runs of months that no patrol touches: [first day, day after, silent]. `silent` where nobody reported at all;
 * otherwise there were reports, and none of a patrol. `coverage`: {from: "2019-10", months: "1101"}.
 */
export function emptyMonths(touches, first, { from, months }) {
  if (!months) return [];
  const [year, month] = from.split("-").map(Number);
  const runs = [];
  for (let at = 0; at < months.length; at += 1) {
    const start = monthStart(year, month - 1 + at);
    const end = monthStart(year, month + at);
    let busy = false;
    for (let day = Math.max(start, first); day < end && !busy; day += 1) busy = touches[day - first] > 0;
    if (busy) continue;
    const silent = months[at] === "0";
    const last = runs[runs.length - 1];
    if (last && last[1] === start && last[2] === silent) last[1] = end;
    else runs.push([start, end, silent]);
  }
  return runs;
}

/** Put spans on lanes so that none covers another, as far as the lanes go: [lane of each span]. */
export function lanes(spans, count) {
  const free = new Array(count).fill(-Infinity);
  return spans.map(([start, days]) => {
    const open = free.findIndex((end) => end <= start);
    const lane = open < 0 ? count - 1 : open;
    free[lane] = Math.max(free[lane], start + days);
    return lane;
  });
}

/**
 * The part of the record that is worth a first look, in whole years: without the few patrols at either end
 * that years part from all others.
 */
export function busyView({ day }, mask, [first, last]) {
  const counts = new Uint32Array(last - first + 1);
  let total = 0;
  for (let row = 0; row < day.length; row += 1) {
    if (!mask[row] || day[row] === UNKNOWN) continue;
    counts[day[row] - first] += 1;
    total += 1;
  }
  const year = (at) => new Date((first + at) * DAY_MS).getUTCFullYear();
  const begin = afterStrays(counts, total);
  const end = counts.length - 1 - afterStrays(counts.reverse(), total);
  return [
    begin > 0 ? Math.max(first, monthStart(year(begin), 0)) : first,
    end < counts.length - 1 ? Math.min(last, monthStart(year(end) + 1, 0) - 1) : last,
  ];
}

/** The first day that no more than a few patrols precede, far away; 0 if there is none. */
function afterStrays(counts, total) {
  let seen = 0;
  let before = 0;
  let found = 0;
  for (let at = 0; at < counts.length; at += 1) {
    if (!counts[at]) continue;
    if (seen > FEW * total) return found;
    if (at - before > FAR_DAYS) found = at;
    seen += counts[at];
    before = at;
  }
  return found;
}

/**
 * How much each patrol shows at a moment of the playback: 1 on its last day, fading with age to `floor`, 0
 * outside [from, to]. A date known to the month or the year at best shows faintly throughout its span.
 * Fills `weights` and gives back how many patrols show.
 */
export function fade({ day, days, precision }, { from, to, over, floor }, weights) {
  let showing = 0;
  for (let row = 0; row < day.length; row += 1) {
    const start = day[row];
    const last = start + days[row] - 1;
    if (start === UNKNOWN || last < from || start > to) {
      weights[row] = 0;
      continue;
    }
    showing += 1;
    const age = Math.max(0, to - last) / over;
    const fresh = precision[row] >= MONTH ? 0.4 : 1;
    weights[row] = Math.max(floor, fresh * (1 - (1 - floor) * age));
  }
  return showing;
}

/** Marks of an axis from 0 to `most`: at most four steps of 1, 2 or 5 times a power of ten. */
export function steps(most, count = 3) {
  const rough = Math.max(1, most / count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough);
  const marks = [];
  for (let mark = step; mark <= most; mark += step) marks.push(mark);
  return marks;
}

/**
 * The ticks of a view [from, to) on `width` pixels: {day, label, major}. Years are major. Labels are as dense
 * as they can stand: days, months, every third month, years, every so many years.
 */
export function ticks([from, to], width, locale) {
  const perDay = width / (to - from);
  const name = (parts) => new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...parts });
  const date = new Date(Math.floor(from) * DAY_MS);
  const year = date.getUTCFullYear();
  const found = [];
  if (perDay * 365 < 170) {
    const every = [1, 2, 5, 10, 20, 50].find((years) => perDay * 365 * years >= 40) ?? 100;
    const years = name({ year: "numeric" });
    for (let at = Math.ceil(year / every) * every; monthStart(at, 0) < to; at += every) {
      const day = monthStart(at, 0);
      if (day >= from) found.push({ day, label: years.format(day * DAY_MS), major: true });
    }
    return found;
  }
  const every = perDay * 30 >= 30 ? 1 : 3;
  const names = [name({ year: "numeric" }), name({ month: "short" })];
  for (let month = Math.floor(date.getUTCMonth() / every) * every; monthStart(year, month) < to; month += every) {
    const day = monthStart(year, month);
    if (day < from) continue;
    const major = month % 12 === 0;
    found.push({ day, label: names[major ? 0 : 1].format(day * DAY_MS), major });
  }
  if (perDay * 7 >= 36) addWeeks(found, [from, to], name({ day: "numeric" }));
  return found;
}

function addWeeks(found, [from, to], name) {
  const months = new Set(found.map(({ day }) => day));
  for (let day = Math.ceil((from + 3) / 7) * 7 - 3; day < to; day += 7) {
    const close = [-3, -2, -1, 0, 1, 2, 3].some((off) => months.has(day + off));
    if (!close) found.push({ day, label: name.format(day * DAY_MS), major: false });
  }
}
