/**
 * Opens dialogs as modal ones. Their buttons have `popovertarget`, which works without this script, but a popover leaves
 * the page behind it within reach of the keyboard.
 */
document.addEventListener("click", (e) => {
  if (e.defaultPrevented || !(e.target instanceof Element)) return;
  const button = e.target.closest("button[popovertarget]");
  const dialog = button && document.getElementById(button.getAttribute("popovertarget"));
  if (dialog instanceof HTMLDialogElement && !dialog.matches(":popover-open")) {
    e.preventDefault();
    if (button.getAttribute("popovertargetaction") === "hide") dialog.close();
    else if (!dialog.open) dialog.showModal();
  } else if (isOnBackdrop(e)) {
    e.target.close();
  }
});

/** Views open and close dialogs with the events `dialog:open` and `dialog:close`. */
addEventListener("live:dialog:open", ({ detail: { id } }) => {
  const dialog = document.getElementById(id);
  if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
});
addEventListener("live:dialog:close", ({ detail: { id } }) => document.getElementById(id)?.close());

/** Whether a click hits the backdrop of a modal dialog. Safari 26 has no `closedby` attribute for such clicks. */
function isOnBackdrop({ target, clientX, clientY }) {
  if (!(target instanceof HTMLDialogElement) || !target.open) return false;
  const { left, right, top, bottom } = target.getBoundingClientRect();
  return clientX < left || clientX > right || clientY < top || clientY > bottom;
}
