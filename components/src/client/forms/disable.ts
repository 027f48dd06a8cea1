/**
 * Disables a button, which shows a text meanwhile if one is given.
 *
 * @returns gives it back its label, whose nodes are the same.
 */
export function disable(
  button: HTMLElement & { disabled?: boolean },
  text: string | null,
): () => void {
  if (button.disabled !== false) return () => {};
  const restore = text ? relabel(button, text) : undefined;
  button.disabled = true;
  return () => {
    button.disabled = false;
    restore?.();
  };
}

function relabel(button: HTMLElement, text: string): () => void {
  if (button instanceof HTMLInputElement) {
    const label = button.value;
    button.value = text;
    return () => {
      // Unless the server has given it another.
      if (button.value === text) button.value = label;
    };
  }
  const range = new Range();
  range.selectNodeContents(button);
  // In a fragment the label's nodes can still be rendered.
  const label = range.extractContents();
  button.append(text);
  return () => button.replaceChildren(label);
}
