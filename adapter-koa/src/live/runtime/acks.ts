import type { EventReply, NavigationTarget, Update } from "@live-session/components/protocol";
import type { Reply } from "../socket/outcome.js";

interface Ack {
  readonly ref: string | null;
  readonly reply: Reply | undefined;
  readonly patch: NavigationTarget | undefined;
}

/** The replies to handled messages of the browser. They are sent with the next render. */
export class Acks {
  #waiting: Ack[] = [];

  get size(): number {
    return this.#waiting.length;
  }

  add(ref: string | null, reply: Reply | undefined, patch?: NavigationTarget): void {
    this.#waiting.push({ ref, reply, patch });
  }

  clear(): void {
    this.#waiting = [];
  }

  /** Sends the replies in order, the update with the first one. @returns whether there was a reply */
  flush(
    update: Update | undefined,
    send: (ref: string | null, response: EventReply) => void,
  ): boolean {
    const acks = this.#waiting;
    if (acks.length === 0) return false;
    this.#waiting = [];
    for (let i = 0; i < acks.length; i++) {
      const { ref, reply, patch } = acks[i] as Ack;
      let response: EventReply = (i === 0 && update) || {};
      if (reply || patch) {
        response = {
          ...response,
          ...(reply && { reply: reply.value }),
          ...(patch && { live_patch: patch }),
        };
      }
      send(ref, response);
    }
    return true;
  }
}
