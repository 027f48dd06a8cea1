import type { default as Axe, Result } from "axe-core";
import "axe-core/axe.min.js";

declare global {
  interface Window {
    axe: typeof Axe;
  }
}

/** Returns the axe violations of an element, in the light and in the dark colour scheme. */
export async function violations(element: Element): Promise<string[]> {
  const root = document.documentElement;
  // Axe does not know the colours that the browser itself gives to the page.
  Object.assign(root.style, { background: "Canvas", color: "CanvasText" });
  const found: string[] = [];
  for (const scheme of ["light", "dark"]) {
    root.style.colorScheme = scheme;
    await Promise.allSettled(animationsIn(element).map(({ finished }) => finished));
    const { violations } = await window.axe.run(element);
    found.push(...violations.map((violation) => `${scheme}: ${describe(violation)}`));
  }
  root.removeAttribute("style");
  return found;
}

/** The animations of an element, its descendants and their shadow roots, where not all engines look. */
function animationsIn(element: Element): Animation[] {
  const own = [element, ...element.querySelectorAll("*")];
  return own.flatMap((found) => [
    ...found.getAnimations(),
    ...(found.shadowRoot?.getAnimations() ?? []),
  ]);
}

const describe = ({ id, nodes }: Result): string =>
  `${id} at ${nodes.map(({ html }) => html).join(", ")}`;
