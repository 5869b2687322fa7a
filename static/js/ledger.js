// The ledger's squares as one stop of the Tab key: arrows move among the numbers that are links. A line under
// the squares says what the pointer or the keyboard is on. Without this script every square is a plain link.

const STEPS = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };

for (const list of document.querySelectorAll("[data-ledger]")) {
  const links = [...list.querySelectorAll("a")];
  const readout = list.parentElement.querySelector("[data-readout]");
  const say = (cell) => {
    readout.textContent = cell?.dataset.line ?? "";
  };
  // The browser's own tip would say the same a second time.
  for (const cell of list.children) {
    cell.dataset.line = cell.title;
    cell.removeAttribute("title");
  }
  const hold = (link) => {
    for (const one of links) one.tabIndex = one === link ? 0 : -1;
  };
  if (links.length) hold(links[0]);

  const above = (link, down) => {
    const from = link.getBoundingClientRect();
    const middle = from.left + from.width / 2;
    const rows = links
      .map((one) => [one, one.getBoundingClientRect()])
      .filter(([, at]) => (down ? at.top > from.top + 1 : at.top < from.top - 1));
    if (!rows.length) return link;
    const top = down ? Math.min(...rows.map(([, at]) => at.top)) : Math.max(...rows.map(([, at]) => at.top));
    const off = ([, at]) => Math.abs(at.left + at.width / 2 - middle);
    return rows.filter(([, at]) => Math.abs(at.top - top) < 1).sort((a, b) => off(a) - off(b))[0][0];
  };

  list.addEventListener("keydown", (event) => {
    const at = links.indexOf(event.target);
    if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    let next;
    if (event.key === "ArrowUp" || event.key === "ArrowDown") next = above(links[at], event.key === "ArrowDown");
    else if (event.key in STEPS) {
      const arrow = event.key.startsWith("Arrow");
      const turned = arrow && getComputedStyle(list).direction === "rtl" ? -1 : 1;
      next = links[Math.min(Math.max(at + STEPS[event.key] * turned, 0), links.length - 1)];
    } else return;
    event.preventDefault();
    next.focus();
  });
  list.addEventListener("focusin", (event) => {
    hold(event.target);
    say(event.target.closest("li"));
  });
  list.addEventListener("focusout", () => say(null));
  list.addEventListener("pointerover", (event) => say(event.target.closest("li")));
  list.addEventListener("pointerleave", () => say(list.contains(document.activeElement) ? document.activeElement.closest("li") : null));
}
