// The table of the matching patrols: the engine says which rows, the server writes them.

import { element } from "./map.js";

const PER_PAGE = 50;

export class Table {
  constructor(place, page) {
    Object.assign(this, page);
    this.place = place;
    this.words = page.settings.words;
  }

  /** The page of the table that the state names; `select` is told the id of a patrol to show on the map. */
  async show(select) {
    const { engine, state, tally, place } = this;
    const last = Math.max(1, Math.ceil(tally.match / PER_PAGE));
    const page = Math.min(state.page, last);
    const rows = engine.rows(PER_PAGE, { skip: (page - 1) * PER_PAGE });
    if (!rows.length) {
      place.replaceChildren();
      return;
    }
    place.setAttribute("aria-busy", "true");
    const wanted = `${this.under("table")}?at=${rows.join(",")}`;
    place.dataset.wanted = wanted;
    const response = await fetch(wanted);
    // Another filter may have been asked for in the meantime.
    if (place.dataset.wanted !== wanted) return;
    place.removeAttribute("aria-busy");
    if (!response.ok) {
      place.replaceChildren(element("p", "errors", this.words.failed));
      return;
    }
    place.innerHTML = await response.text();
    const lines = [...place.querySelectorAll("tbody tr")];
    // A patrol that was hidden in the meantime has no line; then nobody knows which line is whose.
    const sure = lines.length === rows.length;
    lines.forEach((line, index) => {
      if (!sure || this.#isPlaced(rows[index])) this.#button(line, select);
      if (sure) this.#point(line, rows[index]);
    });
    if (last > 1) place.append(this.#pages(page, last));
  }

  #isPlaced(row) {
    const { columns, head, routes } = this.engine;
    return columns.route[row] < routes || head.sets.zones[columns.zones[row]][0].length > 0;
  }

  #point(line, row) {
    for (const type of ["pointerenter", "focusin"]) line.addEventListener(type, () => this.point({ row }));
    for (const type of ["pointerleave", "focusout"]) line.addEventListener(type, () => this.point(null));
  }

  #button(row, select) {
    const [, uid] = /\/patrols\/([^/]+)\//.exec(row.querySelector("th a")?.getAttribute("href") ?? "") ?? [];
    if (!uid) return;
    const button = element("button", "on-map", "⌖");
    button.type = "button";
    button.title = this.words.select;
    button.setAttribute("aria-label", `${this.words.select}: ${row.querySelector("th a").textContent}`);
    button.addEventListener("click", () => select(uid));
    row.querySelector("th").append(" ", button);
    if (this.state.selection === uid) row.setAttribute("aria-current", "true");
  }

  #pages(page, last) {
    const { words, settings, tally } = this;
    const written = (number) => number.toLocaleString(settings.language);
    const end = Math.min(page * PER_PAGE, tally.match);
    const said = words.rows
      .replace("{first}", written((page - 1) * PER_PAGE + 1))
      .replace("{last}", written(end))
      .replace("{all}", written(tally.match));
    const bar = element("nav", "pages");
    bar.setAttribute("aria-label", words.pages);
    if (page > 1) bar.append(this.#turn(words.previous, page - 1));
    bar.append(element("span", "", said));
    if (page < last) bar.append(this.#turn(words.next, page + 1));
    return bar;
  }

  #turn(text, page) {
    const button = element("button", "", text);
    button.type = "button";
    button.addEventListener("click", () => this.state.setPage(page));
    return button;
  }
}
