import type { EventReply, JoinRefusal, JoinReply, Update } from "@live-session/components/protocol";
import type { ChunkRefusal } from "../uploads/view-uploads.js";
import type { Outbox } from "./outbox.js";

/**
 * Sends the frames of one view. Frames with rendered content include the template strings that the connection has not
 * sent yet. The strings are looked up when a frame is sent and marked as sent after it is written, because before
 * that another view may send the same strings, or this view may fail.
 */
export class Frames {
  readonly #outbox: Outbox;
  /** The parts of a frame that are the same in all frames of the view, as JSON. */
  readonly #topic: string;
  readonly #joinRef: string;

  constructor(outbox: Outbox, topic: string, joinRef: string | null) {
    this.#outbox = outbox;
    this.#topic = JSON.stringify(topic);
    this.#joinRef = JSON.stringify(joinRef);
  }

  /** Accepts a join. */
  joined(ref: string | null, reply: JoinReply): void {
    const templates = this.#outbox.sentTemplates.missingInTree(reply.rendered);
    this.#reply(ref, "ok", templates ? { templates, ...reply } : reply);
    if (templates) this.#outbox.sentTemplates.add(templates);
  }

  /** Refuses a join. */
  refused(ref: string | null, refusal: JoinRefusal): void {
    this.#reply(ref, "error", refusal);
  }

  /** Replies to an event or a patch. */
  answer(ref: string | null, response: EventReply): void {
    const templates = response.diff && this.#outbox.sentTemplates.missingInDiff(response.diff);
    this.#reply(ref, "ok", templates ? { templates, ...response } : response);
    if (templates) this.#outbox.sentTemplates.add(templates);
  }

  /** Refuses a part of a file. */
  refusedChunk(ref: string, reason: ChunkRefusal): void {
    this.#reply(ref, "error", { reason });
  }

  /** Sends an update without a reply. */
  update(update: Update): void {
    const templates = update.diff && this.#outbox.sentTemplates.missingInDiff(update.diff);
    this.push("diff", templates ? { templates, ...update } : update);
    if (templates) this.#outbox.sentTemplates.add(templates);
  }

  /** Sends a message that is not a reply. */
  push(event: string, payload: unknown): void {
    this.#send("null", event, JSON.stringify(payload));
  }

  /** Notifies the browser that the view has ended. As in Phoenix, the frame has the ref of the join. */
  ended(event: "phx_close" | "phx_error"): void {
    this.#send(this.#joinRef, event, "{}");
  }

  #reply(
    ref: string | null,
    status: "ok" | "error",
    response: JoinReply | JoinRefusal | EventReply | { readonly reason: ChunkRefusal },
  ): void {
    const payload = `{"status":"${status}","response":${JSON.stringify(response)}}`;
    this.#send(JSON.stringify(ref), "phx_reply", payload);
  }

  /** @param ref the ref as JSON  @param payload the payload as JSON */
  #send(ref: string, event: string, payload: string): void {
    this.#outbox.send(`[${this.#joinRef},${ref},${this.#topic},"${event}",${payload}]`);
  }
}
