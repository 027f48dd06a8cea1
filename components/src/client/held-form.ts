/**
 * Holds a form until its view has answered: its buttons with a `live-disable-with` are disabled and show
 * the attribute's text. Then the first control marked as invalid gets the focus, or whatever had it before.
 */
export function holdForm(form: HTMLFormElement, attribute: string, pending: Promise<unknown>): void {
  const { activeElement } = document;
  const buttons = form.querySelectorAll<HTMLButtonElement>(`button[${attribute}]:enabled`);
  const releases = Array.from(buttons, (button) => hold(button, button.getAttribute(attribute) ?? ""));
  const release = (): void => {
    for (const end of releases) end();
    // Whoever has moved on meanwhile is not called back.
    if (document.activeElement !== activeElement && document.activeElement !== document.body) return;
    const invalid = form.querySelector("[aria-invalid=true]");
    ((invalid ?? activeElement) as HTMLElement | null)?.focus();
  };
  pending.then(release, release);
}

function hold(button: HTMLButtonElement, text: string): () => void {
  const range = new Range();
  range.selectNodeContents(button);
  // In a fragment the label's nodes can still be rendered.
  const label = range.extractContents();
  button.append(text);
  button.disabled = true;
  return () => {
    button.disabled = false;
    button.replaceChildren(label);
  };
}
