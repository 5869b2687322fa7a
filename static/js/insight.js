// The chart of an analysis, made interactive: marks say their figures, the legend picks one out. The server's
// drawing stands until then, and stays where this fails. Vega comes from our own server (see the view
// `vega_bundle`); with `ast` it interprets its expressions, since the content policy forbids eval.

const charts = [...document.querySelectorAll("[data-bundle]")];
const bundles = new Map();

const fetched = (address) =>
  new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.addEventListener("load", resolve);
    script.addEventListener("error", () => reject(new Error(`${address} did not load`)));
    document.head.append(script);
  });

const OPTIONS = {
  mode: "vega-lite",
  ast: true,
  actions: false,
  renderer: "svg",
  // Both would write style elements into the page; the stylesheet has the rules.
  defaultStyle: false,
  tooltip: { disableDefaultStyle: true },
};

/** Load the bundle once, however many charts ask for it. */
const load = (address) => {
  if (!bundles.has(address)) bundles.set(address, fetched(address));
  return bundles.get(address);
};

const enliven = async (chart) => {
  await load(chart.dataset.bundle);
  const drawing = JSON.parse(document.getElementById(chart.dataset.chart).textContent);
  drawing.config.font = getComputedStyle(document.body).fontFamily;
  const stage = document.createElement("div");
  await window.vegaEmbed(stage, drawing, OPTIONS);
  chart.replaceChildren(stage);
  chart.dataset.live = "";
};

// The wide and the narrow drawing stand in the page, and the stylesheet shows one: that one is brought to life,
// the other when a turned phone or a drawn window first shows it.
const seen = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    seen.unobserve(target);
    enliven(target).catch(() => {});
  }
});
for (const chart of charts) seen.observe(chart);
