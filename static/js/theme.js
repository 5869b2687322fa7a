// Runs before the page is painted, so that a chosen theme never flashes; hence a classic script in the head.
(() => {
  const KEY = "patrolwatch-theme";
  const ORDER = ["system", "light", "dark"];
  const ICONS = { system: "◐", light: "○", dark: "●" };

  const stored = () => {
    try {
      const value = localStorage.getItem(KEY);
      return ORDER.includes(value) ? value : "system";
    } catch {
      return "system"; // Storage can be forbidden; the system's theme still serves.
    }
  };

  const apply = (theme) => {
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  };

  apply(stored());

  document.addEventListener("DOMContentLoaded", () => {
    const button = document.querySelector("[data-theme-button]");
    if (!button) return;
    const show = () => {
      const theme = stored();
      button.textContent = ICONS[theme];
      button.setAttribute("aria-label", button.dataset[theme]);
      button.title = button.dataset[theme];
    };
    button.addEventListener("click", () => {
      const next = ORDER[(ORDER.indexOf(stored()) + 1) % ORDER.length];
      try {
        localStorage.setItem(KEY, next);
      } catch {
        // Without storage the choice lasts for this page only.
      }
      apply(next);
      show();
    });
    button.hidden = false;
    show();
  });
})();
