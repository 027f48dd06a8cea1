/**
 * Registers a custom element unless the tag name is registered already. If a page loads two copies of the library (the
 * script tag and an app's own bundle), the first copy serves both. The second copy logs a warning, because this is
 * usually a mistake.
 */
export function define(tagName: string, elementClass: CustomElementConstructor): void {
  if (!customElements.get(tagName)) customElements.define(tagName, elementClass);
  // An event could not report this: the page may have no <live-session>, and listeners are added later.
  // biome-ignore lint/suspicious/noConsole: docs/decisions/log-a-version-mismatch-to-the-console.md
  else console.warn(`<${tagName}> is defined already. Is @live-session/components loaded twice?`);
}
