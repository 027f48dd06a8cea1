import type { Context } from "koa";
import { toFields } from "../../fields.js";

/** Returns the fields of a posted form, unchecked. */
export function formOf(ctx: Context): Readonly<Record<string, unknown>> {
  const { body } = ctx.request as { readonly body?: unknown };
  return toFields(body);
}
