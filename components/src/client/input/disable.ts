/**
 * Disables a button, which shows a text meanwhile if one is given.
 *
 * @returns gives it back its label, whose nodes are the same.
 */
export function disable(button: HTMLElement & { disabled?: boolean }, text: string | null): () => void {
  if (button.disabled !== false) return () => {};
  const range = new Range();
  range.selectNodeContents(button);
  // In a fragment the label's nodes can still be rendered.
  const label = text ? range.extractContents() : undefined;
  if (text) button.append(text);
  button.disabled = true;
  return () => {
    button.disabled = false;
    if (label) button.replaceChildren(label);
  };
}
