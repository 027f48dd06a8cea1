/** How long the frames of one visitor are handled before other work of the process has its turn, in milliseconds. */
const turnMs = 4;
/** How long the visitor's frames then wait, in milliseconds. A pause between two frames that is as long ends a turn. */
const pauseMs = 1;

/** Measures how long the frames of one visitor are handled without a pause. */
export class Turn {
  #ms = 0;
  /** When the last frame was handled, by the clock of `performance.now()`. */
  #handledAt = 0;
  /** The number of connections that share the turn. */
  connections = 0;

  /** Whether the visitor's next frame must wait. */
  isOver(now: number): boolean {
    if (now - this.#handledAt >= pauseMs) this.#ms = 0;
    return this.#ms > turnMs;
  }

  /** Counts the time that was spent on a frame. */
  add(start: number, end: number): void {
    this.#ms += end - start;
    this.#handledAt = end;
  }
}

/** The turns of all visitors. The connections of one HTTP session share a turn. */
export class Turns {
  readonly #turns = new Map<string, Turn>();

  /** Returns the turn for a new connection. Without a session, each connection has its own. */
  enter(sessionId: string | undefined): Turn {
    const turn = (sessionId !== undefined && this.#turns.get(sessionId)) || new Turn();
    turn.connections++;
    if (sessionId !== undefined) this.#turns.set(sessionId, turn);
    return turn;
  }

  /** Removes the turn of a connection that has ended, if it was the visitor's last one. */
  leave(sessionId: string | undefined, turn: Turn): void {
    turn.connections--;
    if (turn.connections === 0 && sessionId !== undefined) this.#turns.delete(sessionId);
  }
}
