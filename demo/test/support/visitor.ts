import assert from "node:assert/strict";
import { LiveVisit } from "./live-visit.js";

/** A response over HTTP. */
export interface Answer {
  readonly status: number;
  /** Path of the redirect, or null. */
  readonly location: string | null;
  readonly headers: Headers;
  /** Body without the comments that mark parts of the page. */
  readonly text: string;
}

/** An HTTP client that keeps cookies and does not follow redirects. */
export class Visitor {
  readonly url: string;
  readonly cookies = new Map<string, string>();

  constructor(url: string) {
    this.url = url;
  }

  /** The cookies as a request header. */
  get cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  /** The data of the HTTP session. */
  get session(): Readonly<Record<string, unknown>> {
    const cookie = this.cookies.get("live_sessions");
    return cookie ? JSON.parse(Buffer.from(cookie, "base64").toString()) : {};
  }

  async request(path: string, init: RequestInit = {}): Promise<Answer> {
    const headers = new Headers(init.headers);
    headers.set("cookie", this.cookie);
    const response = await fetch(new URL(path, this.url), { ...init, headers, redirect: "manual" });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (/expires=Thu, 01 Jan 1970/i.test(cookie)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    const { status } = response;
    const text = (await response.text()).replace(/<!--.*?-->/gs, "");
    return { status, headers: response.headers, text, location: response.headers.get("location") };
  }

  get(path: string, headers?: Record<string, string>): Promise<Answer> {
    return this.request(path, headers ? { headers } : {});
  }

  /** Loads the target of a redirect. */
  follow({ location }: Pick<Answer, "location">): Promise<Answer> {
    assert.ok(location !== null, "the response is not a redirect");
    return this.get(location);
  }

  /** Posts a form with the CSRF token of the session. */
  async post(path: string, fields: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const body = new URLSearchParams({ _csrf_token: await this.csrfToken(), ...fields });
    return this.request(path, { method: "POST", body });
  }

  /** Returns a CSRF token of the session. */
  async csrfToken(): Promise<string> {
    const token = /<meta name="csrf-token" content="([^"]+)"/.exec((await this.get("/")).text)?.[1];
    assert.ok(token, "the page has a CSRF token");
    return token;
  }

  /** Registers a user, which also logs in. */
  async register(email: string, password: string): Promise<void> {
    const answer = await this.post("/users/register", {
      "user[email]": email,
      "user[password]": password,
    });
    assert.equal(answer.location, "/");
  }

  logIn(
    email: string,
    password: string,
    fields: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    return this.post("/users/log_in", {
      "user[email]": email,
      "user[password]": password,
      ...fields,
    });
  }

  logOut(): Promise<Answer> {
    return this.post("/users/log_out", { _method: "delete" });
  }

  /** Loads a page and joins its view. */
  async visit(path: string): Promise<LiveVisit> {
    const { status, text } = await this.get(path);
    assert.equal(status, 200, `${path} has a page`);
    return LiveVisit.open({ url: this.url, path, page: text, cookie: this.cookie });
  }

  /** Loads the target of a redirect of a view, with its flash. */
  followLive({ to, flash }: { readonly to: string; readonly flash?: string }): Promise<Answer> {
    if (flash !== undefined) this.cookies.set("__live_flash__", flash);
    return this.get(to);
  }
}
