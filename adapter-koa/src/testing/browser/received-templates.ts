import type { Templates, WireValue } from "@live-session/components/protocol";
import { LiveError } from "../../live/live-error.js";

/** The templates whose strings a connection has received. A browser can render only these. */
export class ReceivedTemplates {
  readonly #keys = new Set<string>();

  /** Adds the templates of a frame. */
  add(templates: Templates = {}): void {
    for (const key of Object.keys(templates)) this.#keys.add(key);
  }

  /**
   * Checks that the strings of every template in a tree have been received.
   *
   * @throws LiveError `LIVE_ERR_TEMPLATE` when the strings of a template have not been sent
   */
  check(tree: WireValue): void {
    if (typeof tree !== "object" || tree === null) return;
    if ("t" in tree && !this.#keys.has(tree.t))
      throw new LiveError(
        "LIVE_ERR_TEMPLATE",
        `the strings of the template ${tree.t} were not sent`,
      );
    const children = "v" in tree ? tree.v : "l" in tree ? tree.l : [];
    for (const child of children) this.check(child);
  }
}
