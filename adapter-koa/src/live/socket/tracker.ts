/** Announces that a view is present; `createPresence` makes one. */
export interface Tracker<Meta> {
  /** Adds a meta to a key of a topic. */
  track(topic: string, key: string, meta: Meta): Tracking<Meta>;
}

/** The presence of one view under a key of a topic, as `socket.track` returns it. */
export interface Tracking<Meta> {
  /** Replaces the meta. Does nothing after the end. */
  update(meta: Meta): void;
  /** Ends the presence before the view ends. Another call does nothing. */
  end(): void;
}

/** A source of messages besides the topics of the app's PubSub, for `socket.subscribe`. */
export interface MessageSource {
  /** The topic that `handleInfo` receives with the messages. */
  readonly topic: string;
  /** @returns a function that ends this subscription */
  subscribe(subscriber: (message: unknown) => void): () => void;
}

/** Does nothing: the presence of a view that is not connected. */
export const noTracking: Tracking<unknown> = { update: () => {}, end: () => {} };

/** The presences of one view. */
export class Trackings {
  #tracked: AnyTracked[] = [];

  /** Adds a presence, or replaces the meta if the view already has one under that key. */
  add<Meta>(tracker: Tracker<Meta>, topic: string, key: string, meta: Meta): Tracking<Meta> {
    const found = this.#tracked.find(
      (other) => other.tracker === tracker && other.topic === topic && other.key === key,
    );
    if (found) {
      const tracking: Tracking<Meta> = found;
      tracking.update(meta);
      return tracking;
    }
    const added: Tracked<Meta> = new Tracked(tracker, topic, key, meta, () => {
      this.#tracked = this.#tracked.filter((other) => other !== added);
    });
    this.#tracked.push(added);
    return added;
  }

  /** Starts the presences that have been added. A view that waits for its join is not present yet. */
  start(): void {
    for (const tracked of this.#tracked) tracked.start();
  }

  /** Ends all presences. */
  end(): void {
    for (const tracked of this.#tracked) tracked.end();
  }
}

/** A presence with any type of meta. */
interface AnyTracked extends Tracking<never> {
  readonly tracker: Tracker<never>;
  readonly topic: string;
  readonly key: string;
  start(): void;
}

class Tracked<Meta> implements Tracking<Meta> {
  readonly tracker: Tracker<Meta>;
  readonly topic: string;
  readonly key: string;
  #meta: Meta;
  readonly #onEnd: () => void;
  #started: Tracking<Meta> | undefined;

  constructor(tracker: Tracker<Meta>, topic: string, key: string, meta: Meta, onEnd: () => void) {
    this.tracker = tracker;
    this.topic = topic;
    this.key = key;
    this.#meta = meta;
    this.#onEnd = onEnd;
  }

  start(): void {
    this.#started ??= this.tracker.track(this.topic, this.key, this.#meta);
  }

  update(meta: Meta): void {
    this.#meta = meta;
    this.#started?.update(meta);
  }

  end(): void {
    this.#started?.end();
    this.#onEnd();
  }
}
