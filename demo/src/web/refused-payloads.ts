import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { PayloadRefusal } from "@live-session/adapter-koa";
import type { WriteLine } from "./hooks/log-session.js";

/**
 * Logs each payload that the schema of an event refused: the view, the event and the names of the fields,
 * without their values.
 *
 * @returns a function that stops logging
 */
export function logRefusedPayloads(writeLine: WriteLine): () => void {
  const log = (message: unknown): void => {
    const { view, event, fields } = message as PayloadRefusal;
    writeLine(`Payload of ${event} refused by ${view}: ${JSON.stringify(fields)}`);
  };
  subscribe("live:refused-payload", log);
  return () => unsubscribe("live:refused-payload", log);
}
