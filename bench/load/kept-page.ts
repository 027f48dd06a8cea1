import { setTimeout as sleep } from "node:timers/promises";
import type { EventReply, JoinReply } from "@live-session/components/protocol";
import { WebSocket } from "ws";
import { Channel } from "../../components/src/client/connection/channel.js";
import { type Carrier, Connection } from "../../components/src/client/connection/connection.js";
import { Leaving } from "../../components/src/client/connection/leaving.js";
import { superviseConnection } from "../../components/src/client/connection/supervise-connection.js";
import type { JoinInfo } from "./client.js";

/**
 * Runs a function that uses {@link KeptPage}, with the globals that the browser's connection uses. They are removed afterwards,
 * because other load generators would take them for a DOM.
 */
export async function likeBrowser<Result>(run: () => Promise<Result>): Promise<Result> {
  const page = { document: { hidden: false }, addEventListener: () => {} };
  Object.assign(globalThis, page);
  try {
    return await run();
  } finally {
    for (const name of Object.keys(page)) Reflect.deleteProperty(globalThis, name);
  }
}

/** A page of a counter that keeps its count, with the browser's own connection. Use it in {@link likeBrowser}. */
export class KeptPage {
  readonly info: JoinInfo;
  readonly #connection: Connection;
  readonly #channel: Channel;
  readonly #url: string;
  #kept: string | undefined;
  /** The count of the last reply. */
  #acknowledged = 0;
  /** The count that the page shows. */
  #shown = 0;
  #mounts = 0;
  #isStopped = false;
  /** The changes that a reply has acknowledged and that were missing after a join. */
  lost = 0;
  /** The number of changes that the page has sent. */
  sent = 0;
  /** The reasons of refused joins after which a browser would load the page again. */
  readonly refusals: string[] = [];
  /** When the page has lost its view, connected again, and got its view back, by the clock of `performance.now()`. */
  lostAt = 0;
  connectedAt = 0;
  joinedAt = 0;

  /** @param path the page, below the port of the server */
  constructor(port: number, path: string, info: JoinInfo) {
    this.info = info;
    this.#url = `http://127.0.0.1:${port}${path}`;
    const token = encodeURIComponent(info.csrfToken);
    const socketPath = `/live/websocket?_csrf_token=${token}&vsn=2.0.0`;
    this.#connection = new Connection(() => `ws://127.0.0.1:${port}${socketPath}`);
    this.#connection.observers.add({
      handleConnecting: () => {
        this.connectedAt = performance.now();
      },
    });
    this.#connection.createCarrier = (url) =>
      new WebSocket(url, { headers: { cookie: info.cookie } }).on(
        "error",
        () => {},
      ) as unknown as Carrier;
    superviseConnection(this.#connection, () => undefined, new Leaving());
    this.#channel = new Channel(this.#connection, `lv:${info.id}`, {
      joinPayload: () => this.#joinPayload(),
      handleJoin: (reply) => this.#handleJoin(reply),
      handleRefusal: ({ reason }) => {
        if (reason !== "busy" && reason !== "crashed") this.refusals.push(reason);
      },
      handleUpdate: (update) => this.#handleUpdate(update),
      handleDown: () => this.#handleLoss(),
      handleInterruption: () => this.#handleLoss(),
      handleResumption: () => this.#handleReturn(),
    });
    this.#connection.connect();
  }

  get isJoined(): boolean {
    return this.joinedAt > this.lostAt;
  }

  /** The number of changes that replies have acknowledged. */
  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** The number of changes that the page shows. */
  get shown(): number {
    return this.#shown;
  }

  /** Closes the page. */
  stop(): void {
    this.#isStopped = true;
    this.#connection.close();
  }

  /** Sends an event. @returns the reply; `undefined` without one, so that the page does not know whether it had an effect */
  async send(event: string, value: object = {}): Promise<EventReply | undefined> {
    const handleReply = (update: EventReply) => this.#handleUpdate(update);
    return this.#channel
      .send("event", { type: "click", event, value }, handleReply)
      .catch(() => undefined);
  }

  /** Increments the count. */
  async increment(): Promise<void> {
    const handleReply = (update: EventReply) => {
      this.#handleUpdate(update);
      this.#acknowledged = this.#shown;
    };
    const click = { type: "click", event: "inc", value: {} };
    this.sent++;
    await this.#channel.send("event", click, handleReply).catch(() => {});
  }

  /** Calls a function again and again while the view is joined, after pauses of up to this many milliseconds. */
  async repeat(maxPauseMs: number, act: () => Promise<void>): Promise<void> {
    for (;;) {
      await sleep(Math.random() * maxPauseMs);
      if (this.#isStopped) return;
      if (this.isJoined) await act();
    }
  }

  #joinPayload() {
    return {
      token: this.info.token,
      url: this.#url,
      params: { _csrf_token: this.info.csrfToken, _mounts: this.#mounts },
      parts: true,
      resume: true,
      ...(this.#kept !== undefined && { kept: this.#kept }),
    };
  }

  #handleJoin({ rendered, kept }: JoinReply): void {
    this.#mounts++;
    this.#kept = kept?.sealed;
    const [, count] = /"v":\[(\d+)\]/.exec(JSON.stringify(rendered)) ?? [];
    this.#shown = Number(count);
    this.lost += Math.max(0, this.#acknowledged - this.#shown);
    this.#handleReturn();
  }

  #handleUpdate({ diff, kept }: EventReply): void {
    if (diff) this.#shown = Number(Object.values(diff)[0]);
    if (kept) this.#kept = kept.sealed;
  }

  #handleLoss(): void {
    if (this.isJoined) this.lostAt = performance.now();
  }

  #handleReturn(): void {
    this.joinedAt = performance.now();
  }
}
