import type { Live, Socket } from "@live-session/adapter-koa";
import type { Context } from "koa";
import { type Form, refusedForm, untouchedForm } from "./form.js";

/** Returns a function that stores a plain post in the flash, for the page that shows the form again. */
export const formKeeper =
  (putFlash: Live["putFlash"]) =>
  (
    ctx: Context,
    formId: string,
    params: unknown,
    refusal: Pick<Form, "errors" | "message">,
  ): void => {
    const { values, ...rest } = refusedForm(params, refusal);
    // The flash is in the session cookie, whose size is limited.
    const shortened = Object.entries(values).map(([name, value]) => [name, firstCharacters(value)]);
    putFlash(
      ctx,
      formId,
      JSON.stringify({ ...rest, values: Object.fromEntries(shortened) } satisfies Form),
    );
  };

/** Takes the stored form of this page from the flash, or returns the default form. */
export function takeForm(socket: Socket, formId: string, otherwise: Form = untouchedForm): Form {
  const kept = socket.assigns.flash[formId];
  // Both mounts show the form, so only the connected mount clears it.
  if (kept !== undefined && socket.connected) socket.clearFlash(formId);
  return kept === undefined ? otherwise : (JSON.parse(kept) as Form);
}

/** Shortens a string to the maximum length of an address. */
export function firstCharacters(text: string): string {
  return [...text.slice(0, 320)].slice(0, 160).join("");
}
