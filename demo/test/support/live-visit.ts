import assert from "node:assert/strict";
import { once } from "node:events";
import { WebSocket } from "ws";

/** A redirect of a view. */
export interface Leave {
  readonly to: string;
  readonly flash?: string;
}

/** A reply of a view, with its changes. */
export interface LiveAnswer {
  readonly diff?: unknown;
  readonly redirect?: Leave;
  readonly live_redirect?: Leave;
}

/** A page to join. */
interface PageToJoin {
  readonly url: string;
  readonly path: string;
  readonly page: string;
  readonly cookie: string;
}

type Reply = { readonly status: "ok" | "error"; readonly response: unknown };

/** A view joined over a WebSocket, without a browser. */
export class LiveVisit {
  readonly webSocket: WebSocket;
  readonly #page: PageToJoin;
  readonly #topic: string;
  #ref = 1;

  /** Opens a page's socket and joins its view. */
  static async open(page: PageToJoin): Promise<LiveVisit> {
    const visit = new LiveVisit(page);
    await once(visit.webSocket, "open");
    const { status, response } = await visit.join();
    assert.equal(status, "ok", JSON.stringify(response));
    return visit;
  }

  private constructor(page: PageToJoin) {
    this.#page = page;
    this.#topic = `lv:${this.#attribute("id")}`;
    this.webSocket = this.#connect();
  }

  #attribute(name: string): string {
    return new RegExp(`<live-session[^>]* ${name}="([^"]*)"`).exec(this.#page.page)?.[1] ?? "";
  }

  #connect(): WebSocket {
    const query = new URLSearchParams({ vsn: "2.0.0", _csrf_token: this.#attribute("csrf-token") });
    const url = `${this.#page.url.replace("http", "ws")}/live/websocket?${query}`;
    return new WebSocket(url, { headers: { cookie: this.#page.cookie } });
  }

  /** Joins the view. `path` is the target of a live navigation. */
  join(path?: string): Promise<Reply> {
    const { url } = this.#page;
    return this.#send("phx_join", {
      token: this.#attribute("token"),
      url: url + this.#page.path,
      ...(path !== undefined && { redirect: url + path }),
      params: { _csrf_token: this.#attribute("csrf-token"), _mounts: 0, _navigations: 0 },
    });
  }

  /** Joins again over another connection, like a browser that lost its connection. */
  async rejoin({ cookie = this.#page.cookie } = {}): Promise<Reply> {
    const visit = new LiveVisit({ ...this.#page, cookie });
    await once(visit.webSocket, "open");
    const reply = await visit.join();
    visit.close();
    return reply;
  }

  /** Sends the event of a form. The fields have the names of the form's fields. */
  async form(event: string, fields: Readonly<Record<string, string>>): Promise<LiveAnswer> {
    const value = new URLSearchParams(fields).toString();
    const { status, response } = await this.#send("event", { type: "form", event, value });
    assert.equal(status, "ok");
    return response as LiveAnswer;
  }

  /** Waits until the server closes the connection. Returns the close code. */
  async closed(): Promise<number> {
    if (this.webSocket.readyState === WebSocket.CLOSED) return 0;
    const [code] = (await once(this.webSocket, "close")) as [number];
    return code;
  }

  close(): void {
    this.webSocket.terminate();
  }

  #send(event: string, payload: unknown): Promise<Reply> {
    const ref = String(this.#ref++);
    return new Promise((resolve, reject) => {
      const receive = (data: Buffer) => {
        const [, answered, , name, reply] = JSON.parse(data.toString()) as [
          unknown,
          string,
          string,
          string,
          Reply,
        ];
        if (name === "phx_error") reject(new Error("the view crashed"));
        if (name !== "phx_reply" || answered !== ref) return;
        this.webSocket.off("message", receive);
        resolve(reply);
      };
      this.webSocket.on("message", receive);
      this.webSocket.once("close", () => reject(new Error("the connection was closed")));
      this.webSocket.send(JSON.stringify(["1", ref, this.#topic, event, payload]));
    });
  }
}
