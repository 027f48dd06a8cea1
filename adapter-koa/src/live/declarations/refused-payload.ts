import { channel } from "node:diagnostics_channel";
import { debuglog } from "node:util";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { Reply } from "../socket/hook.js";

const warn = debuglog("live:event");
const refusals = channel("live:refused-payload");

/** The answer to an event whose payload its schema refused: messages by field, `""` for the whole. */
export interface RefusedPayload {
  readonly issues: Readonly<Record<string, readonly string[]>>;
}

/** What the diagnostics channel `live:refused-payload` tells of each refused payload; no values. */
export interface PayloadRefusal {
  /** The name of the live view. */
  readonly view: string;
  readonly event: string;
  /** The paths of the fields with issues, `"user.email"`; `""` for the whole. */
  readonly fields: readonly string[];
}

/** Warns of a payload that a schema refused, and makes the answer. The payload itself is in no log. */
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
  // As JSON: a schema of any keys has names of fields that come from the browser.
  warn("%s refused the payload of %s: %j", view, event, fields);
  refusals.publish({ view, event, fields } satisfies PayloadRefusal);
  const answer: RefusedPayload = { issues: Object.fromEntries(byField) };
  return new Reply({ ...answer });
}
