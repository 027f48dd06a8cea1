import { disable } from "./disable.js";

/**
 * Holds a form until it is released: its fields are read-only, its buttons disabled, and those with a
 * `live-disable-with` show the attribute's text. Nothing in it has the focus; then the first control marked
 * as invalid gets it, or whatever had it before.
 */
export function freezeForm(form: HTMLFormElement, attribute: string): () => void {
  const { activeElement } = document as { activeElement: HTMLElement | null };
  const controls = [...form.elements] as HTMLInputElement[];
  const isInside = !!activeElement && controls.includes(activeElement as HTMLInputElement);
  const releases = controls.map((control) =>
    control.localName === "button" || control.hasAttribute(attribute)
      ? disable(control, control.getAttribute(attribute))
      : makeReadOnly(control),
  );
  if (isInside) activeElement.blur();
  return () => {
    for (const release of releases) release();
    // The answer is shown by then.
    queueMicrotask(() => {
      // Whoever has moved on meanwhile is not called back.
      if (![activeElement, document.body].includes(document.activeElement as HTMLElement)) return;
      const invalid = form.querySelector<HTMLElement>("[aria-invalid=true]");
      (invalid ?? (isInside ? activeElement : null))?.focus();
    });
  };
}

function makeReadOnly(field: HTMLInputElement): () => void {
  if (field.readOnly !== false) return () => {};
  field.readOnly = true;
  return () => {
    field.readOnly = false;
  };
}
