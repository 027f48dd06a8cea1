/**
 * Disables a button and, if a label is given, shows it in place of the button's own.
 *
 * @returns a function that enables the button and restores its label, with the same nodes.
 */
export function disable(
  button: HTMLElement & { disabled?: boolean },
  label: string | null,
): () => void {
  // Skips elements that cannot be disabled, and those that are already.
  if (button.disabled !== false) return () => {};
  const restoreLabel = label ? relabel(button, label) : undefined;
  button.disabled = true;
  return () => {
    button.disabled = false;
    restoreLabel?.();
  };
}

function relabel(button: HTMLElement, label: string): () => void {
  if (button instanceof HTMLInputElement) {
    const own = button.value;
    button.value = label;
    return () => {
      // The server may have rendered another value meanwhile.
      if (button.value === label) button.value = own;
    };
  }
  const range = new Range();
  range.selectNodeContents(button);
  // Lit can still render into the label's nodes while they are in the fragment.
  const own = range.extractContents();
  button.append(label);
  return () => button.replaceChildren(own);
}
