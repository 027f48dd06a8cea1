import type { Context } from "koa";
import { toFields } from "../../accounts/users/user-fields.js";

/** The fields of a posted form; whoever posts decides what is in them. */
export function formOf(ctx: Context): Readonly<Record<string, unknown>> {
  const { body } = ctx.request as { readonly body?: unknown };
  return toFields(body);
}
