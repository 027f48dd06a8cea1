import escapeMarkup from "escape-html";

/** Escapes a string for the text and the attributes of HTML. */
export function escapeHtml(text: string): string {
  return escapeReturns(escapeMarkup(text));
}

/**
 * Escapes the carriage returns in text or attributes whose other characters are already escaped. A parser turns them
 * into line feeds, so the value in the page would differ from the value in its first update.
 */
export function escapeReturns(html: string): string {
  return html.includes("\r") ? html.replaceAll("\r", "&#13;") : html;
}
