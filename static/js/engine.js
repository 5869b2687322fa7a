// The record as columns, filtered and counted in typed arrays. Nothing here knows of a page: it runs in a
// browser and in Node alike, and means exactly what patrols/filters.py means.
//
// The bytes come from patrols/publish/snapshot.py. A row is a patrol; rows stand newest first, those without
// a date last.

import { NEAR_DAY, UNKNOWN, dayOf } from "./bins.js";

/** The tests of a filter, each a bit of `Engine.fails`. */
const TESTS = [
  "programme", "zone", "force", "status", "incident", "contested", "party", "mapped", "period",
  "q", "place", "bbox", "unreadable",
];
const BIT = Object.fromEntries(TESTS.map((name, index) => [name, 1 << index]));
/** What the columns do not hold: the server is asked once which rows it means. */
export const ASKED = ["q", "place", "bbox"];
const PERIOD = ["from", "to"];

/** {head, count, columns} of a snapshot's bytes. Columns of one byte are views of them. */
export function decode(buffer) {
  const bytes = new Uint8Array(buffer);
  const length = new DataView(buffer).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  const columns = {};
  let offset = 4 + length;
  for (const [name, planes] of head.columns) {
    columns[name] = join(bytes, offset, head.count, planes);
    offset += head.count * planes;
  }
  columns.day = days(columns.day, head);
  return { head, count: head.count, columns };
}

function join(bytes, offset, count, planes) {
  if (planes === 1) return bytes.subarray(offset, offset + count);
  const values = planes === 2 ? new Uint16Array(count) : new Uint32Array(count);
  for (let plane = 0; plane < planes; plane += 1) {
    const start = offset + plane * count;
    const shift = 8 * plane;
    for (let row = 0; row < count; row += 1) values[row] |= bytes[start + row] << shift;
  }
  return values;
}

function days(steps, head) {
  const values = new Int32Array(head.count);
  const dated = head.count - head.undated;
  let day = head.day;
  for (let row = 0; row < dated; row += 1) {
    day -= steps[row];
    values[row] = day;
  }
  return values.fill(UNKNOWN, dated);
}

export class Engine {
  #set = {};
  #marks = {};

  constructor({ head, count, columns }) {
    Object.assign(this, { head, count, columns });
    /** For each row the bits of the tests that it fails; 0 means that it matches. */
    this.fails = new Uint16Array(count);
    this.routes = head.routes.kind.length;
    const none = head.incidents.indexOf("none");
    this.isIncident = Uint8Array.from(head.sets.incident, ([own]) => Number(own !== 0 && own !== none));
  }

  /**
   * Filter by a query string (URLSearchParams). `answers` holds for each part of ASKED that is given the
   * server's bit set; a part without one matches nothing until it is there.
   *
   * Only what has changed since the last time is tested again. Returns the names of those tests.
   */
  filter(params, answers = {}) {
    const wanted = this.#read(params);
    const changed = [];
    for (const name of TESTS) {
      const test = wanted[name];
      // Two answers can be the same question; whether one is there decides too.
      const mark = test && `${test.mark}${ASKED.includes(name) ? Boolean(answers[name]) : ""}`;
      if (mark === this.#marks[name]) continue;
      this.#marks[name] = mark;
      changed.push(name);
      this.#test(name, test, answers[name]);
    }
    this.#set = wanted;
    return changed;
  }

  /** The parts of the filter that are given, by name; `from` and `to` are one: `period`. */
  get given() {
    return Object.keys(this.#set).filter((name) => name !== "unreadable");
  }

  get unreadable() {
    return "unreadable" in this.#set;
  }

  /** Row by row 1 where everything but the named test holds. */
  others(name, mask = new Uint8Array(this.count)) {
    const rest = ~BIT[name];
    const { fails, count } = this;
    for (let row = 0; row < count; row += 1) mask[row] = (fails[row] & rest) === 0 ? 1 : 0;
    return mask;
  }

  /** How many rows match without the named test. */
  without(name) {
    const rest = ~BIT[name];
    const { fails, count } = this;
    let found = 0;
    for (let row = 0; row < count; row += 1) if ((fails[row] & rest) === 0) found += 1;
    return found;
  }

  /**
   * Everything that a map needs of the rows that match:
   * `match`, `unplaced` and `zoneOnly` as numbers; by route `patrols`, the usual `programme` and `incidents`;
   * by zone `inside` and `only`.
   *
   * With `weights`, one for each row from 0 to 1, only rows that have any count, and `fade` is the greatest
   * weight on each route.
   */
  tally(weights = null) {
    this.weights = weights;
    const { count, fails, routes } = this;
    const { route, programme, zones, incident } = this.columns;
    const { isIncident } = this;
    const kinds = Math.max(1, this.head.programmes.length);
    const pairs = new Uint32Array((routes + 1) * kinds);
    const incidents = new Uint32Array(routes + 1);
    const all = new Uint32Array(this.head.sets.zones.length);
    const lone = new Uint32Array(all.length);
    const fade = weights && new Float32Array(routes + 1);
    let match = 0;
    for (let row = 0; row < count; row += 1) {
      if (fails[row] !== 0) continue;
      if (weights !== null) {
        const weight = weights[row];
        if (weight === 0) continue;
        if (weight > fade[route[row]]) fade[route[row]] = weight;
      }
      match += 1;
      const at = route[row];
      pairs[at * kinds + programme[row]] += 1;
      incidents[at] += isIncident[incident[row]];
      all[zones[row]] += 1;
      if (at === routes) lone[zones[row]] += 1;
    }
    return { match, fade, ...this.#byRoute(pairs, kinds), incidents, ...this.#byZone(all, lone) };
  }

  /** How many rows would match with each value of a test chosen alone: by slug or code. */
  facet(name) {
    const column = COLUMN[name];
    const codes = this.columns[column];
    const rest = ~BIT[name];
    const { fails, count } = this;
    const counts = new Uint32Array(this.#keys(name));
    for (let row = 0; row < count; row += 1) if ((fails[row] & rest) === 0) counts[codes[row]] += 1;
    const found = {};
    for (const value of this.#values(name)) {
      const holds = this.#table(name, [value]);
      let sum = 0;
      for (let key = 0; key < counts.length; key += 1) if (holds[key]) sum += counts[key];
      found[value] = sum;
    }
    return found;
  }

  /**
   * The first rows that match, newest first, from the `skip`th on; of one route or zone only if given, and of it
   * those that the last tally counted.
   */
  rows(limit, { skip = 0, route = null, zone = null } = {}) {
    const found = [];
    const { fails, count } = this;
    const { route: routes, zones } = this.columns;
    const inside = zone === null ? null : this.head.sets.zones.map(([list]) => list.includes(zone));
    const weights = route === null && zone === null ? null : this.weights;
    let left = skip;
    for (let row = 0; row < count && found.length < limit; row += 1) {
      if (fails[row] !== 0 || (route !== null && routes[row] !== route)) continue;
      if (weights && weights[row] === 0) continue;
      if (inside && !inside[zones[row]]) continue;
      if (left > 0) left -= 1;
      else found.push(row);
    }
    return found;
  }

  /** Row by row 1 where a matching patrol is on a route or in a zone, or is the one of `row`. */
  held({ route = -1, zone = -1, row = -1 }, mask = new Uint8Array(this.count)) {
    if (row >= 0) {
      mask.fill(0)[row] = 1;
      return mask;
    }
    const { fails, count } = this;
    const codes = route >= 0 ? this.columns.route : this.columns.zones;
    const holds = new Uint8Array(route >= 0 ? this.routes + 1 : this.head.sets.zones.length);
    if (route >= 0) holds[route] = 1;
    else this.head.sets.zones.forEach(([list], key) => { holds[key] = Number(list.includes(zone)); });
    for (let at = 0; at < count; at += 1) mask[at] = fails[at] === 0 ? holds[codes[at]] : 0;
    return mask;
  }

  /**
   * Which routes and zones the matching patrols have that a bar of the timeline counts, {routes, zones} with a 1
   * for each; null where it counts none. The bar stands for the days from `first` to before `after`.
   */
  during(first, after) {
    const { fails, head } = this;
    const { day, days, precision, route, zones } = this.columns;
    const dated = this.count - head.undated;
    const routes = new Uint8Array(this.routes + 1);
    const sets = new Uint8Array(head.sets.zones.length);
    let found = false;
    for (let row = this.#firstBefore(after); row < dated && day[row] >= first; row += 1) {
      if (fails[row] !== 0 || (precision[row] >= NEAR_DAY && day[row] + days[row] > after)) continue;
      found = true;
      routes[route[row]] = sets[zones[row]] = 1;
    }
    if (!found) return null;
    const inside = new Uint8Array(head.zones.length);
    head.sets.zones.forEach(([list], key) => sets[key] && list.forEach((zone) => { inside[zone] = 1; }));
    return { routes, zones: inside };
  }

  /** The first row, and so the newest, that is dated before a day. */
  #firstBefore(end) {
    const { day } = this.columns;
    let [low, high] = [0, this.count - this.head.undated];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (day[middle] < end) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Numbers of the programmes whose matching patrols are on a route, the most frequent first. */
  programmesOn(route) {
    const counts = new Map();
    const { fails, count } = this;
    const { route: routes, programme } = this.columns;
    for (let row = 0; row < count; row += 1) {
      if (fails[row] === 0 && routes[row] === route) counts.set(programme[row], (counts.get(programme[row]) ?? 0) + 1);
    }
    return [...counts].sort((a, b) => b[1] - a[1]).map(([index]) => index);
  }

  // Reading a query string

  #read(params) {
    const many = (name) => [...new Set(params.getAll(name).filter((value) => value.trim() !== ""))];
    const one = (name) => params.getAll(name).at(-1) ?? "";
    const wanted = {};
    let unreadable = false;
    for (const name of ["programme", "zone", "force", "status", "incident"]) {
      const values = many(name);
      if (!values.length) continue;
      const known = new Set(this.#values(name));
      unreadable ||= values.some((value) => !known.has(value));
      wanted[name] = { mark: values.sort().join(" "), values };
    }
    for (const [name, allowed] of [["contested", ["1"]], ["mapped", ["0", "1"]], ["party", this.head.parties]]) {
      const value = one(name);
      if (value === "") continue;
      unreadable ||= !allowed.includes(value);
      wanted[name] = { mark: value, values: [value] };
    }
    for (const name of ASKED) if (one(name).trim()) wanted[name] = { mark: one(name).trim() };
    const [from, to] = PERIOD.map((name) => one(name).trim());
    if (from || to) {
      const [first, last] = [from && dayOf(from), to && dayOf(to)];
      unreadable ||= first === null || last === null || (from !== "" && to !== "" && last < first);
      wanted.period = { mark: `${from}/${to}`, first: from ? first : -Infinity, last: to ? last : Infinity };
    }
    if (unreadable) return { unreadable: { mark: params.toString() } };
    return wanted;
  }

  /** Every value that a test knows. */
  #values(name) {
    const { head } = this;
    switch (name) {
      case "programme":
        return head.programmes.map(({ slug }) => slug);
      case "zone":
        return head.zones.map(({ slug }) => slug);
      case "force":
        return head.forces.map(([slug]) => slug);
      case "status":
        return head.statuses.filter(Boolean);
      case "incident":
        return ["any", ...head.incidents.filter(Boolean)];
      case "party":
        return head.parties;
      default:
        return ["1"];
    }
  }

  /** How many numbers the column of a test can hold. */
  #keys(name) {
    const { head } = this;
    if (name === "programme") return head.programmes.length;
    if (name === "status") return head.statuses.length;
    if (name === "contested") return 2;
    return head.sets[COLUMN[name]].length;
  }

  /** For each number of the column 1 where one of the values holds. */
  #table(name, values) {
    const { head } = this;
    const chosen = new Set(values);
    const flags = (list, holds) => Uint8Array.from(list, (item, index) => Number(holds(item, index)));
    switch (name) {
      case "programme":
        return flags(head.programmes, ({ slug }) => chosen.has(slug));
      case "status":
        return flags(head.statuses, (code) => chosen.has(code));
      case "zone":
        return flags(head.sets.zones, ([list]) => list.some((zone) => chosen.has(head.zones[zone].slug)));
      case "force": {
        const under = this.#under(chosen);
        return flags(head.sets.forces, (list) => list.some((force) => under[force]));
      }
      case "party":
        return flags(head.sets.parties, (list) => list.some((code) => chosen.has(head.parties[code])));
      case "incident": {
        const any = chosen.has("any");
        const has = (code) => code !== 0 && chosen.has(head.incidents[code]);
        return flags(
          head.sets.incident,
          ([own, others], index) => has(own) || others.some(has) || (any && this.isIncident[index] === 1),
        );
      }
      default:
        return Uint8Array.of(0, 1); // contested
    }
  }

  /** Which forces are among the chosen or under one of them. */
  #under(chosen) {
    const { forces } = this.head;
    const found = forces.map(([slug]) => chosen.has(slug));
    for (let again = true; again; ) {
      again = false;
      forces.forEach(([, , parent], index) => {
        if (found[index] || parent < 0 || !found[parent]) return;
        found[index] = true;
        again = true;
      });
    }
    return found;
  }

  // Testing rows

  #test(name, test, answer) {
    const bit = BIT[name];
    const { fails, count } = this;
    if (!test) {
      for (let row = 0; row < count; row += 1) fails[row] &= ~bit;
    } else if (name === "unreadable") {
      for (let row = 0; row < count; row += 1) fails[row] |= bit;
    } else if (name === "period") {
      this.#testPeriod(bit, test);
    } else if (name === "mapped") {
      this.#testMapped(bit, test.values[0] === "1");
    } else if (ASKED.includes(name)) {
      for (let row = 0; row < count; row += 1) {
        const found = answer !== undefined && (answer[row >> 3] >> (row & 7)) & 1;
        fails[row] = found ? fails[row] & ~bit : fails[row] | bit;
      }
    } else {
      const codes = this.columns[COLUMN[name]];
      const failed = Uint16Array.from(this.#table(name, test.values), (holds) => (holds ? 0 : bit));
      for (let row = 0; row < count; row += 1) fails[row] = (fails[row] & ~bit) | failed[codes[row]];
    }
  }

  /** A patrol's span of days meets the period; one without a date meets none. */
  #testPeriod(bit, { first, last }) {
    const { fails, count } = this;
    const { day, days: spans } = this.columns;
    const dated = count - this.head.undated;
    for (let row = 0; row < dated; row += 1) {
      const inside = day[row] <= last && day[row] + spans[row] - 1 >= first;
      fails[row] = inside ? fails[row] & ~bit : fails[row] | bit;
    }
    for (let row = dated; row < count; row += 1) fails[row] |= bit;
  }

  #testMapped(bit, yes) {
    const { fails, count, routes } = this;
    const { route, zones } = this.columns;
    const shaded = Uint8Array.from(this.head.sets.zones, ([, placed]) => placed);
    for (let row = 0; row < count; row += 1) {
      const placed = route[row] !== routes || shaded[zones[row]] === 1;
      fails[row] = placed === yes ? fails[row] & ~bit : fails[row] | bit;
    }
  }

  // Counting

  #byRoute(pairs, kinds) {
    const patrols = new Uint32Array(this.routes + 1);
    const programme = new Uint16Array(this.routes + 1);
    for (let route = 0; route <= this.routes; route += 1) {
      let best = 0;
      for (let kind = 0; kind < kinds; kind += 1) {
        const here = pairs[route * kinds + kind];
        patrols[route] += here;
        if (here > best) {
          best = here;
          programme[route] = kind;
        }
      }
    }
    return { patrols, programme };
  }

  #byZone(all, lone) {
    const inside = new Uint32Array(this.head.zones.length);
    const only = new Uint32Array(this.head.zones.length);
    let zoneOnly = 0;
    let unplaced = 0;
    this.head.sets.zones.forEach(([list, placed], key) => {
      if (placed) zoneOnly += lone[key];
      else unplaced += lone[key];
      for (const zone of list) {
        inside[zone] += all[key];
        only[zone] += lone[key];
      }
    });
    return { inside, only, zoneOnly, unplaced };
  }
}

/** The column that a test looks at. */
const COLUMN = {
  programme: "programme",
  status: "status",
  contested: "contested",
  zone: "zones",
  force: "forces",
  party: "parties",
  incident: "incident",
};
