import { LocalPubSub, type PubSub, type Subscriber } from "@live-session/adapter-koa";

/** Carries messages between PubSubs that stand for processes. It can lose messages and cut a process off. */
export class FakeBus {
  /** The messages that were sent, as JSON. */
  readonly sent: { readonly topic: string; readonly message: unknown }[] = [];
  readonly #processes = new Set<BusPubSub>();
  #losses = 0;

  /** Loses the next messages, each for all processes but its sender. */
  loseNext(messages: number): void {
    this.#losses += messages;
  }

  /** Loses no more messages. */
  recover(): void {
    this.#losses = 0;
  }

  /** Adds a process. */
  connect(): BusPubSub {
    const process = new BusPubSub(this);
    this.#processes.add(process);
    return process;
  }

  deliver(topic: string, text: string, sender: BusPubSub): void {
    this.sent.push({ topic, message: JSON.parse(text) });
    sender.local.broadcast(topic, JSON.parse(text));
    if (sender.isCut || this.#losses-- > 0) return;
    this.#losses = 0;
    for (const process of this.#processes) {
      if (process !== sender && !process.isCut) process.local.broadcast(topic, JSON.parse(text));
    }
  }
}

/** The PubSub of one process. */
export class BusPubSub implements PubSub {
  readonly local = new LocalPubSub();
  /** Whether no message reaches the process or leaves it. */
  isCut = false;
  readonly #bus: FakeBus;

  constructor(bus: FakeBus) {
    this.#bus = bus;
  }

  subscribe(topic: string, subscriber: Subscriber): () => void {
    return this.local.subscribe(topic, subscriber);
  }

  broadcast(topic: string, message: unknown): void {
    this.#bus.deliver(topic, JSON.stringify(message), this);
  }
}
