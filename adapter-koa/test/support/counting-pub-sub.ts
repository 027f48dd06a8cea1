import { LocalPubSub, type Subscriber } from "@live-session/adapter-koa";

/** A PubSub that knows how many subscriptions there are. */
export class CountingPubSub extends LocalPubSub {
  /** Subscriptions by topic, none where there is none. */
  readonly active = new Map<string, number>();

  override subscribe(topic: string, subscriber: Subscriber): () => void {
    const unsubscribe = super.subscribe(topic, subscriber);
    this.#add(topic, 1);
    let ended = false;
    return () => {
      unsubscribe();
      if (!ended) this.#add(topic, -1);
      ended = true;
    };
  }

  #add(topic: string, change: 1 | -1): void {
    const count = (this.active.get(topic) ?? 0) + change;
    if (count === 0) this.active.delete(topic);
    else this.active.set(topic, count);
  }
}
