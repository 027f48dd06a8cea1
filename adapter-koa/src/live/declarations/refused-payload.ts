import { channel } from "node:diagnostics_channel";
import { debuglog } from "node:util";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { Reply } from "../socket/outcome.js";

const warn = debuglog("live:event");
const refusals = channel("live:refused-payload");

/** The reply to an event whose payload was refused by its schema: messages by field, `""` for the whole payload. */
export interface RefusedPayload {
  readonly issues: Readonly<Record<string, readonly string[]>>;
}

/** The message of the diagnostics channel `live:refused-payload` for a refused payload. It contains no values. */
export interface PayloadRefusal {
  /** The name of the live view. */
  readonly view: string;
  readonly event: string;
  /** The paths of the fields with issues, such as `"user.email"`; `""` for the whole payload. */
  readonly fields: readonly string[];
}

/** Logs a warning about a refused payload, without the payload itself, and creates the reply. */
export function refusePayload(
  view: string,
  event: string,
  issues: readonly StandardSchemaV1.Issue[],
): Reply {
  const byField = new Map<string, string[]>();
  for (const { path = [], message } of issues) {
    const field = path
      .map((segment) => String(typeof segment === "object" ? segment.key : segment))
      .join(".");
    byField.set(field, [...(byField.get(field) ?? []), message]);
  }
  const fields = [...byField.keys()];
  // Encoded as JSON, because a schema may accept any keys, so that the browser chooses the names of the fields.
  warn("%s refused the payload of %s: %j", view, event, fields);
  refusals.publish({ view, event, fields } satisfies PayloadRefusal);
  const refused: RefusedPayload = { issues: Object.fromEntries(byField) };
  return new Reply({ ...refused });
}
