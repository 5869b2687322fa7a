// The filter panel: a plain form that works without this script. Here it writes the state and follows it.

const TYPING_MS = 350;
const NARROW = matchMedia("(max-width: 52rem)");

export class Panel {
  #typing = 0;

  constructor(element, state) {
    this.form = element.querySelector("form");
    this.summary = element.querySelector("[data-summary]");
    this.state = state;
    this.names = new Set([...this.form.elements].map(({ name }) => name).filter(Boolean));
    // A phone shows the map first; the filter opens at a touch.
    if (NARROW.matches) element.querySelector(".filters").open = false;
    this.form.querySelector("[data-apply]")?.classList.add("sr-only");
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#ask();
    });
    this.form.addEventListener("change", () => this.#ask());
    this.form.addEventListener("input", ({ target }) => {
      if (target.type !== "search") return;
      clearTimeout(this.#typing);
      this.#typing = setTimeout(() => this.#ask({ replace: true }), TYPING_MS);
    });
    element.addEventListener("click", (event) => this.#link(event));
    state.addEventListener("filter", () => this.#follow());
  }

  /** Put the server's words for the matching patrols in place. They are read out when they change. */
  say(html) {
    const focused = this.summary.contains(document.activeElement);
    this.summary.innerHTML = html;
    if (focused) this.summary.focus();
  }

  busy(on) {
    this.summary.setAttribute("aria-busy", String(on));
  }

  /** What the form says, and whatever else the address asks for that the form has no control for. */
  #ask(options) {
    clearTimeout(this.#typing);
    const said = [...new FormData(this.form)].filter(([, value]) => value.trim() !== "");
    const carried = [...this.state.filter].filter(([name]) => !this.names.has(name));
    this.state.setFilter(new URLSearchParams([...said, ...carried]), options);
  }

  /** Links that only change the filter change it here, without leaving the page. */
  #link(event) {
    const link = event.target.closest("a[data-filter]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.state.setFilter(new URLSearchParams(link.search));
  }

  #follow() {
    for (const control of this.form.elements) {
      if (!control.name) continue;
      if (control.type === "checkbox" || control.type === "radio") {
        control.checked = this.state.filter.getAll(control.name).includes(control.value);
      } else if (document.activeElement !== control || control.value.trim() !== this.state.filter.get(control.name)) {
        control.value = this.state.filter.get(control.name) ?? "";
      }
    }
    for (const group of this.form.querySelectorAll("details[data-group]")) this.#count(group);
  }

  #count(group) {
    const chosen = group.querySelectorAll("input:checked").length;
    const badge = group.querySelector("[data-count]");
    badge.textContent = chosen || "";
    badge.hidden = !chosen;
  }
}
