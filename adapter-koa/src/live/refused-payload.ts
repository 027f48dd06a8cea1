import { debuglog } from "node:util";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { Reply } from "./hook.js";

const warn = debuglog("live:event");

/**
 * The answer to an event whose payload a schema refused: messages by field, `""` for the whole. The
 * payload itself is in no log.
 */
export function refusePayload(view: string, event: string, issues: readonly StandardSchemaV1.Issue[]): Reply {
  const byField = new Map<string, string[]>();
  for (const { path = [], message } of issues) {
    const field = path
      .map((segment) => String(typeof segment === "object" ? segment.key : segment))
      .join(".");
    byField.set(field, [...(byField.get(field) ?? []), message]);
  }
  warn("%s refused the payload of %s: %s", view, event, [...byField.keys()].join(", "));
  return new Reply({ issues: Object.fromEntries(byField) });
}
