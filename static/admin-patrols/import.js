// Watch an import: ask for its progress, and show the page anew when its work is done.
const section = document.querySelector("[data-progress]");
const EVERY_MS = 1000;

async function look() {
  try {
    const response = await fetch(section.dataset.progress, { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(String(response.status));
    const { text, done, total, busy, stale } = await response.json();
    section.querySelector("[data-text]").textContent = text;
    section.querySelector("[data-figures]").textContent = total ? `${done} / ${total}` : "";
    const bar = section.querySelector("progress");
    if (total) {
      bar.max = total;
      bar.value = done;
    }
    if (!busy || (stale && !document.querySelector("form.notice"))) return location.reload();
  } catch {
    // The server may be starting again; ask later.
  }
  return setTimeout(look, EVERY_MS);
}

setTimeout(look, EVERY_MS);
