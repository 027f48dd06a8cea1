import { render } from "@lit-labs/ssr";
import { collectResult } from "@lit-labs/ssr/lib/render-result.js";
import type { TemplateResult } from "lit";

/** Renders a template on the server and returns the HTML without Lit's comments and with single spaces. */
export async function renderPage(template: TemplateResult): Promise<string> {
  const page = await collectResult(render(template, { deferHydration: true }));
  return page
    .replaceAll(/<!--.*?-->/gs, "")
    .replaceAll(/\s+/g, " ")
    .replaceAll(/\s*\/?>/g, ">");
}

/** Returns the HTML without its style elements. */
export const withoutStyles = (page: string): string => page.replaceAll(/<style>.*?<\/style>/gs, "");

/** Returns the contents of the style elements. */
export const stylesOf = (page: string): string[] =>
  [...page.matchAll(/<style>(.*?)<\/style>/gs)].map(([, text]) => text ?? "");
