import type { EventEmitter } from "node:events";
import { LocalPubSub, type PubSub, type Subscriber } from "@live-session/adapter-koa";

/** A PubSub of one process that uses a broker which carries strings, as Redis does. */
export class BrokerPubSub implements PubSub {
  readonly #local = new LocalPubSub();
  readonly #broker: EventEmitter;

  constructor(broker: EventEmitter) {
    this.#broker = broker;
    broker.on("live", (text: string) => {
      const { topic, message, from } = JSON.parse(text);
      this.#local.broadcast(topic, message, from);
    });
  }

  subscribe(topic: string, subscriber: Subscriber): () => void {
    return this.#local.subscribe(topic, subscriber);
  }

  broadcast(topic: string, message: unknown, from?: string): void {
    this.#broker.emit("live", JSON.stringify({ topic, message, from }));
  }
}
