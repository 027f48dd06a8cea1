import { LocalPubSub, type Subscriber } from "@live-session/adapter-koa";

/** A PubSub that counts its subscriptions. */
export class CountingPubSub extends LocalPubSub {
  /** The number of subscriptions by topic; a topic without one is missing. */
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
