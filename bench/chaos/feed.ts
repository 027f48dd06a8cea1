import { setTimeout as sleep } from "node:timers/promises";
import { type RedisPubSub, redisPubSub } from "@live-session/adapter-koa/redis";
import { createClient } from "redis";
import { feedTopic, prefix, replay } from "../cluster/protocol.js";
import { until } from "../load/until.js";

/** The sender of the messages that a {@link Feed} broadcasts. */
export const feedSender = "feed";

/** Broadcasts numbered messages from a process that is not disturbed, as a worker of an app does. */
export class Feed {
  readonly #pubSub: RedisPubSub;
  readonly #end: () => void;
  #sent = 0;
  #isOver = false;

  private constructor(redisUrl: string) {
    const client = createClient({ url: redisUrl });
    this.#pubSub = redisPubSub({ client, prefix, replay });
    this.#end = () => client.destroy();
  }

  static start(redisUrl: string, everyMs: number): Feed {
    const feed = new Feed(redisUrl);
    void feed.#run(everyMs);
    return feed;
  }

  /** Resolves when Redis has received all messages, with their number. */
  async stop(): Promise<number> {
    this.#isOver = true;
    await until(() => this.#pubSub.health().waiting === 0, "Redis has received all messages");
    await this.#pubSub.close();
    this.#end();
    return this.#sent;
  }

  async #run(everyMs: number): Promise<void> {
    while (!this.#isOver) {
      this.#pubSub.broadcast(feedTopic, { sender: feedSender, n: ++this.#sent });
      await sleep(everyMs);
    }
  }
}
