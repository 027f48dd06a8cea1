import type { PushedEvent } from "@live-session/components/protocol";
import { firstNonJson } from "../json.js";
import { LiveError, quote } from "../live-error.js";

/** How an event is pushed to the browser. */
export interface PushEventOptions {
  /** Whether the page hears of it before the changes of the same callback are shown, or `after`, the default. */
  readonly dispatch?: "before" | "after";
}

/**
 * An event as it travels.
 *
 * @throws LiveError `LIVE_ERR_PAYLOAD` when it has no name, its payload is not JSON, or `dispatch` is unknown
 */
export function toPushedEvent(
  name: string,
  payload: unknown,
  { dispatch = "after" }: PushEventOptions = {},
): PushedEvent {
  if (typeof name !== "string" || name === "") {
    throw new LiveError("LIVE_ERR_PAYLOAD", "pushEvent expects an event's name", { got: name });
  }
  const path = firstNonJson(payload);
  if (path !== undefined) {
    throw new LiveError("LIVE_ERR_PAYLOAD", `the payload of pushEvent("${name}") at ${path}`, {
      expected: "values that JSON can carry",
    });
  }
  if (dispatch !== "before" && dispatch !== "after") {
    throw new LiveError("LIVE_ERR_PAYLOAD", `the option dispatch of pushEvent("${name}")`, {
      expected: '"before" or "after"',
      gotText: quote(dispatch),
    });
  }
  return dispatch === "before" ? [name, payload, dispatch] : [name, payload];
}
