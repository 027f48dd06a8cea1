import { once } from "node:events";
import type { WebSocket } from "ws";
import type { LivePage } from "./visitor.js";
import { type KnownTemplates, toText } from "./wire-html.js";

/** A received frame. */
export type Frame = readonly [
  joinRef: string | null,
  ref: string | null,
  topic: string,
  event: string,
  // biome-ignore lint/suspicious/noExplicitAny: tests read payloads of any form
  payload: any,
];

/** A reply. */
export interface Answered {
  readonly status: "ok" | "error";
  // biome-ignore lint/suspicious/noExplicitAny: tests read responses of any form
  readonly response: any;
}

/** A raw WebSocket that records all frames and lets tests wait for one. */
export class Connection {
  readonly webSocket: WebSocket;
  readonly frames: Frame[] = [];
  /** The received frames as strings, in the same order. */
  readonly texts: string[] = [];
  /** The template strings received so far. */
  readonly templates: KnownTemplates = {};
  readonly opened: Promise<unknown>;
  readonly closed: Promise<{ code: number; reason: string }>;
  #ref = 0;
  #waiting: { matches: (frame: Frame) => boolean; found: (frame: Frame) => void }[] = [];

  constructor(webSocket: WebSocket) {
    this.webSocket = webSocket;
    this.opened = once(webSocket, "open");
    this.closed = once(webSocket, "close").then(([code, reason]) => ({
      code,
      reason: String(reason),
    }));
    this.closed.catch(() => {});
    webSocket.on("error", () => {});
    webSocket.on("message", (data) => this.#take(String(data)));
  }

  /** Sends a frame. @returns its ref */
  send(topic: string, event: string, payload: unknown, joinRef: string | null = null): string {
    const ref = String(++this.#ref);
    this.webSocket.send(
      JSON.stringify([event === "phx_join" ? ref : joinRef, ref, topic, event, payload]),
    );
    return ref;
  }

  /** Sends a frame and waits for its reply. */
  async push(
    topic: string,
    event: string,
    payload: unknown,
    joinRef: string | null = null,
  ): Promise<Answered> {
    const ref = this.send(topic, event, payload, joinRef);
    const [, , , , reply] = await this.next(
      (frame) => frame[1] === ref && frame[3] === "phx_reply",
    );
    return reply;
  }

  /** Joins the view of a page. The payload may contain other members. */
  async join(page: LivePage, changes: Readonly<Record<string, unknown>> = {}): Promise<Answered> {
    return this.push(`lv:${page.id}`, "phx_join", joinOf(page, changes));
  }

  /** Sends an event as a click does. */
  async click(page: LivePage, event: string, value: unknown = {}): Promise<Answered> {
    return this.push(`lv:${page.id}`, "event", { type: "click", event, value });
  }

  /** Sends a form. */
  async submit(page: LivePage, event: string, value: string): Promise<Answered> {
    return this.push(`lv:${page.id}`, "event", { type: "form", event, value });
  }

  /** Resolves with the first frame that matches, received earlier or later. */
  async next(matches: (frame: Frame) => boolean): Promise<Frame> {
    const found = this.frames.find(matches);
    if (found) return found;
    const waiting = new Promise<Frame>((resolve) =>
      this.#waiting.push({ matches, found: resolve }),
    );
    const closed = this.closed.then(({ code, reason }) => {
      throw new Error(`closed with ${code} ${reason} before the frame came`);
    });
    return Promise.race([waiting, closed]);
  }

  /** Resolves when the server has handled everything that was sent before. */
  async settled(): Promise<void> {
    await this.push("phoenix", "heartbeat", {});
  }

  /** Returns the frames of one event. */
  of(event: string): readonly Frame[] {
    return this.frames.filter((frame) => frame[3] === event);
  }

  /** Returns the text of a wire tree, with the templates received so far. */
  textOf(tree: unknown): string {
    return toText(tree, this.templates);
  }

  close(): void {
    this.webSocket.close();
  }

  #take(text: string): void {
    const frame = JSON.parse(text) as Frame;
    this.texts.push(text);
    this.frames.push(frame);
    Object.assign(this.templates, frame[4]?.templates, frame[4]?.response?.templates);
    for (const waiting of this.#waiting.filter(({ matches }) => matches(frame)))
      waiting.found(frame);
    this.#waiting = this.#waiting.filter(({ matches }) => !matches(frame));
  }
}

/** Returns the payload with which a browser joins a page that it has loaded. */
export const joinOf = (page: LivePage, changes: Readonly<Record<string, unknown>> = {}) => ({
  token: page.token,
  url: page.url,
  params: { _csrf_token: page.csrfToken, _mounts: 0, _attempts: 0, _navigations: 0 },
  ...changes,
});
