/**
 * Registers a custom element, unless the tag name is taken already: a page may load two copies of the
 * library (the script tag and an app's own bundle), and the first one then serves both. That is twice the
 * code, and mostly an oversight, so it is said.
 */
export function define(tagName: string, elementClass: CustomElementConstructor): void {
  if (!customElements.get(tagName)) customElements.define(tagName, elementClass);
  // There may be no <live-session> to dispatch an event on, and nobody who listens while modules load.
  // biome-ignore lint/suspicious/noConsole: docs/decisions/log-a-version-mismatch-to-the-console.md
  else console.warn(`<${tagName}> is defined already. Is @live-session/components loaded twice?`);
}
