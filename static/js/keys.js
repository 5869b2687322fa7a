// The dialog that lists the keys of the page: opened by `?` and by every button with data-keys.

/** Whether a key pressed on `target` is text that somebody types. */
const typing = (target) => target.closest?.("input:not([type=checkbox], [type=radio]), textarea, [contenteditable]");

export function listKeys(dialog) {
  const open = () => dialog.open || dialog.showModal();
  for (const button of document.querySelectorAll("[data-keys]")) button.addEventListener("click", open);
  addEventListener("keydown", (event) => {
    if (event.key !== "?" || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    event.preventDefault();
    open();
  });
  // A click beside the dialog lands on the dialog element itself, one inside it on its parts.
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
}
