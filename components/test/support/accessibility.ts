import type { default as Axe, Result } from "axe-core";
import "axe-core/axe.min.js";

declare global {
  interface Window {
    axe: typeof Axe;
  }
}

/** What axe finds wrong with an element of the page, in the light and in the dark colour scheme. */
export async function violations(element: Element): Promise<string[]> {
  const root = document.documentElement;
  const found: string[] = [];
  for (const scheme of ["light", "dark"]) {
    root.style.colorScheme = scheme;
    await Promise.allSettled(document.getAnimations().map(({ finished }) => finished));
    const { violations } = await window.axe.run(element);
    found.push(...violations.map((violation) => `${scheme}: ${describe(violation)}`));
  }
  root.style.colorScheme = "";
  return found;
}

const describe = ({ id, nodes }: Result): string =>
  `${id} at ${nodes.map(({ html }) => html).join(", ")}`;
