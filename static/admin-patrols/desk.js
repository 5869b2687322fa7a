// The review desk by key: the queue, and on a report its acts, the links between text and form, and filling a
// field from the passage that is selected. Everything also works by mouse, and without this script.

const root = document.querySelector("[data-desk]");
const dialog = document.querySelector(".desk-keys");
const settings = JSON.parse(document.getElementById("desk-settings")?.textContent ?? "{}");
const text = root.querySelector("[data-text]");
const said = root.querySelector("[data-said]");

const typing = (element) =>
  element.matches?.('textarea, select, input:not([type="radio"], [type="checkbox"], [type="submit"])');

for (const button of root.querySelectorAll("[data-keys]")) button.addEventListener("click", () => dialog.showModal());

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
  if (typing(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (event.key === "?") {
    dialog.showModal();
  } else if (settings.keys?.[event.key] && selected()) {
    fill(settings.keys[event.key], selected());
  } else if (root.dataset.desk === "queue" && (event.key === "j" || event.key === "k")) {
    step(event.key === "j" ? 1 : -1);
  } else if (/^[0-9]$/.test(event.key) && choose(event.key)) {
    // chosen
  } else if (event.key === "e" && root.dataset.desk === "report") {
    root.querySelector(".draft input:not([type=hidden]), .draft select")?.focus();
  } else {
    const act = root.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!act) return;
    act.click();
    if (act.matches("summary")) act.parentElement.querySelector("input:checked, input")?.focus();
  }
  event.preventDefault();
});

// The queue

function step(by) {
  const links = [...root.querySelectorAll(".desk-queue .report a")];
  if (!links.length) return;
  const at = links.indexOf(document.activeElement);
  links[at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + by))].focus();
}

// A report

/** The draft that the editor is at: the one with the focus, else the one last touched, else the first. */
let current = root.querySelector(".draft[data-draft]");
root.addEventListener("focusin", ({ target }) => {
  current = target.closest(".draft[data-draft]") ?? current;
});

function choose(key) {
  const radio = current?.querySelector(`[data-candidate="${key}"]:not(:disabled)`);
  if (!radio) return false;
  radio.checked = true;
  radio.focus();
  return true;
}

// Another programme has other sides, counts and forces: the form is made anew, with what was filled in.
root.addEventListener("change", ({ target }) => {
  if (target.matches('select[name$="-programme"]')) root.querySelector('button[value="check"]')?.click();
});

// Text and form show each other

function light(names) {
  const lit = new Set(names);
  for (const mark of root.querySelectorAll("mark[data-marks]")) {
    mark.classList.toggle("is-lit", mark.dataset.marks.split(" ").some((name) => lit.has(name)));
  }
  for (const field of root.querySelectorAll("[data-field]")) field.classList.toggle("is-lit", lit.has(field.dataset.field));
}

const named = (target) =>
  target.closest("mark[data-marks]")?.dataset.marks.split(" ") ?? [target.closest("[data-field]")?.dataset.field ?? ""];

for (const name of ["mouseover", "focusin"]) root.addEventListener(name, ({ target }) => light(named(target)));
root.addEventListener("mouseleave", () => light([]));
text?.addEventListener("click", ({ target }) => {
  const mark = target.closest("mark[data-marks]");
  if (!mark || !getSelection().isCollapsed) return;
  const field = root.querySelector(`[data-field="${mark.dataset.marks.split(" ")[0]}"]`);
  field?.querySelector("input:not([type=hidden]), select, textarea")?.focus();
});

// A selected passage fills a field

const letters = (part) => [...part].length;

/** The selected passage and where it stands in the report's text, in letters as the server counts them. */
function selected() {
  const selection = getSelection();
  if (!text || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  if (!text.contains(range.commonAncestorContainer)) return null;
  const before = document.createRange();
  before.selectNodeContents(text);
  before.setEnd(range.startContainer, range.startOffset);
  const passage = range.toString();
  const start = letters(before.toString());
  return { passage, span: [start, start + letters(passage)] };
}

async function fill(name, { passage, span }) {
  const label = fieldLabel(name);
  const answer = await fetch(`${settings.read}?${new URLSearchParams({ field: name, text: passage })}`);
  const values = answer.ok ? (await answer.json()).values : {};
  const prefix = current?.dataset.draft;
  const filled = Object.entries(values).filter(([input, value]) => put(`${prefix}-${input}`, value));
  say((filled.length ? settings.words.filled : settings.words.nothing).replace("{field}", label));
  if (!filled.length) return;
  keepSpan(current, filled[0][0], span);
  light([`${prefix}-${filled[0][0]}`]);
}

function put(name, value) {
  const input = root.querySelector(`[name="${CSS.escape(name)}"]`);
  if (!input) return false;
  // Places add up; everything else is replaced.
  input.value = name.endsWith("-route") && input.value.trim() ? `${input.value.trim()}\n${value}` : value;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  return input.value !== "";
}

function keepSpan(draft, name, span) {
  const holder = draft.querySelector("[data-spans]");
  holder.value = JSON.stringify({ ...JSON.parse(holder.value || "{}"), [name]: span });
}

function fieldLabel(name) {
  const field = root.querySelector(`[data-field$="-${name}"], [data-field$="-${name}_start"]`);
  return field?.querySelector("label, .label")?.textContent.trim() ?? name;
}

function say(words) {
  if (said) said.textContent = words;
}

// The list of keys names the fields as the form does.
for (const entry of document.querySelectorAll("[data-name-of]")) entry.textContent = fieldLabel(entry.dataset.nameOf);
