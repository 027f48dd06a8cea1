import { render } from "@lit-labs/ssr";
import { collectResult } from "@lit-labs/ssr/lib/render-result.js";
import type { TemplateResult } from "lit";

/** The HTML of a template as the server writes it, without Lit's comments and with single spaces. */
export async function renderPage(template: TemplateResult): Promise<string> {
  const page = await collectResult(render(template, { deferHydration: true }));
  return page
    .replaceAll(/<!--.*?-->/gs, "")
    .replaceAll(/\s+/g, " ")
    .replaceAll(/\s*\/?>/g, ">");
}

/** The part of a rendered page outside of its style elements. */
export const withoutStyles = (page: string): string => page.replaceAll(/<style>.*?<\/style>/gs, "");

/** The texts of a rendered page's style elements. */
export const stylesOf = (page: string): string[] =>
  [...page.matchAll(/<style>(.*?)<\/style>/gs)].map(([, text]) => text ?? "");
