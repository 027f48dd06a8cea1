import type { EventReply, JoinRefusal, JoinReply, Update } from "@live-session/components/protocol";
import type { Outbox } from "./channel-input.js";

/**
 * The frames of one view. What shows something brings the template strings that its connection lacks:
 * they are looked up as it is sent and count as sent once it is written, since until then another view
 * may send the same ones, or the view may fail.
 */
export class Frames {
  readonly #outbox: Outbox;
  readonly #topic: string;
  readonly #joinRef: string | null;

  constructor(outbox: Outbox, topic: string, joinRef: string | null) {
    this.#outbox = outbox;
    this.#topic = topic;
    this.#joinRef = joinRef;
  }

  /** Lets a join in. */
  joined(ref: string | null, reply: JoinReply): void {
    const templates = this.#outbox.sentTemplates.missingInTree(reply.rendered);
    this.#reply(ref, "ok", templates ? { ...reply, templates } : reply);
    if (templates) this.#outbox.sentTemplates.add(templates);
  }

  /** Refuses a join. */
  refused(ref: string | null, refusal: JoinRefusal): void {
    this.#reply(ref, "error", refusal);
  }

  /** Answers an event or a patch. */
  answer(ref: string | null, response: EventReply): void {
    const templates = response.diff && this.#outbox.sentTemplates.missingInDiff(response.diff);
    this.#reply(ref, "ok", templates ? { ...response, templates } : response);
    if (templates) this.#outbox.sentTemplates.add(templates);
  }

  /** Sends what has changed by itself. */
  update(update: Update): void {
    const templates = update.diff && this.#outbox.sentTemplates.missingInDiff(update.diff);
    this.push("diff", templates ? { ...update, templates } : update);
    if (templates) this.#outbox.sentTemplates.add(templates);
  }

  /** Sends something else that answers nothing. */
  push(event: string, payload: unknown): void {
    this.#outbox.send([this.#joinRef, null, this.#topic, event, payload]);
  }

  /** Tells that the view has ended. As in Phoenix, the frame answers the join. */
  ended(event: "phx_close" | "phx_error"): void {
    this.#outbox.send([this.#joinRef, this.#joinRef, this.#topic, event, {}]);
  }

  #reply(
    ref: string | null,
    status: "ok" | "error",
    response: JoinReply | JoinRefusal | EventReply,
  ): void {
    this.#outbox.send([this.#joinRef, ref, this.#topic, "phx_reply", { status, response }]);
  }
}
