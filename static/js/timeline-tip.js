// What stands under the pointer, in words. The table says the same to those who do not point.

export class Tip {
  constructor(tip, plot, timeline) {
    this.tip = tip;
    this.plot = plot;
    this.timeline = timeline;
    plot.addEventListener("pointermove", (event) => this.#follow(event));
    for (const type of ["pointerleave", "pointerdown"]) plot.addEventListener(type, () => this.#leave());
  }

  #leave() {
    this.tip.hidden = true;
    this.timeline.point(null);
  }

  #follow(event) {
    const { timeline, tip } = this;
    const box = this.plot.getBoundingClientRect();
    const x = event.clientX - box.left;
    const apart = event.pointerType !== "mouse" || event.buttons || event.target.closest("button");
    if (apart || !timeline.tally || x < 0 || x > box.width) {
      this.#leave();
      return;
    }
    const day = timeline.dayAt(x);
    timeline.point(day);
    const lines = said(timeline, day);
    tip.replaceChildren(...lines.map((text, at) => {
      const line = document.createElement("p");
      line.className = at ? "" : "tl-tip-head";
      line.textContent = text;
      return line;
    }));
    tip.hidden = false;
    const left = x + 14 + tip.offsetWidth > box.width ? x - 14 - tip.offsetWidth : x + 14;
    tip.style.left = `${Math.max(0, left)}px`;
  }
}

/** The lines about a day: its bin, what is counted there, and everything that spans it. */
function said(timeline, day) {
  const { words, bins, tally, unit } = timeline;
  const width = bins.length - 1;
  const bin = bins.findLastIndex((edge) => edge <= day);
  const lines = [];
  if (bin >= 0 && bin < width) {
    const { names } = timeline.stacks[timeline.stack];
    const counts = names
      .map((name, key) => [name, (tally.sharp[key * width + bin] ?? 0) + (tally.vague[key * width + bin] ?? 0)])
      .filter(([name, count], key) => count && name && key < tally.keys);
    const total = counts.reduce((sum, [, count]) => sum + count, 0);
    const vague = names.reduce((sum, _, key) => sum + (key < tally.keys ? tally.vague[key * width + bin] : 0), 0);
    lines.push(words.bin(unit, bins[bin], bins[bin + 1] - 1), words.say("reported", { n: total }));
    if (counts.length > 1) counts.forEach(([name, count]) => lines.push(`${words.figures.format(count)}  ${name}`));
    if (vague) lines.push(words.say("vague", { n: vague }));
  }
  for (const [start, days, n] of tally.spans) {
    if (day < start || day >= start + days) continue;
    lines.push(words.say("span", { n, period: words.span(start, start + days - 1) }));
  }
  for (const [start, days, text] of timeline.gaps) {
    if (day >= start && day < start + days) lines.push(`${text}, ${words.days(start, start + days - 1)}`);
  }
  for (const { first, after, tip } of timeline.shades) if (day >= first && day < after) lines.push(tip);
  const empty = timeline.months.find(([first, after]) => day >= first && day < after);
  if (empty) lines.push(words.say(empty[2] ? "nobody" : "no_patrol"));
  return lines;
}
