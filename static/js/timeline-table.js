// "A table that says the same": the bins, the spans that no bin can hold, and the gaps, from the same numbers.

import { isoDay } from "./bins.js";

export function fillTable(timeline) {
  const frame = timeline.parts.table.querySelector(".tl-table-frame");
  const { words } = timeline;
  frame.setAttribute("aria-label", words.say(`per_${timeline.unit}`));
  frame.setAttribute("role", "group");
  const parts = [binTable(timeline)];
  const { undated } = timeline.tally;
  if (undated) parts.push(element("p", words.say("undated", { n: undated })));
  const lines = [
    ...timeline.gaps.map(([start, days, text]) => [start, `${text}: ${words.days(start, start + days - 1)}`]),
    ...timeline.shades.map(({ first, tip }) => [first, tip]),
  ].sort(([a], [b]) => a - b);
  if (lines.length) {
    const list = element("ul");
    list.append(...lines.map(([, text]) => element("li", text)));
    parts.push(element("h3", words.say("table_gaps")), list);
  }
  frame.replaceChildren(...parts);
}

function binTable(timeline) {
  const { words, unit } = timeline;
  const table = element("table");
  table.append(element("caption", words.say(`per_${unit}`)));
  const head = table.createTHead().insertRow();
  for (const name of ["table_period", "table_patrols", "table_vague", "table_note"]) {
    const cell = element("th", words.say(name));
    cell.scope = "col";
    head.append(cell);
  }
  const body = table.createTBody();
  for (const { first, last, name, count, vague, note } of rows(timeline)) {
    const row = body.insertRow();
    const period = element("th");
    period.scope = "row";
    const time = element("time", name);
    time.dateTime = `${isoDay(first)}/${isoDay(last)}`;
    period.append(time);
    const figures = [count, vague].map((figure) => element("td", words.figures.format(figure), "figure"));
    row.append(period, ...figures, element("td", note));
  }
  return table;
}

/** From the first bin with a patrol to the last, with the longer spans at their first day. */
function rows(timeline) {
  const { words, bins, tally, unit, months } = timeline;
  const width = bins.length - 1;
  const sum = (counts, bin) => {
    let total = 0;
    for (let key = 0; key < tally.keys; key += 1) total += counts[key * width + bin];
    return total;
  };
  const found = [];
  for (let bin = 0; bin < width; bin += 1) {
    const [first, last] = [bins[bin], bins[bin + 1] - 1];
    const vague = sum(tally.vague, bin);
    const empty = months.find(([start, after]) => start <= first && last < after);
    const note = empty ? words.say(empty[2] ? "nobody" : "no_patrol") : "";
    const count = sum(tally.sharp, bin) + vague;
    found.push({ first, last, name: words.bin(unit, first, last), count, vague, note });
  }
  const begin = found.findIndex(({ count }) => count);
  const end = found.findLastIndex(({ count }) => count);
  const spans = tally.spans.map(([first, days, count]) => {
    const last = first + days - 1;
    const name = words.span(first, last);
    return { first, last, name, count, vague: count, note: words.say("span", { n: count, period: name }) };
  });
  const binned = begin < 0 ? [] : found.slice(begin, end + 1);
  return [...binned, ...spans].sort((a, b) => a.first - b.first || b.last - a.last);
}

function element(tag, text = null, className = "") {
  const made = document.createElement(tag);
  if (text !== null) made.textContent = text;
  if (className) made.className = className;
  return made;
}
