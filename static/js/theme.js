// The theme and the language, on every page. Runs before the page is painted, so that a chosen theme never
// flashes; hence a classic script in the head. `?theme=` in the address comes before what the browser keeps.
(() => {
  const KEY = "patrolwatch-theme";
  const ORDER = ["system", "light", "dark"];
  const ICONS = { system: "◐", light: "○", dark: "●" };

  const known = (value) => (ORDER.includes(value) ? value : null);
  const address = () => known(new URLSearchParams(location.search).get("theme"));
  const stored = () => {
    try {
      return known(localStorage.getItem(KEY));
    } catch {
      return null; // Storage can be forbidden; the system's theme still serves.
    }
  };
  let chosen = address() ?? stored() ?? "system";

  const apply = (theme) => {
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  };

  apply(chosen);

  /** Keep a choice: in the address, so that a copied one shows the same, and for the pages to come. */
  const keep = (theme) => {
    chosen = theme;
    try {
      localStorage.setItem(KEY, theme);
    } catch {
      // Without storage the choice lasts as long as the address is kept.
    }
    const url = new URL(location.href);
    if (theme === "system") url.searchParams.delete("theme");
    else url.searchParams.set("theme", theme);
    history.replaceState(history.state, "", url);
  };

  document.addEventListener("DOMContentLoaded", () => {
    const button = document.querySelector("[data-theme-button]");
    if (!button) return;
    const show = () => {
      button.textContent = ICONS[chosen];
      button.setAttribute("aria-label", button.dataset[chosen]);
      button.title = button.dataset[chosen];
    };
    button.addEventListener("click", () => {
      keep(ORDER[(ORDER.indexOf(chosen) + 1) % ORDER.length]);
      apply(chosen);
      show();
    });
    button.hidden = false;
    show();

    // The page's state may have moved on since the server wrote the links.
    for (const link of document.querySelectorAll("[data-language]")) {
      link.addEventListener("click", () => {
        const url = new URL(location.href);
        url.searchParams.set("lang", link.hreflang);
        link.href = url.href;
      });
    }
    const menu = document.querySelector(".languages");
    addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu?.open) return;
      menu.open = false;
      menu.querySelector("summary").focus();
    });
    addEventListener("click", (event) => menu?.contains(event.target) || menu?.removeAttribute("open"));
  });
})();
