import type { PushedEvent } from "@live-session/components/protocol";
import { firstNonJson } from "../json.js";
import { LiveError, quote } from "../live-error.js";

/** Options of `socket.pushEvent`. */
export interface PushEventOptions {
  /**
   * When the browser dispatches the event: before or after it shows the changes of the same callback. The
   * default is `after`.
   */
  readonly dispatch?: "before" | "after";
}

/**
 * Converts an event to its wire format.
 *
 * @throws LiveError `LIVE_ERR_PAYLOAD` when the name is empty, the payload is not JSON, or `dispatch` is unknown
 */
export function toPushedEvent(
  name: string,
  payload: unknown,
  { dispatch = "after" }: PushEventOptions = {},
): PushedEvent {
  if (typeof name !== "string" || name === "") {
    throw new LiveError("LIVE_ERR_PAYLOAD", "event name passed to pushEvent is invalid", {
      expected: "a non-empty string",
      got: name,
    });
  }
  const path = firstNonJson(payload);
  if (path !== undefined) {
    throw new LiveError(
      "LIVE_ERR_PAYLOAD",
      `payload of pushEvent("${name}") is not JSON at ${path}`,
      {
        expected: "JSON values",
      },
    );
  }
  if (dispatch !== "before" && dispatch !== "after") {
    throw new LiveError(
      "LIVE_ERR_PAYLOAD",
      `option "dispatch" of pushEvent("${name}") is invalid`,
      {
        expected: '"before" or "after"',
        gotText: quote(dispatch),
      },
    );
  }
  return dispatch === "before" ? [name, payload, dispatch] : [name, payload];
}
