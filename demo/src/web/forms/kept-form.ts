import { putFlash, type Socket } from "@live-session/adapter-koa";
import type { Context } from "koa";
import { type Form, type Refusal, refusedForm, untouchedForm } from "./form.js";

/** Keeps a form that came as a plain post and was refused, for the page that is to show it again. */
export function keepForm(ctx: Context, formId: string, params: unknown, refusal: Refusal): void {
  const { values, ...rest } = refusedForm(params, refusal);
  // The session is a cookie, and has an end.
  const shortened = Object.entries(values).map(([name, value]) => [name, firstCharacters(value)]);
  putFlash(
    ctx,
    formId,
    JSON.stringify({ ...rest, values: Object.fromEntries(shortened) } satisfies Form),
  );
}

/** The form that was kept for this page; without one, the given form or an untouched one. */
export function takeForm(socket: Socket, formId: string, otherwise: Form = untouchedForm): Form {
  const kept = socket.assigns.flash[formId];
  // The connected mount shows it too.
  if (kept !== undefined && socket.connected) socket.clearFlash(formId);
  return kept === undefined ? otherwise : (JSON.parse(kept) as Form);
}

/** As much of a text as the longest address has. */
export function firstCharacters(text: string): string {
  return [...text.slice(0, 320)].slice(0, 160).join("");
}
