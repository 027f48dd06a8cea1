/**
 * Registers a custom element, unless the tag name is taken already: a page may load two copies of the
 * library (the script tag and an app's own bundle), and the first one then serves both.
 */
export function define(tagName: string, elementClass: CustomElementConstructor): void {
  if (!customElements.get(tagName)) customElements.define(tagName, elementClass);
}
