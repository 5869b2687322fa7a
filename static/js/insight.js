// The chart of an analysis, made interactive: marks say their figures, the legend picks one out. The server's
// drawing stands until then, and stays where this fails. Vega comes from our own server (see the view
// `vega_bundle`); with `ast` it interprets its expressions, since the content policy forbids eval.

const chart = document.querySelector("[data-bundle]");
const spec = document.getElementById("chart-spec");

const load = (address) =>
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

const enliven = async () => {
  await load(chart.dataset.bundle);
  const drawing = JSON.parse(spec.textContent);
  drawing.config.font = getComputedStyle(document.body).fontFamily;
  const stage = document.createElement("div");
  await window.vegaEmbed(stage, drawing, OPTIONS);
  chart.replaceChildren(stage);
  chart.dataset.live = "";
};

if (chart && spec) enliven().catch(() => {});
