import type { ResumeRequest } from "@live-session/components/protocol";
import { nanoid } from "nanoid";
import type { Carrier } from "./carrier.js";
import type { HandshakeSession } from "./handshake-session.js";

const secretLength = 32;

/** A connection that a browser can continue on another carrier. */
export interface Resumable {
  /**
   * Continues on the carrier of another connection.
   *
   * @param session the session of the other connection's handshake
   * @returns false if that is not allowed, or frames are missing; the connection has ended then unless it has a carrier
   */
  continueOn(carrier: Carrier, session: HandshakeSession, request: ResumeRequest): boolean;
  /** Ends the connection, which has waited for a carrier. */
  giveUp(): void;
}

/** The connections of a server that can be continued, by their secrets, and those that wait for a carrier. */
export class Resumptions {
  readonly #maxWaiting: number;
  readonly #bySecret = new Map<string, Resumable>();
  /** In the order in which they have lost their carriers. */
  readonly #waiting = new Set<Resumable>();

  /** @param maxWaiting the number of connections that may wait; above it, the one that has waited longest ends */
  constructor(maxWaiting: number) {
    this.#maxWaiting = maxWaiting;
  }

  /** The number of connections that wait for a carrier. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Returns a new secret of a connection. */
  issue(connection: Resumable): string {
    const secret = nanoid(secretLength);
    this.#bySecret.set(secret, connection);
    return secret;
  }

  find(secret: unknown): Resumable | undefined {
    return typeof secret === "string" ? this.#bySecret.get(secret) : undefined;
  }

  revoke(secret: string): void {
    this.#bySecret.delete(secret);
  }

  startWaiting(connection: Resumable): void {
    this.#waiting.add(connection);
    if (this.#waiting.size <= this.#maxWaiting) return;
    for (const oldest of this.#waiting) {
      oldest.giveUp();
      return;
    }
  }

  stopWaiting(connection: Resumable): void {
    this.#waiting.delete(connection);
  }
}
