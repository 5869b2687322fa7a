// Context events over the axis: agreements, suspensions, resumptions. Those that would cover each other share
// a mark with their number. A mark opens a card with what happened, when, and who says so.

const NS = "http://www.w3.org/2000/svg";
const MARK_PX = 24;
const SHAPES = {
  agreement: "M6 1 11 6 6 11 1 6z",
  suspension: "M2 2h3v8H2zM7 2h3v8H7z",
  resumption: "M3 1.5v9L11 6z",
  operation: "M6 0l1.6 4.2L12 6 7.6 7.8 6 12 4.4 7.8 0 6l4.4-1.8z",
  start: "M6 2a4 4 0 1 1 0 8 4 4 0 0 1 0-8z",
  end: "M2.5 2.5h7v7h-7z",
  other: "M6 2 10.5 10h-9z",
};

export class Marks {
  constructor(lane, card, words) {
    this.lane = lane;
    this.card = card;
    this.words = words;
    lane.addEventListener("keydown", (event) => this.#key(event));
    card.addEventListener("toggle", (event) => {
      if (event.newState === "open") return;
      for (const mark of lane.querySelectorAll("[aria-expanded=true]")) mark.setAttribute("aria-expanded", "false");
    });
  }

  /** Events as {first, last, …} in order of time; `x` tells where a day stands. */
  draw(events, x, width) {
    const focused = this.lane.contains(document.activeElement) ? document.activeElement.dataset.slug : null;
    const groups = [];
    for (const event of events) {
      const at = x(event.first);
      if (at < 0 || at > width) continue;
      const last = groups[groups.length - 1];
      if (last && at - last.at < MARK_PX) last.events.push(event);
      else groups.push({ at, events: [event] });
    }
    this.lane.replaceChildren(...groups.map((group, index) => this.#mark(group, index, width)));
    if (focused) this.lane.querySelector(`[data-slug="${CSS.escape(focused)}"]`)?.focus();
  }

  #mark({ at, events }, index, width) {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.slug = events[0].slug;
    button.className = `tl-mark tl-${events.length > 1 ? "several" : events[0].kind}`;
    button.tabIndex = index === 0 ? 0 : -1;
    button.style.left = `${Math.min(Math.max(at, MARK_PX / 2), width - MARK_PX / 2)}px`;
    const names = events.map((event) => `${event.title}, ${this.words.event(event)}`).join("; ");
    const count = this.words.say("events", { n: events.length });
    button.setAttribute("aria-label", events.length > 1 ? `${count}: ${names}` : names);
    button.setAttribute("aria-expanded", "false");
    button.setAttribute("aria-haspopup", "dialog");
    button.title = events.map((event) => event.title).join("\n");
    button.append(events.length > 1 ? String(events.length) : shape(events[0].kind));
    button.addEventListener("click", () => this.#open(button, events));
    return button;
  }

  /** Arrow keys go from mark to mark; the tab key stops at one of them only. */
  #key(event) {
    const marks = [...this.lane.children];
    const at = marks.indexOf(document.activeElement);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const to = event.key === "Home" ? 0 : event.key === "End" ? marks.length - 1 : step ? at + step : -1;
    if (at < 0 || to < 0 || to >= marks.length) return;
    event.preventDefault();
    marks[at].tabIndex = -1;
    marks[to].tabIndex = 0;
    marks[to].focus();
  }

  #open(button, events) {
    const { card } = this;
    card.replaceChildren(...events.map((event) => this.#entry(event)));
    card.setAttribute("role", "dialog");
    card.setAttribute("aria-label", button.getAttribute("aria-label"));
    card.showPopover();
    button.setAttribute("aria-expanded", "true");
    const box = button.getBoundingClientRect();
    const middle = box.left + box.width / 2 - card.offsetWidth / 2;
    const left = Math.min(Math.max(8, middle), innerWidth - card.offsetWidth - 8);
    const above = box.top - card.offsetHeight - 6;
    card.style.left = `${left}px`;
    card.style.top = `${above > 8 ? above : Math.min(box.bottom + 6, innerHeight - card.offsetHeight - 8)}px`;
    card.focus();
  }

  #entry(event) {
    const entry = element("article");
    const kind = element("span", "tl-kind");
    kind.append(shape(event.kind), ` ${event.label}`);
    const when = element("p", "popup-sub");
    when.append(kind, ` · ${this.words.event(event)}`);
    entry.append(element("h3", "", event.title), when);
    if (event.programmeNames.length) entry.append(element("p", "popup-sub", event.programmeNames.join("; ")));
    if (event.note) entry.append(element("p", "", event.note));
    const source = element("p", "popup-note", `${this.words.say("source")}: `);
    // Only addresses of the web become links, whatever an editor has entered.
    if (/^https?:/.test(event.url)) {
      const link = element("a", "", event.source || new URL(event.url).hostname);
      link.href = event.url;
      link.rel = "noopener noreferrer";
      source.append(link);
    } else {
      source.append(event.source || this.words.say("no_source"));
    }
    entry.append(source);
    return entry;
  }
}

function shape(kind) {
  const svg = document.createElementNS(NS, "svg");
  svg.setAttribute("viewBox", "0 0 12 12");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(NS, "path");
  path.setAttribute("d", SHAPES[kind] ?? SHAPES.other);
  svg.append(path);
  return svg;
}

function element(tag, className = "", text = null) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== null) made.textContent = text;
  return made;
}
