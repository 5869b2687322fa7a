// The brush of the timeline: a period made, moved and resized by pointer or keyboard; pinch and wheel zoom.
//
// The host answers where days stand and takes the results: x(day), dayAt(x), snap(day), next(day, direction),
// domain, bounds {from, after} of the period, hasPeriod, preview(from, after), commit(from, after, options),
// pan(pixels), zoom(factor, day), shown(day). Periods are half open: `after` is the day after the last.

import { yearsAfter } from "./bins.js";

const STILL_PX = 4;
const AXIS_PX = 16;

export class Brush {
  #pointers = new Map();
  #drag = null;

  constructor(plot, handles, host) {
    this.plot = plot;
    this.handles = handles;
    this.host = host;
    plot.addEventListener("pointerdown", (event) => this.#down(event));
    plot.addEventListener("pointermove", (event) => this.#move(event));
    plot.addEventListener("pointerup", (event) => this.#up(event));
    plot.addEventListener("pointercancel", (event) => this.#cancel(event));
    plot.addEventListener("dblclick", () => host.hasPeriod && host.commit(null, null));
    plot.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    for (const [name, handle] of Object.entries(handles)) {
      handle.addEventListener("keydown", (event) => this.#key(event, name));
      handle.addEventListener("focus", () => { this.run = null; });
    }
  }

  // Pointer

  #at(event) {
    return event.clientX - this.plot.getBoundingClientRect().left;
  }

  #down(event) {
    if (event.button !== 0 || event.target.closest(".tl-events button")) return;
    this.plot.setPointerCapture(event.pointerId);
    this.#pointers.set(event.pointerId, this.#at(event));
    if (this.#pointers.size === 2) {
      this.#drag = null;
      this.#preview();
      return;
    }
    const x = this.#at(event);
    const name = event.target.closest("[data-handle]")?.dataset.handle;
    const { from, after } = this.host.bounds;
    const day = this.host.dayAt(x);
    const low = event.clientY > this.plot.getBoundingClientRect().bottom - AXIS_PX;
    let kind = name ?? "new";
    if (!name && low && this.host.zoomed) kind = "pan";
    else if (!name && this.host.hasPeriod && day >= from && day < after) kind = "body";
    this.#drag = { kind, x, last: x, day, from, after, moved: false };
    if (name) this.handles[name].focus();
  }

  #move(event) {
    if (!this.#pointers.has(event.pointerId)) return;
    const x = this.#at(event);
    if (this.#pointers.size === 2) {
      this.#pinch(event.pointerId, x);
      return;
    }
    this.#pointers.set(event.pointerId, x);
    const drag = this.#drag;
    if (!drag || (!drag.moved && Math.abs(x - drag.x) < STILL_PX)) return;
    drag.moved = true;
    if (drag.kind === "pan") {
      this.host.pan(drag.last - x);
      drag.last = x;
    } else {
      [drag.newFrom, drag.newAfter] = this.#dragged(drag, this.host.dayAt(x));
      this.host.preview(drag.newFrom, drag.newAfter);
    }
  }

  /** The period that a drag to `day` makes, on the edges of bins, never empty. */
  #dragged({ kind, day: begun, from, after }, day) {
    const { host } = this;
    if (kind === "body") {
      return this.#shifted(host.snap(from + day - begun) - from, from, after);
    }
    if (kind === "from") return [Math.min(host.snap(day), host.next(after, -1)), after];
    if (kind === "to") return [from, Math.max(host.snap(day), host.next(from, 1))];
    const [low, high] = begun < day ? [begun, day] : [day, begun];
    const start = host.next(low + 1, -1);
    return [start, Math.max(host.next(high, 1), host.next(start, 1))];
  }

  /** The whole period moved by so many days, to edges of bins and within the record. */
  #shifted(days, from, after) {
    const { host } = this;
    const shift = Math.max(host.domain[0] - from, Math.min(host.domain[1] + 1 - after, days));
    const start = from + shift;
    return [start, shift ? Math.max(host.snap(after + shift), host.next(start, 1)) : after];
  }

  #up(event) {
    this.#pointers.delete(event.pointerId);
    const drag = this.#drag;
    this.#drag = null;
    if (drag?.moved && drag.kind !== "pan") this.host.commit(drag.newFrom, drag.newAfter);
  }

  #cancel(event) {
    this.#pointers.delete(event.pointerId);
    this.#drag = null;
    this.#preview();
  }

  /** Back to the period as it is. */
  #preview() {
    const { from, after } = this.host.bounds;
    this.host.preview(from, after);
  }

  #pinch(id, x) {
    const before = this.#pointers.get(id);
    const [, still] = [...this.#pointers].find(([other]) => other !== id);
    this.#pointers.set(id, x);
    const [was, is] = [Math.abs(before - still), Math.abs(x - still)];
    if (was > STILL_PX && is > STILL_PX) this.host.zoom(was / is, this.host.dayAt(still));
  }

  #wheel(event) {
    const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
    const changed =
      Math.abs(sideways) > (event.shiftKey ? 0 : Math.abs(event.deltaY))
        ? this.host.pan(sideways)
        : this.host.zoom(1.0015 ** event.deltaY, this.host.dayAt(this.#at(event)));
    if (changed) event.preventDefault();
  }

  // Keyboard

  #key(event, name) {
    const target = this.#target(event, name);
    if (!target) return;
    event.preventDefault();
    event.stopPropagation();
    // One run of keys on a handle is one step of the browser's history.
    const replace = this.run === name;
    this.run = name;
    this.host.commit(...target, { replace });
    const [day, open] = name === "to" ? [target[1] - 1, this.host.domain[1]] : [target[0], this.host.domain[0]];
    if (day !== open) this.host.reveal(day);
  }

  /** The period that a key makes of the present one; null if the key is none of the brush's. */
  #target({ key, shiftKey, ctrlKey, metaKey, altKey }, name) {
    if (ctrlKey || metaKey || altKey) return null;
    const { host } = this;
    const { from, after } = host.bounds;
    const [first, end] = [host.domain[0], host.domain[1] + 1];
    if (key === "Delete" || key === "Backspace") return [first, end];
    const direction = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[key];
    const step = (day) => (shiftKey ? host.snap(yearsAfter(day, direction)) : host.next(day, direction));
    if (name === "body") {
      let start = key === "Home" ? first : key === "End" ? end - (after - from) : null;
      if (direction) start = step(from);
      if (start === null) return null;
      return this.#shifted(start - from, from, after);
    }
    if (name === "from") {
      const last = host.next(after, -1);
      const to = key === "Home" ? first : key === "End" ? last : direction ? step(from) : null;
      return to === null ? null : [Math.max(first, Math.min(to, last)), after];
    }
    const least = host.next(from, 1);
    const to = key === "Home" ? least : key === "End" ? end : direction ? step(after) : null;
    return to === null ? null : [from, Math.min(end, Math.max(to, least))];
  }
}
