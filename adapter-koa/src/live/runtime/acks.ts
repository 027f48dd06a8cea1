import type { EventReply, NavigationTarget, Update } from "@live-session/components/protocol";
import type { Reply } from "../socket/outcome.js";
import type { Frames } from "./frames.js";

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
    const ack = { ref, reply, patch };
    if (this.#waiting.length > 0) this.#waiting.push(ack);
    else this.#waiting = [ack]; // a push to an empty array reserves room for 16 more
  }

  clear(): void {
    this.#waiting = [];
  }

  /** Sends the replies in order, the update with the first one. @returns whether there was a reply */
  flush(update: Update | undefined, frames: Pick<Frames, "answer">): boolean {
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
      frames.answer(ref, response);
    }
    return true;
  }
}
