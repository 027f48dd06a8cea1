import type { ResumeSecret } from "@live-session/components/protocol";
import { emptyList } from "../../live/empty-list.js";
import { FrameLog } from "./frame-log.js";
import type { Resumable, Resumptions } from "./resumptions.js";

/** Lets one connection continue on another carrier: keeps its frames and secrets, and limits the time that it waits. */
export class Resumption {
  readonly log = new FrameLog();
  readonly #connection: Resumable;
  readonly #resumptions: Resumptions;
  readonly #ms: number;
  /** The valid secrets: the latest one, and the one before while the browser may not have received the latest. */
  #secrets: readonly string[] = emptyList;
  #timer: NodeJS.Timeout | undefined;

  /** @param ms how long the connection may wait; with 0 it cannot be continued */
  constructor(connection: Resumable, resumptions: Resumptions, ms: number) {
    this.#connection = connection;
    this.#resumptions = resumptions;
    this.#ms = ms;
  }

  /** Whether the connection waits for a carrier. */
  get isWaiting(): boolean {
    return this.#timer !== undefined;
  }

  /** Returns the first secret, once, when the browser can continue the connection. */
  start(): ResumeSecret | undefined {
    if (this.log.isKeeping || this.#ms === 0) return undefined;
    this.log.keep();
    return this.renew();
  }

  /** Returns another secret. The one before it stays valid until {@link confirm}. */
  renew(): ResumeSecret {
    const secret = this.#resumptions.issue(this.#connection);
    this.#secrets = this.#secrets.concat(secret);
    return { secret, ms: this.#ms };
  }

  /** Called when the browser has shown which secret it has received last; by default the latest one. */
  confirm(received?: string): void {
    if (this.#secrets.length < 2) return;
    const valid = received ?? this.#secrets.at(-1);
    const others = this.#secrets.filter((secret) => secret !== valid);
    for (const secret of others) this.#resumptions.revoke(secret);
    this.#secrets = this.#secrets.filter((secret) => secret === valid);
  }

  /**
   * Waits for another carrier. Returns false if the connection cannot be continued.
   *
   * @param maxMs how long to wait at most
   */
  wait(maxMs = this.#ms): boolean {
    if (!this.log.isKeeping) return false;
    const ms = Math.min(maxMs, this.#ms);
    this.#timer = setTimeout(() => this.#connection.giveUp(), ms).unref();
    this.#resumptions.startWaiting(this.#connection);
    return true;
  }

  stopWaiting(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#resumptions.stopWaiting(this.#connection);
  }

  /** Called when the connection has ended. */
  end(): void {
    this.stopWaiting();
    for (const secret of this.#secrets) this.#resumptions.revoke(secret);
    this.#secrets = emptyList;
  }
}
